import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit, type RateLimitRequestHandler, type Store } from 'express-rate-limit';
import type { Clock } from '../../../contract/clock.ts';

const MINUTE_MS = 60_000;

/**
 * Counts requests of each caller in the running minute, and answers by `refuse` what is above `perMinute`. An IPv6
 * caller is its network: one machine there has more addresses than anybody can count.
 */
export function createLimiter(clock: Clock, perMinute: number, refuse: RequestHandler) {
  return rateLimit({
    limit: perMinute,
    windowMs: MINUTE_MS,
    store: countByMinute(clock),
    keyGenerator: callerOf,
    handler: refuse,
    standardHeaders: false,
    legacyHeaders: false,
  });
}

/** Whether the caller has used up what `limiter` allows in this minute. */
export async function isUsedUp(
  limiter: RateLimitRequestHandler,
  perMinute: number,
  request: Request,
): Promise<boolean> {
  const counted = await limiter.getKey(callerOf(request));
  return (counted?.totalHits ?? 0) >= perMinute;
}

function callerOf(request: Request): string {
  return ipKeyGenerator(request.ip ?? '');
}

/** The library's own store goes by the machine's time; an office may run at another. */
function countByMinute(clock: Clock): Store {
  let minute = 0;
  let counts = new Map<string, number>();
  const current = () => {
    const now = Math.floor(clock.now().getTime() / MINUTE_MS);
    if (now !== minute) counts = new Map();
    minute = now;
    return counts;
  };
  const countOf = (key: string) => ({
    totalHits: current().get(key) ?? 0,
    resetTime: new Date((minute + 1) * MINUTE_MS),
  });
  const add = (key: string, more: number) => current().set(key, (current().get(key) ?? 0) + more);
  return {
    localKeys: true,
    get: countOf,
    increment(key) {
      add(key, 1);
      return countOf(key);
    },
    decrement: (key) => void add(key, -1),
    resetKey: (key) => void current().delete(key),
  };
}
