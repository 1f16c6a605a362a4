import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { invalid } from '../../errors.ts';
import { type Batch, block, eachCell, grow, type Handlers, put, rangeBounds } from './batch.ts';
import { canonical } from '../protocol/canonical.ts';
import { effectiveValue } from '../formulas/formula.ts';
import { checkProtection } from '../ranges/protection.ts';
import { shownText } from '../cells/values.ts';
import { type Bounds, type CellData, cellAt, newId, type Tab, tabOf, widthOf } from '../workbook.ts';
import { typedCell } from './paste.ts';

/** Requests that look at what stands in cells: find and replace, sort, duplicates, blanks, columns from a text. */

function findReplace(batch: Batch, request: sheets_v4.Schema$FindReplaceRequest) {
  if (!request.find) throw invalid('No find string specified.');
  const { workbook } = batch;
  const scopes: { tab: Tab; area: Bounds }[] = request.allSheets
    ? workbook.tabs.map((tab) => ({ tab, area: rangeBounds(tab, {}) }))
    : [request.range ?? { sheetId: request.sheetId ?? 0 }].map((range) => {
        const tab = tabOf(workbook, range.sheetId);
        return { tab, area: rangeBounds(tab, range) };
      });
  const { find, replacement = '' } = request;
  const source = request.searchByRegex ? find : find.replaceAll(/[$()*+.?[\\\]^{|}]/gu, String.raw`\$&`);
  let pattern: RegExp;
  try {
    pattern = new RegExp(
      request.matchEntireCell ? `^(?:${source})$` : source,
      request.matchCase ? 'gu' : 'giu',
    );
  } catch {
    throw invalid(`Invalid regular expression: ${find}`);
  }
  // Without a regular expression a `$` stands for itself.
  const by = request.searchByRegex ? (replacement ?? '') : (replacement ?? '').replaceAll('$', '$$$$');
  const counts = {
    valuesChanged: 0,
    formulasChanged: 0,
    rowsChanged: 0,
    sheetsChanged: 0,
    occurrencesChanged: 0,
  };
  for (const { tab, area } of scopes) {
    const rows = new Set<number>();
    eachCell({ ...area, endRow: Math.min(area.endRow, tab.rows.length) }, (row, column) => {
      const cell = cellAt(tab, row, column);
      if (!cell?.userEnteredValue) return;
      const formula = cell.userEnteredValue.formulaValue;
      if (formula && !request.includeFormulas) return;
      const text = formula ?? shownText(cell.userEnteredValue, cell);
      const found = text.match(pattern)?.length ?? 0;
      if (found === 0) return;
      checkProtection(
        tab,
        { startRow: row, endRow: row + 1, startColumn: column, endColumn: column + 1 },
        batch.writer,
      );
      put(batch, tab, row, column, typedCell(cell, text.replace(pattern, by)));
      counts[formula ? 'formulasChanged' : 'valuesChanged'] += 1;
      counts.occurrencesChanged += found;
      rows.add(row);
    });
    counts.rowsChanged += rows.size;
    counts.sheetsChanged += rows.size > 0 ? 1 : 0;
  }
  return { findReplace: canonical('FindReplaceResponse', counts) };
}

/** Whole cells move with their rows, as Google sorts; blanks go last. */
function sortRange(batch: Batch, request: sheets_v4.Schema$SortRangeRequest) {
  const tab = tabOf(batch.workbook, request.range?.sheetId);
  const area = rangeBounds(tab, request.range);
  const specs = request.sortSpecs ?? [];
  if (specs.length === 0) throw invalid('At least one sort spec must be specified.');
  reorder(batch, tab, area, (rows) => {
    const keys = rows.map((row, y) =>
      specs.map((spec) => {
        const column = spec.dimensionIndex ?? 0;
        return effectiveValue(
          batch.workbook,
          tab,
          area.startRow + y,
          column,
          row[column - area.startColumn] ?? undefined,
        );
      }),
    );
    return rows
      .map((row, index) => ({ row, index }))
      .toSorted((a, b) => {
        for (const [at, spec] of specs.entries()) {
          const order = compare(keys[a.index]?.[at], keys[b.index]?.[at], spec.sortOrder === 'DESCENDING');
          if (order !== 0) return order;
        }
        return 0;
      })
      .map(({ row }) => row);
  });
  return {};
}

type Extended = sheets_v4.Schema$ExtendedValue;

/** Sorts as Google does: numbers, then texts, then booleans; blanks come last in either direction. */
function compare(a: Extended | undefined, b: Extended | undefined, isDescending: boolean): number {
  const rank = (value: Extended | undefined) => {
    if (!value || value.stringValue === '') return 9;
    if (typeof value.numberValue === 'number') return 0;
    return typeof value.boolValue === 'boolean' ? 2 : value.errorValue ? 3 : 1;
  };
  const [x, y] = [rank(a), rank(b)];
  if (x === 9 || y === 9) return x - y;
  const order =
    x - y ||
    (x === 0
      ? (a?.numberValue ?? 0) - (b?.numberValue ?? 0)
      : x === 2
        ? Number(a?.boolValue) - Number(b?.boolValue)
        : (a?.stringValue ?? '').localeCompare(b?.stringValue ?? '', 'zh-Hant-TW'));
  return isDescending ? -order : order;
}

function reorder(
  batch: Batch,
  tab: Tab,
  area: Bounds,
  order: (rows: (CellData | undefined)[][]) => (CellData | undefined)[][],
) {
  checkProtection(tab, area, batch.writer);
  const width = Math.min(area.endColumn, widthOf(tab));
  const rows = block(tab, { ...area, endColumn: Math.max(area.startColumn, width) });
  for (const [y, row] of order(rows).entries())
    for (const [x, cell] of row.entries())
      if (cell !== rows[y]?.[x]) put(batch, tab, area.startRow + y, area.startColumn + x, cell);
}

/** By chance, but the same chance whenever the journal is replayed. */
function randomizeRange(batch: Batch, request: sheets_v4.Schema$RandomizeRangeRequest) {
  const tab = tabOf(batch.workbook, request.range?.sheetId);
  reorder(batch, tab, rangeBounds(tab, request.range), (rows) =>
    rows
      .map((row) => ({ row, key: newId(batch.workbook, batch.undo) }))
      .toSorted((a, b) => a.key - b.key)
      .map(({ row }) => row),
  );
  return {};
}

function deleteDuplicates(batch: Batch, request: sheets_v4.Schema$DeleteDuplicatesRequest) {
  const tab = tabOf(batch.workbook, request.range?.sheetId);
  const area = rangeBounds(tab, request.range);
  const columns = (request.comparisonColumns ?? []).flatMap((range) => {
    const { startColumn, endColumn } = rangeBounds(tab, range);
    return Array.from({ length: endColumn - startColumn }, (_, offset) => startColumn + offset);
  });
  let removed = 0;
  reorder(batch, tab, area, (rows) => {
    const seen = new Set<string>();
    const kept = rows.filter((row, y) => {
      const compared =
        columns.length > 0 ? columns.map((column) => column - area.startColumn) : [...row.keys()];
      const key = JSON.stringify(
        compared.map((x) => {
          const cell = row[x];
          const value = effectiveValue(batch.workbook, tab, area.startRow + y, area.startColumn + x, cell);
          return typeof value?.stringValue === 'string' ? value.stringValue.toLowerCase() : (value ?? null);
        }),
      );
      const isFirst = !seen.has(key);
      seen.add(key);
      return isFirst || row.every((cell) => !cell?.userEnteredValue);
    });
    removed = rows.length - kept.length;
    return [...kept, ...Array.from({ length: removed }, () => (rows[0] ?? []).map(() => undefined))];
  });
  return { deleteDuplicates: canonical('DeleteDuplicatesResponse', { duplicatesRemovedCount: removed }) };
}

function trimWhitespace(batch: Batch, request: sheets_v4.Schema$TrimWhitespaceRequest) {
  const tab = tabOf(batch.workbook, request.range?.sheetId);
  const area = rangeBounds(tab, request.range);
  checkProtection(tab, area, batch.writer);
  let cellsChangedCount = 0;
  eachCell({ ...area, endRow: Math.min(area.endRow, tab.rows.length) }, (row, column) => {
    const cell = cellAt(tab, row, column);
    const text = cell?.userEnteredValue?.stringValue;
    const trimmed = text?.trim().replaceAll(/[^\S\n]+/gu, ' ');
    if (typeof text !== 'string' || text === trimmed) return;
    put(batch, tab, row, column, typedCell(cell, trimmed ?? ''));
    cellsChangedCount += 1;
  });
  return { trimWhitespace: canonical('TrimWhitespaceResponse', { cellsChangedCount }) };
}

const DELIMITERS: Record<string, string> = { COMMA: ',', SEMICOLON: ';', PERIOD: '.', SPACE: ' ' };

function textToColumns(batch: Batch, request: sheets_v4.Schema$TextToColumnsRequest) {
  const tab = tabOf(batch.workbook, request.source?.sheetId);
  const area = rangeBounds(tab, request.source);
  if (area.endColumn - area.startColumn !== 1)
    throw invalid('Text to columns can only be used on a single column.');
  const endRow = Math.min(area.endRow, tab.rows.length);
  const texts = Array.from({ length: Math.max(0, endRow - area.startRow) }, (_, y) =>
    shownText(
      cellAt(tab, area.startRow + y, area.startColumn)?.userEnteredValue,
      cellAt(tab, area.startRow + y, area.startColumn),
    ),
  );
  const delimiter = delimiterOf(request, texts);
  const parts = texts.map((text) => (text === '' ? [] : text.split(delimiter)));
  const width = Math.max(0, ...parts.map((line) => line.length));
  grow(batch, tab, 0, area.startColumn + width);
  checkProtection(tab, { ...area, endColumn: area.startColumn + Math.max(1, width) }, batch.writer);
  for (const [y, line] of parts.entries())
    for (const [x, text] of line.entries()) {
      const [row, column] = [area.startRow + y, area.startColumn + x];
      put(batch, tab, row, column, typedCell(cellAt(tab, row, column), text));
    }
  return {};
}

function delimiterOf(request: sheets_v4.Schema$TextToColumnsRequest, texts: readonly string[]): string {
  const type = request.delimiterType ?? 'AUTODETECT';
  if (type === 'CUSTOM') {
    if (!request.delimiter) throw invalid('A custom delimiter must be specified.');
    return request.delimiter;
  }
  const known = DELIMITERS[type];
  if (known) return known;
  const count = (mark: string) => texts.reduce((sum, text) => sum + text.split(mark).length - 1, 0);
  return Object.values(DELIMITERS).reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

export const textHandlers: Handlers = {
  findReplace,
  sortRange,
  randomizeRange,
  deleteDuplicates,
  trimWhitespace,
  textToColumns,
};
