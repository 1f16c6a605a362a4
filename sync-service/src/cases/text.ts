/** Trims, joins half- and full-width forms (NFKC) and drops every kind of blank, also invisible ones. */
export function squeeze(text: string): string {
  return text.normalize('NFKC').replace(/[\s\u200b-\u200f\u2060\ufeff]+/gu, '');
}

/** For showing: outer blanks and invisible characters go, everything else stays as it was typed. */
export function trimmed(text: string | undefined): string {
  return (text ?? '').replace(/[\u200b-\u200f\u2060\ufeff]/gu, '').trim();
}

/** True where nothing but blanks, dashes and stops was typed. */
export function isBlank(text: string | undefined): boolean {
  return !/[\p{L}\p{N}]/u.test(text ?? '');
}
