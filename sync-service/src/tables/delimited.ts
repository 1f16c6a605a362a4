import { CsvError, parse } from 'csv-parse/sync';
import { TableError } from './table-error.ts';

const DELIMITERS = [',', '\t', ';', '|'] as const;

/** What parts the cells is guessed from the file's beginning. */
const SAMPLE = 64 * 1024;

/**
 * Reads the rows of a CSV: with commas, tabs (Excel's "Unicode Text"), semicolons or bars, with Excel's `sep=` line or
 * without. Row numbers are those of the spreadsheet, so that a `sep=` line, which no spreadsheet shows, does not count.
 * @throws TableError that names the row of a quotation mark without an end
 */
export function parseDelimited(text: string): string[][] {
  const said = /^\ufeff?sep=(.)\r?\n/iu.exec(text);
  const body = said ? text.slice(said[0].length) : text;
  try {
    return parse(body, {
      bom: true,
      delimiter: said?.[1] ?? delimiterOf(body.slice(0, SAMPLE)),
      relax_column_count: true,
    });
  } catch (error) {
    throw refusal(error);
  }
}

/** Whatever stands most often in a row, quoted text left out. A title line above the table has none or few. */
function delimiterOf(sample: string): string {
  const rows = sample
    .replace(/"(?:[^"]|"")*"/gu, '')
    .split(/\r?\n/u)
    .filter((row) => row !== '');
  const usual = DELIMITERS.map((delimiter) => {
    const counts = rows.map((row) => row.split(delimiter).length - 1).toSorted((a, b) => a - b);
    return counts[Math.floor((counts.length - 1) / 2)] ?? 0;
  });
  return DELIMITERS[usual.indexOf(Math.max(...usual))] ?? ',';
}

function refusal(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  const row = Number(error.records ?? 0) + 1;
  const open = error.code === 'CSV_QUOTE_NOT_CLOSED';
  return new TableError(
    `第 ${row} 列有一個引號「"」${open ? '沒有結尾' : '位置不對'}，不是正確的 CSV`,
    `no CSV: a quotation mark in row ${row} ${open ? 'has no end' : 'is out of place'}`,
  );
}
