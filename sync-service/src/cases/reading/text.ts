/** Trims, joins half- and full-width forms (NFKC) and drops every kind of blank, also invisible ones. */
export function squeeze(text: string): string {
  // Once more at the end: an accent may have lost the blank that kept it off its letter.
  return text
    .normalize('NFKC')
    .replace(/[\s\u200b-\u200f\u2060\ufeff]+/gu, '')
    .normalize('NFKC');
}

/** Plain letters to capitals. Other scripts are left alone: changing their case can undo NFKC. */
export function capitals(text: string): string {
  return text.replace(/[a-z]+/gu, (letters) => letters.toUpperCase());
}

/** For showing: outer blanks and invisible characters go, everything else stays as it was typed. */
export function trimmed(text: string | undefined): string {
  return (text ?? '').replace(/[\u200b-\u200f\u2060\ufeff]/gu, '').trim();
}

/** True where nothing but blanks, dashes and stops was typed. */
export function isBlank(text: string | undefined): boolean {
  return !/[\p{L}\p{N}]/u.test(text ?? '');
}
