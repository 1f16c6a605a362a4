import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { QUEUE_COLUMNS, type QueueColumnKey } from '../../../contract/columns.ts';
import { QUEUE_KEYS, SERVICE_KEYS } from './reconcile.ts';

/** Rows that validation and checkboxes cover; a tab grows past it without them until the next set-up. */
const PREPARED_ROWS = 5000;

const WIDTHS: Partial<Record<QueueColumnKey, number>> = {
  case: 120,
  received: 170,
  due: 130,
  school: 180,
  certificateNumber: 220,
  description: 240,
  findings: 260,
  evidence: 260,
  changed: 160,
  result: 240,
  reason: 240,
  revision: 50,
  ready: 60,
};

function keyAndLabelRows(columns: Record<string, string>, notes: Record<string, string> = {}) {
  return [
    { values: Object.keys(columns).map((key) => ({ userEnteredValue: { stringValue: key } })) },
    {
      values: Object.entries(columns).map(([key, label]) => ({
        userEnteredValue: { stringValue: label },
        userEnteredFormat: {
          textFormat: { bold: true },
          backgroundColor: { red: 0.89, green: 0.93, blue: 0.97 },
          wrapStrategy: 'WRAP',
        },
        ...(notes[key] ? { note: notes[key] } : {}),
      })),
    },
  ];
}

/** Key row hidden, label row frozen: the part every tab of ours has. */
export function headerRequests(
  sheetId: number,
  columns: Record<string, string>,
  notes?: Record<string, string>,
): sheets_v4.Schema$Request[] {
  return [
    {
      updateCells: {
        start: { sheetId, rowIndex: 0, columnIndex: 0 },
        rows: keyAndLabelRows(columns, notes),
        fields: 'userEnteredValue,userEnteredFormat,note',
      },
    },
    {
      updateSheetProperties: {
        properties: { sheetId, gridProperties: { frozenRowCount: 2 } },
        fields: 'gridProperties.frozenRowCount',
      },
    },
    {
      updateDimensionProperties: {
        range: { sheetId, dimension: 'ROWS', startIndex: 0, endIndex: 1 },
        properties: { hiddenByUser: true },
        fields: 'hiddenByUser',
      },
    },
  ];
}

export interface QueueChoices {
  /** Labels of the decisions that this queue's reviewers may take. */
  decisions: string[];
  /** Who may edit the protected cells: the service itself. */
  editors: string[];
}

/** Everything a fresh queue tab needs: headers, drop-downs, checkboxes, protected columns. */
export function queueTabRequests(sheetId: number, choices: QueueChoices): sheets_v4.Schema$Request[] {
  const labels = Object.fromEntries(QUEUE_KEYS.map((key) => [key, QUEUE_COLUMNS[key].label]));
  const notes = Object.fromEntries(
    Object.entries(QUEUE_COLUMNS).flatMap(([key, column]) => ('note' in column ? [[key, column.note]] : [])),
  );
  const column = (key: QueueColumnKey) => QUEUE_KEYS.indexOf(key);
  const body = (key: QueueColumnKey) => ({
    sheetId,
    startRowIndex: 2,
    endRowIndex: PREPARED_ROWS,
    startColumnIndex: column(key),
    endColumnIndex: column(key) + 1,
  });
  const protect = (range: sheets_v4.Schema$GridRange, description: string) => ({
    addProtectedRange: {
      protectedRange: { range, description, warningOnly: false, editors: { users: choices.editors } },
    },
  });
  return [
    {
      updateSheetProperties: {
        properties: { sheetId, gridProperties: { rowCount: PREPARED_ROWS, columnCount: QUEUE_KEYS.length } },
        fields: 'gridProperties(rowCount,columnCount)',
      },
    },
    ...headerRequests(sheetId, labels, notes),
    {
      setDataValidation: {
        range: body('decision'),
        rule: {
          condition: {
            type: 'ONE_OF_LIST',
            values: choices.decisions.map((userEnteredValue) => ({ userEnteredValue })),
          },
          strict: true,
          showCustomUi: true,
        },
      },
    },
    { setDataValidation: { range: body('ready'), rule: { condition: { type: 'BOOLEAN' }, strict: true } } },
    protect({ sheetId, startRowIndex: 0, endRowIndex: 2 }, '標題列由系統維護'),
    protect(
      { sheetId, startRowIndex: 2, startColumnIndex: 0, endColumnIndex: SERVICE_KEYS.length },
      '案件資料由系統維護，請在右側欄位填寫決定',
    ),
    ...QUEUE_KEYS.flatMap((key) =>
      WIDTHS[key]
        ? [
            {
              updateDimensionProperties: {
                range: { sheetId, dimension: 'COLUMNS', startIndex: column(key), endIndex: column(key) + 1 },
                properties: { pixelSize: WIDTHS[key] },
                fields: 'pixelSize',
              },
            },
          ]
        : [],
    ),
  ];
}
