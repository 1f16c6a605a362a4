/** Google stores no more characters in one cell, and refuses the whole batch that tries. */
export const MAX_CELL = 50_000;
const CUT = '…（過長，以下省略）';

/** Cuts a text to `most` UTF-16 units and says so in it. No character is cut in two. */
export function fitCell(text: string, most = MAX_CELL): string {
  return text.length <= most ? text : cutText(text, most - CUT.length) + CUT;
}

/** The first `most` UTF-16 units, without half a character at the end. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  const last = text.charCodeAt(most - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most);
}

/** Matches what begins as a formula or a command does in a spreadsheet; full-width forms are folded to these on import. */
export const ACTIVE = /^[=+\-@\t\r\n＝＋－＠]/u;

/** Control characters, and two code points that XML 1.0 cannot say at all, not even escaped. */
const UNSAYABLE = /[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu;

/**
 * The gate for every text that is stored or leaves in a cell. PostgreSQL refuses a row with NUL or half a character,
 * and one U+FFFF makes a whole .ods or .xlsx unloadable. Vertical tabs and form feeds, as Word writes them, are line
 * ends.
 */
export function storable(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\v\f\u0085]/gu, '\n')
    .replace(UNSAYABLE, '');
}

/**
 * Answers as one cell of JSON. A response that does not fit would never come in, nor would any other that is written
 * with it: the longest answers lose their ends.
 */
export function answersCell(answers: Record<string, string>): string {
  const managed = { ...answers };
  for (;;) {
    const text = JSON.stringify(managed);
    const length = (key: string) => (managed[key] ?? '').length;
    const longest = Object.keys(managed).reduce((a, b) => (length(b) > length(a) ? b : a), '');
    if (text.length <= MAX_CELL || length(longest) <= 2 * CUT.length) return text;
    managed[longest] = fitCell(managed[longest] ?? '', Math.floor(length(longest) / 2));
  }
}
