import { call, exception, service } from './call.ts';
import type { SheetSize, UiPlace } from '../protocol.ts';
import type { ScriptCell } from '../cell-values.ts';
import { makeDate } from './dates.ts';
import { currentRun, needScope, needScopeOfBound, show } from './run.ts';

type Cell = string | number | boolean | Date;

/** Where the person is, for a script that is bound to what lies open there. */
function placeOfPerson(): UiPlace | null {
  const { container, place } = currentRun();
  return place && place.spreadsheetId === container?.id ? place : null;
}

/** The id of the spreadsheet that the script is bound to; null for one that stands alone, whoever looks at what. */
function boundId(method: string): string | null {
  needScopeOfBound(method, 'spreadsheets.currentonly', 'spreadsheets');
  const { container } = currentRun();
  return container?.kind === 'spreadsheet' ? container.id : null;
}

function activeSpreadsheet(method: string) {
  const bound = boundId(method);
  return bound === null ? null : spreadsheetOf(bound);
}

function activeSheet(method: string) {
  const bound = boundId(method);
  if (bound === null) return null;
  const first = () => call<SheetSize[]>('sheets.tabs', bound)[0]?.sheetId ?? 0;
  return sheetOf(bound, placeOfPerson()?.sheetId ?? first());
}

function menu(title: string) {
  const items: { label: string; handler: string }[] = [];
  const builder = service('Menu', {
    addItem(label: string, handler: string) {
      items.push({ label, handler });
      return builder;
    },
    addToUi: () => show({ kind: 'menu', title, items }),
  });
  return builder;
}

const ui = service('Ui', {
  createMenu: menu,
  showSidebar: (output: { getTitle(): string; getContent(): string }) => {
    needScope('Ui.showSidebar', 'script.container.ui');
    show({ kind: 'sidebar', title: output.getTitle(), content: output.getContent() });
  },
});

/** One tab; rows and columns count from 1, as in Apps Script. */
export function sheetOf(spreadsheetId: string, sheetId: number) {
  const size = () => call<SheetSize>('sheets.size', spreadsheetId, sheetId);
  const sheet = service('Sheet', {
    getSheetId: () => sheetId,
    getName: () => size().title,
    getLastRow: () => size().lastRow,
    getLastColumn: () => size().lastColumn,
    getMaxRows: () => size().rows,
    getMaxColumns: () => size().columns,
    getActiveRange: () => {
      const place = placeOfPerson();
      return place?.sheetId === sheetId ? rangeOf(spreadsheetId, sheetId, place.row, 1, place.rows, 1) : null;
    },
    getRange: (row: number, column: number, givenRows?: number, givenColumns?: number) => {
      const [rows, columns] = [givenRows ?? 1, givenColumns ?? 1];
      if (typeof row !== 'number')
        throw exception('Sheet.getRange(a1Notation) is not implemented by the emulator');
      checkRange(size(), row, column, rows, columns);
      return rangeOf(spreadsheetId, sheetId, row, column, rows, columns);
    },
    getDataRange: () => {
      const { lastRow, lastColumn } = size();
      return rangeOf(spreadsheetId, sheetId, 1, 1, Math.max(1, lastRow), Math.max(1, lastColumn));
    },
    getParent: () => spreadsheetOf(spreadsheetId),
  });
  return sheet;
}

/** A Date of the script's realm is none of this one's. */
function told(value: unknown): ScriptCell {
  if (Object.prototype.toString.call(value) === '[object Date]') return { dateMs: Number(value) };
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value ?? '');
}

function checkRange(size: SheetSize, row: number, column: number, rows: number, columns: number) {
  if (row < 1) throw exception('The starting row of the range is too small.');
  if (column < 1) throw exception('The starting column of the range is too small.');
  if (rows < 1) throw exception('The number of rows in the range must be at least 1.');
  if (columns < 1) throw exception('The number of columns in the range must be at least 1.');
  if (row + rows - 1 > size.rows || column + columns - 1 > size.columns)
    throw exception('The coordinates of the range are outside the dimensions of the sheet.');
}

function rangeOf(
  spreadsheetId: string,
  sheetId: number,
  row: number,
  column: number,
  rows: number,
  columns: number,
) {
  const read = (valueRenderOption: string): Cell[][] => {
    const gridRange = {
      sheetId,
      startRowIndex: row - 1,
      endRowIndex: row - 1 + rows,
      startColumnIndex: column - 1,
      endColumnIndex: column - 1 + columns,
    };
    const values = call<ScriptCell[][]>('cells.read', spreadsheetId, gridRange, valueRenderOption);
    return Array.from({ length: rows }, (_, y) =>
      Array.from({ length: columns }, (_cell, x) => {
        const value = values[y]?.[x] ?? '';
        return typeof value === 'object' ? makeDate(value.dateMs) : value;
      }),
    );
  };
  const write = (values: Cell[][]) => {
    const given = values.map((line) => line.map((value) => told(value)));
    call('cells.write', spreadsheetId, sheetId, { row: row - 1, column: column - 1 }, given);
  };
  const range = service('Range', {
    getRow: () => row,
    getColumn: () => column,
    getNumRows: () => rows,
    getNumColumns: () => columns,
    getLastRow: () => row + rows - 1,
    getLastColumn: () => column + columns - 1,
    getSheet: () => sheetOf(spreadsheetId, sheetId),
    getValue: () => read('UNFORMATTED_VALUE')[0]?.[0] ?? '',
    getValues: () => read('UNFORMATTED_VALUE'),
    getDisplayValue: () => String(read('FORMATTED_VALUE')[0]?.[0] ?? ''),
    getDisplayValues: () => read('FORMATTED_VALUE').map((line) => line.map(String)),
    // A value is written into every cell of its range.
    setValue: (value: Cell) => {
      write(Array.from({ length: rows }, () => Array.from({ length: columns }, () => value)));
      return range;
    },
    setValues: (values: Cell[][]) => {
      if (values.length !== rows)
        throw exception(
          `The number of rows in the data does not match the number of rows in the range. The data has ${values.length} but the range has ${rows}.`,
        );
      const wrong = values.find((line) => line.length !== columns);
      if (wrong)
        throw exception(
          `The number of columns in the data does not match the number of columns in the range. The data has ${wrong.length} but the range has ${columns}.`,
        );
      write(values);
      return range;
    },
  });
  return range;
}

export function spreadsheetOf(id: string) {
  const sheets = () => call<SheetSize[]>('sheets.tabs', id);
  return service('Spreadsheet', {
    getId: () => id,
    getName: () => call<string>('sheets.title', id),
    getSheets: () => sheets().map(({ sheetId }) => sheetOf(id, sheetId)),
    getSheetByName: (name: string) => {
      const found = sheets().find(({ title }) => title === name);
      return found ? sheetOf(id, found.sheetId) : null;
    },
    toast: (text: string, title?: string) =>
      show({ kind: 'toast', ...(title ? { title: String(title) } : {}), text: String(text) }),
  });
}

export const SpreadsheetApp = service('SpreadsheetApp', {
  getUi: () => {
    if (!placeOfPerson()) throw exception('Cannot call SpreadsheetApp.getUi() from this context.');
    return ui;
  },
  openById: (id: string) => {
    needScope('SpreadsheetApp.openById', 'spreadsheets');
    call('sheets.title', id);
    return spreadsheetOf(id);
  },
  getActiveSpreadsheet: () => activeSpreadsheet('SpreadsheetApp.getActiveSpreadsheet'),
  getActive: () => activeSpreadsheet('SpreadsheetApp.getActive'),
  getActiveSheet: () => activeSheet('SpreadsheetApp.getActiveSheet'),
  getActiveRange: () => activeSheet('SpreadsheetApp.getActiveRange')?.getActiveRange() ?? null,
  // Every write here is carried out at once.
  flush: () => {},
});
