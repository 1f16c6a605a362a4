import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { invalid } from '../../errors.ts';
import { columnLetters, columnNumber } from '../ranges/a1.ts';
import { type Batch, eachCell, grow, type Handlers, put, rangeBounds } from './batch.ts';
import { canonical } from '../protocol/canonical.ts';
import { type Mask, parseUpdateFields, writeFields } from '../protocol/fields.ts';
import { moveReferences } from '../formulas/parser.ts';
import { checkProtection, checkValidation } from '../ranges/protection.ts';
import { cellOf } from '../ranges/ranges.ts';
import { type CellData, cellAt, checkCell, lastDataRow, type Tab, tabOf } from '../workbook.ts';

/** What a cell keeps; the rest of CellData is worked out. */
const KEPT = ['userEnteredValue', 'userEnteredFormat', 'note', 'dataValidation', 'textFormatRuns'] as const;
const ALL: Mask = Object.fromEntries(KEPT.map((field) => [field, {}]));

/** The kept fields that a mask of CellData names. @throws ApiError where there is none */
export function cellMask(fields: string | null | undefined): Mask {
  const mask = parseUpdateFields(fields, 'CellData');
  if (!mask) return ALL;
  if (mask.pivotTable || mask.dataSourceTable || mask.dataSourceFormula || mask.chipRuns)
    throw invalid('The emulator keeps no pivot tables, data sources and chips.');
  return Object.fromEntries(Object.entries(mask).filter(([name]) => name in ALL));
}

/** A given cell as it is kept. Most writes are values only: they need no second look. */
function keptCell(cell: CellData): CellData {
  const { userEnteredValue, ...rest } = cell;
  const kept: CellData = Object.keys(rest).length > 0 ? canonical('CellData', rest) : {};
  if (kept.userEnteredFormat && Object.keys(kept.userEnteredFormat).length === 0)
    delete kept.userEnteredFormat;
  // An empty text is no text: it clears the cell.
  if (userEnteredValue && Object.keys(userEnteredValue).length > 0 && userEnteredValue.stringValue !== '')
    kept.userEnteredValue = userEnteredValue;
  return kept;
}

export function writeCell(
  batch: Batch,
  tab: Tab,
  row: number,
  column: number,
  cell: CellData,
  mask: Mask,
): void {
  if (mask.userEnteredValue) {
    checkCell(cell.userEnteredValue);
    checkValidation(tab, row, column, cell.userEnteredValue, batch.writer);
  }
  if (mask.dataValidation && !batch.isReplay) checkRule(cell.dataValidation);
  put(batch, tab, row, column, writeFields(cellAt(tab, row, column), cell, mask, 'CellData'));
}

function refuseOutside(
  rows: readonly sheets_v4.Schema$RowData[],
  start: [number, number],
  end: [number, number],
) {
  if (start[0] + rows.length > end[0])
    throw invalid(`Attempting to write row: ${end[0]}, beyond the last requested row of: ${end[0] - 1}`);
  if (rows.some((row) => start[1] + (row.values?.length ?? 0) > end[1]))
    throw invalid(
      `Attempting to write column: ${end[1]}, beyond the last requested column of: ${end[1] - 1}`,
    );
}

function updateCells(batch: Batch, request: sheets_v4.Schema$UpdateCellsRequest) {
  const { range, start } = request;
  if (!range && !start) throw invalid('One of start or range must be set.');
  const tab = tabOf(batch.workbook, start?.sheetId ?? range?.sheetId);
  const mask = cellMask(request.fields);
  const rows = request.rows ?? [];
  const first = cellOf(tab, start ?? {});
  const area = range
    ? rangeBounds(tab, range)
    : {
        startRow: first.row,
        endRow: first.row + rows.length,
        startColumn: first.column,
        endColumn: first.column + Math.max(0, ...rows.map((row) => row.values?.length ?? 0)),
      };
  refuseOutside(
    rows,
    [area.startRow, area.startColumn],
    range ? [area.endRow, area.endColumn] : [tab.rowCount, tab.columnCount],
  );
  checkProtection(tab, area, batch.writer);
  for (let row = area.startRow; row < area.endRow; row += 1) {
    const values = rows[row - area.startRow]?.values ?? [];
    // A range is written whole: cells without data lose the named fields. A start writes only what is given.
    const width = range ? area.endColumn - area.startColumn : values.length;
    for (let offset = 0; offset < width; offset += 1)
      writeCell(batch, tab, row, area.startColumn + offset, keptCell(values[offset] ?? {}), mask);
  }
  return {};
}

function appendCells(batch: Batch, request: sheets_v4.Schema$AppendCellsRequest) {
  const tab = tabOf(batch.workbook, request.sheetId);
  const mask = cellMask(request.fields);
  const rows = request.rows ?? [];
  const start = lastDataRow(tab) + 1;
  refuseOutside(rows, [start, 0], [Number.POSITIVE_INFINITY, tab.columnCount]);
  grow(batch, tab, start + rows.length, tab.columnCount);
  checkProtection(
    tab,
    { startRow: start, endRow: start + rows.length, startColumn: 0, endColumn: tab.columnCount },
    batch.writer,
  );
  for (const [offset, row] of rows.entries()) {
    for (const [column, cell] of (row.values ?? []).entries())
      writeCell(batch, tab, start + offset, column, keptCell(cell), mask);
  }
  return {};
}

/** A formula moves along with the cell it is repeated in. */
export function movedCell(cell: CellData, rows: number, columns: number): CellData {
  const formula = cell.userEnteredValue?.formulaValue;
  if (typeof formula !== 'string' || (rows === 0 && columns === 0)) return cell;
  const formulaValue = moveReferences(formula, rows, columns, {
    letters: columnLetters,
    number: columnNumber,
  });
  return { ...cell, userEnteredValue: { formulaValue } };
}

function repeatCell(batch: Batch, request: sheets_v4.Schema$RepeatCellRequest) {
  const tab = tabOf(batch.workbook, request.range?.sheetId);
  const mask = cellMask(request.fields);
  const area = rangeBounds(tab, request.range);
  checkProtection(tab, area, batch.writer);
  const cell = keptCell(request.cell ?? {});
  eachCell(area, (row, column) =>
    writeCell(batch, tab, row, column, movedCell(cell, row - area.startRow, column - area.startColumn), mask),
  );
  return {};
}

const MOST_OPTIONS = 500;

/** @throws ApiError for a list that Google does not offer */
function checkRule(rule: sheets_v4.Schema$DataValidationRule | null | undefined): void {
  if (rule?.condition?.type !== 'ONE_OF_LIST') return;
  const options = rule.condition.values?.length ?? 0;
  if (options === 0) throw invalid('A condition of type ONE_OF_LIST must have at least one value.');
  if (options > MOST_OPTIONS)
    throw invalid(`A list of options may hold at most ${MOST_OPTIONS} items, but ${options} were given.`);
}

function setDataValidation(batch: Batch, request: sheets_v4.Schema$SetDataValidationRequest) {
  const tab = tabOf(batch.workbook, request.range?.sheetId);
  const area = rangeBounds(tab, request.range);
  checkProtection(tab, area, batch.writer);
  if (!batch.isReplay) checkRule(request.rule);
  const cell = request.rule ? keptCell({ dataValidation: request.rule }) : {};
  eachCell(area, (row, column) => writeCell(batch, tab, row, column, cell, { dataValidation: {} }));
  return {};
}

const SIDES = ['top', 'bottom', 'left', 'right'] as const;

/** Outer borders on the cells at the edge, inner ones on both of the cells that share them. */
function updateBorders(batch: Batch, request: sheets_v4.Schema$UpdateBordersRequest) {
  const tab = tabOf(batch.workbook, request.range?.sheetId);
  const area = rangeBounds(tab, request.range);
  checkProtection(tab, area, batch.writer);
  eachCell(area, (row, column) => {
    const wanted: sheets_v4.Schema$Borders = {
      top: row === area.startRow ? request.top : request.innerHorizontal,
      bottom: row === area.endRow - 1 ? request.bottom : request.innerHorizontal,
      left: column === area.startColumn ? request.left : request.innerVertical,
      right: column === area.endColumn - 1 ? request.right : request.innerVertical,
    };
    const given = SIDES.filter((side) => wanted[side]);
    if (given.length === 0) return;
    const cell = cellAt(tab, row, column) ?? {};
    const { borders: before = {}, ...format } = cell.userEnteredFormat ?? {};
    const borders = { ...before };
    for (const side of given) {
      const border = canonical('Border', wanted[side] ?? {});
      if (border.style === 'NONE' || !border.style) delete borders[side];
      else
        borders[side] = {
          width: 1,
          ...border,
          color: border.color ?? {},
          colorStyle: border.colorStyle ?? { rgbColor: {} },
        };
    }
    const userEnteredFormat = Object.keys(borders).length > 0 ? { ...format, borders } : format;
    const { userEnteredFormat: _, ...rest } = cell;
    put(
      batch,
      tab,
      row,
      column,
      Object.keys(userEnteredFormat).length > 0 ? { ...rest, userEnteredFormat } : rest,
    );
  });
  return {};
}

export const cellHandlers: Handlers = {
  updateCells,
  appendCells,
  repeatCell,
  setDataValidation,
  updateBorders,
};
