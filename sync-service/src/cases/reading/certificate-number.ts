import { capitals, squeeze } from './text.ts';

/** Brackets people use for `（三）`, all to the ones that NFKC leaves. */
const OPEN = /[〔【［「『〈《〖[{﹝]/gu;
const CLOSE = /[〕】］」』〉》〗\]}﹞]/gu;
const END_STOPS = /[、。,.;:]+$/u;

/**
 * The form in which numbers are compared: NFKC, no blanks, 台→臺, 号→號, one kind of bracket and dash, capitals, no stop at
 * the end. No public format exists, so nothing more is assumed.
 */
export function certificateKey(raw: string | undefined): string {
  return capitals(squeeze(raw ?? ''))
    .replaceAll('台', '臺')
    .replaceAll('号', '號')
    .replace(OPEN, '(')
    .replace(CLOSE, ')')
    .replace(/[‐‑‒–—―−]/gu, '-')
    .replace(END_STOPS, '');
}

/** `…字第…號`. A number without it is a hint to the reviewer, never a refusal. */
export function isUsualNumber(key: string): boolean {
  return /.字第.+號/u.test(key);
}

/** The body that issued it, as its number tells: what stands before 字第. */
export function issuerOf(key: string): string | null {
  return /^(.+?)字第/u.exec(key)?.[1] ?? null;
}

/** What two numbers are compared by, or null: `忘記了` is no number, and 1.07E+12 is what a spreadsheet shows of many. */
export function comparableKey(raw: string): string | null {
  const key = certificateKey(raw);
  return /\d/u.test(key) && !/^\d(?:\.\d+)?E\+\d+$/iu.test(key) ? key : null;
}
