import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSheets } from './open-sheets.ts';

const google = await openSheets();
let id = '';
beforeAll(async () => {
  id = await google.create();
});
afterAll(() => google.emulator.close());
const { ask } = google;
const batch = async (...requests: unknown[]) => (await ask('POST', `/${id}:batchUpdate`, { requests })).data;

/** Google's body for what its parser does not take. */
const refused = (...violations: { field?: string; description: string }[]) => ({
  error: {
    code: 400,
    message: violations.map(({ description }) => description).join('\n'),
    status: 'INVALID_ARGUMENT',
    details: [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: violations }],
  },
});

describe('a body', () => {
  it.each([
    [
      { addSheet: { title: 'x' } },
      {
        field: 'requests[0].add_sheet',
        description: `Invalid JSON payload received. Unknown name "title" at 'requests[0].add_sheet': Cannot find field.`,
      },
    ],
    [
      { makeCoffee: {} },
      {
        field: 'requests[0]',
        description: `Invalid JSON payload received. Unknown name "makeCoffee" at 'requests[0]': Cannot find field.`,
      },
    ],
    [
      { deleteSheet: { sheetId: 'x' } },
      {
        field: 'requests[0].delete_sheet.sheet_id',
        description: `Invalid value at 'requests[0].delete_sheet.sheet_id' (TYPE_INT32), "x"`,
      },
    ],
    [
      { appendDimension: { dimension: 'LINES' } },
      {
        field: 'requests[0].append_dimension.dimension',
        description: `Invalid value at 'requests[0].append_dimension.dimension' (type.googleapis.com/google.apps.sheets.v4.Dimension), "LINES"`,
      },
    ],
    [
      { addSheet: { properties: { title: 5 } } },
      {
        field: 'requests[0].add_sheet.properties.title',
        description: `Invalid value at 'requests[0].add_sheet.properties.title' (TYPE_STRING), 5`,
      },
    ],
    [
      { addSheet: { properties: { hidden: 'perhaps' } } },
      {
        field: 'requests[0].add_sheet.properties.hidden',
        description: `Invalid value at 'requests[0].add_sheet.properties.hidden' (TYPE_BOOL), "perhaps"`,
      },
    ],
    [
      { mergeCells: { range: { startRowIndex: 'x' } } },
      {
        field: 'requests[0].merge_cells.range.start_row_index.value',
        description: `Invalid value at 'requests[0].merge_cells.range.start_row_index.value' (TYPE_INT32), "x"`,
      },
    ],
    [
      { addSheet: { properties: [] } },
      {
        field: 'requests[0].add_sheet',
        description: `Invalid JSON payload received. Unknown name "properties" at 'requests[0].add_sheet': Proto field is not repeating, cannot start list.`,
      },
    ],
    [
      { addSheet: {}, deleteSheet: {} },
      {
        field: 'requests[0]',
        description: `Invalid value at 'requests[0]' (oneof), oneof field 'kind' is already set. Cannot set 'deleteSheet'`,
      },
    ],
  ])('is refused for %j', async (request, violation) => {
    expect(await batch(request)).toEqual(refused(violation));
  });

  it('has all of its mistakes told at once', async () => {
    expect(await batch({ addSheet: { a: 1 } }, { addSheet: { b: 1 } })).toEqual(
      refused(
        ...['a', 'b'].map((name, index) => ({
          field: `requests[${index}].add_sheet`,
          description: `Invalid JSON payload received. Unknown name "${name}" at 'requests[${index}].add_sheet': Cannot find field.`,
        })),
      ),
    );
  });

  it('is named after its field where the method has it in one', async () => {
    const { data } = await ask('PUT', `/${id}/values/A1?valueInputOption=RAW`, { values: ['x'], colour: 1 });
    expect(data).toEqual(
      refused(
        {
          field: 'data.values[0]',
          description: `Invalid value at 'data.values[0]' (type.googleapis.com/google.protobuf.ListValue), "x"`,
        },
        {
          field: 'data',
          description: `Invalid JSON payload received. Unknown name "colour" at 'data': Cannot find field.`,
        },
      ),
    );
    expect((await ask('POST', '', { name: 'x' })).data.error?.message).toBe(
      `Invalid JSON payload received. Unknown name "name" at 'spreadsheet': Cannot find field.`,
    );
  });

  it('may be written as proto3 JSON may: by either name, numbers as texts, enums by number, one for a list', async () => {
    const { data } = await ask('POST', `/${id}:batchUpdate`, {
      requests: {
        add_sheet: {
          properties: {
            sheet_id: '77',
            title: 'tolerant',
            hidden: 'true',
            gridProperties: { row_count: '3' },
          },
        },
      },
    });
    expect(data).toMatchObject({
      replies: [{ addSheet: { properties: { sheetId: 77, hidden: true, gridProperties: { rowCount: 3 } } } }],
    });
    await batch({ append_dimension: { sheetId: 77, dimension: 1, length: 2 } });
    await batch({
      updateSheetProperties: {
        properties: { sheet_id: 77 },
        fields: 'grid_properties.frozen_row_count,hidden',
      },
    });
    const { data: after } = await ask(
      'GET',
      `/${id}?fields=sheets.properties(sheetId,hidden,gridProperties)`,
    );
    expect(after.sheets).toContainEqual({
      properties: { sheetId: 77, gridProperties: { rowCount: 5, columnCount: 26 } },
    });
    await batch({ deleteSheet: { sheetId: 77 } });
  });
});

describe('a query', () => {
  it.each([
    [
      'valueInputOption=LOUD',
      {
        field: 'value_input_option',
        description: `Invalid value at 'value_input_option' (type.googleapis.com/google.apps.sheets.v4.ValueInputOption), "LOUD"`,
      },
    ],
    [
      'valueInputOption=LOUD&valueInputOption=RAW',
      {
        field: 'value_input_option',
        description: `Invalid value at 'value_input_option' (type.googleapis.com/google.apps.sheets.v4.ValueInputOption), "LOUD"`,
      },
    ],
    [
      'valueInputOption=RAW&colour=red',
      {
        description: `Invalid JSON payload received. Unknown name "colour": Cannot bind query parameter. Field 'colour' could not be found in request message.`,
      },
    ],
    [
      'valueInputOption=RAW&includeValuesInResponse=perhaps',
      {
        field: 'include_values_in_response',
        description: `Invalid value at 'include_values_in_response' (TYPE_BOOL), "perhaps"`,
      },
    ],
  ])('is refused for %s', async (query, violation) => {
    const { status, data } = await ask('PUT', `/${id}/values/A1?${query}`, { values: [['x']] });
    expect({ status, data }).toEqual({ status: 400, data: refused(violation) });
  });

  it("takes Google's system parameters, and both names of its own", async () => {
    const { status } = await ask(
      'PUT',
      `/${id}/values/A1?value_input_option=RAW&alt=json&prettyPrint=false&quotaUser=x&$.xgafv=2`,
      { values: [['x']] },
    );
    expect(status).toBe(200);
  });
});

const oneColumn = { startRowIndex: 0, endRowIndex: 3, startColumnIndex: 0, endColumnIndex: 1 };
/** A drop-down of so many options. */
const list = (count: number) => ({
  condition: {
    type: 'ONE_OF_LIST',
    values: Array.from({ length: count }, (_, index) => ({ userEnteredValue: String(index) })),
  },
});
/** A chart of this source, anchored there. */
const chart = (source: object, anchorCell: object = {}, size: object = {}) => ({
  chart: {
    spec: {
      basicChart: { chartType: 'BAR', series: [{ series: { sourceRange: { sources: [source] } } }] },
    },
    position: { overlayPosition: { anchorCell, ...size } },
  },
});

describe('a batch', () => {
  it.each([
    [{}, 'Invalid requests[0]: No request set.'],
    [
      { addSheet: { properties: { title: 'SHEET1' } } },
      'Invalid requests[0].addSheet: A sheet with the name "SHEET1" already exists. Please enter another name.',
    ],
    [{ deleteSheet: { sheetId: 5 } }, 'Invalid requests[0].deleteSheet: No sheet with id: 5'],
    [
      { updateSheetProperties: { properties: { sheetId: 5, title: 'x' }, fields: 'title' } },
      'Invalid requests[0].updateSheetProperties: No sheet with id: 5',
    ],
    [{ deleteSheet: {} }, "Invalid requests[0].deleteSheet: You can't remove all the sheets in a document."],
    [
      { repeatCell: { range: { sheetId: 5 }, fields: '*' } },
      'Invalid requests[0].repeatCell: No grid with id: 5',
    ],
    [
      { repeatCell: { range: {} } },
      "Invalid requests[0].repeatCell: At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)",
    ],
    [
      { repeatCell: { range: {}, fields: 'userEnteredColour' } },
      'Invalid requests[0].repeatCell: Invalid field: userEnteredColour',
    ],
    [
      { updateCells: { start: {}, rows: [{ values: Array.from({ length: 27 }, () => ({})) }], fields: '*' } },
      'Invalid requests[0].updateCells: Attempting to write column: 26, beyond the last requested column of: 25',
    ],
    [
      { updateCells: { range: { startRowIndex: 1000, endColumnIndex: 3 }, fields: '*' } },
      'Invalid requests[0].updateCells: Range (Sheet1!A1001:C) exceeds grid limits. Max rows: 1000, max columns: 26',
    ],
    [
      { updateCells: { range: { endRowIndex: 1 }, rows: [{}, {}], fields: '*' } },
      'Invalid requests[0].updateCells: Attempting to write row: 1, beyond the last requested row of: 0',
    ],
    [
      { appendCells: { rows: [{ values: Array.from({ length: 27 }, () => ({})) }], fields: '*' } },
      'Invalid requests[0].appendCells: Attempting to write column: 26, beyond the last requested column of: 25',
    ],
    [
      { appendDimension: { dimension: 'ROWS', length: 1_000_000 } },
      'Invalid requests[0].appendDimension: This action would increase the number of cells in the workbook above the limit of 10000000 cells.',
    ],
    [
      { deleteDimension: { range: { dimension: 'ROWS', startIndex: 0, endIndex: 1000 } } },
      "Invalid requests[0].deleteDimension: You can't delete all the rows on the sheet.",
    ],
    [
      { addSheet: { properties: { title: 'x'.repeat(101) } } },
      'Invalid requests[0].addSheet: Sheet name cannot be longer than 100 characters.',
    ],
    [
      { appendDimension: { dimension: 'COLUMNS', length: 18_253 } },
      'Invalid requests[0].appendDimension: This action would increase the number of cells in the workbook above the limit of 10000000 cells.',
    ],
    [
      { addSheet: { properties: { title: 'wide', gridProperties: { rowCount: 1, columnCount: 18_279 } } } },
      'Invalid requests[0].addSheet: This action would increase the number of columns in the sheet above the limit of 18278 columns.',
    ],
    [
      { setDataValidation: { range: { endRowIndex: 1 }, rule: list(501) } },
      'Invalid requests[0].setDataValidation: A list of options may hold at most 500 items, but 501 were given.',
    ],
    [
      {
        updateCells: {
          start: {},
          rows: [{ values: [{ dataValidation: list(501) }] }],
          fields: 'dataValidation',
        },
      },
      'Invalid requests[0].updateCells: A list of options may hold at most 500 items, but 501 were given.',
    ],
    [
      { setDataValidation: { range: { endRowIndex: 1 }, rule: list(0) } },
      'Invalid requests[0].setDataValidation: A condition of type ONE_OF_LIST must have at least one value.',
    ],
    [
      { updateCells: { start: { rowIndex: 1000 }, rows: [{ values: [{}] }], fields: '*' } },
      'Invalid requests[0].updateCells: GridCoordinate.rowIndex[1000] is after last row in grid[999]',
    ],
    [
      { addChart: chart(oneColumn, { columnIndex: 26 }) },
      'Invalid requests[0].addChart: GridCoordinate.columnIndex[26] is after last column in grid[25]',
    ],
    [
      { addChart: chart(oneColumn, { rowIndex: 1000 }) },
      'Invalid requests[0].addChart: GridCoordinate.rowIndex[1000] is after last row in grid[999]',
    ],
    [
      { addChart: chart({ ...oneColumn, endColumnIndex: 2 }) },
      'Invalid requests[0].addChart: ChartSourceRange ranges require all rows or all columns to have length of 1.',
    ],
    [
      { addChart: chart({ ...oneColumn, startRowIndex: 1000, endRowIndex: 1001 }) },
      'Invalid requests[0].addChart: Range (Sheet1!A1001) exceeds grid limits. Max rows: 1000, max columns: 26',
    ],
    [
      { addChart: chart(oneColumn, {}, { widthPixels: -1 }) },
      'Invalid requests[0].addChart: OverlayPosition.widthPixels must be greater than 0.',
    ],
    [
      {
        updateCells: {
          start: {},
          rows: [{ values: [{ userEnteredValue: { stringValue: 'x'.repeat(50_001) } }] }],
          fields: '*',
        },
      },
      'Invalid requests[0].updateCells: Your input contains more than the maximum of 50000 characters in a single cell.',
    ],
  ])('refuses %#: %s', async (request, message) => {
    expect(await batch(request)).toEqual({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } });
  });

  it('with one refused request is refused as a whole', async () => {
    const { error } = await batch(
      { addSheet: { properties: { title: 'before' } } },
      { addChart: chart(oneColumn, { columnIndex: 26 }) },
    );
    expect(error?.message).toBe(
      'Invalid requests[1].addChart: GridCoordinate.columnIndex[26] is after last column in grid[25]',
    );
    const { data } = await ask('GET', `/${id}?fields=sheets.properties.title`);
    expect(data.sheets).not.toContainEqual({ properties: { title: 'before' } });
  });

  it('without requests is none', async () => {
    expect((await batch()).error?.message).toBe('Must specify at least one request.');
  });
});

describe('a spreadsheet that is not there', () => {
  it.each([
    ['GET', '/nope', undefined],
    ['GET', '/nope/values/A1', undefined],
    ['POST', '/nope:batchUpdate', { requests: [{ addSheet: {} }] }],
    ['POST', '/nope/values/A1:append?valueInputOption=RAW', { values: [['x']] }],
  ])('%s %s is answered 404', async (verb, path, body) => {
    expect(await ask(verb, path, body)).toEqual({
      status: 404,
      data: { error: { code: 404, message: 'Requested entity was not found.', status: 'NOT_FOUND' } },
    });
  });
});
