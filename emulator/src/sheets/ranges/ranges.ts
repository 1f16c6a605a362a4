import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { invalid } from '../../errors.ts';
import { type Area, parseA1, printA1 } from './a1.ts';
import { matchesLookup, placeOf } from './metadata-lookup.ts';
import { type GridRange, type Tab, tabOf, type Workbook } from '../workbook.ts';

/** A range of one tab, found. */
export interface Found {
  tab: Tab;
  area: Area;
  /** One cell without an end: where data begins. */
  isStart: boolean;
}

const WHOLE: Area = {
  startRow: 0,
  endRow: Number.POSITIVE_INFINITY,
  startColumn: 0,
  endColumn: Number.POSITIVE_INFINITY,
};

export function areaOf(range: GridRange): Area {
  return {
    startRow: range.startRowIndex ?? 0,
    endRow: range.endRowIndex ?? Number.POSITIVE_INFINITY,
    startColumn: range.startColumnIndex ?? 0,
    endColumn: range.endColumnIndex ?? Number.POSITIVE_INFINITY,
  };
}

/**
 * Finds what A1 notation names: cells, a named range, or a whole sheet.
 * @throws ApiError 400 "Unable to parse range"
 */
export function resolveRange(workbook: Workbook, range: string, here = workbook.tabs[0]): Found {
  const { title, cells, isStart, word } = parseA1(range);
  const titled = (name: string) =>
    workbook.tabs.find((tab) => tab.properties.title.toLowerCase() === name.toLowerCase());
  if (word !== null) {
    const named = workbook.namedRanges.find(({ name }) => name?.toLowerCase() === word.toLowerCase());
    const tab = named && tabOf(workbook, named.range?.sheetId);
    if (tab && (title === null || titled(title) === tab))
      return { tab, area: areaOf(named.range ?? {}), isStart: false };
    // Before a word a title only says where its cells are: the word is no title then.
    if (title !== null) throw invalid(`Unable to parse range: ${range}`);
  }
  const tab = word !== null ? titled(word) : title !== null ? titled(title) : here;
  if (!tab) throw invalid(`Unable to parse range: ${range}`);
  return { tab, area: cells ?? WHOLE, isStart };
}

/** @throws ApiError 400 where a range begins outside of the sheet, or (to write) ends there */
export function checkLimits({ tab, area }: Pick<Found, 'tab' | 'area'>, toWrite = false): void {
  const isOut = (start: number, end: number, size: number) =>
    start >= size || (toWrite && Number.isFinite(end) && end > size);
  if (
    !isOut(area.startRow, area.endRow, tab.rowCount) &&
    !isOut(area.startColumn, area.endColumn, tab.columnCount)
  )
    return;
  throw invalid(
    `Range (${printA1(tab.properties.title, area)}) exceeds grid limits. Max rows: ${tab.rowCount}, max columns: ${tab.columnCount}`,
  );
}

/** The cell that a coordinate names. @throws ApiError 400 in Google's words where the grid has no such cell */
export function cellOf(
  tab: Tab,
  { rowIndex, columnIndex }: sheets_v4.Schema$GridCoordinate = {},
): { row: number; column: number } {
  const refuse = (field: string, index: number, line: string, size: number) => {
    if (index >= size)
      throw invalid(`GridCoordinate.${field}[${index}] is after last ${line} in grid[${size - 1}]`);
    return index;
  };
  return {
    row: refuse('rowIndex', rowIndex ?? 0, 'row', tab.rowCount),
    column: refuse('columnIndex', columnIndex ?? 0, 'column', tab.columnCount),
  };
}

/** The ranges that a data filter names. @throws ApiError 400 for a filter without a kind */
export function resolveFilter(workbook: Workbook, filter: sheets_v4.Schema$DataFilter): Found[] {
  if (filter.a1Range) return [resolveRange(workbook, filter.a1Range)];
  if (filter.gridRange)
    return [
      { tab: tabOf(workbook, filter.gridRange.sheetId), area: areaOf(filter.gridRange), isStart: false },
    ];
  const lookup = filter.developerMetadataLookup;
  if (!lookup) throw invalid('A DataFilter must specify exactly one filter type.');
  return workbook.developerMetadata
    .filter((metadata) => matchesLookup(metadata, lookup))
    .flatMap((metadata) => {
      const place = placeOf(metadata);
      return place ? [{ tab: tabOf(workbook, place.sheetId), area: areaOf(place), isStart: false }] : [];
    });
}
