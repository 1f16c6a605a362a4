import { capitals, squeeze } from './text.ts';

const LETTERS: Record<string, number> = {
  A: 10,
  B: 11,
  C: 12,
  D: 13,
  E: 14,
  F: 15,
  G: 16,
  H: 17,
  I: 34,
  J: 18,
  K: 19,
  L: 20,
  M: 21,
  N: 22,
  O: 35,
  P: 23,
  Q: 24,
  R: 25,
  S: 26,
  T: 27,
  U: 28,
  V: 29,
  W: 32,
  X: 30,
  Y: 31,
  Z: 33,
};
const WEIGHTS = [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1];

export function idNumberKey(raw: string): string {
  return capitals(squeeze(raw));
}

/** National (1, 2), resident (8, 9) and old resident numbers (second letter A–D), by shape and check digit. */
export function isIdNumber(raw: string): boolean {
  const text = idNumberKey(raw);
  if (!/^[A-Z][1289A-D]\d{8}$/u.test(text)) return false;
  const first = LETTERS[text.charAt(0)] ?? 0;
  // The second letter of an old resident number counts by its units digit.
  const second = LETTERS[text.charAt(1)] ?? Number(text.charAt(1));
  const digits = [Math.floor(first / 10), first % 10, second % 10, ...Array.from(text.slice(2), Number)];
  return digits.reduce((sum, digit, i) => sum + digit * (WEIGHTS[i] ?? 0), 0) % 10 === 0;
}
