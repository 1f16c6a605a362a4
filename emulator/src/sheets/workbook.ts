import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { invalid } from '../errors.ts';
import type { Area } from './ranges/a1.ts';
import { formatNumber } from './cells/number-format.ts';
import type { Switches } from '../switches.ts';

export type CellData = sheets_v4.Schema$CellData;
export type GridRange = sheets_v4.Schema$GridRange;
export type Extended = sheets_v4.Schema$ExtendedValue;

/** Holds one tab. Cells are sparse: a row or cell that was never written is undefined. */
export interface Tab {
  properties: sheets_v4.Schema$SheetProperties & { sheetId: number; title: string };
  rowCount: number;
  columnCount: number;
  rows: (CellData[] | undefined)[];
  rowMetadata: (sheets_v4.Schema$DimensionProperties | undefined)[];
  columnMetadata: (sheets_v4.Schema$DimensionProperties | undefined)[];
  merges: GridRange[];
  protectedRanges: sheets_v4.Schema$ProtectedRange[];
  conditionalFormats: sheets_v4.Schema$ConditionalFormatRule[];
  filterViews: sheets_v4.Schema$FilterView[];
  charts: sheets_v4.Schema$EmbeddedChart[];
  bandedRanges: sheets_v4.Schema$BandedRange[];
  rowGroups: sheets_v4.Schema$DimensionGroup[];
  columnGroups: sheets_v4.Schema$DimensionGroup[];
  slicers: sheets_v4.Schema$Slicer[];
  basicFilter: sheets_v4.Schema$BasicFilter | null;
}

export interface Workbook {
  id: string;
  unsetCheckboxes: Switches['unsetCheckboxes'];
  properties: sheets_v4.Schema$SpreadsheetProperties;
  tabs: Tab[];
  namedRanges: sheets_v4.Schema$NamedRange[];
  developerMetadata: sheets_v4.Schema$DeveloperMetadata[];
  /** Counts ids, so that a replay gives the same ones. */
  nextId: number;
}

/** Undoes one step of a batch. A batch that fails runs them backwards: all or nothing, without a copy of the workbook. */
export type Undo = () => void;

/** Replaces one property, keeping the way back. What it held must not be changed in place. */
export function assign<T extends object, K extends keyof T>(
  undo: Undo[],
  target: T,
  key: K,
  value: T[K],
): void {
  const before = target[key];
  target[key] = value;
  undo.push(() => {
    target[key] = before;
  });
}

/** An id as Google gives them, large and without order, but the same whenever the journal is replayed. */
export function newId(workbook: Workbook, undo: Undo[]): number {
  assign(undo, workbook, 'nextId', workbook.nextId + 1);
  let hash = 0x811c9dc5;
  for (const letter of `${workbook.id}/${workbook.nextId}`)
    hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (hash ^ (hash >>> 15)) & 0x7fffffff || 1;
}

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
    merges: [],
    protectedRanges: [],
    conditionalFormats: [],
    filterViews: [],
    charts: [],
    bandedRanges: [],
    rowGroups: [],
    columnGroups: [],
    slicers: [],
    basicFilter: null,
  };
}

export type Bounds = Area;

/** A grid range with its open ends closed by the tab's size. */
export function boundsOf(tab: Tab, range: GridRange): Bounds {
  return {
    startRow: range.startRowIndex ?? 0,
    endRow: Math.min(range.endRowIndex ?? tab.rowCount, tab.rowCount),
    startColumn: range.startColumnIndex ?? 0,
    endColumn: Math.min(range.endColumnIndex ?? tab.columnCount, tab.columnCount),
  };
}

export function gridRangeOf(tab: Tab, bounds: Bounds): GridRange {
  return {
    sheetId: tab.properties.sheetId,
    startRowIndex: bounds.startRow,
    endRowIndex: bounds.endRow,
    startColumnIndex: bounds.startColumn,
    endColumnIndex: bounds.endColumn,
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

export function contains(outer: Bounds, inner: Bounds): boolean {
  return (
    outer.startRow <= inner.startRow &&
    outer.endRow >= inner.endRow &&
    outer.startColumn <= inner.startColumn &&
    outer.endColumn >= inner.endColumn
  );
}

export function cellAt(tab: Tab, row: number, column: number): CellData | undefined {
  return tab.rows[row]?.[column];
}

/** A cell as it is kept: none where it holds nothing, and FALSE where an untouched check box counts as that. */
export function counted(
  { unsetCheckboxes }: Pick<Workbook, 'unsetCheckboxes'>,
  cell: CellData | undefined,
): CellData | undefined {
  if (!cell || Object.keys(cell).length === 0) return undefined;
  const isUnset = cell.dataValidation?.condition?.type === 'BOOLEAN' && !cell.userEnteredValue;
  return isUnset && unsetCheckboxes === 'data' ? { ...cell, userEnteredValue: { boolValue: false } } : cell;
}

/** Replaces one cell, keeping the way back. */
export function putCell(
  tab: Tab,
  row: number,
  column: number,
  cell: CellData | undefined,
  undo: Undo[],
): void {
  const line = (tab.rows[row] ??= []);
  const before = line[column];
  const set = (value: CellData | undefined) => {
    // A hole, as before anything was written: what walks a row skips it.
    // oxlint-disable-next-line typescript/no-array-delete
    if (value === undefined) delete line[column];
    else line[column] = value;
  };
  set(cell);
  undo.push(() => set(before));
}

/** What was entered in a cell: a formula as it is written. */
export function valueOf(cell: CellData | undefined): string | number | boolean | null {
  const entered: Extended | undefined = cell?.userEnteredValue;
  if (!entered) return null;
  return entered.stringValue ?? entered.numberValue ?? entered.boolValue ?? entered.formulaValue ?? null;
}

/** What was entered in a cell, as it is shown; a formula as it is written. */
export function formattedOf(cell: CellData | undefined): string {
  const value = valueOf(cell);
  if (value === null) return '';
  if (typeof value === 'number') return formatNumber(value, cell?.userEnteredFormat?.numberFormat);
  return typeof value === 'boolean' ? String(value).toUpperCase() : value;
}

export function isBlank(cell: CellData | undefined): boolean {
  return valueOf(cell) === null;
}

export function lastDataRow(tab: Tab): number {
  for (let row = tab.rows.length - 1; row >= 0; row -= 1) {
    if (tab.rows[row]?.some((cell) => !isBlank(cell))) return row;
  }
  return -1;
}

/** How many columns the widest row has cells in. */
export function widthOf(tab: Tab): number {
  let width = 0;
  for (const row of tab.rows) width = Math.max(width, row?.length ?? 0);
  return width;
}

const MAX_CELL = 50_000;
const MAX_CELLS = 10_000_000;

/** Refuses what Google refuses to store in one cell. */
export function checkCell(value: Extended | null | undefined): void {
  const text = value?.stringValue ?? value?.formulaValue ?? '';
  if (text.length > MAX_CELL)
    throw invalid('Your input contains more than the maximum of 50000 characters in a single cell.');
}

/** As far as the letters go: ZZZ. */
const MAX_COLUMNS = 18_278;

/** Refuses what would make a sheet too wide. */
export function checkWidth(columnCount: number): void {
  if (columnCount > MAX_COLUMNS)
    throw invalid(
      `This action would increase the number of columns in the sheet above the limit of ${MAX_COLUMNS} columns.`,
    );
}

/** Refuses what would make a workbook too large. */
export function checkSize(workbook: Workbook, more: number): void {
  const cells = workbook.tabs.reduce((sum, tab) => sum + tab.rowCount * tab.columnCount, more);
  if (more > 0 && cells > MAX_CELLS)
    throw invalid(
      `This action would increase the number of cells in the workbook above the limit of ${MAX_CELLS} cells.`,
    );
}

export function tabOf(workbook: Workbook, sheetId: number | null | undefined): Tab {
  const tab = workbook.tabs.find((each) => each.properties.sheetId === (sheetId ?? 0));
  if (!tab) throw invalid(`No grid with id: ${sheetId ?? 0}`);
  return tab;
}
