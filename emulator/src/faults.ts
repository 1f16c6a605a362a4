import type { RequestHandler, Response } from 'express';

/** What can go wrong with one API request. `lost-reply` and `truncated` happen after it was carried out. */
export const FAULTS = [
  'rate-limit',
  'rate-limit-retry-after',
  'user-rate-limit',
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
  retryAfter?: string;
}

/** In the bodies that Google gives, the older `errors[].reason` included. */
const REFUSALS: Partial<Record<Fault, Refusal>> = {
  'rate-limit': { code: 429, status: 'RESOURCE_EXHAUSTED', reason: 'rateLimitExceeded' },
  'rate-limit-retry-after': {
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    reason: 'rateLimitExceeded',
    retryAfter: '0',
  },
  'user-rate-limit': { code: 403, status: 'PERMISSION_DENIED', reason: 'userRateLimitExceeded' },
  'permission-denied': { code: 403, status: 'PERMISSION_DENIED', reason: 'forbidden' },
  'token-expired': { code: 401, status: 'UNAUTHENTICATED', reason: 'authError' },
  internal: { code: 500, status: 'INTERNAL', reason: 'internalError' },
  'bad-gateway': { code: 502, status: 'INTERNAL', reason: 'badGateway' },
  unavailable: { code: 503, status: 'UNAVAILABLE', reason: 'backendError' },
};

/** Asks before each API request what shall go wrong; null lets it pass. */
export function faultInjector(
  next: (request: { method: string; path: string }) => Fault | null,
): RequestHandler {
  return (request, response, proceed) => {
    const fault = next({ method: request.method, path: request.path });
    if (fault === null) return proceed();
    const refusal = REFUSALS[fault];
    if (refusal) return refuse(response, refusal);
    if (fault === 'reset-before') return void request.socket.destroy();
    if (fault === 'slow') return void setTimeout(proceed, 20);
    response.json = () => {
      if (fault === 'truncated') {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write('{"spreadsheetId": "');
      }
      request.socket.destroy();
      return response;
    };
    proceed();
  };
}

function refuse(response: Response, { code, status, reason, retryAfter }: Refusal) {
  if (retryAfter) response.set('Retry-After', retryAfter);
  const message = `Injected: ${reason}`;
  response
    .status(code)
    .json({ error: { code, message, status, errors: [{ message, domain: 'global', reason }] } });
}

/** Google counts requests per minute and user; the emulator does so where a limit is given. */
export function quotaPerMinute(limit: { reads: number; writes: number }, now: () => Date): RequestHandler {
  let minute = 0;
  let used = { reads: 0, writes: 0 };
  return (request, response, proceed) => {
    const current = Math.floor(now().getTime() / 60_000);
    if (current !== minute) used = { reads: 0, writes: 0 };
    minute = current;
    const kind = request.method === 'GET' || request.path.endsWith('ByDataFilter') ? 'reads' : 'writes';
    used[kind] += 1;
    if (used[kind] <= limit[kind]) return proceed();
    const quota = kind === 'reads' ? 'Read requests' : 'Write requests';
    const message = `Quota exceeded for quota metric '${quota}' and limit '${quota} per minute per user' of service 'sheets.googleapis.com'.`;
    response.status(429).json({ error: { code: 429, message, status: 'RESOURCE_EXHAUSTED' } });
  };
}
