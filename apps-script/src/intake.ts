import { INTAKE_COLUMNS, type IntakeColumn, type IntakeRow } from '../../contract/intake-key.ts';
import type { Settings } from './settings.ts';

const LOCK_MS = 30_000;

/**
 * Writes those rows that the intake tab does not hold yet. Read and write stand under one lock, so that two triggers
 * for one response write one row. Cells are written as strings, never parsed.
 * @returns how many rows were new
 * @throws Error where the tab's key row is damaged; the sweep finds the responses again
 */
export function writeIntake(settings: Settings, rows: IntakeRow[]): number {
  const lock = LockService.getScriptLock();
  lock.waitLock(LOCK_MS);
  try {
    const columns = readColumns(settings);
    const known = readKeys(settings, columns.key);
    const fresh = rows.filter((row) => !known[row.key]);
    if (fresh.length > 0) append(settings, columns, fresh);
    return fresh.length;
  } finally {
    lock.releaseLock();
  }
}

/** The advanced service: its writes are typed cells, where `setValues` would parse what a teacher typed. */
function spreadsheets() {
  if (typeof Sheets === 'undefined')
    throw new Error('Turn on the Sheets advanced service (appsscript.json).');
  return Sheets.Spreadsheets;
}

function readRange(settings: Settings, range: GoogleAppsScript.Sheets.Schema.GridRange): unknown[][] {
  const answer = spreadsheets().Values.batchGetByDataFilter(
    { dataFilters: [{ gridRange: { sheetId: settings.intakeSheetId, ...range } }] },
    settings.officeSpreadsheetId,
  );
  return answer.valueRanges?.[0]?.valueRange?.values ?? [];
}

function readColumns(settings: Settings): Record<IntakeColumn, number> {
  const [header = []] = readRange(settings, { startRowIndex: 0, endRowIndex: 1 });
  const columns = {} as Record<IntakeColumn, number>;
  for (const key of Object.keys(INTAKE_COLUMNS) as IntakeColumn[]) {
    const index = header.indexOf(key);
    if (index < 0 || header.indexOf(key, index + 1) >= 0)
      throw new Error(`The intake tab's key row (row 1) must hold "${key}" exactly once.`);
    columns[key] = index;
  }
  return columns;
}

function readKeys(settings: Settings, column: number): Record<string, true> {
  const known: Record<string, true> = {};
  for (const [key] of readRange(settings, {
    startRowIndex: 2,
    startColumnIndex: column,
    endColumnIndex: column + 1,
  }))
    known[String(key)] = true;
  return known;
}

function append(settings: Settings, columns: Record<IntakeColumn, number>, rows: IntakeRow[]) {
  const width = Math.max(...Object.values(columns)) + 1;
  const lines = rows.map((row) => {
    const values: GoogleAppsScript.Sheets.Schema.CellData[] = Array.from({ length: width }, () => ({}));
    for (const key of Object.keys(columns) as IntakeColumn[]) {
      const value = key === 'answers' ? JSON.stringify(row.answers) : row[key];
      if (value !== '') values[columns[key]] = { userEnteredValue: { stringValue: value } };
    }
    return { values };
  });
  spreadsheets().batchUpdate(
    {
      requests: [
        { appendCells: { sheetId: settings.intakeSheetId, rows: lines, fields: 'userEnteredValue' } },
      ],
    },
    settings.officeSpreadsheetId,
  );
}
