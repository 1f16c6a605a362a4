import { cutText, storable } from '../../../contract/cell-text.ts';
import { fontFileOf } from './fonts.ts';

/** `U+2A7DD` */
function codePointOf(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/**
 * The characters of a text that no font here can draw, because an office made them itself or because they are newer
 * than the fonts: where they stand in what is shown, from 1, and their code points.
 */
export function undrawable(text: string): { at: number; code: string }[] {
  return [...shown(text)].flatMap((char, index) =>
    fontFileOf(char) === null ? [{ at: index + 1, code: codePointOf(char) }] : [],
  );
}

/** Columns that hold what a teacher wrote. */
const WRITTEN = new Set(['姓名', '服務學校', '證書字號']);
const RARE_HEADER = '罕用字';

/**
 * A table with a column more where it holds what no font here can draw: by its place and code point, 姓名第2字 U+2A7DD. A
 * spreadsheet keeps the character itself, and shows a box where the reader's machine lacks it too.
 */
export function withRareCharacters(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): { header: readonly string[]; rows: readonly (readonly (string | number)[])[]; rare: readonly string[] } {
  const rare = rows.map((row) =>
    row
      .flatMap((cell, index) => {
        const title = header[index] ?? '';
        return WRITTEN.has(title)
          ? undrawable(String(cell)).map(({ at, code }) => `${title}第${at}字 ${code}`)
          : [];
      })
      .join('、'),
  );
  if (rare.every((each) => each === '')) return { header, rows, rare };
  return {
    header: [...header, RARE_HEADER],
    rows: rows.map((row, index) => [...row, rare[index] ?? '']),
    rare,
  };
}

/** The text as it can be drawn: of a character that no font has, its code point stands, 〔U+2A7DD〕. */
export function drawable(text: string): string {
  return [...shown(text)]
    .map((char) => (fontFileOf(char) === null ? `〔${codePointOf(char)}〕` : char))
    .join('');
}

/** More than any cell of a page holds. */
const LONGEST_SHOWN = 4000;

/**
 * What shows nothing goes: blanks become one, selectors of variants and marks of direction none. Accents join their
 * letter; compatibility ideographs stay, as the register has them.
 */
function shown(text: string): string {
  return storable(cutText(text, LONGEST_SHOWN))
    .replace(/[\p{L}--\p{Script=Han}]\p{M}+/gv, (letter) => letter.normalize('NFC'))
    .replace(/\s+/gu, ' ')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '');
}
