import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { invalid } from '../errors.ts';

export type CellData = sheets_v4.Schema$CellData;
export type GridRange = sheets_v4.Schema$GridRange;

/** One tab. Cells are sparse: a row or cell that was never written is undefined. */
export interface Tab {
  properties: sheets_v4.Schema$SheetProperties & { sheetId: number; title: string };
  rowCount: number;
  columnCount: number;
  rows: (CellData[] | undefined)[];
  rowMetadata: (sheets_v4.Schema$DimensionProperties | undefined)[];
  columnMetadata: (sheets_v4.Schema$DimensionProperties | undefined)[];
  protectedRanges: sheets_v4.Schema$ProtectedRange[];
  conditionalFormats: sheets_v4.Schema$ConditionalFormatRule[];
  filterViews: sheets_v4.Schema$FilterView[];
  charts: sheets_v4.Schema$EmbeddedChart[];
  basicFilter: sheets_v4.Schema$BasicFilter | null;
}

export interface Workbook {
  id: string;
  properties: sheets_v4.Schema$SpreadsheetProperties;
  tabs: Tab[];
  /** Source of sheet and range ids: a counter, so that a replay gives the same ones. */
  nextId: number;
}

/** Undoes one step of a batch. A batch that fails runs them backwards: all or nothing, without a copy of the workbook. */
export type Undo = () => void;

export function newTab(
  sheetId: number,
  title: string,
  index: number,
  properties: sheets_v4.Schema$SheetProperties,
): Tab {
  const { gridProperties, ...rest } = properties;
  const { rowCount, columnCount, ...grid } = gridProperties ?? {};
  return {
    properties: { ...rest, sheetId, title, index, sheetType: 'GRID', gridProperties: grid },
    rowCount: rowCount ?? 1000,
    columnCount: columnCount ?? 26,
    rows: [],
    rowMetadata: [],
    columnMetadata: [],
    protectedRanges: [],
    conditionalFormats: [],
    filterViews: [],
    charts: [],
    basicFilter: null,
  };
}

export interface Bounds {
  startRow: number;
  endRow: number;
  startColumn: number;
  endColumn: number;
}

/** A grid range with its open ends closed by the tab's size. */
export function boundsOf(tab: Tab, range: GridRange): Bounds {
  return {
    startRow: range.startRowIndex ?? 0,
    endRow: Math.min(range.endRowIndex ?? tab.rowCount, tab.rowCount),
    startColumn: range.startColumnIndex ?? 0,
    endColumn: Math.min(range.endColumnIndex ?? tab.columnCount, tab.columnCount),
  };
}

export function overlaps(a: Bounds, b: Bounds): boolean {
  return (
    a.startRow < b.endRow &&
    b.startRow < a.endRow &&
    a.startColumn < b.endColumn &&
    b.startColumn < a.endColumn
  );
}

export function cellAt(tab: Tab, row: number, column: number): CellData | undefined {
  return tab.rows[row]?.[column];
}

/** Replaces one cell, keeping the way back. */
export function putCell(tab: Tab, row: number, column: number, cell: CellData, undo: Undo[]): void {
  const line = (tab.rows[row] ??= []);
  const before = line[column];
  line[column] = cell;
  undo.push(() => {
    if (before === undefined) delete line[column];
    else line[column] = before;
  });
}

type Extended = sheets_v4.Schema$ExtendedValue;

/** What a cell is worth: a formula is never evaluated here. */
export function valueOf(cell: CellData | undefined): string | number | boolean | null {
  const entered: Extended | undefined = cell?.userEnteredValue;
  if (!entered) return null;
  return entered.stringValue ?? entered.numberValue ?? entered.boolValue ?? entered.formulaValue ?? null;
}

export function formattedOf(cell: CellData | undefined): string {
  const value = valueOf(cell);
  if (value === null) return '';
  return typeof value === 'boolean' ? String(value).toUpperCase() : String(value);
}

export function isBlank(cell: CellData | undefined): boolean {
  return valueOf(cell) === null;
}

const MAX_CELL = 50_000;

/** Refuses what Google refuses to store in one cell. */
export function checkCell(value: Extended | null | undefined): void {
  const text = value?.stringValue ?? value?.formulaValue ?? '';
  if (text.length > MAX_CELL)
    throw invalid('Your input contains more than the maximum of 50000 characters in a single cell.');
}
