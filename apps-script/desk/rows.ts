import { FIRST_DATA_ROW, KEY_ROW } from '../../contract/tabs.ts';

export type Sheet = GoogleAppsScript.Spreadsheet.Sheet;

/** Reads the machine keys of a tab; the returned function finds the column of one, counted from 1, or 0 for none. */
export function columnsOf(sheet: Sheet): (key: string) => number {
  // A blank tab has no last column, and a range of none is refused.
  const keys = sheet.getRange(KEY_ROW, 1, 1, Math.max(1, sheet.getLastColumn())).getValues()[0] ?? [];
  return (key) => keys.indexOf(key) + 1;
}

/** The same for a single column. */
export function columnOf(sheet: Sheet, key: string): number {
  return columnsOf(sheet)(key);
}

/** The rows of a range that hold a case: a whole column may be selected, and most of it is blank. */
export function caseRows(sheet: Sheet, range: GoogleAppsScript.Spreadsheet.Range | null): number[] {
  const column = columnOf(sheet, 'case');
  if (!column || !range) return [];
  const first = Math.max(range.getRow(), FIRST_DATA_ROW);
  const last = Math.min(range.getRow() + range.getNumRows() - 1, sheet.getLastRow());
  if (last < first) return [];
  return sheet
    .getRange(first, column, last - first + 1, 1)
    .getValues()
    .flatMap(([value], index) => (String(value).trim() === '' ? [] : [first + index]));
}

export interface SelectedCase {
  sheet: Sheet;
  row: number;
  caseNumber: string;
}

/** The case in whose row the person is; null where there is none. */
export function selectedCase(sheet: Sheet): SelectedCase | null {
  const column = columnOf(sheet, 'case');
  const row = sheet.getActiveRange()?.getRow() ?? 0;
  if (!column || row < FIRST_DATA_ROW || row > sheet.getMaxRows()) return null;
  const caseNumber = String(sheet.getRange(row, column).getValue()).trim();
  return caseNumber === '' ? null : { sheet, row, caseNumber };
}

/** What a tab says in one column of a row, as it is shown; blank where the tab has no such column. */
export function textIn(sheet: Sheet, row: number, key: string): string {
  const column = columnOf(sheet, key);
  return column ? sheet.getRange(row, column).getDisplayValue() : '';
}
