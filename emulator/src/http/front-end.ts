import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { type ApiName, type Called, findMethod } from '../discovery/api.ts';
import { DEFAULT_FIELDS } from '../drive/default-fields.ts';
import { DriveError, withReasons } from '../drive/error.ts';
import { ApiError, sendUnknownPath, unimplemented } from '../errors.ts';
import { BATCH_PATH, runBatch } from './batch.ts';
import { applyMask, type Mask, parseMask, readMask } from './field-mask.ts';
import { JsonError, parseJson } from './json.ts';
import { checkBody, checkQuery, type Query } from './validate.ts';

const API = /^\/(v[124]|discovery|drive\/v[23]|upload|resumable|batch)(\/|$)/u;
/** APIs that clients of the ones here ask as well, by their paths. */
const ABSENT: readonly [string, RegExp][] = [
  ['Drive v2', /^\/(?:upload\/)?drive\/v2(?:\/|$)/u],
  ['Cloud Logging', /^\/v2\/entries:/u],
  ['the list of APIs', /^\/discovery\/v1\//u],
  ['Service Usage', /^\/v1\/projects\/[^/]+\/services(?:\/|$)/u],
];
const MAX_BODY = '20mb';
/** Compressing less than a packet gains nothing. */
const LEAST_GZIP = 1400;

const HEADERS = {
  Vary: 'Origin, X-Origin, Referer',
  'Cache-Control': 'private',
  'X-XSS-Protection': '0',
  'X-Frame-Options': 'SAMEORIGIN',
  'X-Content-Type-Options': 'nosniff',
};

interface Locals {
  called?: Called;
  mask?: Mask;
}

/** Handles the paths of Google's APIs only, since forms, sheets and mailbox are pages for people. */
export function forApi(handler: RequestHandler): RequestHandler {
  return (request, response, next) => (API.test(request.path) ? handler(request, response, next) : next());
}

/** Comes first: it takes the verb that a client asks for by a header, and gives answers Google's form. */
export const answers: RequestHandler = (request, response, next) => {
  const verb = request.get('x-http-method-override');
  if (request.method === 'POST' && verb) request.method = verb.toUpperCase();
  response.set(HEADERS);
  response.json = (value: unknown) => {
    void sendJson(request, response, value);
    return response;
  };
  next();
};

const zip = promisify(gzip);

async function sendJson(request: Request, response: Response, value: unknown) {
  const { called, mask }: Locals = response.locals;
  const failed = response.statusCode >= 400;
  const isDrive = called ? called.api === 'drive' : /\/drive\/v/u.test(request.path);
  let body = value;
  if (failed && isDrive) body = withReasons(body);
  else if (!failed && mask) body = applyMask(body, mask);
  const compact = request.query.prettyPrint === 'false' || request.query.$prettyPrint === 'false';
  const text = compact ? JSON.stringify(body) : `${JSON.stringify(body, null, 2)}\n`;
  response.set('Content-Type', 'application/json; charset=UTF-8');
  if (text.length < LEAST_GZIP || !request.acceptsEncodings('gzip')) return void response.end(text);
  const packed = await zip(text, { level: constants.Z_BEST_SPEED });
  response.set('Content-Encoding', 'gzip').end(packed);
}

const readText = express.text({ type: () => true, limit: MAX_BODY });

/** The request as its method describes it: what the method does not have is refused before anything is done. */
export const checked: RequestHandler = (request, response, next) => {
  if (request.path === BATCH_PATH && request.method === 'POST') return runBatch(request, response, next);
  if (/^\/batch(\/|$)/u.test(request.path)) throw unimplemented('batches but those of Drive v3');
  const found = findMethod(request.method, request.path);
  const absent = ABSENT.find(([, paths]) => paths.test(request.path));
  if (absent) throw unimplemented(`${absent[0]} (${request.path})`);
  if (!found) return sendUnknownPath(request, response);
  const locals: Locals = response.locals;
  locals.called = found;
  if (found.upload) throw unimplemented(`uploads (${found.method.id})`);
  readText(request, response, (error?: unknown) => {
    if (error) return next(error);
    try {
      describe(request, locals, found);
    } catch (problem) {
      return next(problem);
    }
    next();
  });
};

function describe(request: Request, locals: Locals, found: Called) {
  const strict = found.api !== 'drive' && found.api !== 'sheets';
  const query = request.query as Query;
  const isForm = request.is('urlencoded') === 'urlencoded';
  const text = typeof request.body === 'string' ? request.body : '';
  // A body that is sent as a form is taken for parameters.
  const given = isForm ? { ...query, ...Object.fromEntries(new URLSearchParams(text)) } : query;
  const parameters = strict ? checkQuery(found, given) : given;
  Object.defineProperty(request, 'query', { value: parameters });
  if (parameters.alt && parameters.alt !== 'json' && parameters.alt !== 'media')
    throw unimplemented(`alt=${String(parameters.alt)}`);
  const body = isForm ? {} : readBody(text, found.api);
  request.body = strict ? checkBody(found, body) : body;
  // The Sheets service reads names, types and fields by itself.
  if (found.api === 'sheets') return;
  const named = parameters.fields ?? parameters.$fields;
  const mask = named === undefined ? DEFAULT_FIELDS[found.method.id] : undefined;
  if (typeof named === 'string' && named !== '')
    locals.mask = readMask(found.api, named, found.method.response);
  else if (mask) locals.mask = parseMask(mask) ?? {};
}

function readBody(text: string, api: ApiName): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    if (api === 'drive') throw new DriveError('INVALID_ARGUMENT', 'parseError', 'Parse Error');
    const description = `Invalid JSON payload received. ${error.message}`;
    throw new ApiError('INVALID_ARGUMENT', description, [
      { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ description }] },
    ]);
  }
}

/** The last of the API's handlers: Google has the method, the emulator has not. */
export const notImplemented: RequestHandler = (_request, response) => {
  const { called }: Locals = response.locals;
  throw unimplemented(called?.method.id ?? 'this method');
};
