import type { Request, RequestHandler, Response } from 'express';
import { ApiError, errorInfo } from './errors.ts';

/** What can go wrong with one API request. `lost-reply` and `truncated` happen after it was carried out. */
export const FAULTS = [
  'rate-limit',
  'rate-limit-retry-after',
  'user-rate-limit',
  'project-rate-limit',
  'daily-limit',
  'storage-quota',
  'not-configured',
  'permission-denied',
  'token-expired',
  'internal',
  'bad-gateway',
  'unavailable',
  'slow',
  'reset-before',
  'lost-reply',
  'truncated',
] as const;
export type Fault = (typeof FAULTS)[number];

interface Refusal {
  code: number;
  status: string;
  reason: string;
  message: string;
  domain?: string;
  retryAfter?: string;
}

const RATE = {
  code: 429,
  status: 'RESOURCE_EXHAUSTED',
  reason: 'rateLimitExceeded',
  domain: 'usageLimits',
  message: 'Rate Limit Exceeded',
};

/** In the bodies that Google gives, the older `errors[].reason` included. */
const REFUSALS: Partial<Record<Fault, Refusal>> = {
  'rate-limit': RATE,
  'rate-limit-retry-after': { ...RATE, retryAfter: '0' },
  'user-rate-limit': {
    code: 403,
    status: 'PERMISSION_DENIED',
    reason: 'userRateLimitExceeded',
    domain: 'usageLimits',
    message: 'User Rate Limit Exceeded',
  },
  'permission-denied': {
    code: 403,
    status: 'PERMISSION_DENIED',
    reason: 'forbidden',
    message: 'The caller does not have permission',
  },
  'token-expired': {
    code: 401,
    status: 'UNAUTHENTICATED',
    reason: 'authError',
    message: 'Request had invalid authentication credentials.',
  },
  internal: {
    code: 500,
    status: 'INTERNAL',
    reason: 'internalError',
    message: 'Internal error encountered.',
  },
  unavailable: {
    code: 503,
    status: 'UNAVAILABLE',
    reason: 'backendError',
    message: 'The service is currently unavailable.',
  },
  'project-rate-limit': {
    code: 403,
    status: 'PERMISSION_DENIED',
    reason: 'rateLimitExceeded',
    domain: 'usageLimits',
    message: 'Rate Limit Exceeded',
  },
  'daily-limit': {
    code: 403,
    status: 'PERMISSION_DENIED',
    reason: 'dailyLimitExceeded',
    domain: 'usageLimits',
    message: 'Daily Limit Exceeded',
  },
  'storage-quota': {
    code: 403,
    status: 'PERMISSION_DENIED',
    reason: 'storageQuotaExceeded',
    message: "The user's Drive storage quota has been exceeded.",
  },
  'not-configured': {
    code: 403,
    status: 'PERMISSION_DENIED',
    reason: 'accessNotConfigured',
    domain: 'usageLimits',
    message: 'Access Not Configured.',
  },
};

/** What Google's proxies say by themselves is a page, not JSON. */
const BAD_GATEWAY = `<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <title>Error 502 (Server Error)!!1</title>
  <p><b>502.</b> <ins>That’s an error.</ins>
  <p>The server encountered a temporary error and could not complete your request.<p>Please try again in 30 seconds.  <ins>That’s all we know.</ins>
`;

/** Asks before each API request what shall go wrong; null lets it pass. `hang` never answers. */
export function faultInjector(
  next: (request: { method: string; path: string }) => Fault | 'hang' | null,
): RequestHandler {
  return (request, response, proceed) => {
    const fault = next({ method: request.method, path: request.path });
    if (fault === null) return proceed();
    if (fault === 'hang') return;
    const refusal = REFUSALS[fault];
    if (refusal) return refuse(response, refusal);
    if (fault === 'bad-gateway')
      return void response.status(502).type('text/html; charset=UTF-8').end(BAD_GATEWAY);
    if (fault === 'reset-before') return void request.socket.destroy();
    if (fault === 'slow') return void setTimeout(proceed, 20);
    // Whatever the answer was, an empty one included: the request has been carried out by then.
    response.end = (() => {
      if (fault === 'truncated') {
        response.removeHeader('content-encoding');
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write('{"spreadsheetId": "');
      }
      request.socket.destroy();
      return response;
    }) as typeof response.end;
    proceed();
  };
}

function refuse(response: Response, { code, status, reason, message, domain, retryAfter }: Refusal) {
  if (retryAfter) response.set('Retry-After', retryAfter);
  const errors = [{ message, domain: domain ?? 'global', reason }];
  response.status(code).json({ error: { code, message, status, errors } });
}

export interface Quota {
  reads: number;
  writes: number;
}

/**
 * Counts requests per minute, each user's and the project's, as Google does, and refuses what goes beyond. Null where
 * nothing is limited. https://developers.google.com/workspace/sheets/api/limits
 */
export function quotaPerMinute(
  limits: () => { user: Quota; project: Quota } | null,
  now: () => Date,
  userOf: (request: Request) => string,
): RequestHandler {
  let minute = 0;
  let used = new Map<string, number>();
  return (request, _response, proceed) => {
    const limit = limits();
    if (limit === null) return proceed();
    const current = Math.floor(now().getTime() / 60_000);
    if (current !== minute) used = new Map();
    minute = current;
    const kind = isRead(request) ? 'reads' : 'writes';
    for (const [counter, most, per] of [
      [`user/${userOf(request)}/${kind}`, limit.user[kind], 'per minute per user'],
      [`project/${kind}`, limit.project[kind], 'per minute'],
    ] as const) {
      const count = (used.get(counter) ?? 0) + 1;
      used.set(counter, count);
      if (count > most) throw quotaExceeded(kind, per, most);
    }
    proceed();
  };
}

/** Google's words where requests of the Sheets API go beyond what a minute allows. */
export function quotaExceeded(kind: keyof Quota, per: string, most: number): ApiError {
  const verb = kind === 'reads' ? 'Read' : 'Write';
  const service = 'sheets.googleapis.com';
  const consumer = 'project_number:0';
  const message = `Quota exceeded for quota metric '${verb} requests' and limit '${verb} requests ${per}' of service '${service}' for consumer '${consumer}'.`;
  return new ApiError('RESOURCE_EXHAUSTED', message, [
    errorInfo('RATE_LIMIT_EXCEEDED', {
      service,
      consumer,
      quota_metric: `${service}/${verb.toLowerCase()}_requests`,
      quota_limit: `${verb}RequestsPerMinute${per.endsWith('user') ? 'PerUser' : 'PerProject'}`,
      quota_limit_value: String(most),
    }),
  ]);
}

function isRead(request: Request): boolean {
  return request.method === 'GET' || /:(batchGet|get)ByDataFilter$/iu.test(request.path);
}
