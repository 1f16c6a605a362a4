import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { invalid } from '../errors.ts';
import { checkProtection } from './protection.ts';
import type { Batch, Handlers } from './requests.ts';
import { boundsOf, type CellData, type Tab, valueOf } from './workbook.ts';

/** Requests about how a tab is looked at: filter views, conditional formats, charts, sorting, moved rows and columns. */

function nextId(batch: Batch): number {
  const id = batch.workbook.nextId;
  batch.workbook.nextId += 1;
  batch.undo.push(() => {
    batch.workbook.nextId = id;
  });
  return id;
}

/** Replaces a list of the tab and can put it back. */
function replace<K extends 'filterViews' | 'conditionalFormats' | 'charts'>(
  batch: Batch,
  tab: Tab,
  key: K,
  next: Tab[K],
) {
  const before = tab[key];
  tab[key] = next;
  batch.undo.push(() => {
    tab[key] = before;
  });
}

function addFilterView(batch: Batch, { filter = {} }: sheets_v4.Schema$AddFilterViewRequest) {
  const tab = batch.tab(filter.range?.sheetId ?? 0);
  if (tab.filterViews.some((each) => each.title === filter.title))
    throw invalid(`A filter view with the title "${filter.title}" already exists.`);
  const made = { ...filter, filterViewId: filter.filterViewId ?? nextId(batch) };
  replace(batch, tab, 'filterViews', [...tab.filterViews, made]);
  return { addFilterView: { filter: made } };
}

function deleteFilterView(batch: Batch, { filterId }: sheets_v4.Schema$DeleteFilterViewRequest) {
  const tab = batch.workbook.tabs.find((each) =>
    each.filterViews.some((view) => view.filterViewId === filterId),
  );
  if (!tab) throw invalid(`No filter view with ID: ${filterId}`);
  replace(
    batch,
    tab,
    'filterViews',
    tab.filterViews.filter((view) => view.filterViewId !== filterId),
  );
  return {};
}

function addConditionalFormatRule(batch: Batch, request: sheets_v4.Schema$AddConditionalFormatRuleRequest) {
  const rule = request.rule ?? {};
  if (!rule.ranges?.length) throw invalid('No ranges specified.');
  if (!rule.booleanRule && !rule.gradientRule) throw invalid('No rule specified.');
  const tab = batch.tab(rule.ranges[0]?.sheetId ?? 0);
  const index = request.index ?? 0;
  if (index > tab.conditionalFormats.length) throw invalid(`Index ${index} is out of range.`);
  replace(batch, tab, 'conditionalFormats', tab.conditionalFormats.toSpliced(index, 0, rule));
  return {};
}

function deleteConditionalFormatRule(
  batch: Batch,
  request: sheets_v4.Schema$DeleteConditionalFormatRuleRequest,
) {
  const tab = batch.tab(request.sheetId ?? 0);
  const index = request.index ?? 0;
  const rule = tab.conditionalFormats[index];
  if (!rule) throw invalid(`No conditional format on sheet: ${request.sheetId ?? 0} at index: ${index}`);
  replace(batch, tab, 'conditionalFormats', tab.conditionalFormats.toSpliced(index, 1));
  return { deleteConditionalFormatRule: { rule } };
}

function addChart(batch: Batch, { chart = {} }: sheets_v4.Schema$AddChartRequest) {
  const anchor = chart.position?.overlayPosition?.anchorCell;
  if (!anchor) throw invalid('Only an overlay position is supported here.');
  if (!chart.spec) throw invalid('No chart spec specified.');
  const tab = batch.tab(anchor.sheetId ?? 0);
  const made = { ...chart, chartId: chart.chartId ?? nextId(batch) };
  replace(batch, tab, 'charts', [...tab.charts, made]);
  return { addChart: { chart: made } };
}

/** Whole cells move with their rows, as Google sorts; blanks go last. */
function sortRange(batch: Batch, request: sheets_v4.Schema$SortRangeRequest) {
  const tab = batch.tab(request.range?.sheetId ?? 0);
  const area = boundsOf(tab, request.range ?? {});
  checkProtection(tab, area, batch.writer);
  const end = Math.min(area.endRow, tab.rows.length);
  // Rows and cells that were never written are holes: a sort must move them like any other.
  const before = Array.from(tab.rows.slice(area.startRow, end), (row) => [...(row ?? [])]);
  const width = Math.min(area.endColumn, Math.max(0, ...before.map((row) => row.length))) - area.startColumn;
  const blocks = before.map((row) =>
    Array.from({ length: Math.max(0, width) }, (_, x) => row[area.startColumn + x]),
  );
  const sorted = blocks.toSorted((a, b) => compareRows(a, b, request.sortSpecs ?? [], area.startColumn));
  for (const [index, block] of sorted.entries()) {
    const row = [...(before[index] ?? [])];
    for (const [x, cell] of block.entries()) row[area.startColumn + x] = cell as CellData;
    tab.rows[area.startRow + index] = row as CellData[];
  }
  batch.undo.push(() => {
    for (const [index, row] of before.entries()) tab.rows[area.startRow + index] = row as CellData[];
  });
  return {};
}

function compareRows(
  a: (CellData | undefined)[],
  b: (CellData | undefined)[],
  specs: readonly sheets_v4.Schema$SortSpec[],
  first: number,
): number {
  for (const spec of specs) {
    const column = (spec.dimensionIndex ?? 0) - first;
    const [x, y] = [valueOf(a[column]) ?? '', valueOf(b[column]) ?? ''];
    if (x === y) continue;
    if (x === '' || y === '') return x === '' ? 1 : -1;
    const order =
      typeof x === 'number' && typeof y === 'number'
        ? x - y
        : String(x).localeCompare(String(y), 'zh-Hant-TW');
    if (order !== 0) return spec.sortOrder === 'DESCENDING' ? -order : order;
  }
  return 0;
}

/** People drag rows and columns about. */
function moveDimension(batch: Batch, request: sheets_v4.Schema$MoveDimensionRequest) {
  const { source } = request;
  const tab = batch.tab(source?.sheetId ?? 0);
  const rows = source?.dimension === 'ROWS';
  const [start, end] = [source?.startIndex ?? 0, source?.endIndex ?? 0];
  const target = request.destinationIndex ?? 0;
  if (target > start && target < end) throw invalid('Cannot move a dimension into itself.');
  checkProtection(
    tab,
    boundsOf(
      tab,
      rows ? { startRowIndex: start, endRowIndex: end } : { startColumnIndex: start, endColumnIndex: end },
    ),
    batch.writer,
  );
  const to = target > start ? target - (end - start) : target;
  const lists = (rows ? [tab.rows, tab.rowMetadata] : [...tab.rows, tab.columnMetadata]) as (
    | unknown[]
    | undefined
  )[];
  for (const list of lists) {
    if (!list) continue;
    const before = [...list];
    // A sparse list ends early; the move needs its full length.
    while (list.length < Math.max(end, target)) list.push(undefined);
    list.splice(to, 0, ...list.splice(start, end - start));
    batch.undo.push(() => list.splice(0, list.length, ...before));
  }
  return {};
}

export const viewHandlers: Handlers = {
  addFilterView,
  deleteFilterView,
  addConditionalFormatRule,
  deleteConditionalFormatRule,
  addChart,
  sortRange,
  moveDimension,
};
