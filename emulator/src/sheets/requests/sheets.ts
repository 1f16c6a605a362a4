import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { invalid, unimplemented } from '../../errors.ts';
import { type Batch, type Handlers, resize, sheetOf } from './batch.ts';
import { canonical } from '../protocol/canonical.ts';
import { checkTabProtection } from '../ranges/protection.ts';
import { describeTab } from '../describe.ts';
import { masks, parseUpdateFields, writeFields } from '../protocol/fields.ts';
import { assign, checkSize, checkWidth, newId, newTab, type Tab, type Workbook } from '../workbook.ts';

function addSheet(batch: Batch, request: sheets_v4.Schema$AddSheetRequest) {
  const given = request.properties ?? {};
  if (given.sheetType && given.sheetType !== 'GRID') throw unimplemented(`sheets of type ${given.sheetType}`);
  const { workbook, undo } = batch;
  const title = given.title ?? freeTitle(workbook, (number) => `Sheet${workbook.tabs.length + number}`);
  refuseTitle(workbook, title);
  const sheetId = given.sheetId ?? newId(workbook, undo);
  refuseId(workbook, sheetId);
  const tab = newTab(sheetId, title, 0, canonical('SheetProperties', given));
  checkSize(workbook, tab.rowCount * tab.columnCount);
  checkWidth(tab.columnCount);
  insertTab(batch, tab, given.index ?? workbook.tabs.length);
  return { addSheet: { properties: describeTab(workbook, tab) } };
}

function insertTab({ workbook, undo }: Batch, tab: Tab, index: number) {
  if (index < 0 || index > workbook.tabs.length)
    throw invalid(`The index ${index} is out of range: there are ${workbook.tabs.length} sheets.`);
  assign(undo, workbook, 'tabs', workbook.tabs.toSpliced(index, 0, tab));
}

/** The first title of a series that no tab has. */
export function freeTitle(workbook: Workbook, title: (number: number) => string): string {
  for (let number = 1; ; number += 1) {
    const wanted = title(number);
    if (!findTitle(workbook, wanted)) return wanted;
  }
}

function findTitle(workbook: Workbook, title: string, except?: Tab): Tab | undefined {
  return workbook.tabs.find(
    (tab) => tab !== except && tab.properties.title.toLowerCase() === title.toLowerCase(),
  );
}

const MOST_TITLE = 100;

export function refuseTitle(workbook: Workbook, title: string, except?: Tab): void {
  if (title === '') throw invalid('Sheet name cannot be empty.');
  if (title.length > MOST_TITLE) throw invalid(`Sheet name cannot be longer than ${MOST_TITLE} characters.`);
  if (findTitle(workbook, title, except))
    throw invalid(`A sheet with the name "${title}" already exists. Please enter another name.`);
}

function refuseId(workbook: Workbook, sheetId: number) {
  const same = workbook.tabs.find((tab) => tab.properties.sheetId === sheetId);
  if (same) throw invalid(`Sheet with id ${sheetId} already exists. Its name is "${same.properties.title}".`);
}

function deleteSheet(batch: Batch, request: sheets_v4.Schema$DeleteSheetRequest) {
  const { workbook, undo } = batch;
  const tab = sheetOf(batch, request.sheetId);
  if (workbook.tabs.length === 1) throw invalid("You can't remove all the sheets in a document.");
  checkTabProtection(tab, batch.writer);
  const { sheetId } = tab.properties;
  assign(
    undo,
    workbook,
    'tabs',
    workbook.tabs.filter((each) => each !== tab),
  );
  assign(
    undo,
    workbook,
    'namedRanges',
    workbook.namedRanges.filter(({ range }) => (range?.sheetId ?? 0) !== sheetId),
  );
  assign(
    undo,
    workbook,
    'developerMetadata',
    workbook.developerMetadata.filter(
      ({ location }) =>
        location?.sheetId !== sheetId &&
        !(location?.dimensionRange && (location.dimensionRange.sheetId ?? 0) === sheetId),
    ),
  );
  return {};
}

const OWN_RANGES = [
  'merges',
  'protectedRanges',
  'conditionalFormats',
  'filterViews',
  'bandedRanges',
  'rowGroups',
  'columnGroups',
  'charts',
  'slicers',
  'basicFilter',
] as const;

/** Copies a tab under another id, so that whatever in it names cells of its own names the copy's. */
export function copyTab(tab: Tab, sheetId: number, title: string, id: () => number): Tab {
  const copy = structuredClone(tab);
  copy.properties = { ...copy.properties, sheetId, title };
  const rename = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const each of Object.values(node)) rename(each);
    const record = node as Record<string, unknown>;
    const isRange = [
      'startRowIndex',
      'startColumnIndex',
      'rowIndex',
      'columnIndex',
      'dimension',
      'sheetId',
    ].some((key) => key in record);
    if (isRange && (record.sheetId ?? 0) === tab.properties.sheetId) record.sheetId = sheetId;
    for (const key of ['protectedRangeId', 'filterViewId', 'bandedRangeId', 'chartId', 'slicerId'])
      if (key in record) record[key] = id();
  };
  for (const key of OWN_RANGES) rename(copy[key]);
  return copy;
}

function duplicateSheet(batch: Batch, request: sheets_v4.Schema$DuplicateSheetRequest) {
  const { workbook, undo } = batch;
  const source = sheetOf(batch, request.sourceSheetId);
  const plain = `Copy of ${source.properties.title}`;
  const title =
    request.newSheetName ||
    freeTitle(workbook, (number) => (number === 1 ? plain : `${plain} ${number - 1}`));
  refuseTitle(workbook, title);
  const sheetId = request.newSheetId ?? newId(workbook, undo);
  refuseId(workbook, sheetId);
  checkSize(workbook, source.rowCount * source.columnCount);
  const tab = copyTab(source, sheetId, title, () => newId(workbook, undo));
  insertTab(batch, tab, request.insertSheetIndex ?? 0);
  return { duplicateSheet: { properties: describeTab(workbook, tab) } };
}

function updateSheetProperties(batch: Batch, request: sheets_v4.Schema$UpdateSheetPropertiesRequest) {
  const { workbook, undo } = batch;
  const given = request.properties ?? {};
  const tab = sheetOf(batch, given.sheetId);
  const mask = parseUpdateFields(request.fields, 'SheetProperties');
  checkTabProtection(tab, batch.writer);
  const source = canonical('SheetProperties', given);
  const next = writeFields(describeTab(workbook, tab), source, mask, 'SheetProperties');
  const { rowCount, columnCount, ...grid } = next.gridProperties ?? {};
  const title = next.title ?? '';
  if (masks(mask, 'title')) refuseTitle(workbook, title, tab);
  if (!batch.isReplay) {
    if (!rowCount) throw invalid("You can't delete all the rows on the sheet.");
    if (!columnCount) throw invalid("You can't delete all the columns on the sheet.");
  }
  const size = { rows: rowCount || tab.rowCount, columns: columnCount || tab.columnCount };
  if (masks(mask, 'gridProperties') && !batch.isReplay) refuseAllFrozen(tab, grid, size);
  if (masks(mask, 'hidden') && next.hidden && !tab.properties.hidden) refuseLastHidden(workbook, tab);
  assign(undo, tab, 'properties', {
    ...next,
    sheetId: tab.properties.sheetId,
    title,
    sheetType: 'GRID',
    gridProperties: grid,
  });
  if (size.rows !== tab.rowCount || size.columns !== tab.columnCount) cut(batch, tab, size);
  if (mask ? mask.index : typeof given.index === 'number')
    moveTab(batch, tab, given.index ?? workbook.tabs.length);
  return {};
}

function refuseAllFrozen(
  { rowMetadata, columnMetadata }: Tab,
  grid: sheets_v4.Schema$GridProperties,
  size: { rows: number; columns: number },
) {
  for (const [name, frozen, count, lines] of [
    ['rows', grid.frozenRowCount, size.rows, rowMetadata],
    ['columns', grid.frozenColumnCount, size.columns, columnMetadata],
  ] as const)
    if (frozen && !isVisibleFrom(frozen, count, lines))
      throw invalid(`You can't freeze all visible ${name} on the sheet.`);
}

/** Whether a row or column that shows is left from this one on. */
function isVisibleFrom(
  start: number,
  count: number,
  lines: readonly (sheets_v4.Schema$DimensionProperties | undefined)[],
): boolean {
  for (let index = start; index < count; index += 1) if (!lines[index]?.hiddenByUser) return true;
  return false;
}

function refuseLastHidden(workbook: Workbook, tab: Tab) {
  if (workbook.tabs.every((each) => each === tab || each.properties.hidden))
    throw invalid("You can't hide all the sheets in a document.");
}

/** Positions count as before the move: to stand in front of the third, a tab is given index 2. */
function moveTab({ workbook, undo }: Batch, tab: Tab, index: number) {
  const from = workbook.tabs.indexOf(tab);
  if (index === from || index === from + 1) return;
  const rest = workbook.tabs.filter((each) => each !== tab);
  assign(undo, workbook, 'tabs', rest.toSpliced(index > from ? index - 1 : index, 0, tab));
}

function cut(batch: Batch, tab: Tab, size: { rows: number; columns: number }) {
  // As Google does it: rows first, and the limit is looked at in between.
  resize(batch, tab, size.rows, tab.columnCount);
  resize(batch, tab, size.rows, size.columns);
  if (size.rows < tab.rows.length) assign(batch.undo, tab, 'rows', tab.rows.slice(0, size.rows));
  if (tab.rows.some((row) => (row?.length ?? 0) > size.columns))
    assign(
      batch.undo,
      tab,
      'rows',
      Array.from(tab.rows, (row) => row?.slice(0, size.columns)),
    );
}

/** Google refuses what it does not know; its words are not documented. */
export function refusePlace({ locale, timeZone }: sheets_v4.Schema$SpreadsheetProperties) {
  if (locale && !isLocale(locale)) throw invalid(`Unsupported locale: ${locale}`);
  if (timeZone && !isTimeZone(timeZone)) throw invalid(`Invalid time zone: ${timeZone}`);
}

function isLocale(locale: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale.replaceAll('_', '-')).length > 0;
  } catch {
    return false;
  }
}

/** `GMT-07:00` is one, too. */
function isTimeZone(timeZone: string): boolean {
  try {
    return Boolean(Intl.DateTimeFormat('en', { timeZone: timeZone.replace(/^GMT(?=[+-])/u, '') }));
  } catch {
    return false;
  }
}

function updateSpreadsheetProperties(
  batch: Batch,
  request: sheets_v4.Schema$UpdateSpreadsheetPropertiesRequest,
) {
  const mask = parseUpdateFields(request.fields, 'SpreadsheetProperties');
  const { properties } = batch.workbook;
  const given = canonical('SpreadsheetProperties', request.properties ?? {});
  const next = writeFields(properties, given, mask, 'SpreadsheetProperties');
  if (!batch.isReplay) refusePlace(next);
  assign(batch.undo, batch.workbook, 'properties', {
    ...next,
    title: next.title ?? properties.title,
    locale: next.locale ?? properties.locale,
    timeZone: next.timeZone ?? properties.timeZone,
    autoRecalc: next.autoRecalc ?? properties.autoRecalc,
    defaultFormat: properties.defaultFormat,
    spreadsheetTheme: next.spreadsheetTheme ?? properties.spreadsheetTheme,
  });
  return {};
}

export const sheetHandlers: Handlers = {
  addSheet,
  deleteSheet,
  duplicateSheet,
  updateSheetProperties,
  updateSpreadsheetProperties,
};
