import { messageOf } from './caught.ts';
import type { NextFunction, Request, Response } from 'express';

const CODES: Record<string, number> = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  RESOURCE_EXHAUSTED: 429,
  UNIMPLEMENTED: 501,
};

/** An error in the body that Google gives: `{error: {code, message, status}}`. */
export class ApiError extends Error {
  readonly status: keyof typeof CODES;
  readonly details: unknown[] | undefined;
  constructor(status: string, message: string, details?: unknown[]) {
    super(message);
    this.status = status;
    this.details = details;
  }
  get code(): number {
    return CODES[this.status] ?? 500;
  }
  toJSON(): { error: { code: number; message: string; status?: string } & Record<string, unknown> } {
    return {
      error: {
        code: this.code,
        message: this.message,
        status: this.status,
        ...(this.details ? { details: this.details } : {}),
      },
    };
  }
}

export const invalid = (message: string) => new ApiError('INVALID_ARGUMENT', message);
export const notFound = () => new ApiError('NOT_FOUND', 'Requested entity was not found.');
export const unimplemented = (what: string) =>
  new ApiError('UNIMPLEMENTED', `The emulator knows ${what}, but does not implement it.`);

/** Why a request was refused, as `google.rpc.ErrorInfo` tells it to programs. */
export function errorInfo(reason: string, metadata?: Record<string, string>): object {
  return {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason,
    domain: 'googleapis.com',
    ...(metadata ? { metadata } : {}),
  };
}

/** One thing that is wrong with a request, as `google.rpc.BadRequest` lists it. */
export interface Violation {
  field?: string;
  description: string;
}

/** Everything that is wrong with a request at once, as Google's JSON parser tells it. */
export function badRequest(violations: readonly Violation[], message?: string): ApiError {
  return new ApiError('INVALID_ARGUMENT', message ?? violations.map((each) => each.description).join('\n'), [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: violations },
  ]);
}

/** Google's answer to a field that its schema does not have. */
export function unknownField(name: string, at: string): ApiError {
  const description = `Invalid JSON payload received. Unknown name "${name}"${at ? ` at '${at}'` : ''}: Cannot find field.`;
  return badRequest([{ ...(at ? { field: at } : {}), description }]);
}

/** How Google answers a path that none of its services has: a page, not JSON. */
export function sendUnknownPath(request: Request, response: Response): void {
  const path = request.originalUrl.split('?')[0] ?? '';
  const shown = path.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  response
    .status(404)
    .type('text/html; charset=UTF-8')
    .end(`<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <meta name=viewport content="initial-scale=1, minimum-scale=1, width=device-width">
  <title>Error 404 (Not Found)!!1</title>
  <a href=//www.google.com/><span id=logo aria-label=Google></span></a>
  <p><b>404.</b> <ins>That’s an error.</ins>
  <p>The requested URL <code>${shown}</code> was not found on this server.  <ins>That’s all we know.</ins>
`);
}

/** The last handler: every error leaves as Google's body, never as a stack trace. */
export function sendError(error: unknown, _request: Request, response: Response, _next: NextFunction): void {
  if (error instanceof ApiError) {
    response.status(error.code).json(error.toJSON());
    return;
  }
  if (error instanceof SyntaxError) {
    response.status(400).json(invalid('Invalid JSON payload received. Unexpected token.').toJSON());
    return;
  }
  response
    .status(500)
    .json({ error: { code: 500, message: `emulator: ${messageOf(error)}`, status: 'INTERNAL' } });
}
