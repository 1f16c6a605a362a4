import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { invalid } from '../errors.ts';
import { checkProtection } from './protection.ts';
import type { Batch, Handlers } from './requests.ts';
import { newTab, type Tab } from './workbook.ts';

function addSheet(batch: Batch, request: sheets_v4.Schema$AddSheetRequest) {
  const given = request.properties ?? {};
  const title = given.title ?? `Sheet${batch.workbook.tabs.length + 1}`;
  refuseTitle(batch, title);
  const sheetId = given.sheetId ?? batch.workbook.nextId;
  if (batch.workbook.tabs.some((tab) => tab.properties.sheetId === sheetId))
    throw invalid(`A sheet with the id ${sheetId} already exists. Please enter another id.`);
  const before = batch.workbook.nextId;
  batch.workbook.nextId = Math.max(before, sheetId) + 1;
  const tab = newTab(sheetId, title, batch.workbook.tabs.length, given);
  batch.workbook.tabs.push(tab);
  batch.undo.push(() => {
    batch.workbook.tabs.splice(batch.workbook.tabs.indexOf(tab), 1);
    batch.workbook.nextId = before;
  });
  return { addSheet: { properties: batch.describe(tab) } };
}

function refuseTitle(batch: Batch, title: string, except?: Tab) {
  if (
    batch.workbook.tabs.some(
      (tab) => tab !== except && tab.properties.title.toLowerCase() === title.toLowerCase(),
    )
  )
    throw invalid(`A sheet with the name "${title}" already exists. Please enter another name.`);
}

function deleteSheet(batch: Batch, request: sheets_v4.Schema$DeleteSheetRequest) {
  const tab = batch.tab(request.sheetId ?? 0);
  if (batch.workbook.tabs.length === 1) throw invalid("You can't remove all the sheets in a document.");
  const index = batch.workbook.tabs.indexOf(tab);
  batch.workbook.tabs.splice(index, 1);
  batch.undo.push(() => batch.workbook.tabs.splice(index, 0, tab));
  return {};
}

/** Field paths of a mask such as `title,gridProperties(rowCount,frozenRowCount)`. */
export function maskPaths(mask: string | null | undefined): string[] {
  const paths: string[] = [];
  for (const part of (mask ?? '').match(/[^,(]+(\([^)]*\))?/g) ?? []) {
    const group = /^([^(]+)\(([^)]*)\)$/.exec(part.trim());
    if (group) paths.push(...(group[2] ?? '').split(',').map((leaf) => `${group[1]}.${leaf.trim()}`));
    else paths.push(part.trim());
  }
  if (paths.length === 0) throw invalid('At least one field must be listed in `fields`.');
  return paths;
}

function updateSheetProperties(batch: Batch, request: sheets_v4.Schema$UpdateSheetPropertiesRequest) {
  const given = request.properties ?? {};
  const tab = batch.tab(given.sheetId ?? 0);
  const paths = maskPaths(request.fields);
  const has = (path: string) =>
    paths.some((each) => each === '*' || path === each || path.startsWith(`${each}.`));
  const before = {
    properties: structuredClone(tab.properties),
    rows: tab.rowCount,
    columns: tab.columnCount,
  };
  batch.undo.push(() => {
    tab.properties = before.properties;
    tab.rowCount = before.rows;
    tab.columnCount = before.columns;
  });
  if (has('title') && given.title) {
    refuseTitle(batch, given.title, tab);
    tab.properties.title = given.title;
  }
  if (has('hidden')) tab.properties.hidden = given.hidden ?? false;
  for (const key of ['tabColor', 'tabColorStyle'] as const) {
    // A field that the mask names and the request leaves out is cleared.
    if (!has(key)) continue;
    if (given[key]) Object.assign(tab.properties, { [key]: given[key] });
    else delete tab.properties[key];
  }
  if (has('index') && given.index !== undefined && given.index !== null) moveTab(batch, tab, given.index);
  const grid = given.gridProperties ?? {};
  if (has('gridProperties.rowCount') && grid.rowCount) resize(batch, tab, grid.rowCount, tab.columnCount);
  if (has('gridProperties.columnCount') && grid.columnCount)
    resize(batch, tab, tab.rowCount, grid.columnCount);
  for (const key of ['frozenRowCount', 'frozenColumnCount', 'hideGridlines'] as const) {
    if (has(`gridProperties.${key}`))
      tab.properties.gridProperties = { ...tab.properties.gridProperties, [key]: grid[key] ?? undefined };
  }
  return {};
}

function moveTab(batch: Batch, tab: Tab, index: number) {
  const { tabs } = batch.workbook;
  const from = tabs.indexOf(tab);
  tabs.splice(from, 1);
  tabs.splice(index, 0, tab);
  batch.undo.push(() => {
    tabs.splice(tabs.indexOf(tab), 1);
    tabs.splice(from, 0, tab);
  });
}

function resize(batch: Batch, tab: Tab, rowCount: number, columnCount: number) {
  if (rowCount < tab.rows.length) {
    const cut = tab.rows.splice(rowCount);
    batch.undo.push(() => tab.rows.push(...cut));
  }
  tab.rowCount = rowCount;
  tab.columnCount = columnCount;
}

function insertDimension(batch: Batch, request: sheets_v4.Schema$InsertDimensionRequest) {
  const { tab, start, end, rows } = dimension(batch, request.range);
  if (start > (rows ? tab.rowCount : tab.columnCount))
    throw invalid(`range.startIndex[${start}] is after last ${rows ? 'row' : 'column'} in grid`);
  shift(batch, tab, rows, start, end - start);
  return {};
}

function deleteDimension(batch: Batch, request: sheets_v4.Schema$DeleteDimensionRequest) {
  const { tab, start, end, rows } = dimension(batch, request.range);
  const size = rows ? tab.rowCount : tab.columnCount;
  if (start >= size) throw invalid(`Cannot delete a ${rows ? 'row' : 'column'} that doesn't exist.`);
  if (end - start >= size)
    throw invalid(`You can't delete all the ${rows ? 'rows' : 'columns'} on the sheet.`);
  checkProtection(
    tab,
    rows
      ? { startRow: start, endRow: end, startColumn: 0, endColumn: tab.columnCount }
      : { startRow: 0, endRow: tab.rowCount, startColumn: start, endColumn: end },
    batch.writer,
  );
  shift(batch, tab, rows, start, start - end);
  return {};
}

function dimension(batch: Batch, range: sheets_v4.Schema$DimensionRange | undefined) {
  const tab = batch.tab(range?.sheetId ?? 0);
  const rows = range?.dimension === 'ROWS';
  if (!rows && range?.dimension !== 'COLUMNS') throw invalid('No dimension specified.');
  const start = range?.startIndex ?? 0;
  return { tab, rows, start, end: range?.endIndex ?? (rows ? tab.rowCount : tab.columnCount) };
}

/** Inserts (`by` > 0) or deletes (`by` < 0) rows or columns at `start`; protected ranges move along. */
function shift(batch: Batch, tab: Tab, rows: boolean, start: number, by: number) {
  const lists = rows ? [tab.rows, tab.rowMetadata] : [...tab.rows, tab.columnMetadata];
  for (const list of lists) {
    if (!list || list.length <= start) continue;
    const line = list as unknown[];
    if (by > 0) {
      line.splice(start, 0, ...Array.from({ length: by }, () => undefined));
      batch.undo.push(() => line.splice(start, by));
    } else {
      const cut = line.splice(start, -by);
      batch.undo.push(() => line.splice(start, 0, ...cut));
    }
  }
  const count = rows ? 'rowCount' : 'columnCount';
  const before = { count: tab[count], protectedRanges: tab.protectedRanges };
  batch.undo.push(() => {
    tab[count] = before.count;
    tab.protectedRanges = before.protectedRanges;
  });
  tab[count] += by;
  const [first, last] = rows
    ? (['startRowIndex', 'endRowIndex'] as const)
    : (['startColumnIndex', 'endColumnIndex'] as const);
  const move = (index: number) => (index <= start ? index : Math.max(start, index + by));
  tab.protectedRanges = tab.protectedRanges.map((each) => {
    const range = { ...each.range };
    if (typeof range[first] === 'number' && range[first] >= start)
      range[first] = Math.max(start, range[first] + by);
    if (typeof range[last] === 'number') range[last] = move(range[last]);
    return { ...each, range };
  });
}

function appendDimension(batch: Batch, request: sheets_v4.Schema$AppendDimensionRequest) {
  const tab = batch.tab(request.sheetId ?? 0);
  const rows = request.dimension === 'ROWS';
  batch.grow(
    tab,
    tab.rowCount + (rows ? (request.length ?? 0) : 0),
    tab.columnCount + (rows ? 0 : (request.length ?? 0)),
  );
  return {};
}

function updateDimensionProperties(batch: Batch, request: sheets_v4.Schema$UpdateDimensionPropertiesRequest) {
  const { tab, start, end, rows } = dimension(batch, request.range);
  const list = rows ? tab.rowMetadata : tab.columnMetadata;
  const paths = maskPaths(request.fields);
  for (let index = start; index < end; index += 1) {
    const before = list[index];
    const next = { ...before };
    for (const key of ['hiddenByUser', 'pixelSize'] as const)
      if (paths.includes(key) || paths.includes('*'))
        Object.assign(next, { [key]: request.properties?.[key] });
    list[index] = next;
    batch.undo.push(() => {
      list[index] = before;
    });
  }
  return {};
}

function addProtectedRange(batch: Batch, request: sheets_v4.Schema$AddProtectedRangeRequest) {
  const given = request.protectedRange ?? {};
  const tab = batch.tab(given.range?.sheetId ?? 0);
  const made = { ...given, protectedRangeId: given.protectedRangeId ?? batch.workbook.nextId };
  batch.workbook.nextId += 1;
  tab.protectedRanges = [...tab.protectedRanges, made];
  batch.undo.push(() => {
    tab.protectedRanges = tab.protectedRanges.filter((each) => each !== made);
    batch.workbook.nextId -= 1;
  });
  return { addProtectedRange: { protectedRange: made } };
}

function deleteProtectedRange(batch: Batch, request: sheets_v4.Schema$DeleteProtectedRangeRequest) {
  const id = request.protectedRangeId;
  const tab = batch.workbook.tabs.find((each) =>
    each.protectedRanges.some((range) => range.protectedRangeId === id),
  );
  if (!tab) throw invalid(`No protected range with ID ${id}`);
  const before = tab.protectedRanges;
  tab.protectedRanges = before.filter((range) => range.protectedRangeId !== id);
  batch.undo.push(() => {
    tab.protectedRanges = before;
  });
  return {};
}

function updateSpreadsheetProperties(
  batch: Batch,
  request: sheets_v4.Schema$UpdateSpreadsheetPropertiesRequest,
) {
  const before = batch.workbook.properties;
  const named = maskPaths(request.fields).map((path) => path.split('.')[0]);
  const given = Object.entries(request.properties ?? {}).filter(
    ([key]) => named.includes(key) || named.includes('*'),
  );
  batch.workbook.properties = { ...before, ...Object.fromEntries(given) };
  batch.undo.push(() => {
    batch.workbook.properties = before;
  });
  return {};
}

export const structureHandlers: Handlers = {
  addSheet,
  deleteSheet,
  updateSheetProperties,
  updateSpreadsheetProperties,
  insertDimension,
  deleteDimension,
  appendDimension,
  updateDimensionProperties,
  addProtectedRange,
  deleteProtectedRange,
};
