/** What a monitor waits for at most: an answer that never comes says less than "no". */
const LIMIT_MS = 2000;

/** @throws Error where it takes too long */
export async function withTimeout<T>(work: Promise<T>, limitMs = LIMIT_MS): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
