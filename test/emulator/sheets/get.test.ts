import { afterAll, describe, expect, it } from 'vitest';
import { openSheets } from './open-sheets.ts';

const google = await openSheets();
afterAll(() => google.emulator.close());
const { sheets, create, batch, write, ask } = google;

const WHITE = { red: 1, green: 1, blue: 1 };

describe('spreadsheets.create', () => {
  it('answers with a fresh file as Google makes it', async () => {
    const { data } = await sheets.create({ requestBody: { properties: { title: '新檔' } } });
    expect(data.spreadsheetId).toMatch(/^[\w-]{44}$/u);
    expect(data).toEqual({
      spreadsheetId: data.spreadsheetId,
      properties: {
        title: '新檔',
        locale: 'en_US',
        autoRecalc: 'ON_CHANGE',
        timeZone: 'Etc/GMT',
        defaultFormat: {
          backgroundColor: WHITE,
          padding: { top: 2, right: 3, bottom: 2, left: 3 },
          verticalAlignment: 'BOTTOM',
          wrapStrategy: 'OVERFLOW_CELL',
          textFormat: {
            foregroundColor: {},
            fontFamily: 'arial,sans,sans-serif',
            fontSize: 10,
            bold: false,
            italic: false,
            strikethrough: false,
            underline: false,
            foregroundColorStyle: { rgbColor: {} },
          },
          backgroundColorStyle: { rgbColor: WHITE },
        },
        spreadsheetTheme: {
          primaryFontFamily: 'Arial',
          themeColors: expect.arrayContaining([
            { colorType: 'TEXT', color: { rgbColor: {} } },
            {
              colorType: 'ACCENT1',
              color: { rgbColor: { red: 0.25882354, green: 0.52156866, blue: 0.95686275 } },
            },
          ]),
        },
      },
      sheets: [
        {
          properties: {
            sheetId: 0,
            title: 'Sheet1',
            index: 0,
            sheetType: 'GRID',
            gridProperties: { rowCount: 1000, columnCount: 26 },
          },
        },
      ],
      spreadsheetUrl: `https://docs.google.com/spreadsheets/d/${data.spreadsheetId}/edit`,
    });
    expect(data.properties?.spreadsheetTheme?.themeColors).toHaveLength(9);
  });

  it('calls a file without a name "Untitled spreadsheet"', async () => {
    expect((await sheets.create({ requestBody: {} })).data.properties?.title).toBe('Untitled spreadsheet');
  });

  it('takes sheets with their cells, sizes and everything on them', async () => {
    const { data } = await sheets.create({
      requestBody: {
        sheets: [
          {
            properties: { title: 'a', gridProperties: { rowCount: 5, columnCount: 3, frozenRowCount: 1 } },
            data: [
              {
                startRow: 1,
                rowData: [{ values: [{ userEnteredValue: { stringValue: 'x' } }] }],
                columnMetadata: [{ pixelSize: 50 }],
              },
            ],
            merges: [{ startRowIndex: 3, endRowIndex: 5, startColumnIndex: 0, endColumnIndex: 2 }],
          },
          { properties: { title: 'b', sheetId: 7, hidden: true, tabColor: { red: 1 } } },
        ],
        namedRanges: [{ name: 'here', range: { sheetId: 7, endRowIndex: 1 } }],
      },
    });
    expect(data.sheets?.map(({ properties }) => properties)).toEqual([
      {
        sheetId: 0,
        title: 'a',
        index: 0,
        sheetType: 'GRID',
        gridProperties: { rowCount: 5, columnCount: 3, frozenRowCount: 1 },
      },
      {
        sheetId: 7,
        title: 'b',
        index: 1,
        sheetType: 'GRID',
        gridProperties: { rowCount: 1000, columnCount: 26 },
        hidden: true,
        tabColor: { red: 1 },
        tabColorStyle: { rgbColor: { red: 1 } },
      },
    ]);
    expect(data.sheets?.[0]?.merges).toEqual([
      { startRowIndex: 3, endRowIndex: 5, startColumnIndex: 0, endColumnIndex: 2 },
    ]);
    expect(data.namedRanges).toEqual([
      { namedRangeId: expect.any(String), name: 'here', range: { sheetId: 7, endRowIndex: 1 } },
    ]);
  });

  it('refuses two sheets of one name', async () => {
    const { data } = await ask('POST', '', {
      sheets: [{ properties: { title: 'a' } }, { properties: { title: 'A' } }],
    });
    expect(data.error?.message).toContain(
      'A sheet with the name "A" already exists. Please enter another name.',
    );
  });
});

describe('field masks', () => {
  it.each([
    ['spreadsheetId', {}],
    ['sheets.properties.title', { sheets: [{ properties: { title: 'Sheet1' } }] }],
    ['sheets(properties(sheetId,title))', { sheets: [{ properties: { sheetId: 0, title: 'Sheet1' } }] }],
    ['sheets/properties/sheet_id', { sheets: [{ properties: { sheetId: 0 } }] }],
    ['sheets.merges', { sheets: [{}] }],
    [
      'sheets.properties.gridProperties(rowCount)',
      { sheets: [{ properties: { gridProperties: { rowCount: 1000 } } }] },
    ],
    [
      'sheets.data.rowData.values.formattedValue',
      { sheets: [{ data: [{ rowData: [{ values: [{ formattedValue: 'x' }] }] }] }] },
    ],
    ['namedRanges', {}],
  ])('%s', async (fields, expected) => {
    const spreadsheetId = await create();
    await write(spreadsheetId, 'A1', [['x']]);
    const { data } = await sheets.get({ spreadsheetId, fields });
    expect(data).toEqual(fields === 'spreadsheetId' ? { spreadsheetId } : expected);
  });

  it('decide about grid data, whatever the flag says', async () => {
    const spreadsheetId = await create();
    const get = async (query: object) =>
      (await sheets.get({ spreadsheetId, ...query })).data.sheets?.[0] ?? {};
    expect(await get({})).not.toHaveProperty('data');
    expect(await get({ fields: 'sheets.properties', includeGridData: true })).not.toHaveProperty('data');
    expect(await get({ fields: 'sheets' })).toHaveProperty('data');
    expect(await get({ fields: '*' })).toHaveProperty('data');
    expect(await get({ includeGridData: true })).toHaveProperty('data');
  });

  it.each([
    'sheet',
    'sheets.titles',
    'sheets(properties(sheetId,title,colour))',
    'properties, sheets',
  ])('are refused where they name what is not there: %s', async (fields) => {
    const { status, data } = await ask('GET', `/${await create()}?fields=${encodeURIComponent(fields)}`);
    const path = { sheet: 'sheet', 'sheets.titles': 'sheets.titles', 'properties, sheets': ' sheets' }[
      fields
    ];
    expect(status).toBe(400);
    expect(data.error?.message).toBe('Request contains an invalid argument.');
    const field = path ?? 'sheets.properties.colour';
    expect(data.error?.details?.[0]?.fieldViolations).toEqual([
      {
        field,
        description: `Error expanding 'fields' parameter. Cannot find matching fields for path '${field}'.`,
      },
    ]);
  });

  it('hold for values and batches too', async () => {
    const spreadsheetId = await create();
    const { data } = await sheets.values.get({ spreadsheetId, range: 'A1', fields: 'range' });
    expect(data).toEqual({ range: 'Sheet1!A1' });
    const batched = await sheets.batchUpdate({
      spreadsheetId,
      fields: 'replies.addSheet.properties.title',
      requestBody: { requests: [{ addSheet: {} }] },
    });
    expect(batched.data).toEqual({ replies: [{ addSheet: { properties: { title: 'Sheet2' } } }] });
  });
});

describe('grid data', () => {
  it('gives what was entered and what it comes to', async () => {
    const spreadsheetId = await create();
    await write(spreadsheetId, 'B2', [['甲', 1]]);
    await batch(spreadsheetId, {
      repeatCell: {
        range: { sheetId: 0, startRowIndex: 1, endRowIndex: 2, startColumnIndex: 2, endColumnIndex: 3 },
        cell: {
          userEnteredFormat: { backgroundColor: { red: 1, green: 0.6 }, textFormat: { bold: true } },
          note: 'n',
        },
        fields: 'userEnteredFormat(backgroundColor,textFormat.bold),note',
      },
    });
    const { data } = await sheets.get({ spreadsheetId, ranges: ['A1:C3'], includeGridData: true });
    const effective = {
      backgroundColor: WHITE,
      padding: { top: 2, right: 3, bottom: 2, left: 3 },
      horizontalAlignment: 'LEFT',
      verticalAlignment: 'BOTTOM',
      wrapStrategy: 'OVERFLOW_CELL',
      textFormat: {
        foregroundColor: {},
        fontFamily: 'Arial',
        fontSize: 10,
        bold: false,
        italic: false,
        strikethrough: false,
        underline: false,
        foregroundColorStyle: { rgbColor: {} },
      },
      hyperlinkDisplayType: 'PLAIN_TEXT',
      backgroundColorStyle: { rgbColor: WHITE },
    };
    const colour = {
      backgroundColor: { red: 1, green: 0.6 },
      backgroundColorStyle: { rgbColor: { red: 1, green: 0.6 } },
    };
    expect(data.sheets?.[0]?.data).toEqual([
      {
        rowData: [
          {},
          {
            values: [
              {},
              {
                userEnteredValue: { stringValue: '甲' },
                effectiveValue: { stringValue: '甲' },
                formattedValue: '甲',
                effectiveFormat: effective,
              },
              {
                userEnteredValue: { numberValue: 1 },
                effectiveValue: { numberValue: 1 },
                formattedValue: '1',
                userEnteredFormat: { ...colour, textFormat: { bold: true } },
                effectiveFormat: {
                  ...effective,
                  ...colour,
                  horizontalAlignment: 'RIGHT',
                  textFormat: { ...effective.textFormat, bold: true },
                },
                note: 'n',
              },
            ],
          },
        ],
        rowMetadata: [{ pixelSize: 21 }, { pixelSize: 21 }, { pixelSize: 21 }],
        columnMetadata: [{ pixelSize: 100 }, { pixelSize: 100 }, { pixelSize: 100 }],
      },
    ]);
  });

  it('has one part a range, each with its place, and only the sheets that are asked for', async () => {
    const spreadsheetId = await create();
    await batch(spreadsheetId, { addSheet: { properties: { title: 'second' } } });
    const { data } = await sheets.get({
      spreadsheetId,
      ranges: ['Sheet1!A1', 'Sheet1!B3:C3'],
      includeGridData: true,
    });
    expect(data.sheets?.map(({ properties }) => properties?.title)).toEqual(['Sheet1']);
    expect(data.sheets?.[0]?.data).toEqual([
      { rowMetadata: [{ pixelSize: 21 }], columnMetadata: [{ pixelSize: 100 }] },
      {
        startRow: 2,
        startColumn: 1,
        rowMetadata: [{ pixelSize: 21 }],
        columnMetadata: [{ pixelSize: 100 }, { pixelSize: 100 }],
      },
    ]);
    const filtered = await sheets.getByDataFilter({
      spreadsheetId,
      requestBody: {
        dataFilters: [{ gridRange: { sheetId: 0, endRowIndex: 1, endColumnIndex: 1 } }],
        includeGridData: true,
      },
    });
    expect(filtered.data.sheets?.[0]?.data).toEqual([data.sheets?.[0]?.data?.[0]]);
  });

  it('comes with a batch that asks for the spreadsheet', async () => {
    const spreadsheetId = await create();
    const { data } = await sheets.batchUpdate({
      spreadsheetId,
      requestBody: {
        requests: [{ addSheet: { properties: { title: 'x' } } }],
        includeSpreadsheetInResponse: true,
        responseRanges: ['x!A1'],
        responseIncludeGridData: true,
      },
    });
    expect(data.updatedSpreadsheet?.sheets).toHaveLength(1);
    expect(data.updatedSpreadsheet?.sheets?.[0]?.data?.[0]?.rowMetadata).toHaveLength(1);
  });
});

describe('sheets.copyTo', () => {
  it('puts a copy at the end of another spreadsheet', async () => {
    const [from, to] = [await create('工作表'), await create()];
    await write(from, 'A1', [['x']]);
    const copy = () =>
      sheets.sheets.copyTo({
        spreadsheetId: from,
        sheetId: 0,
        requestBody: { destinationSpreadsheetId: to },
      });
    expect((await copy()).data).toMatchObject({ title: 'Copy of 工作表', index: 1, sheetType: 'GRID' });
    expect((await copy()).data).toMatchObject({ title: 'Copy of 工作表 1', index: 2 });
    expect(await google.read(to, "'Copy of 工作表'")).toEqual([['x']]);
  });
});
