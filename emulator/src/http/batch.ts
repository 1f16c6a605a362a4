import { randomBytes } from 'node:crypto';
import express, { type NextFunction, type Request, type Response } from 'express';
import { DriveError } from '../drive/error.ts';

export const BATCH_PATH = '/batch/drive/v3';
const MOST = 100;

interface Part {
  id: string | null;
  verb: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

const readText = express.text({ type: () => true, limit: '20mb' });

/** Carries out several requests that came in one as multipart/mixed, each by itself and in order. */
export function runBatch(request: Request, response: Response, next: NextFunction): void {
  readText(request, response, (error?: unknown) => {
    if (error) return next(error);
    answerParts(request, response).catch(next);
  });
}

async function answerParts(request: Request, response: Response) {
  const parts = readParts(request.get('content-type') ?? '', String(request.body ?? ''));
  if (parts.length > MOST)
    throw new DriveError(
      'INVALID_ARGUMENT',
      'batchSizeTooLarge',
      `The batch request exceeds the limit of ${MOST} calls.`,
    );
  const boundary = `batch_${randomBytes(18).toString('base64url')}`;
  const root = `http://${request.socket.localAddress}:${request.socket.localPort}`;
  const token = request.get('authorization');
  const answers: string[] = [];
  for (const part of parts) {
    const inner = await fetch(`${root}${part.path}`, {
      method: part.verb,
      // A part without a token of its own has the batch's.
      headers: { ...(token ? { authorization: token } : {}), ...part.headers },
      ...(part.body === '' ? {} : { body: part.body }),
    });
    answers.push(printPart(part, inner, await inner.text()));
  }
  response
    .set('Content-Type', `multipart/mixed; boundary=${boundary}`)
    .end(`${answers.map((answer) => `--${boundary}\r\n${answer}\r\n`).join('')}--${boundary}--\r\n`);
}

function printPart(part: Part, inner: globalThis.Response, text: string): string {
  const id = part.id?.replace(/^<?/u, '<response-').replace(/>?$/u, '>');
  const type = inner.headers.get('content-type');
  return [
    'Content-Type: application/http',
    ...(id ? [`Content-ID: ${id}`] : []),
    '',
    `HTTP/1.1 ${inner.status} ${inner.statusText}`,
    ...(type ? [`Content-Type: ${type}`] : []),
    `Content-Length: ${Buffer.byteLength(text)}`,
    '',
    text,
  ].join('\r\n');
}

const failed = () => new DriveError('INVALID_ARGUMENT', 'badRequest', 'Failed to parse batch request.');

function readParts(contentType: string, body: string): Part[] {
  const boundary = /boundary="?([^";]+)"?/iu.exec(contentType)?.[1];
  if (!/^multipart\/mixed/iu.test(contentType) || !boundary) throw failed();
  // The bodies are JSON: how their lines end does not matter.
  const sections = `\n${body.replaceAll('\r\n', '\n')}`.split(`\n--${boundary}`).slice(1);
  const end = sections.findIndex((section) => section.startsWith('--'));
  return sections.slice(0, end < 0 ? sections.length : end).map(readPart);
}

function readPart(section: string): Part {
  const outer = splitHead(section.replace(/^[ \t]*\n/u, ''));
  const { lines, body } = splitHead(outer.body);
  const [, verb, target] = /^([A-Z]+) (\S+)/u.exec(lines[0] ?? '') ?? [];
  if (!verb || !target) throw failed();
  // Clients write the whole address or its path.
  const path = target.replace(/^https?:\/\/[^/]+/u, '');
  if (!path.startsWith('/drive/v3/')) throw failed();
  const headers = headersOf(lines.slice(1));
  delete headers['content-length'];
  return { id: headersOf(outer.lines)['content-id'] ?? null, verb, path, headers, body: body.trim() };
}

function splitHead(text: string): { lines: string[]; body: string } {
  const [head = ''] = text.split('\n\n', 1);
  return { lines: head.split('\n'), body: text.slice(head.length + 2) };
}

function headersOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.flatMap((line) => {
      const at = line.indexOf(':');
      return at > 0 ? [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()]] : [];
    }),
  );
}
