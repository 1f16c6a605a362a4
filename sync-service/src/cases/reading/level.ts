import type { Level } from '../types.ts';
import { squeeze } from './text.ts';

const WORDS: [Level, RegExp][] = [
  ['initial', /初階|^initial$/iu],
  ['advanced', /進階|^advanced$/iu],
  ['mentor', /教輔|教學輔導|^mentor$/iu],
];

/** `missing` where nothing was typed, null where it names no level or more than one. */
export function readLevel(raw: string | undefined): Level | 'missing' | null {
  const text = squeeze(raw ?? '');
  if (text === '') return 'missing';
  const found = WORDS.filter(([, word]) => word.test(text)).map(([level]) => level);
  return found.length === 1 ? (found[0] ?? null) : null;
}
