import { cutText, storable } from '../../../../contract/cell-text.ts';
import { withoutRadicals } from './radicals.ts';

/**
 * Only this much of a text is compared or searched. A normaliser sorts accents pairwise and expands some characters
 * to eighteen: without a bound 50,000 of them hold up everybody else's entry.
 */
const LONGEST_READ = 1000;

/** Characters that show nothing: zero-width blanks, marks of direction, fillers, selectors of variants. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
/** Selectors that say which form of a character the register holds: 葛󠄀 is shown as it was typed. */
const INVISIBLE_BUT_SELECTORS = /[\p{Default_Ignorable_Code_Point}--[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]]/gv;

/** Joins half- and full-width forms and compatibility characters (NFKC), and radicals with their characters. */
export function normalized(text: string | undefined): string {
  const read = withoutRadicals(storable(cutText(text ?? '', LONGEST_READ)));
  return cutText(read.normalize('NFKC'), LONGEST_READ);
}

/** Normalises a text and takes out every kind of blank, also invisible ones. */
export function squeeze(text: string): string {
  // Normalises once more at the end, since an accent may have lost the blank that kept it off its letter.
  return normalized(normalized(text).replace(/\s+/gu, '').replace(INVISIBLE, ''));
}

/** Turns plain letters into capitals. Other scripts are left alone, since changing their case can undo NFKC. */
export function capitals(text: string): string {
  return text.replace(/[a-z]+/gu, (letters) => letters.toUpperCase());
}

/**
 * Prepares a text for showing: outer blanks and invisible characters go, radicals become characters, all else stays as
 * typed.
 */
export function trimmed(text: string | undefined): string {
  return withoutRadicals(text ?? '')
    .replace(INVISIBLE_BUT_SELECTORS, '')
    .trim();
}

/** What a person listed in one cell or answer, parted by commas, semicolons or blanks of either width. */
export function listedParts(typed: string): string[] {
  return typed.split(/[,，、;；\s]+/u).filter(Boolean);
}

/** What is said in a row of a word that was typed into it. */
export const quoted = (text: string) => `「${cutText(text, 40)}」`;

/**
 * True where nothing but blanks, dashes and stops was typed. Characters that an office made itself, or that are newer
 * than this machine's Unicode, are names too.
 */
export function isBlank(text: string | undefined): boolean {
  return !/[[\p{L}\p{N}\p{Co}\p{Cn}]--\p{Default_Ignorable_Code_Point}]/v.test(withoutRadicals(text ?? ''));
}
