import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { invalid } from '../../errors.ts';
import { type Batch, block, eachCell, grow, type Handlers, put, rangeBounds } from './batch.ts';
import { canonical } from '../protocol/canonical.ts';
import { parseUpdateFields, writeFields } from '../protocol/fields.ts';
import { checkProtection } from '../ranges/protection.ts';
import {
  assign,
  type Bounds,
  boundsOf,
  cellAt,
  contains,
  type GridRange,
  gridRangeOf,
  lastDataRow,
  newId,
  overlaps,
  type Tab,
  tabOf,
  widthOf,
} from '../workbook.ts';

/** The merges that a range holds. @throws ApiError where it cuts through one */
function mergesIn(tab: Tab, area: Bounds): GridRange[] {
  const touched = tab.merges.filter((range) => overlaps(boundsOf(tab, range), area));
  if (touched.some((range) => !contains(area, boundsOf(tab, range))))
    throw invalid('You must select all cells in a merged range to merge or unmerge them.');
  return touched;
}

function mergeCells(batch: Batch, request: sheets_v4.Schema$MergeCellsRequest) {
  const tab = tabOf(batch.workbook, request.range?.sheetId);
  const area = rangeBounds(tab, request.range);
  checkProtection(tab, area, batch.writer);
  const old = new Set(mergesIn(tab, area));
  const made: Bounds[] = [];
  if (request.mergeType === 'MERGE_COLUMNS')
    for (let column = area.startColumn; column < area.endColumn; column += 1)
      made.push({ ...area, startColumn: column, endColumn: column + 1 });
  else if (request.mergeType === 'MERGE_ROWS')
    for (let row = area.startRow; row < area.endRow; row += 1)
      made.push({ ...area, startRow: row, endRow: row + 1 });
  else made.push(area);
  const fresh = made.filter(
    (each) => (each.endRow - each.startRow) * (each.endColumn - each.startColumn) > 1,
  );
  assign(batch.undo, tab, 'merges', [
    ...tab.merges.filter((range) => !old.has(range)),
    ...fresh.map((each) => gridRangeOf(tab, each)),
  ]);
  // Only the upper left cell keeps what is entered.
  for (const each of fresh)
    eachCell(each, (row, column) => {
      const { userEnteredValue, ...rest } = cellAt(tab, row, column) ?? {};
      if (userEnteredValue && (row !== each.startRow || column !== each.startColumn))
        put(batch, tab, row, column, rest);
    });
  return {};
}

function unmergeCells(batch: Batch, request: sheets_v4.Schema$UnmergeCellsRequest) {
  const tab = tabOf(batch.workbook, request.range?.sheetId);
  const old = new Set(mergesIn(tab, rangeBounds(tab, request.range)));
  assign(
    batch.undo,
    tab,
    'merges',
    tab.merges.filter((range) => !old.has(range)),
  );
  return {};
}

/** The area with all cells that move when it is inserted or deleted. */
const shifted = (tab: Tab, area: Bounds, rows: boolean): Bounds =>
  rows ? { ...area, endRow: tab.rowCount } : { ...area, endColumn: tab.columnCount };

/** Pushes cells down or to the right: the grid grows where something would fall off. */
function insertRange(batch: Batch, request: sheets_v4.Schema$InsertRangeRequest) {
  const tab = tabOf(batch.workbook, request.range?.sheetId);
  const area = rangeBounds(tab, request.range);
  const isDown = isRows(request.shiftDimension);
  checkProtection(tab, shifted(tab, area, isDown), batch.writer);
  const [height, width] = [area.endRow - area.startRow, area.endColumn - area.startColumn];
  const last = isDown ? lastDataRow(tab) + 1 : widthOf(tab);
  if (isDown) grow(batch, tab, last > area.startRow ? last + height : 0, 0);
  else grow(batch, tab, 0, last > area.startColumn ? last + width : 0);
  const source: Bounds = isDown ? { ...area, endRow: tab.rowCount } : { ...area, endColumn: tab.columnCount };
  const cells = block(tab, source);
  clear(batch, tab, source);
  for (const [y, line] of cells.entries())
    for (const [x, cell] of line.entries()) {
      const row = area.startRow + y + (isDown ? height : 0);
      const column = area.startColumn + x + (isDown ? 0 : width);
      if (cell && row < tab.rowCount && column < tab.columnCount) put(batch, tab, row, column, cell);
    }
  return {};
}

function deleteRange(batch: Batch, request: sheets_v4.Schema$DeleteRangeRequest) {
  const tab = tabOf(batch.workbook, request.range?.sheetId);
  const area = rangeBounds(tab, request.range);
  const isUp = isRows(request.shiftDimension);
  checkProtection(tab, shifted(tab, area, isUp), batch.writer);
  const rest: Bounds = isUp
    ? { ...area, startRow: area.endRow, endRow: tab.rowCount }
    : { ...area, startColumn: area.endColumn, endColumn: tab.columnCount };
  const cells = block(tab, rest);
  clear(batch, tab, isUp ? { ...area, endRow: tab.rowCount } : { ...area, endColumn: tab.columnCount });
  for (const [y, line] of cells.entries())
    for (const [x, cell] of line.entries())
      if (cell) put(batch, tab, area.startRow + y, area.startColumn + x, cell);
  return {};
}

function isRows(dimension: string | null | undefined): boolean {
  if (dimension !== 'ROWS' && dimension !== 'COLUMNS') throw invalid('No dimension specified.');
  return dimension === 'ROWS';
}

function clear(batch: Batch, tab: Tab, area: Bounds) {
  eachCell({ ...area, endRow: Math.min(area.endRow, tab.rows.length) }, (row, column) => {
    if (cellAt(tab, row, column)) put(batch, tab, row, column, undefined);
  });
}

/** A name has letters of any script, digits and underscores, and cannot be read as a cell or a truth value. */
const NAME = /^(?!(?:true|false)$)(?![A-Za-z]{1,3}\d+$)(?!R\d*C\d*$)[\p{L}_][\p{L}\p{N}_.]{0,249}$/iu;

function checkName(batch: Batch, name: string | null | undefined, id: string | null | undefined) {
  if (!name || !NAME.test(name)) throw invalid('The name of the named range is invalid.');
  if (
    batch.workbook.namedRanges.some(
      (each) => each.namedRangeId !== id && each.name?.toLowerCase() === name.toLowerCase(),
    )
  )
    throw invalid(`A named range with the name "${name}" already exists. Please enter another name.`);
}

function addNamedRange(batch: Batch, request: sheets_v4.Schema$AddNamedRangeRequest) {
  const { workbook, undo } = batch;
  const given = canonical('NamedRange', request.namedRange ?? {});
  const tab = tabOf(workbook, given.range?.sheetId);
  rangeBounds(tab, given.range);
  checkName(batch, given.name, null);
  const namedRange = { ...given, namedRangeId: given.namedRangeId ?? String(newId(workbook, undo)) };
  if (workbook.namedRanges.some((each) => each.namedRangeId === namedRange.namedRangeId))
    throw invalid(`A named range with id ${namedRange.namedRangeId} already exists.`);
  assign(undo, workbook, 'namedRanges', [...workbook.namedRanges, namedRange]);
  return { addNamedRange: { namedRange } };
}

function namedRangeAt({ workbook }: Batch, id: string | null | undefined) {
  const found = workbook.namedRanges.find((each) => each.namedRangeId === id);
  if (!found) throw invalid(`No named range with ID: ${id}`);
  return found;
}

function updateNamedRange(batch: Batch, request: sheets_v4.Schema$UpdateNamedRangeRequest) {
  const { workbook, undo } = batch;
  const before = namedRangeAt(batch, request.namedRange?.namedRangeId);
  const mask = parseUpdateFields(request.fields, 'NamedRange');
  const given = canonical('NamedRange', request.namedRange ?? {});
  const next = { ...writeFields(before, given, mask, 'NamedRange'), namedRangeId: before.namedRangeId };
  checkName(batch, next.name, before.namedRangeId);
  rangeBounds(tabOf(workbook, next.range?.sheetId), next.range);
  assign(
    undo,
    workbook,
    'namedRanges',
    workbook.namedRanges.map((each) => (each === before ? next : each)),
  );
  return {};
}

function deleteNamedRange(batch: Batch, request: sheets_v4.Schema$DeleteNamedRangeRequest) {
  const { workbook, undo } = batch;
  const found = namedRangeAt(batch, request.namedRangeId);
  assign(
    undo,
    workbook,
    'namedRanges',
    workbook.namedRanges.filter((each) => each !== found),
  );
  return {};
}

export const rangeHandlers: Handlers = {
  mergeCells,
  unmergeCells,
  insertRange,
  deleteRange,
  addNamedRange,
  updateNamedRange,
  deleteNamedRange,
};
