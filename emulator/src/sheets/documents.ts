import type { DocumentKind } from '../drive/service.ts';
import type { SheetsService } from './service.ts';

/** What Drive asks of spreadsheets. */
export function spreadsheetKind(sheets: SheetsService): DocumentKind {
  const rowsOf = (id: string, sheetId?: number) => {
    const tab = sheets
      .get(id)
      .sheets?.find(({ properties }) => sheetId === undefined || properties?.sheetId === sheetId);
    const title = (tab?.properties?.title ?? '').replaceAll("'", "''");
    return sheets.valuesGet(id, `'${title}'`).values ?? [];
  };
  return {
    create: (name) => sheets.create({ properties: { title: name } }).spreadsheetId ?? '',
    copy: (id, name) => sheets.copy(id, name),
    rename: (id, name) =>
      void sheets.batchUpdate(id, {
        requests: [{ updateSpreadsheetProperties: { properties: { title: name }, fields: 'title' } }],
      }),
    text: (id) =>
      (sheets.get(id).sheets ?? [])
        .flatMap(({ properties }) => rowsOf(id, properties?.sheetId ?? 0).map((row) => row.join('\n')))
        .join('\n'),
    exports: {
      'text/csv': (id, gid) => separated(rowsOf(id, gid), ','),
      'text/tab-separated-values': (id, gid) => separated(rowsOf(id, gid), '\t'),
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': null,
      'application/x-vnd.oasis.opendocument.spreadsheet': null,
      'application/vnd.oasis.opendocument.spreadsheet': null,
      'application/pdf': null,
      'application/zip': null,
    },
  };
}

/** The first tab as Google writes it: every row as wide as the widest, lines ended by CR LF but for the last. */
function separated(rows: readonly unknown[][], separator: string): string {
  const width = Math.max(0, ...rows.map((row) => row.length));
  const cell = (value: unknown) => {
    const text = String(value ?? '');
    // Tabs and line breaks have no writing in a TSV: Google gives a blank.
    if (separator === '\t') return text.replaceAll(/[\t\r\n]+/gu, ' ');
    return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows
    .map((row) => Array.from({ length: width }, (_cell, x) => cell(row[x])).join(separator))
    .join('\r\n');
}
