import type { CellLook, SheetColumn, SheetRow } from './state.ts';

const ROW = 32;
const LINE = 20;
/** What a cell keeps free on both sides. */
const PADDING = 30;
/** How wide a Latin letter is; a Chinese one is twice as wide. */
const LETTER = 7;

interface RowSize {
  type: 'rgRow';
  index: number;
  size: number;
}

/** How high the rows are whose texts wrap: as high as their longest cell, as in Google Sheets. */
export function rowSizes(
  rows: readonly SheetRow[],
  columns: readonly SheetColumn[],
  looks: readonly CellLook[][],
): RowSize[] {
  return rows.flatMap((row, index): RowSize[] => {
    const look = looks[row.look] ?? [];
    let lines = 1;
    for (const column of columns)
      if (look[column.index]?.wrap) {
        const text = String(row.cells[column.index] ?? '');
        if (text !== '') lines = Math.max(lines, linesOf(text, column.width - PADDING));
      }
    return lines > 1 ? [{ type: 'rgRow', index, size: lines * LINE + (ROW - LINE) }] : [];
  });
}

/** Counts by the width of letters, as measuring thousands of cells would take seconds. */
function linesOf(text: string, width: number): number {
  let lines = 1;
  let at = 0;
  for (const letter of text) {
    const size = letter > '\u2E7F' ? 2 * LETTER : LETTER;
    if (letter === '\n' || at + size > width) {
      lines += 1;
      at = 0;
    }
    if (letter !== '\n') at += size;
  }
  return lines;
}
