import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { HANDLERS } from '../../../emulator/src/sheets/requests/run.ts';
import { openSheets } from './open-sheets.ts';

const google = await openSheets();
afterAll(() => google.emulator.close());
const { create, batch, write, ask, sheets } = google;

type Kind = keyof typeof HANDLERS;
const range = { sheetId: 0, startRowIndex: 1, endRowIndex: 4, startColumnIndex: 0, endColumnIndex: 3 };
const rows = { sheetId: 0, dimension: 'ROWS', startIndex: 1, endIndex: 3 };
const columns = { sheetId: 0, dimension: 'COLUMNS', startIndex: 0, endIndex: 2 };
const rule = {
  ranges: [range],
  booleanRule: { condition: { type: 'NOT_BLANK' }, format: { backgroundColor: { red: 1 } } },
};
const anchor = { overlayPosition: { anchorCell: { sheetId: 0, rowIndex: 1 } } };
const metadata = {
  metadataKey: 'k',
  visibility: 'DOCUMENT',
  location: { dimensionRange: { sheetId: 0, dimension: 'ROWS', startIndex: 2, endIndex: 3 } },
};
const dataFilter = { developerMetadataLookup: { metadataKey: 'k' } };

/** Of every kind one request that works on the workbook below. */
const REQUESTS: Partial<Record<Kind, object>> = {
  addBanding: { bandedRange: { range: { ...range, startRowIndex: 6, endRowIndex: 8 } } },
  addChart: { chart: { spec: { title: 't' }, position: anchor } },
  addConditionalFormatRule: { rule },
  addDimensionGroup: { range: rows },
  addFilterView: { filter: { title: 'other', range } },
  addNamedRange: { namedRange: { name: 'other', range } },
  addProtectedRange: { protectedRange: { range } },
  addSheet: { properties: { title: 'other', index: 0 } },
  addSlicer: { slicer: { spec: { dataRange: range }, position: anchor } },
  appendCells: { sheetId: 0, rows: [{ values: [{ userEnteredValue: { numberValue: 1 } }] }], fields: '*' },
  appendDimension: { sheetId: 0, dimension: 'COLUMNS', length: 2 },
  autoFill: { range },
  autoResizeDimensions: { dimensions: columns },
  clearBasicFilter: { sheetId: 0 },
  copyPaste: { source: range, destination: { ...range, startRowIndex: 4, endRowIndex: 10 } },
  createDeveloperMetadata: { developerMetadata: metadata },
  cutPaste: { source: range, destination: { sheetId: 0, rowIndex: 6, columnIndex: 1 } },
  deleteBanding: { bandedRangeId: 1 },
  deleteConditionalFormatRule: { sheetId: 0, index: 0 },
  deleteDeveloperMetadata: { dataFilter },
  deleteDimension: { range: rows },
  deleteDimensionGroup: { range: columns },
  deleteDuplicates: { range },
  deleteEmbeddedObject: { objectId: 2 },
  deleteFilterView: { filterId: 3 },
  deleteNamedRange: { namedRangeId: 'here' },
  deleteProtectedRange: { protectedRangeId: 4 },
  deleteRange: { range, shiftDimension: 'ROWS' },
  deleteSheet: { sheetId: 0 },
  duplicateFilterView: { filterId: 3 },
  duplicateSheet: { sourceSheetId: 0 },
  findReplace: { find: 'a', replacement: 'zz', allSheets: true },
  insertDimension: { range: columns },
  insertRange: { range, shiftDimension: 'COLUMNS' },
  mergeCells: { range, mergeType: 'MERGE_ROWS' },
  moveDimension: { source: columns, destinationIndex: 4 },
  pasteData: { coordinate: { sheetId: 0 }, data: '1,2', delimiter: ',' },
  randomizeRange: { range },
  repeatCell: { range, cell: { note: 'n' }, fields: '*' },
  setBasicFilter: { filter: { range: { ...range, endRowIndex: 9 } } },
  setDataValidation: { range, rule: { condition: { type: 'BOOLEAN' } } },
  sortRange: { range, sortSpecs: [{ dimensionIndex: 0, sortOrder: 'DESCENDING' }] },
  textToColumns: { source: { ...range, endColumnIndex: 1 }, delimiterType: 'SPACE' },
  trimWhitespace: { range },
  unmergeCells: { range: { sheetId: 0 } },
  updateBanding: { bandedRange: { bandedRangeId: 1, range: { ...range, endRowIndex: 2 } }, fields: 'range' },
  updateBorders: { range, top: { style: 'SOLID' } },
  updateCells: { range, rows: [], fields: 'userEnteredValue' },
  updateChartSpec: { chartId: 2, spec: { title: 'u' } },
  updateConditionalFormatRule: { index: 0, rule: { ...rule, ranges: [{ ...range, endRowIndex: 2 }] } },
  updateDeveloperMetadata: {
    dataFilters: [dataFilter],
    developerMetadata: { metadataValue: 'v' },
    fields: 'metadataValue',
  },
  updateDimensionGroup: {
    dimensionGroup: { range: columns, depth: 1, collapsed: true },
    fields: 'collapsed',
  },
  updateDimensionProperties: { range: columns, properties: { pixelSize: 9 }, fields: 'pixelSize' },
  updateEmbeddedObjectBorder: { objectId: 2, border: { color: { red: 1 } }, fields: 'color' },
  updateEmbeddedObjectPosition: { objectId: 2, newPosition: anchor, fields: 'anchorCell' },
  updateFilterView: { filter: { filterViewId: 3, title: 'new' }, fields: 'title' },
  updateNamedRange: { namedRange: { namedRangeId: 'here', name: 'new' }, fields: 'name' },
  updateProtectedRange: {
    protectedRange: { protectedRangeId: 4, description: 'new' },
    fields: 'description',
  },
  updateSheetProperties: {
    properties: { sheetId: 0, title: 'new', index: 2, gridProperties: { rowCount: 3, columnCount: 2 } },
    fields: 'title,index,gridProperties(rowCount,columnCount)',
  },
  updateSlicerSpec: { slicerId: 5, spec: { title: 'new' }, fields: 'title' },
  updateSpreadsheetProperties: { properties: { title: 'new' }, fields: 'title' },
};

/** A workbook with something of everything. */
async function workbook(): Promise<string> {
  const id = await create();
  await write(id, 'A1', [
    ['b a', 1, '=B1'],
    [' a', 2, '=B2'],
    ['a', 2, '=B3'],
    ['c d', 3, '=B4'],
  ]);
  await batch(
    id,
    { addSheet: { properties: { title: 'second', sheetId: 8 } } },
    { mergeCells: { range: { ...range, startRowIndex: 6, endRowIndex: 8 }, mergeType: 'MERGE_ALL' } },
    { addBanding: { bandedRange: { bandedRangeId: 1, range: { ...range, endRowIndex: 3 } } } },
    { addChart: { chart: { chartId: 2, spec: { title: 't' }, position: anchor } } },
    { addFilterView: { filter: { filterViewId: 3, title: 'view', range } } },
    { addProtectedRange: { protectedRange: { protectedRangeId: 4, range } } },
    { addSlicer: { slicer: { slicerId: 5, spec: { dataRange: range }, position: anchor } } },
    { addNamedRange: { namedRange: { namedRangeId: 'here', name: 'here', range } } },
    { addConditionalFormatRule: { rule } },
    { setBasicFilter: { filter: { range } } },
    { addDimensionGroup: { range: columns } },
    { createDeveloperMetadata: { developerMetadata: metadata } },
    { updateDimensionProperties: { range: rows, properties: { pixelSize: 30 }, fields: 'pixelSize' } },
  );
  return id;
}

const picture = async (spreadsheetId: string) =>
  (await sheets.get({ spreadsheetId, includeGridData: true })).data;

describe('a batch whose last request fails', () => {
  it.each(Object.keys(HANDLERS) as Kind[])('leaves everything as before %s', async (kind) => {
    const id = await workbook();
    const before = await picture(id);
    const request = { [kind]: REQUESTS[kind] };
    const { data } = await ask('POST', `/${id}:batchUpdate`, {
      requests: [request, { deleteSheet: { sheetId: 404 } }],
    });
    expect(data.error?.message).toBe('Invalid requests[1].deleteSheet: No sheet with id: 404');
    expect(await picture(id)).toEqual(before);
    // What was undone was something: alone the request does change the workbook, or at least is carried out.
    expect((await ask('POST', `/${id}:batchUpdate`, { requests: [request] })).status).toBe(200);
  });

  it('leaves everything as before any requests in any order', async () => {
    const id = await workbook();
    const before = await picture(id);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.constantFrom(...(Object.keys(HANDLERS) as Kind[])), { minLength: 2, maxLength: 6 }),
        async (kinds) => {
          const { data } = await ask('POST', `/${id}:batchUpdate`, {
            requests: [
              ...kinds.map((kind) => ({ [kind]: REQUESTS[kind] })),
              { deleteSheet: { sheetId: 404 } },
            ],
          });
          // Some orders fail earlier: what one request needs another has deleted.
          expect(data.error?.code).toBe(400);
          expect(await picture(id)).toEqual(before);
        },
      ),
      { numRuns: 40 },
    );
  });
});
