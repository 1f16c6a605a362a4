import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { QUEUE_COLUMNS, type QueueColumnKey } from '../../../contract/columns.ts';
import { type Cell, cellData, type Tab, type TabRow } from './tab.ts';

export const QUEUE_KEYS = Object.keys(QUEUE_COLUMNS) as QueueColumnKey[];
export const SERVICE_KEYS = QUEUE_KEYS.filter((key) => QUEUE_COLUMNS[key].owner === 'service');
export const REVIEWER_KEYS = QUEUE_KEYS.filter((key) => QUEUE_COLUMNS[key].owner === 'reviewer');

export type ServiceCells = Partial<Record<QueueColumnKey, string | number>>;

export interface DesiredRow {
  caseNumber: string;
  cells: ServiceCells;
}

export interface Plan {
  requests: sheets_v4.Schema$Request[];
  appended: number;
  updated: number;
  deleted: number;
}

/** What the reviewer has typed in a row, as one string to compare. */
export function reviewerContent(row: TabRow<QueueColumnKey>): string {
  return JSON.stringify(REVIEWER_KEYS.map((key) => row.cells[key]));
}

function reviewerTouched(row: TabRow<QueueColumnKey>): boolean {
  return REVIEWER_KEYS.some((key) => row.cells[key] !== '' && row.cells[key] !== false);
}

/**
 * Desired rows − actual rows, as one atomic batch. Level-triggered: it never replays a change, so that it heals
 * whatever was sorted, deleted or pasted.
 * @param read reviewers' content that has been read and settled, by case number: only such a row, or one that
 *   nobody has touched, may be deleted or have its reviewer's cells cleared.
 */
export function planQueue(
  sheetId: number,
  tab: Tab<QueueColumnKey>,
  desired: readonly DesiredRow[],
  read: ReadonlyMap<string, string>,
): Plan {
  const wanted = new Map(desired.map((row) => [row.caseNumber, row]));
  const requests: sheets_v4.Schema$Request[] = [];
  const doomed: number[] = [];
  const seen = new Set<string>();
  let updated = 0;
  for (const row of keepOneRowEach(tab)) {
    const caseNumber = String(row.cells.case).trim();
    if (!caseNumber) continue;
    const untouched = !reviewerTouched(row);
    const settled = read.get(caseNumber) === reviewerContent(row);
    const want = wanted.get(caseNumber);
    if (!want || seen.has(caseNumber)) {
      if (untouched || settled) doomed.push(row.index);
      continue;
    }
    seen.add(caseNumber);
    const changes = SERVICE_KEYS.filter(
      (key) => key !== 'case' && differs(row.cells[key], want.cells[key] ?? ''),
    );
    for (const key of changes)
      requests.push(writeCell(sheetId, row.index, tab.columns[key], want.cells[key] ?? ''));
    if (settled && !untouched) requests.push(...clearReviewer(sheetId, row.index, tab));
    if (changes.length > 0) updated += 1;
  }
  const missing = desired.filter((row) => !seen.has(row.caseNumber));
  if (missing.length > 0) requests.push(appendRows(sheetId, tab, missing));
  // From the bottom up: a deletion must not shift the rows still to be deleted.
  for (const index of doomed.toSorted((a, b) => b - a)) {
    requests.push({
      deleteDimension: { range: { sheetId, dimension: 'ROWS', startIndex: index, endIndex: index + 1 } },
    });
  }
  return { requests, appended: missing.length, updated, deleted: doomed.length };
}

/** Of several rows with one number, the one a person has worked in comes first. */
function keepOneRowEach(tab: Tab<QueueColumnKey>) {
  return tab.rows.toSorted(
    (a, b) => Number(reviewerTouched(b)) - Number(reviewerTouched(a)) || a.index - b.index,
  );
}

function differs(actual: Cell, wanted: string | number): boolean {
  return String(actual) !== String(wanted);
}

function writeCell(
  sheetId: number,
  rowIndex: number,
  columnIndex: number,
  value: Cell,
): sheets_v4.Schema$Request {
  return {
    updateCells: {
      start: { sheetId, rowIndex, columnIndex },
      rows: [{ values: [cellData(value)] }],
      fields: 'userEnteredValue',
    },
  };
}

function clearReviewer(
  sheetId: number,
  rowIndex: number,
  tab: Tab<QueueColumnKey>,
): sheets_v4.Schema$Request[] {
  const cleared: QueueColumnKey[] = ['decision', 'reason', 'ready'];
  return cleared.map((key) => writeCell(sheetId, rowIndex, tab.columns[key], key === 'ready' ? false : ''));
}

function appendRows(
  sheetId: number,
  tab: Tab<QueueColumnKey>,
  rows: readonly DesiredRow[],
): sheets_v4.Schema$Request {
  const width = Math.max(...Object.values(tab.columns)) + 1;
  return {
    appendCells: {
      sheetId,
      fields: 'userEnteredValue',
      rows: rows.map((row) => {
        const values: sheets_v4.Schema$CellData[] = Array.from({ length: width }, () => ({}));
        for (const key of SERVICE_KEYS) values[tab.columns[key]] = cellData(row.cells[key] ?? '');
        values[tab.columns.ready] = cellData(false);
        return { values };
      }),
    },
  };
}
