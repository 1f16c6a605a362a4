import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { DAY, EPOCH } from '../sheets/cells/date-format.ts';
import { type Entered, enteredValue, entryRequest } from '../sheets/cells/entered.ts';
import { isDateFormat } from '../sheets/cells/number-format.ts';
import type { CellData, Tab } from '../sheets/workbook.ts';
import { instantOf, offsetMs } from './worker/zone.ts';

/** A cell's value as the worker is told it: a date is a Date there. */
export type ScriptCell = string | number | boolean | { dateMs: number };

const DATE_FORMAT = { type: 'DATE_TIME', pattern: 'M/d/yyyy H:mm:ss' };

/** Google gives a number that is formatted as a date or time as a Date, in the spreadsheet's time zone. */
export function scriptValue(
  plain: string | number | boolean,
  cell: CellData | undefined,
  timeZone: string,
): ScriptCell {
  const isDate = typeof plain === 'number' && isDateFormat(cell?.userEnteredFormat?.numberFormat);
  return isDate ? { dateMs: instantOf(EPOCH + Math.round(plain * DAY), timeZone) } : plain;
}

/** What `setValue` makes of a cell: a text is read as if it were typed, unless the cell is formatted as text. */
function entered(value: ScriptCell, cell: CellData | undefined, timeZone: string): Entered {
  if (typeof value !== 'object') return enteredValue(value, 'USER_ENTERED', cell);
  const numberValue = (value.dateMs + offsetMs(value.dateMs, timeZone) - EPOCH) / DAY;
  return { value: { numberValue }, numberFormat: DATE_FORMAT };
}

/** Makes one request for each cell of a block. */
export function writeRequests(
  tab: Readonly<Tab>,
  { row, column }: { row: number; column: number },
  values: readonly ScriptCell[][],
  timeZone: string,
): sheets_v4.Schema$Request[] {
  const sheetId = tab.properties.sheetId ?? 0;
  return values.flatMap((line, y) =>
    line.map((value, x) => {
      const cell = tab.rows[row + y]?.[column + x];
      const start = { sheetId, rowIndex: row + y, columnIndex: column + x };
      return entryRequest(start, entered(value, cell, timeZone), cell);
    }),
  );
}
