import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SheetState } from '../../emulator/src/pages/sheet/state.ts';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  await stage.submit('initial', COMPLETE);
  await stage.settle();
});
afterEach(() => stage.close());

const placeOf = (role: string, key: string) => {
  const { spreadsheetId, tabIds } = stage.documentOf(role);
  return { id: spreadsheetId, sheetId: tabIds[key] ?? 0 };
};

async function pageOf(role: string, key: string): Promise<SheetState> {
  const { id, sheetId } = placeOf(role, key);
  const response = await fetch(`${stage.google.emulator.url}/pages/sheets/${id}?gid=${sheetId}`);
  return response.json();
}

/** What the spreadsheet itself says, over the API. */
function sheetOf(role: string, key: string): sheets_v4.Schema$Sheet {
  const { id, sheetId } = placeOf(role, key);
  const { sheets } = stage.google.emulator.sheets.get(id, { includeGridData: true });
  return sheets?.find(({ properties }) => (properties?.sheetId ?? 0) === sheetId) ?? {};
}

const change = (role: string, key: string, requests: (sheetId: number) => sheets_v4.Schema$Request[]) => {
  const { id, sheetId } = placeOf(role, key);
  stage.google.emulator.sheets.batchUpdate(id, { requests: requests(sheetId) });
};
const css = ({ red, green, blue }: sheets_v4.Schema$Color = {}) =>
  `rgb(${[red, green, blue].map((part) => Math.round((part ?? 0) * 255)).join(' ')})`;

const TABS = [
  ['city-center', 'queue'],
  ['city-center', 'dispatch'],
  ['city-center', 'batches'],
  ['city-center', 'history'],
  ['office', 'cases'],
  ['office', 'settings'],
  ['office', 'templates'],
  ['office', 'dashboard'],
  ['office', 'intake'],
] as const;

describe.each(TABS)('the page of %s/%s', (role, key) => {
  it('shows as frozen, hidden, coloured, wrapped and pickable what the sheet says is', async () => {
    const page = await pageOf(role, key);
    const sheet = sheetOf(role, key);
    const grid = sheet.properties?.gridProperties ?? {};
    const [data = {}] = sheet.data ?? [];
    const columns = data.columnMetadata ?? [];
    expect(page.columns).toHaveLength(grid.columnCount ?? 0);
    for (const { index, frozen, hidden, width } of page.columns)
      expect([index, frozen, hidden, width]).toEqual([
        index,
        index < (grid.frozenColumnCount ?? 0),
        columns[index]?.hiddenByUser ?? false,
        columns[index]?.pixelSize ?? 100,
      ]);
    const shown = Array.from({ length: grid.rowCount ?? 0 }, (_, row) => row).filter(
      (row) => row >= (grid.frozenRowCount ?? 0) && !data.rowMetadata?.[row]?.hiddenByUser,
    );
    expect(page.rows.map(({ index }) => index)).toEqual(shown);
    for (const { index, look } of page.rows)
      for (const column of page.columns) {
        const cell = data.rowData?.[index]?.values?.[column.index];
        const colour = cell?.userEnteredFormat?.backgroundColor;
        const condition = cell?.dataValidation?.condition?.type;
        expect([index, column.index, page.looks[look]?.[column.index]]).toMatchObject([
          index,
          column.index,
          {
            fill: colour ? css(colour) : '',
            wrap: cell?.userEnteredFormat?.wrapStrategy === 'WRAP',
            kind: condition === 'BOOLEAN' ? 'check' : condition === 'ONE_OF_LIST' ? 'choice' : 'text',
          },
        ]);
      }
  });

  it('shows none of it where those properties are gone', async () => {
    change(role, key, (sheetId) => [
      { repeatCell: { range: { sheetId }, cell: {}, fields: 'userEnteredFormat,dataValidation' } },
      {
        updateSheetProperties: {
          properties: { sheetId, gridProperties: {} },
          fields: 'gridProperties(frozenRowCount,frozenColumnCount)',
        },
      },
      ...(['ROWS', 'COLUMNS'] as const).map((dimension) => ({
        updateDimensionProperties: {
          range: { sheetId, dimension },
          properties: { hiddenByUser: false },
          fields: 'hiddenByUser',
        },
      })),
    ]);
    const page = await pageOf(role, key);
    expect(page.rows).toHaveLength(sheetOf(role, key).properties?.gridProperties?.rowCount ?? 0);
    for (const column of page.columns)
      expect(column).toMatchObject({ frozen: false, hidden: false, fill: '', label: column.letters });
    expect(new Set(page.looks.flat().map((look) => JSON.stringify(look)))).toEqual(
      new Set([JSON.stringify({ fill: '', wrap: false, kind: 'text', choices: [] })]),
    );
  });
});

it('colours a cell by a rule only inside of the rule’s ranges, and not once it is deleted', async () => {
  change('city-center', 'queue', (sheetId) => [
    {
      addConditionalFormatRule: {
        index: 0,
        rule: {
          ranges: [{ sheetId, startRowIndex: 2, startColumnIndex: 1, endColumnIndex: 2 }],
          booleanRule: {
            condition: { type: 'CUSTOM_FORMULA', values: [{ userEnteredValue: '=LEN($A3)>0' }] },
            format: { backgroundColor: { red: 1 } },
          },
        },
      },
    },
  ]);
  const fills = async () => {
    const { rows, looks } = await pageOf('city-center', 'queue');
    return rows
      .slice(0, 2)
      .map(({ look }) => looks[look]?.slice(0, 3).map(({ fill }) => fill === 'rgb(255 0 0)'));
  };
  expect(await fills()).toEqual([
    [false, true, false],
    [false, false, false],
  ]);
  change('city-center', 'queue', (sheetId) => [{ deleteConditionalFormatRule: { sheetId, index: 0 } }]);
  expect(await fills()).toEqual([
    [false, false, false],
    [false, false, false],
  ]);
});
