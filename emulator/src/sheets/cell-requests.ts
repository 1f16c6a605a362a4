import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { invalid } from '../errors.ts';
import type { Batch, Handlers } from './requests.ts';
import { checkProtection, checkValidation } from './protection.ts';
import {
  type Bounds,
  boundsOf,
  type CellData,
  cellAt,
  checkCell,
  isBlank,
  putCell,
  type Tab,
} from './workbook.ts';

const CELL_FIELDS = [
  'userEnteredValue',
  'userEnteredFormat',
  'note',
  'dataValidation',
  'textFormatRuns',
] as const;
type CellField = (typeof CELL_FIELDS)[number];

/** The top-level cell fields that a mask names. */
export function cellFields(mask: string | null | undefined): CellField[] {
  const names = (mask ?? '').split(',').map((each) => each.trim().split(/[.(]/)[0]);
  if (names.includes('*')) return [...CELL_FIELDS];
  const known = CELL_FIELDS.filter((field) => names.includes(field));
  if (known.length === 0) throw invalid('At least one field must be listed in `fields`.');
  return known;
}

export function writeCell(
  batch: Batch,
  tab: Tab,
  row: number,
  column: number,
  cell: CellData,
  fields: readonly CellField[],
): void {
  const next: CellData = { ...cellAt(tab, row, column) };
  for (const field of fields) {
    if (field === 'userEnteredValue') {
      checkCell(cell.userEnteredValue);
      checkValidation(tab, row, column, cell.userEnteredValue, batch.writer);
    }
    const value = cell[field];
    if (value === undefined || value === null) delete next[field];
    else Object.assign(next, { [field]: value });
  }
  putCell(tab, row, column, next, batch.undo);
}

function updateCells(batch: Batch, request: sheets_v4.Schema$UpdateCellsRequest) {
  const sheetId = request.start?.sheetId ?? request.range?.sheetId ?? 0;
  const tab = batch.tab(sheetId);
  const fields = cellFields(request.fields);
  const rows = request.rows ?? [];
  const startRow = request.start?.rowIndex ?? request.range?.startRowIndex ?? 0;
  const startColumn = request.start?.columnIndex ?? request.range?.startColumnIndex ?? 0;
  const area: Bounds = request.range
    ? boundsOf(tab, request.range)
    : {
        startRow,
        endRow: startRow + rows.length,
        startColumn,
        endColumn: startColumn + Math.max(0, ...rows.map((row) => row.values?.length ?? 0)),
      };
  if (area.endRow > tab.rowCount || area.endColumn > tab.columnCount) {
    throw invalid(
      `Attempting to write row: ${area.endRow - 1}, beyond the last requested row of: ${tab.rowCount - 1}`,
    );
  }
  checkProtection(tab, area, batch.writer);
  for (let row = area.startRow; row < area.endRow; row += 1) {
    const values = rows[row - startRow]?.values ?? [];
    // A range is written whole: cells without data lose the named fields. A start writes only what is given.
    const width = request.range ? area.endColumn - area.startColumn : values.length;
    for (let offset = 0; offset < width; offset += 1)
      writeCell(batch, tab, row, startColumn + offset, values[offset] ?? {}, fields);
  }
  return {};
}

export function lastDataRow(tab: Tab): number {
  for (let row = tab.rows.length - 1; row >= 0; row -= 1) {
    if (tab.rows[row]?.some((cell) => !isBlank(cell))) return row;
  }
  return -1;
}

function appendCells(batch: Batch, request: sheets_v4.Schema$AppendCellsRequest) {
  const tab = batch.tab(request.sheetId ?? 0);
  const fields = cellFields(request.fields);
  const rows = request.rows ?? [];
  const start = lastDataRow(tab) + 1;
  const width = Math.max(0, ...rows.map((row) => row.values?.length ?? 0));
  batch.grow(tab, start + rows.length, width);
  checkProtection(
    tab,
    { startRow: start, endRow: start + rows.length, startColumn: 0, endColumn: width },
    batch.writer,
  );
  for (const [offset, row] of rows.entries()) {
    for (const [column, cell] of (row.values ?? []).entries())
      writeCell(batch, tab, start + offset, column, cell, fields);
  }
  return {};
}

function repeatCell(batch: Batch, request: sheets_v4.Schema$RepeatCellRequest) {
  const tab = batch.tab(request.range?.sheetId ?? 0);
  const fields = cellFields(request.fields);
  eachCell(batch, tab, request.range ?? {}, (row, column) =>
    writeCell(batch, tab, row, column, request.cell ?? {}, fields),
  );
  return {};
}

function setDataValidation(batch: Batch, request: sheets_v4.Schema$SetDataValidationRequest) {
  const tab = batch.tab(request.range?.sheetId ?? 0);
  const cell = request.rule ? { dataValidation: request.rule } : {};
  eachCell(batch, tab, request.range ?? {}, (row, column) =>
    writeCell(batch, tab, row, column, cell, ['dataValidation']),
  );
  return {};
}

function eachCell(
  batch: Batch,
  tab: Tab,
  range: sheets_v4.Schema$GridRange,
  visit: (row: number, column: number) => void,
) {
  const area = boundsOf(tab, range);
  checkProtection(tab, area, batch.writer);
  for (let row = area.startRow; row < area.endRow; row += 1)
    for (let column = area.startColumn; column < area.endColumn; column += 1) visit(row, column);
}

function sortRange(batch: Batch, request: sheets_v4.Schema$SortRangeRequest) {
  const tab = batch.tab(request.range?.sheetId ?? 0);
  const area = boundsOf(tab, request.range ?? {});
  checkProtection(tab, area, batch.writer);
  const specs = request.sortSpecs ?? [];
  const lines = Array.from({ length: area.endRow - area.startRow }, (_, index) =>
    Array.from({ length: area.endColumn - area.startColumn }, (__, offset) =>
      cellAt(tab, area.startRow + index, area.startColumn + offset),
    ),
  );
  const sorted = lines.toSorted((a, b) => {
    for (const spec of specs) {
      const index = (spec.dimensionIndex ?? 0) - area.startColumn;
      const order = compareCells(a[index], b[index], spec.sortOrder === 'DESCENDING');
      if (order !== 0) return order;
    }
    return 0;
  });
  for (const [index, line] of sorted.entries())
    for (const [offset, cell] of line.entries())
      putCell(tab, area.startRow + index, area.startColumn + offset, cell ?? {}, batch.undo);
  return {};
}

/** Google's order: numbers, then text, then booleans; blanks come last in either direction. */
function compareCells(a: CellData | undefined, b: CellData | undefined, descending: boolean): number {
  if (isBlank(a) || isBlank(b)) return Number(isBlank(a)) - Number(isBlank(b));
  const rank = (cell: CellData | undefined) => {
    const value = cell?.userEnteredValue;
    return value?.numberValue !== undefined ? 0 : value?.boolValue !== undefined ? 2 : 1;
  };
  const x = a?.userEnteredValue;
  const y = b?.userEnteredValue;
  const order =
    rank(a) - rank(b) ||
    (rank(a) === 0
      ? (x?.numberValue ?? 0) - (y?.numberValue ?? 0)
      : String(x?.stringValue ?? x?.boolValue).localeCompare(
          String(y?.stringValue ?? y?.boolValue),
          'zh-TW',
        ));
  return descending ? -order : order;
}

export const cellHandlers: Handlers = { updateCells, appendCells, repeatCell, setDataValidation, sortRange };
