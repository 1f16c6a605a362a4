import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { invalid } from '../../errors.ts';
import { type Area, columnLetters, printA1 } from '../ranges/a1.ts';
import { enteredValue } from './entered.ts';
import { effectiveValue } from '../formulas/formula.ts';
import { FormulaError } from '../formulas/functions.ts';
import { formatNumber, isDateFormat } from './number-format.ts';
import type { Found } from '../ranges/ranges.ts';
import {
  type CellData,
  cellAt,
  type Extended,
  isBlank,
  type Tab,
  valueOf,
  type Workbook,
} from '../workbook.ts';

export interface ValueOptions {
  majorDimension?: string | null | undefined;
  valueRenderOption?: string | null | undefined;
  dateTimeRenderOption?: string | null | undefined;
}

/** One cell that is to be written; null empties it. */
export interface ValueWrite {
  sheetId: number;
  row: number;
  column: number;
  value: Extended | null;
  /** What Google sets beside the value, by the way it was typed. */
  numberFormat?: sheets_v4.Schema$NumberFormat;
}

/** The text that a cell shows. */
export function shownText(value: Extended | undefined, cell: CellData | undefined): string {
  if (!value) return '';
  if (typeof value.numberValue === 'number')
    return formatNumber(value.numberValue, cell?.userEnteredFormat?.numberFormat);
  if (value.errorValue) return new FormulaError(value.errorValue.type ?? '', '').shown;
  if (typeof value.boolValue === 'boolean') return String(value.boolValue).toUpperCase();
  return value.stringValue ?? '';
}

function render(
  workbook: Workbook,
  tab: Tab,
  row: number,
  column: number,
  options: ValueOptions,
): string | number | boolean {
  const cell = tab.rows[row]?.[column];
  if (!cell?.userEnteredValue) return '';
  if (options.valueRenderOption === 'FORMULA') return valueOf(cell) ?? '';
  const value = effectiveValue(workbook, tab, row, column, cell);
  const isFormatted = (options.valueRenderOption ?? 'FORMATTED_VALUE') === 'FORMATTED_VALUE';
  // An error that is asked for as a value says what is wrong.
  if (value?.errorValue && !isFormatted)
    return [shownText(value, cell), value.errorValue.message && `(${value.errorValue.message})`]
      .filter(Boolean)
      .join(' ');
  const isDateText =
    options.dateTimeRenderOption === 'FORMATTED_STRING' && isDateFormat(cell.userEnteredFormat?.numberFormat);
  return isFormatted || isDateText
    ? shownText(value, cell)
    : (value?.stringValue ?? value?.numberValue ?? value?.boolValue ?? '');
}

/**
 * Values of an area, with trailing empty rows and cells left out.
 * @param filled how many rows from the top may hold values, where that is known
 */
export function readValues(
  workbook: Workbook,
  { tab, area }: Pick<Found, 'tab' | 'area'>,
  options: ValueOptions = {},
  filled = tab.rows.length,
): sheets_v4.Schema$ValueRange {
  const endRow = Math.min(area.endRow, tab.rowCount);
  const endColumn = Math.min(area.endColumn, tab.columnCount);
  const isEmpty = (cells: readonly (CellData | undefined)[] = []) => {
    for (let column = area.startColumn; column < Math.min(endColumn, cells.length); column += 1)
      if (!isBlank(cells[column])) return false;
    return true;
  };
  let end = Math.min(endRow, filled);
  while (end > area.startRow && isEmpty(tab.rows[end - 1])) end -= 1;
  const rows: unknown[][] = [];
  for (let row = area.startRow; row < end; row += 1) {
    const width = Math.min(endColumn, tab.rows[row]?.length ?? 0);
    const line: unknown[] = [];
    for (let column = area.startColumn; column < width; column += 1)
      line.push(render(workbook, tab, row, column, options));
    rows.push(trimmed(line));
  }
  while (rows.at(-1)?.length === 0) rows.pop();
  const isColumns = options.majorDimension === 'COLUMNS';
  const values = isColumns ? transposed(rows) : rows;
  return {
    range: printA1(tab.properties.title, area, tab),
    majorDimension: isColumns ? 'COLUMNS' : 'ROWS',
    ...(values.length > 0 ? { values } : {}),
  };
}

function trimmed(line: unknown[]): unknown[] {
  while (line.length > 0 && line.at(-1) === '') line.pop();
  return line;
}

function transposed(rows: readonly unknown[][]): unknown[][] {
  const width = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, column) => trimmed(rows.map((row) => row[column] ?? '')));
}

/** Rows of values, whichever way they came. */
function rowsOf({ values, majorDimension }: sheets_v4.Schema$ValueRange): unknown[][] {
  const given = values ?? [];
  if (majorDimension !== 'COLUMNS') return given;
  const height = Math.max(0, ...given.map((column) => column.length));
  return Array.from({ length: height }, (_, row) => given.map((column) => column[row]));
}

/** What values become in cells, and what is said of it. */
export interface Plan {
  tab: Tab;
  writes: ValueWrite[];
  /** The cells that the values cover. */
  area: Area;
  rows: number;
  columns: number;
}

/**
 * Plans the writing of values into a range.
 * @throws ApiError 400 where they do not fit, or a value is no value
 */
export function planWrite(found: Found, data: sheets_v4.Schema$ValueRange, option: string): Plan {
  const { tab, area, isStart } = found;
  const rows = rowsOf(data);
  const columns = rows.reduce((width, row) => Math.max(width, row.length), 0);
  if (!isStart) refuseBeyond(found, rows, columns);
  const written: Area = {
    startRow: area.startRow,
    endRow: area.startRow + Math.max(1, rows.length),
    startColumn: area.startColumn,
    endColumn: area.startColumn + Math.max(1, columns),
  };
  const writes: ValueWrite[] = [];
  const [touchedRows, touchedColumns] = [new Set<number>(), new Set<number>()];
  for (const [y, line] of rows.entries()) {
    for (const [x, value] of line.entries()) {
      // A null cell is left as it is.
      if (value === null || value === undefined) continue;
      if (typeof value === 'object') {
        const [i, j] = data.majorDimension === 'COLUMNS' ? [x, y] : [y, x];
        throw invalid(`Invalid values[${i}][${j}]: ${protoText(value)}`);
      }
      const place = cellAt(tab, area.startRow + y, area.startColumn + x);
      const { value: entered, numberFormat } = enteredValue(value, option, place);
      touchedRows.add(y);
      touchedColumns.add(x);
      writes.push({
        sheetId: tab.properties.sheetId,
        row: area.startRow + y,
        column: area.startColumn + x,
        value: entered,
        ...(numberFormat ? { numberFormat } : {}),
      });
    }
  }
  return { tab, writes, area: written, rows: touchedRows.size, columns: touchedColumns.size };
}

function refuseBeyond({ tab, area }: Found, rows: readonly unknown[][], columns: number) {
  const range = printA1(tab.properties.title, area, tab);
  const endRow = Math.min(area.endRow, tab.rowCount);
  const endColumn = Math.min(area.endColumn, tab.columnCount);
  if (area.startRow + rows.length > endRow)
    throw invalid(`Requested writing within range [${range}], but tried writing to row [${endRow + 1}]`);
  if (area.startColumn + columns > endColumn)
    throw invalid(
      `Requested writing within range [${range}], but tried writing to column [${columnLetters(endColumn)}]`,
    );
}

/** A list or object as Google prints one that stands where a value should. */
function protoText(value: unknown): string {
  if (Array.isArray(value))
    return `list_value {\n${value.map((each) => `  values {\n    ${protoText(each)}\n  }\n`).join('')}}\n`;
  if (typeof value === 'object' && value !== null)
    return `struct_value {\n${Object.entries(value)
      .map(
        ([key, each]) =>
          `  fields {\n    key: ${JSON.stringify(key)}\n    value {\n      ${protoText(each)}\n    }\n  }\n`,
      )
      .join('')}}\n`;
  if (typeof value === 'number') return `number_value: ${value}`;
  return typeof value === 'boolean' ? `bool_value: ${value}` : `string_value: ${JSON.stringify(value ?? '')}`;
}
