import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { ApiError, invalid } from '../errors.ts';
import { OWNER } from './ranges/protection.ts';
import { canonical } from './protocol/canonical.ts';
import { DEFAULT_PROPERTIES } from './protocol/defaults.ts';
import { runBatch } from './requests/run.ts';
import { refuseTitle } from './requests/sheets.ts';
import { checkSize, newId, newTab, type Workbook } from './workbook.ts';

/**
 * A workbook as `spreadsheets.create` makes it: what the body leaves out is as in a fresh file, what its sheets hold is
 * added as a batch would.
 */
export function createWorkbook(
  id: string,
  body: sheets_v4.Schema$Spreadsheet,
  { unsetCheckboxes }: Pick<Workbook, 'unsetCheckboxes'>,
): Workbook {
  const workbook: Workbook = {
    id,
    unsetCheckboxes,
    properties: {
      ...DEFAULT_PROPERTIES,
      ...canonical('SpreadsheetProperties', body.properties ?? {}),
      defaultFormat: DEFAULT_PROPERTIES.defaultFormat,
    },
    tabs: [],
    namedRanges: [],
    developerMetadata: [],
    nextId: 0,
  };
  const given = body.sheets?.length ? body.sheets : [{ properties: {} }];
  for (const [index, { properties = {} }] of given.entries()) {
    const title = properties.title ?? `Sheet${index + 1}`;
    refuseTitle(workbook, title);
    // The first sheet of a file is number 0 unless it is given another.
    const sheetId = properties.sheetId ?? (index === 0 ? 0 : newId(workbook, []));
    if (workbook.tabs.some((tab) => tab.properties.sheetId === sheetId))
      throw invalid(`Sheet with id ${sheetId} already exists. Its name is "${title}".`);
    workbook.tabs.push(newTab(sheetId, title, index, canonical('SheetProperties', properties)));
  }
  checkSize(workbook, 1);
  const requests = [
    ...given.flatMap((sheet, index) => contents(sheet, workbook.tabs[index]?.properties.sheetId ?? 0)),
    ...(body.namedRanges ?? []).map((namedRange) => ({ addNamedRange: { namedRange } })),
    ...(body.developerMetadata ?? []).map((developerMetadata) => ({
      createDeveloperMetadata: { developerMetadata },
    })),
  ];
  try {
    runBatch(workbook, requests, OWNER);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new ApiError(
      error.status,
      error.message.replace(/^Invalid requests\[\d+\]\.\w+: /u, ''),
      error.details,
    );
  }
  return workbook;
}

function contents(sheet: sheets_v4.Schema$Sheet, sheetId: number): sheets_v4.Schema$Request[] {
  return [
    ...(sheet.data ?? []).flatMap((data) => gridRequests(data, sheetId)),
    ...(sheet.merges ?? []).map((range) => ({
      mergeCells: { range: { ...range, sheetId }, mergeType: 'MERGE_ALL' },
    })),
    ...(sheet.conditionalFormats ?? []).map((rule, index) => ({ addConditionalFormatRule: { rule, index } })),
    ...(sheet.filterViews ?? []).map((filter) => ({ addFilterView: { filter } })),
    ...(sheet.protectedRanges ?? []).map((protectedRange) => ({ addProtectedRange: { protectedRange } })),
    ...(sheet.basicFilter ? [{ setBasicFilter: { filter: sheet.basicFilter } }] : []),
    ...(sheet.bandedRanges ?? []).map((bandedRange) => ({ addBanding: { bandedRange } })),
    ...(sheet.charts ?? []).map((chart) => ({ addChart: { chart } })),
    ...(sheet.slicers ?? []).map((slicer) => ({ addSlicer: { slicer } })),
    ...(sheet.developerMetadata ?? []).map((developerMetadata) => ({
      createDeveloperMetadata: { developerMetadata },
    })),
  ];
}

function gridRequests(data: sheets_v4.Schema$GridData, sheetId: number): sheets_v4.Schema$Request[] {
  const start = { sheetId, rowIndex: data.startRow ?? 0, columnIndex: data.startColumn ?? 0 };
  const dimension = (
    name: 'ROWS' | 'COLUMNS',
    first: number,
    list: readonly sheets_v4.Schema$DimensionProperties[] = [],
  ) =>
    list.map((properties, index) => ({
      updateDimensionProperties: {
        range: { sheetId, dimension: name, startIndex: first + index, endIndex: first + index + 1 },
        properties,
        fields: 'pixelSize,hiddenByUser',
      },
    }));
  return [
    ...(data.rowData?.length ? [{ updateCells: { start, rows: data.rowData, fields: '*' } }] : []),
    ...dimension('ROWS', start.rowIndex, data.rowMetadata),
    ...dimension('COLUMNS', start.columnIndex, data.columnMetadata),
  ];
}
