import { setTimeout as sleep } from 'node:timers/promises';
import { classify, type GaxiosLike, GoogleError } from './error.ts';

export interface RetryPolicy {
  attempts: number;
  firstDelayMs: number;
  maxDelayMs: number;
  /** The longest time for one request with all its repetitions, since a cycle's lease and its mail wait for it. */
  timeLimitMs: number;
  unsafe: boolean;
}

const DEFAULTS: RetryPolicy = {
  attempts: 6,
  firstDelayMs: 500,
  maxDelayMs: 64_000,
  timeLimitMs: 60_000,
  unsafe: false,
};

function retryAfterMs(error: unknown): number | null {
  const headers = (error as GaxiosLike).response?.headers;
  const value = headers instanceof Headers ? headers.get('retry-after') : headers?.['retry-after'];
  const seconds = value ? Number(value) : Number.NaN;
  return Number.isFinite(seconds) ? seconds * 1000 : null;
}

/**
 * Runs `request` with exponential back-off and full jitter, honouring Retry-After.
 * @throws GoogleError
 */
export async function withRetry<T>(
  call: string,
  request: () => Promise<T>,
  policy: Partial<RetryPolicy>,
): Promise<T> {
  const { attempts, firstDelayMs, maxDelayMs, timeLimitMs, unsafe } = { ...DEFAULTS, ...policy };
  const deadline = performance.now() + timeLimitMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request();
    } catch (error) {
      const failure = classify(error);
      const { limited, down } = failure;
      const mayRepeat = limited || (down && !unsafe);
      if (!mayRepeat || attempt >= attempts) throw new GoogleError(call, failure, error);
      const ceiling = Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1));
      const wait = Math.max(0, retryAfterMs(error) ?? ceiling * (0.5 + Math.random() / 2));
      // A longer wait would hold up the cycle, so the next cycle asks again.
      if (performance.now() + wait > deadline) throw new GoogleError(call, failure, error);
      await sleep(wait);
    }
  }
}
