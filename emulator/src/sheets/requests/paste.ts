import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { invalid, unimplemented } from '../../errors.ts';
import { type Batch, block, eachCell, type Handlers, put, rangeBounds } from './batch.ts';
import { enteredValue } from '../cells/entered.ts';
import { effectiveValue } from '../formulas/formula.ts';
import { checkProtection } from '../ranges/protection.ts';
import { cellOf } from '../ranges/ranges.ts';
import {
  assign,
  type Bounds,
  boundsOf,
  type CellData,
  cellAt,
  contains,
  gridRangeOf,
  overlaps,
  type Tab,
  tabOf,
} from '../workbook.ts';
import { movedCell } from './cells.ts';

/** What a kind of paste takes from the source. */
function pasted(type: string | null | undefined, source: CellData, target: CellData | undefined): CellData {
  const { userEnteredValue, userEnteredFormat, dataValidation, textFormatRuns, note } = source;
  const { userEnteredValue: _, textFormatRuns: __, ...kept } = target ?? {};
  switch (type ?? 'PASTE_NORMAL') {
    case 'PASTE_VALUES':
    case 'PASTE_FORMULA':
      return { ...kept, ...(userEnteredValue ? { userEnteredValue } : {}) };
    case 'PASTE_FORMAT': {
      const { userEnteredFormat: _format, dataValidation: _rule, ...rest } = target ?? {};
      return {
        ...rest,
        ...(userEnteredFormat ? { userEnteredFormat } : {}),
        ...(dataValidation ? { dataValidation } : {}),
      };
    }
    case 'PASTE_DATA_VALIDATION': {
      const { dataValidation: _rule, ...rest } = target ?? {};
      return { ...rest, ...(dataValidation ? { dataValidation } : {}) };
    }
    case 'PASTE_NO_BORDERS': {
      const { borders: _borders, ...format } = userEnteredFormat ?? {};
      const own = target?.userEnteredFormat?.borders;
      const next = own ? { ...format, borders: own } : format;
      return {
        ...(userEnteredValue ? { userEnteredValue } : {}),
        ...(Object.keys(next).length > 0 ? { userEnteredFormat: next } : {}),
        ...(dataValidation ? { dataValidation } : {}),
        ...(textFormatRuns ? { textFormatRuns } : {}),
        ...(note ? { note } : {}),
      };
    }
    case 'PASTE_CONDITIONAL_FORMATTING':
      return target ?? {};
    default:
      return source;
  }
}

/** The source's cells, with values in place of formulas where only values are taken. */
function sourceCells(
  batch: Batch,
  tab: Tab,
  area: Bounds,
  type: string | null | undefined,
): (CellData | undefined)[][] {
  const cells = Array.from({ length: area.endRow - area.startRow }, (_, y) =>
    Array.from({ length: area.endColumn - area.startColumn }, (__, x) =>
      cellAt(tab, area.startRow + y, area.startColumn + x),
    ),
  );
  if (type !== 'PASTE_VALUES') return cells;
  return cells.map((line, y) =>
    line.map((cell, x) => {
      const value = effectiveValue(batch.workbook, tab, area.startRow + y, area.startColumn + x, cell);
      if (!cell?.userEnteredValue?.formulaValue) return cell;
      return { ...cell, userEnteredValue: value?.errorValue ? { stringValue: '' } : (value ?? {}) };
    }),
  );
}

function copyPaste(batch: Batch, request: sheets_v4.Schema$CopyPasteRequest) {
  const { source, destination, pasteType: type } = request;
  const from = tabOf(batch.workbook, source?.sheetId);
  const to = tabOf(batch.workbook, destination?.sheetId);
  const area = rangeBounds(from, source);
  const isTransposed = request.pasteOrientation === 'TRANSPOSE';
  const given = sourceCells(batch, from, area, type);
  const cells = isTransposed ? (given[0] ?? []).map((_, x) => given.map((line) => line[x])) : given;
  const [height, width] = [cells.length, cells[0]?.length ?? 0];
  const wanted = rangeBounds(to, destination);
  // A destination that is a multiple of the source is filled; any other takes the source once.
  const times = (size: number, by: number) => Math.max(1, Math.floor(size / by));
  const [rows, columns] = [
    height * times(wanted.endRow - wanted.startRow, height),
    width * times(wanted.endColumn - wanted.startColumn, width),
  ];
  const target: Bounds = {
    startRow: wanted.startRow,
    endRow: Math.min(to.rowCount, wanted.startRow + rows),
    startColumn: wanted.startColumn,
    endColumn: Math.min(to.columnCount, wanted.startColumn + columns),
  };
  checkProtection(to, target, batch.writer);
  eachCell(target, (row, column) => {
    const [y, x] = [(row - target.startRow) % height, (column - target.startColumn) % width];
    const [sourceRow, sourceColumn] = isTransposed
      ? [area.startRow + x, area.startColumn + y]
      : [area.startRow + y, area.startColumn + x];
    const cell = movedCell(cells[y]?.[x] ?? {}, row - sourceRow, column - sourceColumn);
    put(batch, to, row, column, pasted(type, cell, cellAt(to, row, column)));
  });
  if ((type ?? 'PASTE_NORMAL') === 'PASTE_NORMAL' && !isTransposed)
    copyMerges(batch, from, area, to, target, [height, width]);
  return {};
}

function copyMerges(
  batch: Batch,
  from: Tab,
  area: Bounds,
  to: Tab,
  target: Bounds,
  [height, width]: [number, number],
) {
  const inside = from.merges.map((range) => boundsOf(from, range)).filter((each) => contains(area, each));
  const kept = to.merges.filter((range) => !overlaps(boundsOf(to, range), target));
  const made: Bounds[] = [];
  for (let row = target.startRow; row < target.endRow; row += height)
    for (let column = target.startColumn; column < target.endColumn; column += width)
      for (const each of inside)
        made.push({
          startRow: each.startRow - area.startRow + row,
          endRow: each.endRow - area.startRow + row,
          startColumn: each.startColumn - area.startColumn + column,
          endColumn: each.endColumn - area.startColumn + column,
        });
  if (made.length > 0 || kept.length < to.merges.length)
    assign(batch.undo, to, 'merges', [...kept, ...made.map((each) => gridRangeOf(to, each))]);
}

function cutPaste(batch: Batch, request: sheets_v4.Schema$CutPasteRequest) {
  const { source, destination, pasteType: type } = request;
  const from = tabOf(batch.workbook, source?.sheetId);
  const to = tabOf(batch.workbook, destination?.sheetId);
  const area = rangeBounds(from, source);
  const { row, column } = cellOf(to, destination);
  const target: Bounds = {
    startRow: row,
    endRow: Math.min(to.rowCount, row + area.endRow - area.startRow),
    startColumn: column,
    endColumn: Math.min(to.columnCount, column + area.endColumn - area.startColumn),
  };
  rangeBounds(to, { startRowIndex: row, startColumnIndex: column });
  checkProtection(from, area, batch.writer);
  checkProtection(to, target, batch.writer);
  const cells = sourceCells(batch, from, area, type);
  eachCell(area, (y, x) => {
    const cell = cellAt(from, y, x);
    if (cell) put(batch, from, y, x, undefined);
  });
  // Cut cells keep their formulas as they are.
  eachCell(target, (y, x) =>
    put(batch, to, y, x, pasted(type, cells[y - row]?.[x - column] ?? {}, cellAt(to, y, x))),
  );
  return {};
}

function pasteData(batch: Batch, request: sheets_v4.Schema$PasteDataRequest) {
  if (request.html) throw unimplemented('spreadsheets.batchUpdate pasteData with html');
  if (!request.delimiter) throw invalid('No delimiter or html specified.');
  const tab = tabOf(batch.workbook, request.coordinate?.sheetId);
  const { row, column } = cellOf(tab, request.coordinate);
  rangeBounds(tab, { startRowIndex: row, startColumnIndex: column });
  const lines = splitData(request.data ?? '', request.delimiter);
  const width = Math.max(0, ...lines.map((line) => line.length));
  const target: Bounds = {
    startRow: row,
    endRow: row + lines.length,
    startColumn: column,
    endColumn: column + width,
  };
  if (target.endRow > tab.rowCount || target.endColumn > tab.columnCount)
    throw invalid('The data does not fit in the sheet.');
  checkProtection(tab, target, batch.writer);
  for (const [y, line] of lines.entries())
    for (const [x, text] of line.entries())
      put(batch, tab, row + y, column + x, typedCell(cellAt(tab, row + y, column + x), text));
  return {};
}

/** A cell in which a text is typed. */
export function typedCell(cell: CellData | undefined, text: string): CellData {
  const { userEnteredValue: _, ...rest } = cell ?? {};
  const { value, numberFormat } = enteredValue(text, 'USER_ENTERED', cell);
  return {
    ...rest,
    ...(value ? { userEnteredValue: value } : {}),
    ...(numberFormat && !rest.userEnteredFormat?.numberFormat
      ? { userEnteredFormat: { ...rest.userEnteredFormat, numberFormat } }
      : {}),
  };
}

/** Splits a text into lines and cells; what stands in double quotes may hold the marks of both. */
function splitData(data: string, delimiter: string): string[][] {
  const lines: string[][] = [[]];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < data.length; at += 1) {
    const letter = data.charAt(at);
    if (isQuoted) {
      if (letter !== '"') cell += letter;
      else if (data[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (letter === '"' && cell === '') isQuoted = true;
    else if (data.startsWith(delimiter, at)) {
      lines.at(-1)?.push(cell);
      cell = '';
      at += delimiter.length - 1;
    } else if (letter === '\n') {
      lines.at(-1)?.push(cell.replace(/\r$/u, ''));
      cell = '';
      lines.push([]);
    } else cell += letter;
  }
  if (cell !== '' || (lines.at(-1)?.length ?? 0) > 0) lines.at(-1)?.push(cell);
  else lines.pop();
  return lines;
}

/** Continues a row of numbers by its step; anything else is repeated, formulas with their references moved. */
function autoFill(batch: Batch, request: sheets_v4.Schema$AutoFillRequest) {
  const { source, target, tab, isDown, isBackwards } = fillPlan(batch, request);
  checkProtection(tab, target, batch.writer);
  const lines = block(tab, { ...source, endRow: source.endRow });
  const across = isDown ? source.endColumn - source.startColumn : source.endRow - source.startRow;
  const along = isDown ? source.endRow - source.startRow : source.endColumn - source.startColumn;
  for (let lane = 0; lane < across; lane += 1) {
    const cells = Array.from({ length: along }, (_, index) =>
      isDown ? lines[index]?.[lane] : lines[lane]?.[index],
    );
    const step = stepOf(cells, Boolean(request.useAlternateSeries));
    const count = isDown ? target.endRow - target.startRow : target.endColumn - target.startColumn;
    for (let index = 0; index < count; index += 1) {
      const offset = isBackwards ? index - count : along + index;
      const from = ((offset % along) + along) % along;
      const row = isDown ? target.startRow + index : target.startRow + lane;
      const column = isDown ? target.startColumn + lane : target.startColumn + index;
      const cell = cells[from] ?? {};
      const moved = isDown ? movedCell(cell, offset - from, 0) : movedCell(cell, 0, offset - from);
      const first = cells[0]?.userEnteredValue?.numberValue;
      put(
        batch,
        tab,
        row,
        column,
        step === null || typeof first !== 'number'
          ? moved
          : { ...moved, userEnteredValue: { numberValue: first + step * offset } },
      );
    }
  }
  return {};
}

/** The step between numbers; null where there is no series. One number alone is a series only if asked for. */
function stepOf(cells: readonly (CellData | undefined)[], isAlternate: boolean): number | null {
  const numbers = cells.map((cell) => cell?.userEnteredValue?.numberValue);
  if (!numbers.every((number): number is number => typeof number === 'number')) return null;
  const [first = 0, second] = numbers;
  if (second === undefined) return isAlternate ? 1 : null;
  const step = second - first;
  return !isAlternate && numbers.every((number, index) => Math.abs(number - first - step * index) < 1e-9)
    ? step
    : null;
}

function fillPlan(batch: Batch, request: sheets_v4.Schema$AutoFillRequest) {
  const { sourceAndDestination: given, range } = request;
  if (given) {
    const tab = tabOf(batch.workbook, given.source?.sheetId);
    const source = rangeBounds(tab, given.source);
    const isDown = given.dimension === 'ROWS';
    const length = given.fillLength ?? 0;
    const isBackwards = length < 0;
    const [start, end] = isDown ? [source.startRow, source.endRow] : [source.startColumn, source.endColumn];
    const span: [number, number] = isBackwards ? [start + length, start] : [end, end + length];
    const size = isDown ? tab.rowCount : tab.columnCount;
    if (span[0] < 0 || span[1] > size) throw invalid('The fill goes beyond the grid.');
    const target: Bounds = isDown
      ? { ...source, startRow: span[0], endRow: span[1] }
      : { ...source, startColumn: span[0], endColumn: span[1] };
    return { tab, source, target, isDown, isBackwards };
  }
  if (!range) throw invalid('No range or source and destination specified.');
  const tab = tabOf(batch.workbook, range.sheetId);
  const area = rangeBounds(tab, range);
  // The source is the part of the range that is filled in, from its beginning.
  const isFilled = (row: number, column: number) => cellAt(tab, row, column)?.userEnteredValue !== undefined;
  let rows = 0;
  while (area.startRow + rows < area.endRow && isFilled(area.startRow + rows, area.startColumn)) rows += 1;
  let columns = 0;
  while (area.startColumn + columns < area.endColumn && isFilled(area.startRow, area.startColumn + columns))
    columns += 1;
  if (rows === 0 || columns === 0) throw invalid('There is nothing in the range to fill from.');
  const isDown = area.startRow + rows < area.endRow;
  const source: Bounds = isDown
    ? { ...area, endRow: area.startRow + rows }
    : { ...area, endColumn: area.startColumn + columns };
  const target: Bounds = isDown
    ? { ...area, startRow: source.endRow }
    : { ...area, startColumn: source.endColumn };
  return { tab, source, target, isDown, isBackwards: false };
}

export const pasteHandlers: Handlers = { copyPaste, cutPaste, pasteData, autoFill };
