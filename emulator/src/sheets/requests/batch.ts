import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { invalid } from '../../errors.ts';
import type { Writer } from '../ranges/protection.ts';
import { areaOf, checkLimits } from '../ranges/ranges.ts';
import {
  type Bounds,
  boundsOf,
  type CellData,
  checkSize,
  checkWidth,
  counted,
  type GridRange,
  putCell,
  type Tab,
  type Undo,
  type Workbook,
} from '../workbook.ts';

/** One batchUpdate under way. */
export interface Batch {
  workbook: Workbook;
  writer: Writer;
  undo: Undo[];
  /** It is played again out of the journal: what an earlier version took stays, also where this one would refuse it. */
  isReplay: boolean;
}

export type Handlers = {
  [K in keyof sheets_v4.Schema$Request]?: (
    batch: Batch,
    request: NonNullable<sheets_v4.Schema$Request[K]>,
  ) => sheets_v4.Schema$Response;
};

/** @throws ApiError 400 for a sheet that is not there, as requests about the sheet itself say it */
export function sheetOf({ workbook }: Batch, sheetId: number | null | undefined): Tab {
  const tab = workbook.tabs.find((each) => each.properties.sheetId === (sheetId ?? 0));
  if (!tab) throw invalid(`No sheet with id: ${sheetId ?? 0}`);
  return tab;
}

export function resize(batch: Batch, tab: Tab, rowCount: number, columnCount: number): void {
  checkSize(batch.workbook, rowCount * columnCount - tab.rowCount * tab.columnCount);
  checkWidth(columnCount);
  const before = [tab.rowCount, tab.columnCount] as const;
  tab.rowCount = rowCount;
  tab.columnCount = columnCount;
  batch.undo.push(() => {
    [tab.rowCount, tab.columnCount] = before;
  });
}

export function grow(batch: Batch, tab: Tab, rowCount: number, columnCount: number): void {
  if (rowCount > tab.rowCount || columnCount > tab.columnCount)
    resize(batch, tab, Math.max(tab.rowCount, rowCount), Math.max(tab.columnCount, columnCount));
}

/** The bounds of a request's range. @throws ApiError 400 where it begins outside of the grid */
export function rangeBounds(tab: Tab, range: GridRange | null | undefined): Bounds {
  checkLimits({ tab, area: areaOf(range ?? {}) });
  return boundsOf(tab, range ?? {});
}

export function put(batch: Batch, tab: Tab, row: number, column: number, cell: CellData | undefined): void {
  putCell(tab, row, column, counted(batch.workbook, cell), batch.undo);
}

export function eachCell(bounds: Bounds, visit: (row: number, column: number) => void): void {
  for (let row = bounds.startRow; row < bounds.endRow; row += 1)
    for (let column = bounds.startColumn; column < bounds.endColumn; column += 1) visit(row, column);
}

/** The cells of some bounds, as they are. */
export function block(tab: Tab, bounds: Bounds): (CellData | undefined)[][] {
  const endRow = Math.min(bounds.endRow, Math.max(tab.rows.length, bounds.startRow));
  return Array.from({ length: endRow - bounds.startRow }, (_, y) =>
    Array.from(
      { length: bounds.endColumn - bounds.startColumn },
      (__, x) => tab.rows[bounds.startRow + y]?.[bounds.startColumn + x],
    ),
  );
}
