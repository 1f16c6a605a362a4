import { readXlsx } from 'hucre/xlsx';
import { dateText } from './date-text.ts';
import { type Sheet, sheetOf } from './sheet.ts';

/** Reads the visible sheets of an .xlsx. @throws Error of the library's, in English, where the file is damaged */
export async function readXlsxSheets(content: Uint8Array): Promise<Sheet[]> {
  const { sheets } = await readXlsx(content, {
    readStyles: true,
    sheets: ({ hidden, veryHidden }) => !hidden && !veryHidden,
  });
  return sheets.map(({ name, rows, cells }) =>
    sheetOf(
      name,
      rows.map((row, at) => ({
        line: at + 1,
        cells: row.map((value, column) =>
          cellText(value, cells?.get(`${at},${column}`)?.style?.numFmt ?? ''),
        ),
      })),
    ),
  );
}

function cellText(value: unknown, format: string): string {
  if (value instanceof Date) return dateText(value, /h/iu.test(format));
  // A code that is kept as a number and shown as 014601 is 014601.
  if (typeof value === 'number' && /^0+$/u.test(format)) return String(value).padStart(format.length, '0');
  return typeof value === 'boolean' ? String(value).toUpperCase() : String(value ?? '');
}
