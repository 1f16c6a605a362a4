import { afterEach, describe, expect, it } from 'vitest';
import { openSheets } from './open-sheets.ts';

let google: Awaited<ReturnType<typeof openSheets>>;
afterEach(() => google.emulator.close());

/** A column of check boxes over nine rows, and a text in the first. */
async function boxed(unsetCheckboxes: 'data' | 'blank') {
  google = await openSheets({ switches: { unsetCheckboxes } });
  const id = await google.create();
  const rule = { condition: { type: 'BOOLEAN' }, strict: true };
  await google.batch(
    id,
    {
      setDataValidation: {
        range: { sheetId: 0, startRowIndex: 0, endRowIndex: 9, startColumnIndex: 1, endColumnIndex: 2 },
        rule,
      },
    },
    {
      updateCells: {
        start: { sheetId: 0 },
        rows: [{ values: [{ userEnteredValue: { stringValue: 'first' } }] }],
        fields: 'userEnteredValue',
      },
    },
  );
  const append = (text: string) => ({
    appendCells: {
      sheetId: 0,
      rows: [{ values: [{ userEnteredValue: { stringValue: text } }] }],
      fields: 'userEnteredValue',
    },
  });
  const appendValue = (text: string) =>
    google.sheets.values.append({
      spreadsheetId: id,
      range: 'A1',
      valueInputOption: 'RAW',
      requestBody: { values: [[text]] },
    });
  const placeOf = async (text: string) => (await google.read(id))?.findIndex(([cell]) => cell === text);
  return { id, append, appendValue, placeOf };
}

describe('check boxes that nobody has touched', () => {
  it('count as data: what is appended comes below them', async () => {
    const { id, append, appendValue, placeOf } = await boxed('data');
    expect(await google.read(id)).toHaveLength(9);
    expect((await google.read(id, 'B1:B9'))?.flat()).toEqual(Array.from({ length: 9 }, () => 'FALSE'));
    await google.batch(id, append('appended'));
    expect(await placeOf('appended')).toBe(9);
    await appendValue('valued');
    expect(await placeOf('valued')).toBe(10);
  });

  it('or count as blank: what is appended comes among them', async () => {
    const { id, append, appendValue, placeOf } = await boxed('blank');
    expect(await google.read(id)).toEqual([['first']]);
    await google.batch(id, append('appended'));
    expect(await placeOf('appended')).toBe(1);
    await appendValue('valued');
    expect(await placeOf('valued')).toBe(2);
  });

  it('come with a row that is inserted among them, and go with their rule and what it counts as', async () => {
    const { id } = await boxed('data');
    const range = { sheetId: 0, dimension: 'ROWS', startIndex: 4, endIndex: 5 };
    await google.batch(id, { insertDimension: { range, inheritFromBefore: true } });
    expect(await google.read(id, 'B5')).toEqual([['FALSE']]);
    await google.batch(id, {
      updateCells: {
        range: { sheetId: 0, startColumnIndex: 1, endColumnIndex: 2 },
        fields: 'userEnteredValue,dataValidation',
      },
    });
    expect(await google.read(id)).toEqual([['first']]);
  });
});
