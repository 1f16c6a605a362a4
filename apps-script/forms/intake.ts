import { answersCell } from '../../contract/cell-text.ts';
import { answerTo } from '../../contract/data-filters.ts';
import type { ErasedResponse } from '../../contract/erasure-shape.ts';
import {
  ERASED_COLUMNS,
  ERASED_SOURCE,
  INTAKE_COLUMNS,
  type IntakeColumn,
  type IntakeRow,
  revisionIn,
  timeOf,
  withoutDigest,
} from '../../contract/intake-key.ts';
import type { Offer } from './response.ts';
import type { Settings } from './settings.ts';
import { idOf, isEdited, isListed, missingRow, note, type Standing } from './standing.ts';

const LOCK_MS = 30_000;
const LABEL_ROW = 1;
/** Data may begin in the row of labels, where somebody has deleted that row. */
const FIRST_ROW = LABEL_ROW;
/** Number of rows that are described and written at a time, which is some hundred kilobytes. */
const PORTION = 100;
/** So many stretches of rows are read as such; more are read as one, with everything between them. */
const MOST_STRETCHES = 50;

export interface Written {
  written: number;
  /** How many responses were left for the next sweep. */
  left: number;
  /** Why some could not be written. */
  failures: string[];
}

/**
 * Writes the version that the intake tab lacks of each response: one whose row somebody pasted over, so that the service
 * cannot read it, is written once more. Read and write stand under one lock, so that two triggers for one response
 * write one row; a sweep of thousands goes in portions, so that a trigger need not wait for it. Cells are written as
 * strings, never parsed.
 * @param isOver whether the script has to come to an end: the next sweep goes on
 * @throws Error where the tab's key row is damaged; the sweep finds the responses again
 */
export function writeIntake(settings: Settings, offers: Offer[], isOver = () => false): Written {
  const result: Written = { written: 0, left: 0, failures: [] };
  const standing = offers.length > 1 ? readStanding(settings, readTab(settings), offers) : null;
  const missing = standing ? offers.filter((offer) => !isListed(standing, offer)) : offers;
  for (let at = 0; at < missing.length; at += PORTION) {
    if (isOver()) return { ...result, left: missing.length - at };
    const { written, failures } = writePortion(settings, missing.slice(at, at + PORTION));
    result.written += written;
    result.failures.push(...failures);
  }
  return result;
}

/**
 * Writes the edits that no trigger reported and that did not move Google's time. To find them each response is read.
 * @param from how many were compared before
 * @returns `left` counts those that were not compared
 */
export function writeEdits(
  settings: Settings,
  offers: Offer[],
  from: number,
  isOver: () => boolean,
): Written {
  const result: Written = { written: 0, left: 0, failures: [] };
  if (from >= offers.length) return result;
  const standing = readStanding(settings, readTab(settings), offers.slice(from));
  for (let at = from; at < offers.length; at += PORTION) {
    if (isOver()) return { ...result, left: offers.length - at };
    const edited = offers.slice(at, at + PORTION).filter((offer) => {
      try {
        return isEdited(standing, offer);
      } catch (error) {
        // One response that Google does not read out must not keep the others from being compared.
        result.failures.push(`${idOf(offer)}: ${String(error)}`);
        return false;
      }
    });
    if (edited.length === 0) continue;
    const { written, failures } = writePortion(settings, edited);
    result.written += written;
    result.failures.push(...failures);
  }
  return result;
}

function writePortion(settings: Settings, offers: Offer[]): Pick<Written, 'written' | 'failures'> {
  const failures: string[] = [];
  const attempt = <T>(offer: Offer, work: () => T): T | null => {
    try {
      return work();
    } catch (error) {
      failures.push(`${idOf(offer)}: ${String(error)}`);
      return null;
    }
  };
  // What is slow is asked before the lock is taken.
  const described = offers.filter((offer) =>
    attempt(offer, () => {
      offer.said();
      offer.editUrl();
      return true;
    }),
  );
  if (described.length === 0) return { written: 0, failures };
  const written = withTab(settings, (tab) => {
    const standing = readStanding(settings, tab, described);
    const rows = described.flatMap((offer) => attempt(offer, () => missingRow(standing, offer)) ?? []);
    if (rows.length > 0) append(settings, tab, rows);
    return rows.length;
  });
  return { written, failures };
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
      const revision = revisionIn(key, { form, responseId });
      return { key, form, responseId, revision, receivedAt: timeOf(revision), source: ERASED_SOURCE };
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

/** Reads the rows of these responses, whatever their versions. */
function readStanding(settings: Settings, { columns, keys }: IntakeTab, offers: Offer[]): Standing {
  const wanted: Record<string, true> = {};
  for (const offer of offers) wanted[idOf(offer)] = true;
  const places = keys.flatMap(([key], index) => (wanted[idIn(String(key))] ? [FIRST_ROW + index] : []));
  const standing: Standing = { rows: {}, copies: {} };
  if (places.length === 0) return standing;
  for (const lines of readRanges(settings, stretchesOf(places)))
    for (const cells of lines) {
      const cell = (key: IntakeColumn) => String(cells[columns[key]] ?? '');
      if (wanted[idIn(cell('key'))]) note(standing, cell);
    }
  return standing;
}

/** The form and the response that a key names. */
function idIn(key: string): string {
  return withoutDigest(key).split('/').slice(0, -1).join('/');
}

/** New rows lie at the end, so that a sweep's rows are one stretch unless somebody has sorted the tab. */
function stretchesOf(places: number[]): Range[] {
  const stretches: { startRowIndex: number; endRowIndex: number }[] = [];
  for (const place of places) {
    const last = stretches[stretches.length - 1];
    if (last?.endRowIndex === place) last.endRowIndex += 1;
    else stretches.push({ startRowIndex: place, endRowIndex: place + 1 });
  }
  if (stretches.length <= MOST_STRETCHES) return stretches;
  return [{ startRowIndex: Math.min(...places), endRowIndex: Math.max(...places) + 1 }];
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
