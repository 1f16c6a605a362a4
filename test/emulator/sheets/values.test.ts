import { afterAll, describe, expect, it } from 'vitest';
import { openSheets } from './open-sheets.ts';

const google = await openSheets();
afterAll(() => google.emulator.close());
const { sheets, create, write, read, ask } = google;

describe('values.update', () => {
  it('says which cells it wrote', async () => {
    const spreadsheetId = await create();
    const { data } = await write(spreadsheetId, 'Sheet1!B2:D9', [
      ['a', null, 'c'],
      ['d', 'e'],
    ]);
    expect(data).toEqual({
      spreadsheetId,
      updatedRange: 'Sheet1!B2:D3',
      updatedRows: 2,
      updatedColumns: 3,
      updatedCells: 4,
    });
  });

  it('takes a lone cell for the place where the data begins', async () => {
    const id = await create();
    const { data } = await write(id, 'B2', [
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(data.updatedRange).toBe('Sheet1!B2:C3');
    expect(await read(id, 'Sheet1!A1:C3')).toEqual([[], ['', 'a', 'b'], ['', 'c', 'd']]);
  });

  it('leaves the counts out where nothing was written', async () => {
    const spreadsheetId = await create();
    const { data } = await write(spreadsheetId, 'Sheet1!A1:B2', []);
    expect(data).toEqual({ spreadsheetId, updatedRange: 'Sheet1!A1' });
  });

  it('gives the values back as they are now, where that is asked for', async () => {
    const spreadsheetId = await create();
    const { data } = await sheets.values.update({
      spreadsheetId,
      range: 'A1:B2',
      valueInputOption: 'USER_ENTERED',
      includeValuesInResponse: true,
      responseValueRenderOption: 'UNFORMATTED_VALUE',
      requestBody: { values: [['1', '=A1+1']] },
    });
    expect(data.updatedData).toEqual({
      range: 'Sheet1!A1:B1',
      majorDimension: 'ROWS',
      values: [[1, 2]],
    });
  });

  it('writes columns where the major dimension says so, and reads them', async () => {
    const spreadsheetId = await create();
    await sheets.values.update({
      spreadsheetId,
      range: 'A1',
      valueInputOption: 'RAW',
      requestBody: { majorDimension: 'COLUMNS', values: [['a', 'b'], ['c']] },
    });
    expect(await read(spreadsheetId)).toEqual([['a', 'c'], ['b']]);
    const { data } = await sheets.values.get({ spreadsheetId, range: 'A1:C3', majorDimension: 'COLUMNS' });
    expect(data).toEqual({ range: 'Sheet1!A1:C3', majorDimension: 'COLUMNS', values: [['a', 'b'], ['c']] });
  });

  it('keeps cells that are null and empties those that are ""', async () => {
    const id = await create();
    await write(id, 'A1', [['a', 'b', 'c']]);
    await write(id, 'A1', [[null, '', 'd']]);
    expect(await read(id)).toEqual([['a', '', 'd']]);
  });

  it.each([
    [
      'Sheet1!A1:B1',
      [['a'], ['b']],
      'Requested writing within range [Sheet1!A1:B1], but tried writing to row [2]',
    ],
    [
      'Sheet1!A1:B1',
      [['a', 'b', 'c']],
      'Requested writing within range [Sheet1!A1:B1], but tried writing to column [C]',
    ],
    ['Sheet1!A1001', [['a']], 'Range (Sheet1!A1001) exceeds grid limits. Max rows: 1000, max columns: 26'],
    ['Nowhere!A1', [['a']], 'Unable to parse range: Nowhere!A1'],
    ['A1', [[{ a: 1 }]], expect.stringMatching(/^Invalid values\[0\]\[0\]: struct_value/u)],
    ['A1', [[['a']]], expect.stringMatching(/^Invalid values\[0\]\[0\]: list_value/u)],
  ])('refuses %s ← %j', async (range, values, message) => {
    const id = await create();
    const { status, data } = await ask(
      'PUT',
      `/${id}/values/${encodeURIComponent(range)}?valueInputOption=RAW`,
      {
        values,
      },
    );
    expect({ status, data }).toEqual({
      status: 400,
      data: { error: { code: 400, message, status: 'INVALID_ARGUMENT' } },
    });
    expect(await read(id)).toBeUndefined();
  });

  it('wants to know how the values are meant', async () => {
    const { data } = await ask('PUT', `/${await create()}/values/A1`, { values: [['a']] });
    expect(data.error).toEqual({
      code: 400,
      message: "'valueInputOption' is required but not specified",
      status: 'INVALID_ARGUMENT',
    });
  });
});

describe('values.batchUpdate', () => {
  it('counts every row, column and cell once', async () => {
    const spreadsheetId = await create();
    const { data } = await sheets.values.batchUpdate({
      spreadsheetId,
      requestBody: {
        valueInputOption: 'RAW',
        data: [
          { range: 'A1:B1', values: [['a', 'b']] },
          { range: 'B1:B2', values: [['c'], ['d']] },
        ],
      },
    });
    expect(data).toEqual({
      spreadsheetId,
      totalUpdatedRows: 2,
      totalUpdatedColumns: 2,
      totalUpdatedCells: 3,
      totalUpdatedSheets: 1,
      responses: [
        { spreadsheetId, updatedRange: 'Sheet1!A1:B1', updatedRows: 1, updatedColumns: 2, updatedCells: 2 },
        { spreadsheetId, updatedRange: 'Sheet1!B1:B2', updatedRows: 2, updatedColumns: 1, updatedCells: 2 },
      ],
    });
  });

  it('writes nothing where one range is wrong, and says which', async () => {
    const id = await create();
    const { data } = await ask('POST', `/${id}/values:batchUpdate`, {
      valueInputOption: 'RAW',
      data: [
        { range: 'A1', values: [['a']] },
        { range: 'Nowhere!A1', values: [['b']] },
      ],
    });
    expect(data.error?.message).toBe('Invalid data[1]: Unable to parse range: Nowhere!A1');
    expect(await read(id)).toBeUndefined();
  });
});

describe('values.clear and batchClear', () => {
  it('name the range that was cleared, within the grid', async () => {
    const spreadsheetId = await create();
    await write(spreadsheetId, 'A1', [['a', 'b'], ['c']]);
    const { data } = await sheets.values.clear({ spreadsheetId, range: 'Sheet1!B1:ZZ' });
    expect(data).toEqual({ spreadsheetId, clearedRange: 'Sheet1!B1:Z1000' });
    expect(await read(spreadsheetId)).toEqual([['a'], ['c']]);
    const both = await sheets.values.batchClear({
      spreadsheetId,
      requestBody: { ranges: ['A1', 'Sheet1!A2:B2'] },
    });
    expect(both.data).toEqual({ spreadsheetId, clearedRanges: ['Sheet1!A1', 'Sheet1!A2:B2'] });
    expect(await read(spreadsheetId)).toBeUndefined();
  });
});

describe('data filters', () => {
  it('read, write and clear by grid range, A1 notation and metadata', async () => {
    const spreadsheetId = await create();
    await google.batch(spreadsheetId, {
      createDeveloperMetadata: {
        developerMetadata: {
          metadataKey: 'line',
          visibility: 'DOCUMENT',
          location: { dimensionRange: { sheetId: 0, dimension: 'ROWS', startIndex: 1, endIndex: 2 } },
        },
      },
    });
    const gridRange = { sheetId: 0, startRowIndex: 0, endRowIndex: 1 };
    const developerMetadataLookup = { metadataKey: 'line' };
    const written = await sheets.values.batchUpdateByDataFilter({
      spreadsheetId,
      requestBody: {
        valueInputOption: 'RAW',
        data: [
          { dataFilter: { gridRange }, values: [['a']] },
          { dataFilter: { developerMetadataLookup }, values: [['b']] },
        ],
      },
    });
    expect(written.data).toMatchObject({
      totalUpdatedCells: 2,
      responses: [
        { updatedRange: 'Sheet1!A1', dataFilter: { gridRange } },
        { updatedRange: 'Sheet1!A2', dataFilter: { developerMetadataLookup } },
      ],
    });
    const { data } = await sheets.values.batchGetByDataFilter({
      spreadsheetId,
      requestBody: { dataFilters: [{ a1Range: 'A1:A2' }, { developerMetadataLookup }] },
    });
    // Google promises no order: whoever relies on one gets the other tab's rows.
    expect(data.valueRanges).toEqual([
      {
        valueRange: { range: 'Sheet1!A2:Z2', majorDimension: 'ROWS', values: [['b']] },
        dataFilters: [{ developerMetadataLookup }],
      },
      {
        valueRange: { range: 'Sheet1!A1:A2', majorDimension: 'ROWS', values: [['a'], ['b']] },
        dataFilters: [{ a1Range: 'A1:A2' }],
      },
    ]);
    const cleared = await sheets.values.batchClearByDataFilter({
      spreadsheetId,
      requestBody: { dataFilters: [{ gridRange }] },
    });
    expect(cleared.data.clearedRanges).toEqual(['Sheet1!A1:Z1']);
    expect(await read(spreadsheetId)).toEqual([[], ['b']]);
  });
});

describe('A1 notation', () => {
  it.each([
    ['Sheet1', 'Sheet1!A1:Z1000'],
    ["'Sheet1'", 'Sheet1!A1:Z1000'],
    ['sheet1!a1', 'Sheet1!A1'],
    ['A1:B2', 'Sheet1!A1:B2'],
    ['B2:A1', 'Sheet1!A1:B2'],
    ['$A$1:$B$2', 'Sheet1!A1:B2'],
    ['A:B', 'Sheet1!A1:B1000'],
    ['2:3', 'Sheet1!A2:Z3'],
    ['B5:B', 'Sheet1!B5:B1000'],
    ['A990:B2000', 'Sheet1!A990:B1000'],
    ['R1C1:R2C3', 'Sheet1!A1:C2'],
    ['R[1]C[1]', 'Sheet1!B2'],
    ['R1C1:R2', 'Sheet1!A1:Z2'],
    ['R1C1:C2', 'Sheet1!A1:B1000'],
    ['R[1]', 'Sheet1!A2:Z2'],
    ['R1', 'Sheet1!R1'],
    ['RC', 'Sheet1!A1'],
    ['Sheet1!A01', 'Sheet1!A1'],
    ['here', 'Sheet1!B2:C3'],
  ])('%s is %s', async (range, printed) => {
    const spreadsheetId = await create();
    await google.batch(spreadsheetId, {
      addNamedRange: {
        namedRange: {
          name: 'here',
          range: { sheetId: 0, startRowIndex: 1, endRowIndex: 3, startColumnIndex: 1, endColumnIndex: 3 },
        },
      },
    });
    expect((await sheets.values.get({ spreadsheetId, range })).data).toEqual({
      range: printed,
      majorDimension: 'ROWS',
    });
  });

  it('takes a word that could be a cell for one, and quotes such titles', async () => {
    const id = await create('tab01');
    const { data } = await ask('GET', `/${id}/values/tab01`);
    expect(data.error?.message).toBe(
      "Range ('tab01'!TAB1) exceeds grid limits. Max rows: 1000, max columns: 26",
    );
    expect((await ask('GET', `/${id}/values/${encodeURIComponent("'tab01'")}`)).data.range).toBe(
      "'tab01'!A1:Z1000",
    );
  });

  it.each([
    'A',
    '1',
    '',
    'Sheet1!',
    'Sheet1!A1:B2:C3',
    'Sheet2',
    "'Sheet1!A1",
  ])('does not read "%s"', async (range) => {
    const { data } = await ask(
      'GET',
      `/${await create()}/values:batchGet?ranges=${encodeURIComponent(range)}`,
    );
    expect(data.error?.message).toBe(`Unable to parse range: ${range}`);
  });
});
