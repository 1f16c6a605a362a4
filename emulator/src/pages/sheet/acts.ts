import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { formattedOf, type Tab } from '../../sheets/workbook.ts';
import { frozenRowsOf, shownValue } from './state.ts';

/** What a page's buttons may ask for; each act reads what it needs. */
export interface ActBody {
  gid: number;
  row: number;
  column: number;
  to: number;
  descending: boolean;
  title: string;
  /** What the person saw: the row's first cell, the column's label. */
  id?: string | number | boolean;
  label?: string;
}

export interface Act {
  /** `position` is the tab's place among all tabs, from 0. */
  requests(body: ActBody, tab: Readonly<Tab>, position: number): sheets_v4.Schema$Request[];
}

/** Rows and columns move under a person's hands: what they saw must still stand there. */
export function isAsSeen(
  { id, row, label, column }: Pick<ActBody, 'id' | 'row' | 'label' | 'column'>,
  tab: Readonly<Tab>,
): boolean {
  if (id !== undefined && id !== shownValue(tab.rows[row]?.[0])) return false;
  const frozen = frozenRowsOf(tab);
  return label === undefined || frozen === 0 || label === formattedOf(tab.rows[frozen - 1]?.[column]);
}

/** What people do to rows, columns and tabs. */
export const ACTS: Record<string, Act> = {
  sort: {
    requests: ({ gid, column, descending }, tab) => [
      {
        sortRange: {
          range: { sheetId: gid, startRowIndex: frozenRowsOf(tab) },
          sortSpecs: [{ dimensionIndex: column, sortOrder: descending ? 'DESCENDING' : 'ASCENDING' }],
        },
      },
    ],
  },
  'insert-row': {
    requests: ({ gid, row }, tab) => [
      {
        insertDimension: {
          range: { sheetId: gid, dimension: 'ROWS', startIndex: row, endIndex: row + 1 },
          // The first row would otherwise take after the header.
          inheritFromBefore: row > frozenRowsOf(tab),
        },
      },
    ],
  },
  'delete-row': {
    requests: ({ gid, row }) => [
      { deleteDimension: { range: { sheetId: gid, dimension: 'ROWS', startIndex: row, endIndex: row + 1 } } },
    ],
  },
  'insert-column': {
    requests: ({ gid, column, title }, tab) => [
      {
        insertDimension: {
          range: { sheetId: gid, dimension: 'COLUMNS', startIndex: column + 1, endIndex: column + 2 },
          inheritFromBefore: false,
        },
      },
      {
        updateCells: {
          start: { sheetId: gid, rowIndex: Math.max(0, frozenRowsOf(tab) - 1), columnIndex: column + 1 },
          rows: [{ values: [{ userEnteredValue: { stringValue: title } }] }],
          fields: 'userEnteredValue',
        },
      },
    ],
  },
  'delete-column': {
    requests: ({ gid, column }) => [
      {
        deleteDimension: {
          range: { sheetId: gid, dimension: 'COLUMNS', startIndex: column, endIndex: column + 1 },
        },
      },
    ],
  },
  'move-column': {
    requests: ({ gid, column, to }) => [
      {
        moveDimension: {
          source: { sheetId: gid, dimension: 'COLUMNS', startIndex: column, endIndex: column + 1 },
          destinationIndex: to > column ? to + 1 : to,
        },
      },
    ],
  },
  'add-tab': { requests: ({ title }) => [{ addSheet: { properties: { title } } }] },
  'copy-tab': {
    requests: ({ gid, title }, _tab, position) => [
      // Without an index the copy would become the first tab; Google's own menu puts it behind its source.
      { duplicateSheet: { sourceSheetId: gid, newSheetName: title, insertSheetIndex: position + 1 } },
    ],
  },
  rename: {
    requests: ({ gid, title }) => [
      { updateSheetProperties: { properties: { sheetId: gid, title }, fields: 'title' } },
    ],
  },
  'delete-tab': { requests: ({ gid }) => [{ deleteSheet: { sheetId: gid } }] },
};
