import type { Random } from '../../chaos/random.ts';

/** Other ways to put the same characters: nothing of it changes what was said. */
const wide = (text: string) => text.replace(/[!-~]/gu, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
const wideDigits = (text: string) =>
  text.replace(/\d/gu, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
export const SAME: Record<string, (text: string) => string> = {
  asIs: (text) => text,
  outerBlanks: (text) => ` ${text}　`,
  wide,
  wideDigits,
  otherTai: (text) => text.replaceAll('臺', '台'),
  invisible: (text) => `\u200b${text}\ufeff`,
  newlineAtEnd: (text) => `${text}\n`,
  tabs: (text) => `\t${text}\t`,
};

export function typed(random: Random, text: string): string {
  if (text === '' || random.chance(0.6)) return text;
  return random.one(Object.values(SAME))(text);
}

/** A blank between any two characters. */
export function blankInside(random: Random, text: string): string {
  const characters = [...text];
  const at = random.between(1, Math.max(1, characters.length - 1));
  return characters.toSpliced(at, 0, random.one([' ', '　', '  ', '\u00a0'])).join('');
}
