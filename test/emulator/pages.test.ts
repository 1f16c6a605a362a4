import { afterEach, beforeEach, expect, it } from 'vitest';
import { formsPlugin } from '../../emulator/src/forms/plugin.ts';
import { html } from '../../emulator/src/pages/html.ts';
import { pagesPlugin } from '../../emulator/src/pages/plugin.ts';
import { scriptPlugin } from '../../emulator/src/script/plugin.ts';
import { type OpenGoogle, openGoogle } from './open-google.ts';

let google: OpenGoogle;
beforeEach(async () => {
  google = await openGoogle({
    plugins: [
      (opened) => {
        const forms = formsPlugin(opened);
        pagesPlugin({
          forms,
          mailbox: null,
          scripts: scriptPlugin(opened, forms),
          editor: () => 'owner@google.invalid',
          additions: {
            routes: (app) => void app.get('/hello', (_request, response) => void response.send('hello')),
            banner: () => html`<aside>a banner</aside>`,
          },
        })(opened);
      },
    ],
  });
});
afterEach(() => google.close());

/** A tab with a hidden row of keys above its header. */
async function makeTable() {
  const { data } = await google.sheets.spreadsheets.create({
    requestBody: { properties: { title: 'Table' }, sheets: [{ properties: { sheetId: 7, title: 'List' } }] },
  });
  const id = data.spreadsheetId ?? '';
  const row = (...texts: string[]) => ({
    values: texts.map((stringValue) => ({ userEnteredValue: { stringValue } })),
  });
  await google.sheets.spreadsheets.batchUpdate({
    spreadsheetId: id,
    requestBody: {
      requests: [
        {
          updateCells: {
            start: { sheetId: 7 },
            rows: [row('id', ''), row('Name', 'My own'), row('b', '1'), row('a', '2')],
            fields: 'userEnteredValue',
          },
        },
        {
          updateSheetProperties: {
            properties: { sheetId: 7, gridProperties: { frozenRowCount: 2 } },
            fields: 'gridProperties.frozenRowCount',
          },
        },
        {
          updateDimensionProperties: {
            range: { sheetId: 7, dimension: 'ROWS', startIndex: 0, endIndex: 1 },
            properties: { hiddenByUser: true },
            fields: 'hiddenByUser',
          },
        },
      ],
    },
  });
  return id;
}

it('lists what can be opened, under the banner of whoever embeds it', async () => {
  const id = await makeTable();
  const { text } = await google.ask('GET', '/');
  expect(text).toContain(`href="/spreadsheets/d/${id}/edit"`);
  expect(text).toContain('<aside>a banner</aside>');
  expect(text).not.toContain('/mailbox');
  expect((await google.ask('GET', '/hello')).text).toBe('hello');
});

it("shows a tab's last frozen row as header, no hidden row, and which columns hold no program's key", async () => {
  const id = await makeTable();
  const { body } = await google.ask('GET', `/pages/sheets/${id}?gid=7`);
  expect(body.columns.slice(0, 2)).toMatchObject([
    { label: 'Name', own: false },
    { label: 'My own', own: true },
  ]);
  expect(body.rows.slice(0, 3).map(({ cells }: { cells: unknown[] }) => cells)).toEqual([
    ['b', '1'],
    ['a', '2'],
    [],
  ]);
});

it('parses what is typed, and shows it as Sheets does', async () => {
  const id = await makeTable();
  const type = (column: number, value: string, seen: string) =>
    google.ask('POST', `/pages/sheets/${id}/cells`, { gid: 7, edits: [{ row: 2, column, value, id: seen }] });
  expect((await type(0, '2020/5/1', 'b')).status).toBe(200);
  expect((await type(1, '0912345678', '2020/5/1')).status).toBe(200);
  const { body } = await google.ask('GET', `/pages/sheets/${id}?gid=7`);
  expect(body.rows[0].cells).toEqual(['2020/5/1', 912_345_678]);
});

it('sorts below the header, and copies a tab with its header behind it', async () => {
  const id = await makeTable();
  const sort = { gid: 7, column: 0, label: 'Name', descending: false };
  expect((await google.ask('POST', `/pages/sheets/${id}/acts/sort`, sort)).status).toBe(200);
  const copied = await google.ask('POST', `/pages/sheets/${id}/acts/copy-tab`, { gid: 7, title: 'Copy' });
  const { body } = await google.ask('GET', `/pages/sheets/${id}?gid=${copied.body.gid}`);
  expect(body.columns[0].label).toBe('Name');
  const [first, second] = body.rows;
  expect([first.cells[0], second.cells[0]]).toEqual(['a', 'b']);
  const { data } = await google.sheets.spreadsheets.get({ spreadsheetId: id });
  expect(data.sheets?.map(({ properties }) => properties?.title)).toEqual(['List', 'Copy']);
});

it('refuses a sort where another column stands by now', async () => {
  const id = await makeTable();
  const { status } = await google.ask('POST', `/pages/sheets/${id}/acts/sort`, {
    gid: 7,
    column: 0,
    label: 'Other',
  });
  expect(status).toBe(409);
});
