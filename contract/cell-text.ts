/** Google stores no more characters in one cell, and refuses the whole batch that tries. */
export const MAX_CELL = 50_000;
const CUT = '…（過長，以下省略）';

/** A text that fits into one cell. */
export function fitCell(text: string, most = MAX_CELL): string {
  return text.length <= most ? text : text.slice(0, most - CUT.length) + CUT;
}

/** Text that the ledger takes: PostgreSQL knows neither NUL nor half a surrogate, and would refuse the whole row. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '');
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
