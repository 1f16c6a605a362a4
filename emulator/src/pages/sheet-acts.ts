import { randomInt } from 'node:crypto';
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { FIRST_DATA_ROW, KEY_ROW, LABEL_ROW } from '../../../contract/tabs.ts';
import { formattedOf, type Tab, valueOf } from '../sheets/workbook.ts';

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
  /** An owner may do it across protected cells, an editor may not: as in Google Sheets. */
  as: 'editor' | 'service';
  requests(body: ActBody, tab: Readonly<Tab>): sheets_v4.Schema$Request[];
}

/** Rows and columns move under a person's hands: what they saw must still stand there. */
export function isAsSeen({ id, row, label, column }: ActBody, tab: Readonly<Tab>): boolean {
  if (id !== undefined && id !== (valueOf(tab.rows[row]?.[0]) ?? '')) return false;
  const isKeyed = tab.rows[KEY_ROW - 1]?.some((cell) => valueOf(cell)) ?? false;
  return label === undefined || !isKeyed || label === formattedOf(tab.rows[LABEL_ROW - 1]?.[column]);
}

/** What people do to rows, columns and tabs. */
export const ACTS: Record<string, Act> = {
  sort: {
    as: 'service',
    requests: ({ gid, column, descending }) => [
      {
        sortRange: {
          range: { sheetId: gid, startRowIndex: FIRST_DATA_ROW - 1 },
          sortSpecs: [{ dimensionIndex: column, sortOrder: descending ? 'DESCENDING' : 'ASCENDING' }],
        },
      },
    ],
  },
  'insert-row': {
    as: 'service',
    requests: ({ gid, row }) => [
      {
        insertDimension: {
          range: { sheetId: gid, dimension: 'ROWS', startIndex: row, endIndex: row + 1 },
          // The first row would otherwise take after the header.
          inheritFromBefore: row >= FIRST_DATA_ROW,
        },
      },
    ],
  },
  'delete-row': {
    as: 'service',
    requests: ({ gid, row }) => [
      { deleteDimension: { range: { sheetId: gid, dimension: 'ROWS', startIndex: row, endIndex: row + 1 } } },
    ],
  },
  'insert-column': {
    as: 'service',
    requests: ({ gid, column, title }) => [
      {
        insertDimension: {
          range: { sheetId: gid, dimension: 'COLUMNS', startIndex: column + 1, endIndex: column + 2 },
          inheritFromBefore: false,
        },
      },
      {
        updateCells: {
          start: { sheetId: gid, rowIndex: LABEL_ROW - 1, columnIndex: column + 1 },
          rows: [{ values: [{ userEnteredValue: { stringValue: title } }] }],
          fields: 'userEnteredValue',
        },
      },
    ],
  },
  'delete-column': {
    as: 'service',
    requests: ({ gid, column }) => [
      {
        deleteDimension: {
          range: { sheetId: gid, dimension: 'COLUMNS', startIndex: column, endIndex: column + 1 },
        },
      },
    ],
  },
  'move-column': {
    as: 'service',
    requests: ({ gid, column, to }) => [
      {
        moveDimension: {
          source: { sheetId: gid, dimension: 'COLUMNS', startIndex: column, endIndex: column + 1 },
          destinationIndex: to > column ? to + 1 : to,
        },
      },
    ],
  },
  'add-tab': { as: 'editor', requests: ({ title }) => [{ addSheet: { properties: { title } } }] },
  'copy-tab': {
    as: 'editor',
    requests: ({ title }, tab) => {
      // As Google's, a large number that no other tab has.
      const sheetId = randomInt(1_000_000, 2_000_000_000);
      return [
        {
          addSheet: {
            properties: {
              sheetId,
              title,
              gridProperties: { rowCount: tab.rowCount, columnCount: tab.columnCount },
            },
          },
        },
        {
          updateCells: {
            start: { sheetId, rowIndex: 0, columnIndex: 0 },
            rows: Array.from(tab.rows, (row) => ({ values: Array.from(row ?? [], (cell) => cell ?? {}) })),
            fields: '*',
          },
        },
      ];
    },
  },
  rename: {
    as: 'editor',
    requests: ({ gid, title }) => [
      { updateSheetProperties: { properties: { sheetId: gid, title }, fields: 'title' } },
    ],
  },
  'delete-tab': { as: 'editor', requests: ({ gid }) => [{ deleteSheet: { sheetId: gid } }] },
};
