import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGoogle, type OpenGoogle } from '../open-google.ts';

/** Requests in the form in which gspread 6.1, google-spreadsheet 5.3 and clasp 3.4 send them. */

let google: OpenGoogle;
beforeAll(async () => {
  google = await openGoogle();
});
afterAll(() => google.close());

async function create(name: string): Promise<string> {
  // gspread makes a spreadsheet by Drive.
  const { body } = await google.ask('POST', '/drive/v3/files?supportsAllDrives=True', {
    name,
    mimeType: 'application/vnd.google-apps.spreadsheet',
  });
  return body.id;
}
const batch = (id: string, ...requests: object[]) =>
  google.ask('POST', `/v4/spreadsheets/${id}:batchUpdate`, { requests });

it('a search in double quotes, with blanks as plus signs', async () => {
  const id = await create('帳 2020');
  const query = new URLSearchParams({
    q: 'mimeType="application/vnd.google-apps.spreadsheet" and name = "帳 2020"',
    pageSize: '1000',
    supportsAllDrives: 'True',
    includeItemsFromAllDrives: 'True',
    fields: 'kind,nextPageToken,files(id,name,createdTime,modifiedTime)',
  });
  const { body } = await google.ask('GET', `/drive/v3/files?${query}`);
  expect(body).toEqual({
    kind: 'drive#fileList',
    files: [
      {
        id,
        name: '帳 2020',
        createdTime: '2020-04-21T01:00:00.000Z',
        modifiedTime: '2020-04-21T01:00:00.000Z',
      },
    ],
  });
});

it('a range whose quotes and letters are escaped, and masks in both writings', async () => {
  const id = await create('ranges');
  await batch(id, {
    updateSheetProperties: { properties: { sheetId: 0, title: "It's 表" }, fields: 'title' },
  });
  const range = encodeURIComponent("'It''s 表'!A1");
  await google.ask('PUT', `/v4/spreadsheets/${id}/values/${range}?valueInputOption=RAW`, {
    values: [['x']],
    majorDimension: null,
  });
  const { body } = await google.ask('GET', `/v4/spreadsheets/${id}/values/${range.replaceAll('%27', "'")}`);
  expect(body.values).toEqual([['x']]);
  for (const fields of ['sheets.data.rowData.values.note', 'sheets/data/rowData/values/note'])
    expect((await google.ask('GET', `/v4/spreadsheets/${id}?fields=${fields}`)).status).toBe(200);
  const format = { userEnteredFormat: { textFormat: { bold: true } } };
  const cell = {
    repeatCell: { range: { sheetId: 0 }, cell: format, fields: 'userEnteredFormat(textFormat)' },
  };
  expect((await batch(id, cell)).status).toBe(200);
});

it('a sheet of no rows or no columns is refused, also where a mask names the grid without them', async () => {
  const id = await create('empty');
  const grid = (gridProperties: object, fields: string) =>
    batch(id, { updateSheetProperties: { properties: { sheetId: 0, gridProperties }, fields } });
  const said = async (...given: Parameters<typeof grid>) => (await grid(...given)).body.error?.message;
  const refused = (what: string) =>
    `Invalid requests[0].updateSheetProperties: You can't delete all the ${what} on the sheet.`;
  expect(await said({ rowCount: 0 }, 'gridProperties/rowCount')).toBe(refused('rows'));
  expect(await said({ columnCount: 0 }, 'gridProperties/columnCount')).toBe(refused('columns'));
  expect(await said({ frozenRowCount: 1 }, 'gridProperties')).toBe(refused('rows'));
  expect((await grid({ frozenRowCount: 1 }, 'gridProperties.frozenRowCount')).status).toBe(200);
});

describe('what a spreadsheet does not know of places', () => {
  const refusals = [
    [{ locale: 'xx_YYY' }, 'Unsupported locale: xx_YYY'],
    [{ locale: '-' }, 'Unsupported locale: -'],
    [{ timeZone: 'Mars/Olympus' }, 'Invalid time zone: Mars/Olympus'],
  ] as const;
  it.each(refusals)('%j is refused', async (properties, message) => {
    const id = await create('place');
    const update = { properties, fields: Object.keys(properties).join(',') };
    expect((await batch(id, { updateSpreadsheetProperties: update })).body.error.message).toBe(
      `Invalid requests[0].updateSpreadsheetProperties: ${message}`,
    );
    expect((await google.ask('POST', '/v4/spreadsheets', { properties })).body.error).toMatchObject({
      code: 400,
      message,
    });
  });

  it.each(['zh_TW', 'en', 'de_DE'])('the locale %s is taken', async (locale) => {
    expect((await google.ask('POST', '/v4/spreadsheets', { properties: { locale } })).status).toBe(200);
  });

  it.each(['Asia/Taipei', 'GMT-07:00', 'Etc/GMT'])('the time zone %s is taken', async (timeZone) => {
    expect((await google.ask('POST', '/v4/spreadsheets', { properties: { timeZone } })).status).toBe(200);
  });
});

describe('Drive', () => {
  it('a copy with its comments asks for them first', async () => {
    const id = await create('original');
    const query = 'fields=comments%2Fcontent%2Ccomments%2Fanchor%2CnextPageToken&pageSize=100&pageToken=';
    const { body } = await google.ask('GET', `/drive/v3/files/${id}/comments?${query}`);
    expect(body).toEqual({ comments: [] });
    expect((await google.ask('GET', `/drive/v3/files/${id}/comments`)).body.error.message).toBe(
      "The 'fields' parameter is required for this method.",
    );
    expect((await google.ask('GET', '/drive/v3/files/none/comments?fields=*')).status).toBe(404);
    expect((await google.ask('POST', `/drive/v3/files/${id}/comments?fields=id`, {})).status).toBe(501);
  });

  it('an address may end with a slash', async () => {
    const id = await create('slash');
    expect((await google.ask('GET', `/drive/v3/files/${id}/?fields=id`)).body).toEqual({ id });
    expect((await google.ask('DELETE', `/drive/v3/files/${id}/`)).status).toBe(204);
  });

  it('an import by Drive v2 is told that v2 is not there', async () => {
    const id = await create('import');
    const path = `/upload/drive/v2/files/${id}`;
    const answer = await google.ask('PUT', `${path}?uploadType=media&convert=True`, 'a,b\n1,2\n', {
      'content-type': 'text/csv',
    });
    expect(answer.body.error).toMatchObject({ code: 501, message: expect.stringContaining(`v2 (${path})`) });
  });
});

describe('an API that is not here at all is told by name, in JSON', () => {
  const PATHS = [
    ['GET', '/drive/v2/files/x', 'Drive v2'],
    // clasp's tail-logs, list-apis and enable-api.
    ['POST', '/v2/entries:list', 'Cloud Logging'],
    ['GET', '/discovery/v1/apis?preferred=true', 'the list of APIs'],
    ['GET', '/v1/projects/my-project/services?filter=state:ENABLED', 'Service Usage'],
    ['POST', '/v1/projects/my-project/services/sheets.googleapis.com:enable', 'Service Usage'],
  ] as const;
  it.each(PATHS)('%s %s', async (verb, path, name) => {
    const { status, body } = await google.ask(verb, path, verb === 'GET' ? undefined : {});
    expect(status).toBe(501);
    expect(body.error).toMatchObject({
      code: 501,
      message: `The emulator knows ${name} (${path.split('?')[0]}), but does not implement it.`,
    });
  });

  it('a path that Google has not is still its page', async () => {
    for (const path of ['/v2/nothing', '/discovery/v9', '/v1/nothing'])
      expect((await google.ask('GET', path)).status, path).toBe(404);
  });
});
