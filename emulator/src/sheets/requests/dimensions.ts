import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { invalid } from '../../errors.ts';
import { type Batch, type Handlers, resize } from './batch.ts';
import { canonical } from '../protocol/canonical.ts';
import { COLUMN_WIDTH } from '../protocol/defaults.ts';
import { parseUpdateFields, writeFields } from '../protocol/fields.ts';
import { checkProtection } from '../ranges/protection.ts';
import { moveMove, moveRanges, shiftMove } from '../ranges/shift.ts';
import { shownText } from '../cells/values.ts';
import { effectiveValue } from '../formulas/formula.ts';
import { assign, type Bounds, type CellData, counted, type Tab, tabOf } from '../workbook.ts';

interface Span {
  tab: Tab;
  rows: boolean;
  start: number;
  end: number;
}

export function dimension(batch: Batch, range: sheets_v4.Schema$DimensionRange | undefined): Span {
  const tab = tabOf(batch.workbook, range?.sheetId);
  const rows = range?.dimension === 'ROWS';
  if (!rows && range?.dimension !== 'COLUMNS') throw invalid('No dimension specified.');
  return {
    tab,
    rows,
    start: range?.startIndex ?? 0,
    end: range?.endIndex ?? (rows ? tab.rowCount : tab.columnCount),
  };
}

const one = (rows: boolean) => (rows ? 'row' : 'column');
const many = (rows: boolean) => (rows ? 'rows' : 'columns');
const sizeOf = ({ tab, rows }: Span) => (rows ? tab.rowCount : tab.columnCount);

/** Whole rows or whole columns. */
function lineBounds(tab: Tab, rows: boolean, start: number, end: number): Bounds {
  return rows
    ? { startRow: start, endRow: end, startColumn: 0, endColumn: tab.columnCount }
    : { startRow: 0, endRow: tab.rowCount, startColumn: start, endColumn: end };
}

function insertDimension(batch: Batch, request: sheets_v4.Schema$InsertDimensionRequest) {
  const span = dimension(batch, request.range);
  const { tab, rows, start, end } = span;
  if (start > sizeOf(span))
    throw invalid(`range.startIndex[${start}] is after last ${one(rows)} in grid[${sizeOf(span)}]`);
  if (end <= start) throw invalid('range.endIndex must be greater than range.startIndex.');
  if (request.inheritFromBefore && start === 0)
    throw invalid('inheritFromBefore cannot be true when inserting at the beginning of the sheet.');
  checkProtection(tab, lineBounds(tab, rows, start, start + 1), batch.writer);
  insertLines(batch, tab, rows, start, end - start, request.inheritFromBefore ? start - 1 : start);
  return {};
}

/** Inserts rows or columns that look like the line `like`, in which nothing is entered yet. */
export function insertLines(
  batch: Batch,
  tab: Tab,
  rows: boolean,
  start: number,
  count: number,
  like: number | null,
): void {
  const look = (cell: CellData | undefined): CellData | undefined =>
    counted(batch.workbook, {
      ...(cell?.userEnteredFormat ? { userEnteredFormat: cell.userEnteredFormat } : {}),
      ...(cell?.dataValidation ? { dataValidation: cell.dataValidation } : {}),
    });
  resize(batch, tab, tab.rowCount + (rows ? count : 0), tab.columnCount + (rows ? 0 : count));
  if (rows) {
    const model = like === null ? undefined : tab.rows[like];
    const fresh = Array.from({ length: count }, () => (model ? sparse(model.map(look)) : undefined));
    insert(batch, tab.rows, start, fresh);
  } else
    for (const row of tab.rows)
      if (row)
        insert(batch, row, start, Array.from({ length: count }, () => look(row[like ?? -1])) as CellData[]);
  const metadata = rows ? tab.rowMetadata : tab.columnMetadata;
  const pixelSize = like === null ? undefined : metadata[like]?.pixelSize;
  insert(
    batch,
    metadata,
    start,
    Array.from({ length: count }, () => (pixelSize ? { pixelSize } : undefined)),
  );
  const frozen = frozenOf(tab, rows);
  if (start < frozen) setFrozen(batch, tab, rows, frozen + count);
  moveRanges(batch, tab, rows, shiftMove(start, count));
}

const frozenKey = (rows: boolean) => (rows ? 'frozenRowCount' : 'frozenColumnCount');
const frozenOf = ({ properties }: Tab, rows: boolean) => properties.gridProperties?.[frozenKey(rows)] ?? 0;

function setFrozen({ undo }: Batch, tab: Tab, rows: boolean, count: number) {
  const gridProperties = { ...tab.properties.gridProperties, [frozenKey(rows)]: count };
  assign(undo, tab, 'properties', { ...tab.properties, gridProperties });
}

/** Holes where nothing is. */
function sparse(cells: (CellData | undefined)[]): CellData[] | undefined {
  const row: CellData[] = [];
  for (const [column, cell] of cells.entries()) if (cell) row[column] = cell;
  return row.length > 0 ? row : undefined;
}

function insert<T>(batch: Batch, list: T[], start: number, fresh: T[]) {
  if (list.length <= start && fresh.every((each) => each === undefined)) return;
  const before = list.length;
  // A sparse list ends early; what is inserted behind its end must stand at its place all the same.
  if (list.length < start) list.length = start;
  list.splice(start, 0, ...fresh);
  batch.undo.push(() => {
    list.splice(start, fresh.length);
    list.length = before;
  });
}

function deleteDimension(batch: Batch, request: sheets_v4.Schema$DeleteDimensionRequest) {
  const span = dimension(batch, request.range);
  const { tab, rows, start } = span;
  const size = sizeOf(span);
  const end = Math.min(span.end, size);
  if (start >= size)
    throw invalid(
      `Cannot delete a ${one(rows)} that doesn't exist. Tried to delete ${one(rows)} index ${start} but there are only ${size} ${many(rows)}.`,
    );
  if (end - start >= size) throw invalid(`You can't delete all the ${many(rows)} on the sheet.`);
  const frozen = frozenOf(tab, rows);
  if (frozen > 0 && start <= frozen && end === size)
    throw invalid(`Sorry, it is not possible to delete all non-frozen ${many(rows)}.`);
  checkProtection(tab, lineBounds(tab, rows, start, end), batch.writer);
  const count = end - start;
  for (const list of rows ? [tab.rows, tab.rowMetadata] : [...tab.rows, tab.columnMetadata]) {
    if (!list || list.length <= start) continue;
    const line: unknown[] = list;
    const before = line.length;
    const cut = line.splice(start, count);
    batch.undo.push(() => {
      line.splice(start, 0, ...cut);
      line.length = before;
    });
  }
  resize(batch, tab, tab.rowCount - (rows ? count : 0), tab.columnCount - (rows ? 0 : count));
  if (frozen > start) setFrozen(batch, tab, rows, frozen - (Math.min(frozen, end) - start));
  moveRanges(batch, tab, rows, shiftMove(start, -count));
  return {};
}

function appendDimension(batch: Batch, request: sheets_v4.Schema$AppendDimensionRequest) {
  const tab = tabOf(batch.workbook, request.sheetId);
  const rows = request.dimension === 'ROWS';
  if (!rows && request.dimension !== 'COLUMNS') throw invalid('No dimension specified.');
  const length = request.length ?? 0;
  if (length <= 0) throw invalid('Length must be greater than 0.');
  resize(batch, tab, tab.rowCount + (rows ? length : 0), tab.columnCount + (rows ? 0 : length));
  return {};
}

/** Moves rows or columns, as people do by dragging them. */
function moveDimension(batch: Batch, request: sheets_v4.Schema$MoveDimensionRequest) {
  const span = dimension(batch, request.source);
  const { tab, rows, start } = span;
  const end = Math.min(span.end, sizeOf(span));
  const target = Math.min(request.destinationIndex ?? 0, sizeOf(span));
  if (target > start && target < end) throw invalid('Cannot move a dimension into itself.');
  checkProtection(tab, lineBounds(tab, rows, start, end), batch.writer);
  if (target === start || target === end) return {};
  const to = target > start ? target - (end - start) : target;
  const lines: (unknown[] | undefined)[] = rows
    ? [tab.rows, tab.rowMetadata]
    : [...tab.rows, tab.columnMetadata];
  for (const list of lines) {
    if (!list || list.length <= Math.min(start, target)) continue;
    const before = [...list];
    const length = list.length;
    // A sparse list ends early; the move needs its full length.
    while (list.length < Math.max(end, target)) list.push(undefined);
    list.splice(to, 0, ...list.splice(start, end - start));
    batch.undo.push(() => {
      list.splice(0, list.length, ...before);
      list.length = length;
    });
  }
  moveRanges(batch, tab, rows, moveMove(start, end, target));
  return {};
}

function setMetadata(
  batch: Batch,
  { tab, rows }: Span,
  index: number,
  value: sheets_v4.Schema$DimensionProperties | undefined,
) {
  const list = rows ? tab.rowMetadata : tab.columnMetadata;
  const before = list[index];
  list[index] = value;
  batch.undo.push(() => {
    list[index] = before;
  });
}

export function setDimension(
  batch: Batch,
  span: Span,
  change: (
    before: sheets_v4.Schema$DimensionProperties,
    index: number,
  ) => sheets_v4.Schema$DimensionProperties,
): void {
  const list = span.rows ? span.tab.rowMetadata : span.tab.columnMetadata;
  for (let index = span.start; index < Math.min(span.end, sizeOf(span)); index += 1)
    setMetadata(batch, span, index, change(list[index] ?? {}, index));
}

function updateDimensionProperties(batch: Batch, request: sheets_v4.Schema$UpdateDimensionPropertiesRequest) {
  const span = dimension(batch, request.range);
  const mask = parseUpdateFields(request.fields, 'DimensionProperties');
  const given = canonical('DimensionProperties', request.properties ?? {});
  setDimension(batch, span, (before) => writeFields(before, given, mask, 'DimensionProperties'));
  return {};
}

const CHARACTER = 7;
const AROUND = 6;
const SMALLEST = 21;

/**
 * Makes a column as wide as its longest text. The measure is our own, since the fonts that Google measures by are not
 * here.
 */
function autoResizeDimensions(batch: Batch, request: sheets_v4.Schema$AutoResizeDimensionsRequest) {
  const span = dimension(batch, request.dimensions);
  const { tab, rows } = span;
  const width = (text: string) => [...text].reduce((sum, letter) => sum + (letter > '\u2E80' ? 2 : 1), 0);
  setDimension(batch, span, (before, index) => {
    if (rows) return { ...before, pixelSize: SMALLEST };
    const widest = tab.rows.reduce((most, row, at) => {
      const cell = row?.[index];
      if (!cell) return most;
      const text = shownText(effectiveValue(batch.workbook, tab, at, index, cell), cell);
      return Math.max(most, ...text.split('\n').map(width));
    }, 0);
    return {
      ...before,
      pixelSize: widest === 0 ? COLUMN_WIDTH : Math.max(SMALLEST, widest * CHARACTER + AROUND),
    };
  });
  return {};
}

export const dimensionHandlers: Handlers = {
  insertDimension,
  deleteDimension,
  appendDimension,
  moveDimension,
  updateDimensionProperties,
  autoResizeDimensions,
};
