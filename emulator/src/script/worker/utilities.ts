import { createHash, createHmac, randomUUID } from 'node:crypto';
import { call, enumeration, exception, service } from './call.ts';
import { needScope } from './run.ts';

type Bytes = string | number[];

const MAX_SLEEP = 300_000;

/** Bytes are signed in Apps Script. */
const signed = (bytes: Uint8Array) => [...bytes].map((byte) => (byte > 127 ? byte - 256 : byte));
const bytesOf = (value: Bytes) =>
  typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value.map((byte) => byte & 0xff));

const DIGESTS: Record<string, string> = { MD5: 'md5', SHA_1: 'sha1', SHA_256: 'sha256', SHA_512: 'sha512' };

const webSafe = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_');

export const Utilities = service('Utilities', {
  getUuid: () => randomUUID(),
  sleep: (ms: number) => {
    if (!(ms >= 0 && ms <= MAX_SLEEP)) throw exception('Invalid argument: milliseconds');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  },
  computeHmacSha256Signature: (value: Bytes, key: Bytes) =>
    signed(createHmac('sha256', bytesOf(key)).update(bytesOf(value)).digest()),
  computeDigest: (algorithm: string, value: Bytes) => {
    const name = DIGESTS[algorithm];
    if (!name) throw exception('Invalid argument: algorithm');
    return signed(createHash(name).update(bytesOf(value)).digest());
  },
  base64Encode: (value: Bytes) => bytesOf(value).toString('base64'),
  base64EncodeWebSafe: (value: Bytes) => webSafe(bytesOf(value).toString('base64')),
  base64Decode: (text: string) => signed(Buffer.from(text, 'base64')),
  base64DecodeWebSafe: (text: string) => signed(Buffer.from(text, 'base64url')),
  DigestAlgorithm: enumeration('Utilities.DigestAlgorithm', Object.keys(DIGESTS)),
});

const OPTIONS = new Set([
  'method',
  'payload',
  'contentType',
  'headers',
  'muteHttpExceptions',
  'followRedirects',
  'validateHttpsCertificates',
]);
const SHOWN = 500;

export interface FetchOptions {
  method?: string;
  payload?: string | Record<string, unknown>;
  contentType?: string;
  headers?: Record<string, string>;
  muteHttpExceptions?: boolean;
  followRedirects?: boolean;
}

export interface Fetched {
  status: number;
  headers: Record<string, string>;
  text: string;
}

function fetchUrl(url: string, given?: FetchOptions) {
  const options = given ?? {};
  needScope('UrlFetchApp.fetch', 'script.external_request');
  const unknown = Object.keys(options).find((name) => !OPTIONS.has(name));
  if (unknown) throw exception(`UrlFetchApp.fetch with ${unknown} is not implemented by the emulator`);
  const { payload, muteHttpExceptions } = options;
  const isForm = typeof payload === 'object';
  const body = isForm
    ? new URLSearchParams(Object.entries(payload).map(([key, value]) => [key, String(value)])).toString()
    : payload;
  const fetched = call<Fetched>('fetch', String(url), {
    method: options.method ?? (body === undefined ? 'get' : 'post'),
    ...(body === undefined ? {} : { payload: body }),
    contentType: options.contentType ?? (body === undefined ? '' : 'application/x-www-form-urlencoded'),
    headers: options.headers ?? {},
    followRedirects: options.followRedirects ?? true,
  });
  if (fetched.status >= 400 && !muteHttpExceptions)
    throw exception(
      `Request failed for ${new URL(url).origin} returned code ${fetched.status}. Truncated server response: ${fetched.text.slice(0, SHOWN)} (use muteHttpExceptions option to examine full response)`,
    );
  return service('HTTPResponse', {
    getResponseCode: () => fetched.status,
    getContentText: () => fetched.text,
    getContent: () => signed(Buffer.from(fetched.text, 'utf8')),
    getHeaders: () => ({ ...fetched.headers }),
    getAllHeaders: () => ({ ...fetched.headers }),
  });
}

export const UrlFetchApp = service('UrlFetchApp', { fetch: fetchUrl });

export const HtmlService = service('HtmlService', {
  createHtmlOutput: (given?: string) => {
    let [title, content] = ['', String(given ?? '')];
    const output = service('HtmlOutput', {
      getTitle: () => title,
      setTitle(text: string): object {
        title = String(text);
        return output;
      },
      getContent: () => content,
      setContent(text: string): object {
        content = String(text);
        return output;
      },
      append(text: string): object {
        content += String(text);
        return output;
      },
      // The page that shows a sidebar gives it its size.
      setWidth: (_pixels: number): object => output,
      setHeight: (_pixels: number): object => output,
    });
    return output;
  },
});
