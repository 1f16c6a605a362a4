import type { ExportCell } from './table.ts';

/** A table that is printed and attached to a letter: A4 landscape, the same as .ods, .xlsx and PDF. */
export interface PrintedTable {
  title: string;
  /** What stands between the title and the table, a line each. */
  lines: readonly string[];
  columns: readonly PrintedColumn[];
  rows: readonly (readonly ExportCell[])[];
  /** The last line of the table. */
  total: string;
}

interface PrintedColumn {
  label: string;
  /** Room for what is written in by hand, in Latin letters. */
  room?: number;
}

export const PAGE_CM = { width: 29.7, height: 21, margin: 1.5 };
export const POINTS_PER_CM = 72 / 2.54;
/** Printers and programs round: a table as wide as the page would put its last column on a page of its own. */
export const TABLE_CM = PAGE_CM.width - 2 * PAGE_CM.margin - 0.2;
export const TITLE_POINTS = 16;
export const TEXT_POINTS = 12;
/** How much higher a line is than its letters. */
const LEADING = 1.35;
const PADDING_POINTS = 3;
/** Excel shows no higher row. */
const MOST_POINTS = 409;
/** Of the longest cell no more counts for the width of its column than three lines of it would need. */
const MOST_LETTERS = 28;

/** How wide a text is, in Latin letters. */
export function letters(text: string): number {
  return [...text].reduce((sum, char) => sum + (char > '\u2e7f' ? 2 : 1), 1);
}

/** Shares the width among the columns, by the longest cell of each. */
export function columnWidths({ columns, rows }: PrintedTable, total: number): number[] {
  const wanted = columns.map(({ label, room = 0 }, i) =>
    Math.min(
      MOST_LETTERS,
      rows.reduce(
        (most, row) => Math.max(most, letters(String(row[i] ?? ''))),
        Math.max(room, letters(label)),
      ),
    ),
  );
  const sum = wanted.reduce((a, b) => a + b, 0) || 1;
  return wanted.map((each) => (each / sum) * total);
}

/** How high a row is, in points, so that no program cuts a text that is wrapped. */
export function rowHeight(
  cells: readonly ExportCell[],
  widthsCm: readonly number[],
  size = TEXT_POINTS,
): number {
  const lines = cells.map((cell, i) => {
    const width = (widthsCm[i] ?? TABLE_CM) * POINTS_PER_CM - 2 * PADDING_POINTS;
    return String(cell)
      .split('\n')
      .reduce((sum, line) => sum + Math.max(1, Math.ceil((letters(line) * size) / 2 / width)), 0);
  });
  return Math.min(MOST_POINTS, Math.max(1, ...lines) * size * LEADING + 2 * PADDING_POINTS);
}

/** What stands at the foot of a page: numbers, or what a program puts its own for. */
export function pageLine(page: string | number, pages: string | number): string {
  return `第 ${page} 頁，共 ${pages} 頁`;
}
