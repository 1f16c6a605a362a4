import { afterAll, describe, expect, it } from 'vitest';
import { openSheets } from './open-sheets.ts';

/** What widely used clients send, and Google takes. */

const google = await openSheets();
afterAll(() => google.emulator.close());
const { ask, batch, create, read, sheets, write } = google;

it('null in place of a request is passed over', async () => {
  const id = await create();
  const { status, data } = await ask('POST', `/${id}:batchUpdate`, {
    requests: [null, { addSheet: { properties: { title: 'second' } } }, null],
  });
  expect(status).toBe(200);
  expect(data.replies).toHaveLength(1);
  expect((await ask('POST', `/${id}:batchUpdate`, { requests: [null] })).data.error?.message).toBe(
    'Must specify at least one request.',
  );
});

it('an address may end with a slash, also before the verb', async () => {
  const id = await create();
  expect((await ask('GET', `/${id}/?fields=spreadsheetId`)).data).toEqual({ spreadsheetId: id });
  const { status } = await ask('POST', `/${id}/:batchUpdate`, { requests: [{ addSheet: {} }] });
  expect(status).toBe(200);
});

it('an empty text clears a cell', async () => {
  const id = await create();
  await write(id, 'A1', [['x', 'y']]);
  await batch(id, {
    updateCells: {
      start: { sheetId: 0 },
      rows: [{ values: [{}, { userEnteredValue: { stringValue: '' } }] }],
      fields: 'userEnteredValue',
    },
  });
  expect(await read(id)).toBeUndefined();
});

describe('values.append', () => {
  it('goes on below the table whose last row is the last, and of two the right one', async () => {
    const id = await create();
    await write(id, 'A1', [
      ['a', '', 'b'],
      ['a', '', 'b'],
    ]);
    const { data } = await sheets.values.append({
      spreadsheetId: id,
      range: 'Sheet1',
      valueInputOption: 'RAW',
      requestBody: { values: [['new']] },
    });
    expect(data.tableRange).toBe('Sheet1!C1:C2');
    expect((await read(id))?.at(-1)).toEqual(['', '', 'new']);
  });
});

describe('a named range behind the title of its sheet', () => {
  it('is read; behind another sheet’s title, or where there is none, it is refused', async () => {
    const id = await create();
    await write(id, 'B2', [['inside']]);
    await batch(
      id,
      {
        addNamedRange: {
          namedRange: {
            name: 'Named',
            range: {
              sheetId: 0,
              startRowIndex: 1,
              endRowIndex: 2,
              startColumnIndex: 1,
              endColumnIndex: 2,
            },
          },
        },
      },
      { addSheet: { properties: { title: 'Other' } } },
    );
    expect(await read(id, "'Sheet1'!Named")).toEqual([['inside']]);
    expect(await read(id, 'Sheet1!Named')).toEqual([['inside']]);
    for (const range of ["'Other'!Named", 'Sheet1!Nothing', 'Nothing!Named'])
      await expect(read(id, range)).rejects.toThrow(`Unable to parse range: ${range}`);
  });
});
