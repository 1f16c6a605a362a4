import { afterAll, describe, expect, it } from 'vitest';
import { openSheets } from './open-sheets.ts';

const google = await openSheets();
afterAll(() => google.emulator.close());
const { create, write, read, cells, batch } = google;

describe('USER_ENTERED', () => {
  it.each([
    ['12', { numberValue: 12 }, undefined, '12'],
    ['-1.50', { numberValue: -1.5 }, undefined, '-1.5'],
    ['1,234', { numberValue: 1234 }, { type: 'NUMBER', pattern: '#,##0' }, '1,234'],
    ['1,234.5', { numberValue: 1234.5 }, { type: 'NUMBER', pattern: '#,##0.00' }, '1,234.50'],
    ['$12', { numberValue: 12 }, { type: 'CURRENCY', pattern: '"$"#,##0' }, '$12'],
    ['-$1,000.50', { numberValue: -1000.5 }, { type: 'CURRENCY', pattern: '"$"#,##0.00' }, '-$1,000.50'],
    ['12%', { numberValue: 0.12 }, { type: 'PERCENT', pattern: '0%' }, '12%'],
    ['12.5%', { numberValue: 0.125 }, { type: 'PERCENT', pattern: '0.00%' }, '12.50%'],
    ['1e6', { numberValue: 1_000_000 }, { type: 'SCIENTIFIC', pattern: '0.00E+00' }, '1.00E+06'],
    ['(5)', { numberValue: -5 }, undefined, '-5'],
    ['2020-04-21', { numberValue: 43942 }, { type: 'DATE', pattern: 'yyyy-mm-dd' }, '2020-04-21'],
    ['4/21/2020', { numberValue: 43942 }, { type: 'DATE', pattern: 'M/d/yyyy' }, '4/21/2020'],
    ['2020/4/21', { numberValue: 43942 }, { type: 'DATE', pattern: 'yyyy/m/d' }, '2020/4/21'],
    ['Apr 21, 2020', { numberValue: 43942 }, { type: 'DATE', pattern: 'mmm d, yyyy' }, 'Apr 21, 2020'],
    ['12:00', { numberValue: 0.5 }, { type: 'TIME', pattern: 'h:mm' }, '12:00'],
    ['1:30 PM', { numberValue: 0.5625 }, { type: 'TIME', pattern: 'h:mm am/pm' }, '1:30 PM'],
    [
      '2020-04-21 18:00:00',
      { numberValue: 43942.75 },
      { type: 'DATE_TIME', pattern: 'yyyy-mm-dd h:mm:ss' },
      '2020-04-21 18:00:00',
    ],
    ['true', { boolValue: true }, undefined, 'TRUE'],
    ["'12", { stringValue: '12' }, undefined, '12'],
    ['=1+2', { formulaValue: '=1+2' }, undefined, '3'],
    ['0912345678', { numberValue: 912_345_678 }, undefined, '912345678'],
    ['2020/5/1', { numberValue: 43_952 }, { type: 'DATE', pattern: 'yyyy/m/d' }, '2020/5/1'],
    ['5%', { numberValue: 0.05 }, { type: 'PERCENT', pattern: '0%' }, '5%'],
    ['=請補件', { formulaValue: '=請補件' }, undefined, '#NAME?'],
    ['+請補', { formulaValue: '=+請補' }, undefined, '#NAME?'],
    ['-請補。', { formulaValue: '=-請補。' }, undefined, '#ERROR!'],
    ['2020-02-30', { stringValue: '2020-02-30' }, undefined, '2020-02-30'],
    ['12 apples', { stringValue: '12 apples' }, undefined, '12 apples'],
    ['1,23', { stringValue: '1,23' }, undefined, '1,23'],
    ['TN109-000123', { stringValue: 'TN109-000123' }, undefined, 'TN109-000123'],
  ])('reads %s as it is typed', async (text, userEnteredValue, numberFormat, formattedValue) => {
    const id = await create();
    await write(id, 'A1', [[text]]);
    const cell = (await cells(id))[0]?.[0];
    expect(cell).toMatchObject({ userEnteredValue, formattedValue });
    expect(cell?.userEnteredFormat?.numberFormat).toEqual(numberFormat);
    expect(cell?.effectiveFormat?.numberFormat).toEqual(numberFormat);
  });

  it.each([
    '0912345678',
    '=請補件',
    '+請補',
    '2020/5/1',
    '5%',
    'TRUE',
  ])('keeps %s as it is typed where the number format is TEXT', async (text) => {
    const id = await create();
    await batch(id, {
      repeatCell: {
        range: { sheetId: 0, endRowIndex: 1, endColumnIndex: 2 },
        cell: { userEnteredFormat: { numberFormat: { type: 'TEXT' } } },
        fields: 'userEnteredFormat.numberFormat',
      },
    });
    await write(id, 'A1', [[text]]);
    google.emulator.sheets.editCells(id, [{ sheetId: 0, row: 0, column: 1, value: text }]);
    expect((await cells(id))[0]?.map((cell) => cell.userEnteredValue)).toEqual([
      { stringValue: text },
      { stringValue: text },
    ]);
  });

  it('is also how a person types into a cell', async () => {
    const id = await create();
    const typed = ['0912345678', '+請補', '5%', ''];
    google.emulator.sheets.editCells(
      id,
      typed.map((value, column) => ({ sheetId: 0, row: 0, column, value })),
    );
    expect(await read(id)).toEqual([['912345678', '#NAME?', '5%']]);
    expect(await read(id, 'Sheet1', 'UNFORMATTED_VALUE')).toMatchObject([
      [912_345_678, expect.any(String), 0.05],
    ]);
  });

  it('leaves a format that the cell has', async () => {
    const id = await create();
    const numberFormat = { type: 'NUMBER', pattern: '0.000' };
    await batch(id, {
      repeatCell: {
        range: { sheetId: 0, endRowIndex: 1, endColumnIndex: 1 },
        cell: { userEnteredFormat: { numberFormat } },
        fields: 'userEnteredFormat.numberFormat',
      },
    });
    await write(id, 'A1', [['50%']]);
    expect(await read(id)).toEqual([['0.500']]);
  });
});

describe('RAW', () => {
  it('keeps texts as they are, and numbers and ticks as such', async () => {
    const id = await create();
    await write(id, 'A1', [["'1", '=1+1', '2020-04-21', '5%', 5, true]], 'RAW');
    expect(await read(id, 'Sheet1', 'UNFORMATTED_VALUE')).toEqual([
      ["'1", '=1+1', '2020-04-21', '5%', 5, true],
    ]);
  });
});

/** An error as a value: its code, and what is wrong. */
const DIVISION = '#DIV/0! (Function DIVIDE parameter 2 cannot be zero.)';

describe('rendering', () => {
  it('gives formulas, values and serial numbers as they are asked for', async () => {
    const id = await create();
    await write(id, 'A1', [['2020-04-21', '=A1+1', '$3', '=1/0', 'TRUE']]);
    const rendered = async (valueRenderOption: string, dateTimeRenderOption?: string) =>
      (
        await google.sheets.values.get({
          spreadsheetId: id,
          range: 'Sheet1',
          valueRenderOption,
          ...(dateTimeRenderOption ? { dateTimeRenderOption } : {}),
        })
      ).data.values?.[0];
    expect(await rendered('FORMATTED_VALUE')).toEqual(['2020-04-21', '43943', '$3', '#DIV/0!', 'TRUE']);
    expect(await rendered('UNFORMATTED_VALUE')).toEqual([43942, 43943, 3, DIVISION, true]);
    expect(await rendered('UNFORMATTED_VALUE', 'FORMATTED_STRING')).toEqual([
      '2020-04-21',
      43943,
      3,
      DIVISION,
      true,
    ]);
    expect(await rendered('FORMULA')).toEqual([43942, '=A1+1', 3, '=1/0', true]);
  });

  it.each([
    [0.1 + 0.2, undefined, '0.3'],
    [1 / 3, undefined, '0.3333333333'],
    [123_456_789.123, undefined, '123456789.1'],
    [123_456_789_012, undefined, '123456789012'],
    [1.5e15, undefined, '1.5E+15'],
    [0.00001, undefined, '0.00001'],
    [1.005, '0.00', '1.01'],
    [-1234.5, '#,##0.00', '-1,234.50'],
    [1_234_567, '#,##0', '1,234,567'],
    [0.5, '#.##', '.5'],
    [5, '00000', '00005'],
    [12_345, '0.0,"k"', '12.3k'],
    [-3, '0;(0)', '(3)'],
    [0, '0;-0;"none"', 'none'],
    [1234, '0.00E+00', '1.23E+03'],
    [0.256, '0.0%', '25.6%'],
    [5_551_234, '000-0000', '555-1234'],
    [3, '[$€-407]#,##0.00', '€3.00'],
    [-0.001, '0.00', '0.00'],
  ])('shows %d under %s as %s', async (value, pattern, shown) => {
    const id = await create();
    await write(id, 'A1', [[value]], 'RAW');
    if (pattern)
      await batch(id, {
        repeatCell: {
          range: { sheetId: 0, endRowIndex: 1, endColumnIndex: 1 },
          cell: { userEnteredFormat: { numberFormat: { type: 'NUMBER', pattern } } },
          fields: 'userEnteredFormat.numberFormat',
        },
      });
    expect(await read(id)).toEqual([[shown]]);
  });

  it.each([
    ['DATE', undefined, '4/21/2020'],
    ['DATE_TIME', undefined, '4/21/2020 9:05:07'],
    ['TIME', undefined, '9:05:07 AM'],
    ['DATE', 'dddd, mmmm d, yyyy', 'Tuesday, April 21, 2020'],
    ['DATE', 'ddd dd-mmm-yy', 'Tue 21-Apr-20'],
    ['TIME', 'hh:mm', '09:05'],
    ['TIME', '[h]:mm', '1054617:05'],
    ['DATE_TIME', 'yyyy"年"m"月"d"日" hh:mm:ss.00', '2020年4月21日 09:05:07.00'],
  ])('shows a date as %s %s', async (type, pattern, shown) => {
    const id = await create();
    await write(id, 'A1', [[43942 + (9 * 3600 + 5 * 60 + 7) / 86_400]], 'RAW');
    await batch(id, {
      repeatCell: {
        range: { sheetId: 0, endRowIndex: 1, endColumnIndex: 1 },
        cell: { userEnteredFormat: { numberFormat: { type, ...(pattern ? { pattern } : {}) } } },
        fields: 'userEnteredFormat',
      },
    });
    expect(await read(id)).toEqual([[shown]]);
  });
});

describe('formulas', () => {
  it.each([
    ['=A1+A2*2', 8],
    ['=-2^2', 4],
    ['=(A1+A2)/2', 2.5],
    ['=A1&"-"&B1', '2-甲'],
    ['=SUM(A1:A3)', 9],
    ['=SUM(A:A)', 9],
    ['=sum(A1,A2,"4")', 9],
    ['=AVERAGE(A1:A3)', 3],
    ['=COUNT(A1:B3)', 3],
    ['=COUNTA(A1:B3)', 4],
    ['=IF(A1>1,"yes","no")', 'yes'],
    ['=IFERROR(1/0,"none")', 'none'],
    ['=ROUND(2.345,2)', 2.35],
    ['=CONCATENATE(A1," ",B1)', '2 甲'],
    ["='Sheet1'!A3", 4],
    ['=HYPERLINK("https://budeng.invalid/","這裡")', '這裡'],
    ['=Z9', 0],
    ['=TRUE', true],
    ['=1/0', DIVISION],
    ['=NOSUCH(1)', "#NAME? (Unknown function: 'NOSUCH'.)"],
    [
      '=B1+1',
      "#VALUE! (Function ADD parameter 1 expects number values. But '甲' is a text and cannot be coerced to a number.)",
    ],
    [
      '=C1',
      '#REF! (Circular dependency detected. To resolve with iterative calculation, see File > Settings.)',
    ],
    ['=1+', '#ERROR! (Formula parse error.)'],
  ])('%s is %j', async (formula, value) => {
    const id = await create();
    await write(id, 'A1', [[2, '甲', formula], [3], [4]]);
    expect((await read(id, 'C1', 'UNFORMATTED_VALUE'))?.[0]?.[0]).toBe(value);
  });

  it('tell in grid data what they come to, or why they do not', async () => {
    const id = await create();
    await write(id, 'A1', [['=1/0', '=HYPERLINK("https://budeng.invalid/","這裡")']]);
    const [wrong, link] = (await cells(id))[0] ?? [];
    expect(wrong).toMatchObject({
      userEnteredValue: { formulaValue: '=1/0' },
      effectiveValue: {
        errorValue: { type: 'DIVIDE_BY_ZERO', message: 'Function DIVIDE parameter 2 cannot be zero.' },
      },
      formattedValue: '#DIV/0!',
      effectiveFormat: { horizontalAlignment: 'CENTER' },
    });
    expect(link).toMatchObject({
      formattedValue: '這裡',
      hyperlink: 'https://budeng.invalid/',
      effectiveFormat: { hyperlinkDisplayType: 'LINKED', textFormat: { underline: true } },
    });
  });
});
