import type { Clock } from '../../../contract/clock.ts';

/** What Google counts apart: requests that read and requests that write spreadsheets. */
export type Bucket = 'reads' | 'writes';

export type Limits = Record<Bucket, number>;

/**
 * Requests per minute and user that we allow ourselves: a little below Google's sixty, so that people's scripts find
 * room too. https://developers.google.com/workspace/sheets/api/limits
 */
export const GOOGLE_LIMITS: Limits = { reads: 55, writes: 55 };

const MINUTE_MS = 60_000;

/** Counts the requests of the last minute, so that a full bucket is left alone instead of being asked in vain. */
export interface Budget {
  left(bucket: Bucket): number;
  spend(bucket: Bucket): void;
}

export function createBudget(clock: Clock, limits: Limits): Budget {
  const spent: Record<Bucket, number[]> = { reads: [], writes: [] };
  const recent = (bucket: Bucket) => {
    const now = clock.now().getTime();
    // Requests that lie in the future were counted before the clock was set back, and do not count.
    spent[bucket] = spent[bucket].filter((at) => now - at < MINUTE_MS && at <= now);
    return spent[bucket];
  };
  return {
    left: (bucket) => Math.max(0, limits[bucket] - recent(bucket).length),
    spend: (bucket) => void recent(bucket).push(clock.now().getTime()),
  };
}

/** Which bucket a call of ours is counted in; null for the services whose quotas we cannot reach. */
export function bucketOf(call: string): Bucket | null {
  if (!call.startsWith('sheets.')) return null;
  return /(get|batchGetByDataFilter)$/u.test(call) ? 'reads' : 'writes';
}
