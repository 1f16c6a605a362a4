import { createHash } from 'node:crypto';

/**
 * Gives the first `length` hexadecimal digits of a text's SHA-256. They name a thing for good without saying what it
 * is.
 */
export function shortHash(text: string, length = 12): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
