import { writeOds } from 'hucre/ods';
import { writeXlsx } from 'hucre/xlsx';
import { ACTIVE, fitCell, storable } from '../../../contract/cell-text.ts';

export type ExportCell = string | number;
export const TABLE_FORMATS = ['ods', 'xlsx', 'csv'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** Excel calls a whole file damaged where one cell holds more. */
const LONGEST_CELL = 32_767;

function plain(text: string): string {
  return fitCell(storable(text).replace(/\r\n?/gu, '\n'), LONGEST_CELL - 1);
}

/** Text that no spreadsheet evaluates, also after it was saved as CSV and opened again. Numbers are left alone. */
export function inert(cell: ExportCell): ExportCell {
  if (typeof cell === 'number') return cell;
  const text = plain(cell);
  return ACTIVE.test(text) && !/^[+-]?\d+(?:\.\d+)?$/u.test(text) ? `'${text}` : text;
}

/** Writes one table as a file, with every cell escaped. */
export async function exportTable(
  format: TableFormat,
  title: string,
  header: readonly string[],
  rows: readonly (readonly ExportCell[])[],
): Promise<Uint8Array> {
  const cells = [header, ...rows].map((row) => row.map(inert));
  if (format === 'csv') return new TextEncoder().encode(`\ufeff${cells.map(csvLine).join('')}`);
  const options = { sheets: [{ name: plain(title), rows: cells }] };
  return format === 'ods' ? writeOds(options) : writeXlsx(options);
}

function csvLine(row: readonly ExportCell[]): string {
  const quoted = row.map((cell) =>
    // Whoever reads it guesses the delimiter by what stands outside of quotation marks.
    /[",;\t\r\n]/u.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : cell,
  );
  return `${quoted.join(',')}\r\n`;
}
