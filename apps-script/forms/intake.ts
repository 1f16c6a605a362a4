import { answersCell } from '../../contract/cell-text.ts';
import { answerTo } from '../../contract/data-filters.ts';
import type { ErasedResponse } from '../../contract/erasure-shape.ts';
import {
  ERASED_COLUMNS,
  ERASED_SOURCE,
  INTAKE_COLUMNS,
  type IntakeColumn,
  type IntakeRow,
} from '../../contract/intake-key.ts';
import type { Offer } from './response.ts';
import type { Settings } from './settings.ts';

const LOCK_MS = 30_000;
const LABEL_ROW = 1;
/** Data may begin in the row of labels, where somebody has deleted that row. */
const FIRST_ROW = LABEL_ROW;
/** Stops rewriting a row that keeps getting damaged. */
const MOST_COPIES = 5;
/** Number of rows that are described and written at a time, which is some hundred kilobytes. */
const PORTION = 100;
const IDENTITY = ['key', 'form', 'responseId', 'revision', 'receivedAt'] as const;
type Identity = Pick<IntakeRow, (typeof IDENTITY)[number]>;

export interface Written {
  written: number;
  /** How many responses were left for the next sweep. */
  left: number;
  /** Why some could not be written. */
  failures: string[];
}

/**
 * Writes those responses that the intake tab does not hold yet: one whose row somebody pasted over, so that the service
 * cannot read it, is written once more. Read and write stand under one lock, so that two triggers for one response
 * write one row; a sweep of thousands goes in portions, so that a trigger need not wait for it. Cells are written as
 * strings, never parsed.
 * @param isOver whether the script has to come to an end: the next sweep goes on
 * @throws Error where the tab's key row is damaged; the sweep finds the responses again
 */
export function writeIntake(settings: Settings, offers: Offer[], isOver = () => false): Written {
  const result: Written = { written: 0, left: 0, failures: [] };
  const missing = offers.length > 1 ? missingFrom(settings, readTab(settings), offers) : offers;
  for (let at = 0; at < missing.length; at += PORTION) {
    if (isOver()) return { ...result, left: missing.length - at };
    const rows: IntakeRow[] = [];
    for (const offer of missing.slice(at, at + PORTION)) {
      try {
        rows.push(offer.describe());
      } catch (error) {
        result.failures.push(`${offer.key}: ${String(error)}`);
      }
    }
    result.written += writePortion(settings, rows);
  }
  return result;
}

function writePortion(settings: Settings, rows: IntakeRow[]): number {
  return withTab(settings, (tab) => {
    const fresh = missingFrom(settings, tab, rows);
    if (fresh.length > 0) append(settings, tab, fresh);
    return fresh.length;
  });
}

/** Reads the tab and writes what follows from it under one lock, so that no other run writes in between. */
function withTab<T>(settings: Settings, write: (tab: IntakeTab) => T): T {
  const lock = LockService.getScriptLock();
  lock.waitLock(LOCK_MS);
  try {
    return write(readTab(settings));
  } finally {
    lock.releaseLock();
  }
}

/**
 * Empties every row of erased responses and keeps their keys; a key that stands in no row gets one, so that the service
 * sees that this response was seen to.
 */
export function eraseIntake(settings: Settings, erased: ErasedResponse[]): void {
  withTab(settings, (tab) => {
    const { columns } = tab;
    const missing: Record<string, ErasedResponse> = {};
    const ids: Record<string, true> = {};
    for (const response of erased) {
      ids[response.responseId] = true;
      for (const key of response.keys) missing[key] = response;
    }
    const texts = (cells: unknown[][]) => cells.map(([cell]) => String(cell ?? ''));
    const keys = texts(tab.keys);
    const requests: GoogleAppsScript.Sheets.Schema.Request[] = [];
    const responseIds = texts(readRange(settings, columnBelow(columns.responseId)));
    for (let index = 0; index < Math.max(keys.length, responseIds.length); index += 1) {
      const key = keys[index] ?? '';
      if (!missing[key] && !ids[responseIds[index] ?? '']) continue;
      delete missing[key];
      requests.push(...emptyRow(settings, columns, FIRST_ROW + index));
    }
    if (requests.length > 0) spreadsheets().batchUpdate({ requests }, settings.officeSpreadsheetId);
    const rows = Object.entries(missing).map(([key, { form, responseId }]) => {
      const revision = key.slice(form.length + responseId.length + 2);
      return { key, form, responseId, revision, receivedAt: revision, source: ERASED_SOURCE };
    });
    if (rows.length > 0) append(settings, tab, rows);
  });
}

function emptyRow(settings: Settings, columns: Record<IntakeColumn, number>, rowIndex: number) {
  const cell = (key: IntakeColumn, value: GoogleAppsScript.Sheets.Schema.CellData) => ({
    updateCells: {
      start: { sheetId: settings.intakeSheetId, rowIndex, columnIndex: columns[key] },
      rows: [{ values: [value] }],
      fields: 'userEnteredValue',
    },
  });
  return [
    ...ERASED_COLUMNS.map((key) => cell(key, {})),
    cell('source', { userEnteredValue: { stringValue: ERASED_SOURCE } }),
  ];
}

/** Uses the advanced service, which writes typed cells; `setValues` would parse what a teacher typed. */
function spreadsheets() {
  if (typeof Sheets === 'undefined')
    throw new Error('Turn on the Sheets advanced service (appsscript.json).');
  return Sheets.Spreadsheets;
}

type Range = GoogleAppsScript.Sheets.Schema.GridRange;

/** Reads several ranges in one request, since Google counts requests: sixty a minute for all runs of the account. */
function readRanges(settings: Settings, ranges: Range[]): unknown[][][] {
  const gridRanges = ranges.map((range) => ({ sheetId: settings.intakeSheetId, ...range }));
  const { valueRanges } = spreadsheets().Values.batchGetByDataFilter(
    { dataFilters: gridRanges.map((gridRange) => ({ gridRange })) },
    settings.officeSpreadsheetId,
  );
  return gridRanges.map((gridRange) => answerTo(valueRanges, gridRange).values ?? []);
}

function readRange(settings: Settings, range: Range): unknown[][] {
  return readRanges(settings, [range])[0] ?? [];
}

function columnBelow(column: number): Range {
  return { startRowIndex: FIRST_ROW, startColumnIndex: column, endColumnIndex: column + 1 };
}

/** What every write has to know of the tab. */
interface IntakeTab {
  columns: Record<IntakeColumn, number>;
  labels: unknown[];
  /** Reads the key column from the first row on. */
  keys: unknown[][];
}

/** In one request, as long as nobody has moved the key column; in two where somebody has. */
function readTab(settings: Settings): IntakeTab {
  const expected = Object.keys(INTAKE_COLUMNS).indexOf('key');
  const head = { startRowIndex: 0, endRowIndex: LABEL_ROW + 1 };
  const [[header = [], labels = []] = [], keys = []] = readRanges(settings, [head, columnBelow(expected)]);
  const columns = columnsIn(header);
  return {
    columns,
    labels,
    keys: columns.key === expected ? keys : readRange(settings, columnBelow(columns.key)),
  };
}

function columnsIn(header: unknown[]): Record<IntakeColumn, number> {
  const columns = {} as Record<IntakeColumn, number>;
  for (const key of Object.keys(INTAKE_COLUMNS) as IntakeColumn[]) {
    const index = header.indexOf(key);
    if (index < 0 || header.indexOf(key, index + 1) >= 0)
      throw new Error(`The intake tab's key row (row 1) must hold "${key}" exactly once.`);
    columns[key] = index;
  }
  return columns;
}

/**
 * Whether what stands in the tab can still be read as this row. Answers are not compared: a form whose questions were
 * changed since gives them differently.
 */
function isWhole(row: Identity, cell: (key: IntakeColumn) => string): boolean {
  if (IDENTITY.some((key) => cell(key) !== row[key])) return false;
  if (cell('source') === ERASED_SOURCE) return true;
  if (!/^(https?:|$)/.test(cell('editUrl')) || !/^(trigger|sweep|import)$/.test(cell('source'))) return false;
  try {
    return typeof JSON.parse(cell('answers')) === 'object';
  } catch {
    return false;
  }
}

/** Returns those of `rows` that the tab does not hold whole. */
function missingFrom<R extends Identity>(settings: Settings, tab: IntakeTab, rows: R[]): R[] {
  const standing = readStanding(settings, tab, rows);
  return rows.filter((row) => !standing[row.key]);
}

function readStanding(
  settings: Settings,
  { columns, keys }: IntakeTab,
  rows: Identity[],
): Record<string, true> {
  const wanted: Record<string, Identity> = {};
  for (const row of rows) wanted[row.key] = row;
  const places = keys.flatMap(([key], index) => (wanted[String(key)] ? [FIRST_ROW + index] : []));
  const standing: Record<string, true> = {};
  if (places.length === 0) return standing;
  const times: Record<string, number> = {};
  // New rows lie at the end, so that the span of a sweep's rows is short unless somebody has sorted the tab.
  const span = readRange(settings, {
    startRowIndex: Math.min(...places),
    endRowIndex: Math.max(...places) + 1,
  });
  for (const cells of span) {
    const row = wanted[String(cells[columns.key] ?? '')];
    if (!row) continue;
    times[row.key] = (times[row.key] ?? 0) + 1;
    if (isWhole(row, (key) => String(cells[columns[key]] ?? '')) || (times[row.key] ?? 0) >= MOST_COPIES)
      standing[row.key] = true;
  }
  return standing;
}

function cellText(row: IntakeRow | EmptyRow, key: IntakeColumn): string {
  const value = (row as Partial<IntakeRow>)[key] ?? '';
  return typeof value === 'string' ? value : answersCell(value);
}

/** Makes a row without anything that a teacher typed. */
type EmptyRow = Omit<IntakeRow, 'source' | (typeof ERASED_COLUMNS)[number]> & { source: string };

function append(settings: Settings, { columns, labels }: IntakeTab, rows: (IntakeRow | EmptyRow)[]) {
  const width = Math.max(...Object.values(columns)) + 1;
  // In a tab without labels the first appended row would land where labels are read.
  const requests: GoogleAppsScript.Sheets.Schema.Request[] = labels.some((cell) => String(cell) !== '')
    ? []
    : (Object.keys(columns) as IntakeColumn[]).map((key) => ({
        updateCells: {
          start: { sheetId: settings.intakeSheetId, rowIndex: LABEL_ROW, columnIndex: columns[key] },
          rows: [{ values: [{ userEnteredValue: { stringValue: INTAKE_COLUMNS[key] } }] }],
          fields: 'userEnteredValue',
        },
      }));
  const lines = rows.map((row) => {
    const values: GoogleAppsScript.Sheets.Schema.CellData[] = Array.from({ length: width }, () => ({}));
    for (const key of Object.keys(columns) as IntakeColumn[]) {
      const value = cellText(row, key);
      if (value !== '') values[columns[key]] = { userEnteredValue: { stringValue: value } };
    }
    return { values };
  });
  spreadsheets().batchUpdate(
    {
      requests: [
        ...requests,
        { appendCells: { sheetId: settings.intakeSheetId, rows: lines, fields: 'userEnteredValue' } },
      ],
    },
    settings.officeSpreadsheetId,
  );
}
