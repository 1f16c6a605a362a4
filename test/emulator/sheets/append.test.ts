import { afterAll, describe, expect, it } from 'vitest';
import { openSheets } from './open-sheets.ts';

const google = await openSheets();
afterAll(() => google.emulator.close());
const { sheets, create, write, read } = google;

/** The sheet that Google's guide draws: two tables, A1:C2 and B4:D6. */
const twoTables = async () => {
  const id = await create();
  await write(id, 'A1', [
    ['x', 'y', 'z'],
    ['x', 'y', 'z'],
    [],
    ['', 'x', 'y'],
    ['', '', 'y', 'z'],
    ['', 'x', 'y', 'z'],
  ]);
  return id;
};
const append = async (spreadsheetId: string, range: string, values: unknown[][], more: object = {}) =>
  (
    await sheets.values.append({
      spreadsheetId,
      range,
      valueInputOption: 'USER_ENTERED',
      requestBody: { values },
      ...more,
    })
  ).data;

describe('values.append', () => {
  it.each([
    ['Sheet1', 'Sheet1!B4:D6', 'Sheet1!B7'],
    ['B4', 'Sheet1!B4:D6', 'Sheet1!B7'],
    ['C5:D5', 'Sheet1!B4:D6', 'Sheet1!B7'],
    ['B5', 'Sheet1!B4:D6', 'Sheet1!B7'],
    ['B2:D4', 'Sheet1!B4:D6', 'Sheet1!B7'],
    ['A3:G10', 'Sheet1!B4:D6', 'Sheet1!B7'],
    ['A1', 'Sheet1!A1:C2', 'Sheet1!A3'],
    ['E4', undefined, 'Sheet1!E4'],
    ['A4', undefined, 'Sheet1!A4'],
  ])('to %s finds the table %s and writes %s', async (range, tableRange, updatedRange) => {
    const spreadsheetId = await twoTables();
    expect(await append(spreadsheetId, range, [['new']])).toEqual({
      spreadsheetId,
      ...(tableRange ? { tableRange } : {}),
      updates: { spreadsheetId, updatedRange, updatedRows: 1, updatedColumns: 1, updatedCells: 1 },
    });
  });

  it('begins an empty sheet at its first cell, and gives back the values', async () => {
    const spreadsheetId = await create();
    const data = await append(spreadsheetId, 'Sheet1', [['1%', 'b']], { includeValuesInResponse: true });
    expect(data).toEqual({
      spreadsheetId,
      updates: {
        spreadsheetId,
        updatedRange: 'Sheet1!A1:B1',
        updatedRows: 1,
        updatedColumns: 2,
        updatedCells: 2,
        updatedData: { range: 'Sheet1!A1:B1', majorDimension: 'ROWS', values: [['1%', 'b']] },
      },
    });
  });

  it('overwrites what lies below, unless rows are to be inserted', async () => {
    const below = async (insertDataOption?: string) => {
      const id = await create();
      await write(id, 'A1', [['a', 'b'], ['c', 'd'], [], ['below']]);
      const rows = [['1'], ['2'], ['3']];
      await append(id, 'A1', rows, insertDataOption ? { insertDataOption } : {});
      return read(id, 'A3:A8');
    };
    expect(await below()).toEqual([['1'], ['2'], ['3']]);
    expect(await below('INSERT_ROWS')).toEqual([['1'], ['2'], ['3'], [], ['below']]);
  });

  it('lets the grid grow', async () => {
    const spreadsheetId = await create();
    await write(spreadsheetId, 'Z999', [['a'], ['b']]);
    const data = await append(spreadsheetId, 'Z1000', [['c', 'd']]);
    expect(data.updates?.updatedRange).toBe('Sheet1!Z1001:AA1001');
    const { data: book } = await sheets.get({ spreadsheetId });
    expect(book.sheets?.[0]?.properties?.gridProperties).toEqual({ rowCount: 1001, columnCount: 27 });
  });
});
