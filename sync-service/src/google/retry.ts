import { setTimeout as sleep } from 'node:timers/promises';

export interface RetryPolicy {
  attempts: number;
  firstDelayMs: number;
  maxDelayMs: number;
  /** One request takes no longer, with all its repetitions: a cycle's lease and its mail wait for it. */
  patienceMs: number;
  unsafe: boolean;
}

const DEFAULTS: RetryPolicy = {
  attempts: 6,
  firstDelayMs: 500,
  maxDelayMs: 64_000,
  patienceMs: 60_000,
  unsafe: false,
};

/** A request to Google that failed for good. `unknownOutcome`: it may have been carried out all the same. */
export class GoogleError extends Error {
  readonly status: number;
  readonly reason: string;
  readonly unknownOutcome: boolean;
  /** Google's own sentence. */
  readonly detail: string;
  /** Call, status and reason: nothing that a person typed. */
  readonly logMessage: string;
  constructor(
    call: string,
    status: number,
    reason: string,
    unknownOutcome: boolean,
    detail: string,
    cause: unknown,
  ) {
    super(`Google ${call}: ${status || 'no answer'} ${reason}`, { cause });
    this.status = status;
    this.reason = reason;
    this.unknownOutcome = unknownOutcome;
    this.detail = detail;
    this.logMessage = this.message;
  }
}

interface GaxiosLike {
  status?: number;
  code?: string | number;
  message?: string;
  response?: { status?: number; headers?: Headers | Record<string, string>; data?: unknown };
}

/** What Google's errors mean for us, in this one place. */
function classify(error: unknown) {
  const e = error as GaxiosLike;
  const status = e.response?.status ?? (typeof e.status === 'number' ? e.status : 0);
  const body = e.response?.data as
    | { error?: { message?: string; status?: string; errors?: { reason?: string }[] } }
    | undefined;
  const reason = body?.error?.errors?.[0]?.reason ?? body?.error?.status ?? e.message ?? String(e.code ?? '');
  // 403 is a rate limit only by these reasons; storage and permission errors stay errors however often asked.
  const limited =
    status === 429 || (status === 403 && /^(userRateLimitExceeded|rateLimitExceeded)$/.test(reason));
  const down = status === 0 || status === 408 || status >= 500;
  return { status, reason, limited, down: down && status !== 501, detail: body?.error?.message ?? '' };
}

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
  const { attempts, firstDelayMs, maxDelayMs, patienceMs, unsafe } = { ...DEFAULTS, ...policy };
  const deadline = performance.now() + patienceMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request();
    } catch (error) {
      const { status, reason, limited, down, detail } = classify(error);
      const mayRepeat = limited || (down && !unsafe);
      if (!mayRepeat || attempt >= attempts) throw new GoogleError(call, status, reason, down, detail, error);
      const ceiling = Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1));
      const wait = Math.max(0, retryAfterMs(error) ?? ceiling * (0.5 + Math.random() / 2));
      // Nobody waits in the middle of a cycle for as long as that: the next cycle asks again.
      if (performance.now() + wait > deadline)
        throw new GoogleError(call, status, reason, down, detail, error);
      await sleep(wait);
    }
  }
}
