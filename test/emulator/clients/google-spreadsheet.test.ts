import { GoogleSpreadsheet, type GoogleSpreadsheetWorksheet } from 'google-spreadsheet';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openGoogle, type OpenGoogle } from '../open-google.ts';

/** The npm package google-spreadsheet, unmodified but for the host: it has no option for one. */

let google: OpenGoogle;
const OWNER = { token: 'owner@google.invalid' };
const STRANGER = { token: 'stranger@example.com' };
const KEY = { apiKey: 'a-key' };

beforeAll(async () => {
  google = await openGoogle();
  const send = globalThis.fetch;
  vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    const { hostname, pathname, search } = new URL(request.url);
    const isGoogle = /(^|\.)google(apis)?\.com$/u.test(hostname);
    return send(isGoogle ? new Request(new URL(pathname + search, google.emulator.url), request) : request);
  });
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await google.close();
});

let doc: GoogleSpreadsheet;
let sheet: GoogleSpreadsheetWorksheet;
beforeEach(async () => {
  const { spreadsheetId } = await GoogleSpreadsheet.createNewSpreadsheetDocument(OWNER, { title: 'Orders' });
  doc = new GoogleSpreadsheet(spreadsheetId, OWNER);
  await doc.loadInfo();
  sheet = await doc.addSheet({
    title: 'Orders & more/2020',
    headerValues: ['name', 'amount', 'day'],
    gridProperties: { rowCount: 20, columnCount: 6, frozenRowCount: 1 },
  });
});

const again = async (auth: ConstructorParameters<typeof GoogleSpreadsheet>[1] = OWNER) => {
  const opened = new GoogleSpreadsheet(doc.spreadsheetId, auth, { retryConfig: 0 });
  await opened.loadInfo();
  return opened;
};
const objects = async () => (await sheet.getRows()).map((row) => row.toObject());

it('reads and changes what a document is', async () => {
  expect([doc.title, doc.locale, doc.timeZone, doc.sheetCount]).toEqual(['Orders', 'en_US', 'Etc/GMT', 2]);
  await doc.updateProperties({ title: 'Bills', locale: 'zh_TW', timeZone: 'Asia/Taipei' });
  const { title, locale, timeZone } = await again();
  expect([title, locale, timeZone]).toEqual(['Bills', 'zh_TW', 'Asia/Taipei']);
  await expect(doc.updateProperties({ timeZone: 'Mars/Olympus' })).rejects.toThrow('Invalid time zone');
  await expect(doc.updateProperties({ locale: 'xx_YYY' })).rejects.toThrow('Unsupported locale');
});

it('adds rows as if they were typed, or as they are, and reads them back', async () => {
  const first = await sheet.addRow({ name: 'Ann', amount: 3, day: '2020-04-21' });
  expect(first.rowNumber).toBe(2);
  const more = await sheet.addRows([{ name: 'Ben', amount: '=1+2' }, ['007']]);
  expect(more.map(({ rowNumber }) => rowNumber)).toEqual([3, 4]);
  await sheet.addRow(['raw', '=1+2', true], { raw: true, insert: true });
  expect(await objects()).toEqual([
    { name: 'Ann', amount: '3', day: '2020-04-21' },
    { name: 'Ben', amount: '3', day: '' },
    { name: '7', amount: '', day: '' },
    { name: 'raw', amount: '=1+2', day: 'TRUE' },
  ]);
  expect((await sheet.getRows({ offset: 1, limit: 1 })).map((row) => row.get('name'))).toEqual(['Ben']);
});

it('saves and deletes rows, and clears them', async () => {
  await sheet.addRows([['Ann', 1], ['Ben', 2], ['Cid', 3], ['Dan', 4]]); // biome-ignore format: rows stand side by side
  const [ann, ben] = await sheet.getRows();
  ann?.assign({ amount: 10, day: '=B2*2' });
  await ann?.save();
  expect(ann?.toObject()).toEqual({ name: 'Ann', amount: '10', day: '20' });
  await ben?.delete();
  expect((await objects()).map(({ name }) => name)).toEqual(['Ann', 'Cid', 'Dan']);
  await sheet.clearRows({ start: 3, end: 4 });
  expect(await objects()).toEqual([{ name: 'Ann', amount: '10', day: '20' }]);
});

it('loads cells and saves values, formulas, notes and formats', async () => {
  await sheet.loadCells('A1:F8');
  const cell = (a1: string) => sheet.getCellByA1(a1);
  cell('E1').value = 'hello';
  cell('E1').note = 'said twice';
  cell('E1').textFormat = { bold: true };
  cell('E1').backgroundColor = { red: 1, green: 0, blue: 0, alpha: 1 };
  cell('E2').numberValue = 5.5;
  cell('E2').numberFormat = { type: 'NUMBER', pattern: '0.00' };
  cell('E3').formula = '=E2*2';
  cell('E4').formula = '=1/0';
  cell('E5').boolValue = true;
  cell('E6').stringValue = '=not a formula';
  await sheet.saveUpdatedCells();
  expect([cell('E2').formattedValue, cell('E3').value, cell('E5').value]).toEqual(['5.50', 11, true]);
  sheet.resetLocalCache(true);
  await sheet.loadCells({ startColumnIndex: 4, endColumnIndex: 5 });
  expect([cell('E1').value, cell('E1').note, cell('E1').textFormat?.bold]).toEqual([
    'hello',
    'said twice',
    true,
  ]);
  expect(cell('E4').errorValue).toMatchObject({ type: 'DIVIDE_BY_ZERO' });
  expect(cell('E6').value).toBe('=not a formula');
  cell('E1').value = null;
  cell('E1').note = '';
  cell('E1').clearAllFormatting();
  await sheet.saveUpdatedCells();
  expect([cell('E1').value, cell('E1').userEnteredFormat]).toEqual([null, undefined]);
});

it('resizes, renames, copies and deletes sheets', async () => {
  await sheet.updateProperties({ title: 'Bills', index: 0 });
  await sheet.updateGridProperties({ frozenRowCount: 2, hideGridlines: true });
  await sheet.resize({ rowCount: 30, columnCount: 5 });
  expect(sheet.gridProperties).toEqual({
    rowCount: 30,
    columnCount: 5,
    frozenRowCount: 2,
    hideGridlines: true,
  });
  await expect(sheet.resize({ rowCount: 0, columnCount: 5 })).rejects.toThrow(
    "You can't delete all the rows on the sheet.",
  );
  expect((await sheet.duplicate({ title: 'Twin', index: 1 })).title).toBe('Twin');
  await sheet.copyToSpreadsheet(doc.spreadsheetId);
  await sheet.delete();
  expect((await again()).sheetsByIndex.map(({ title }) => title)).toEqual([
    'Twin',
    'Sheet1',
    'Copy of Bills',
  ]);
  await expect(doc.addSheet({ title: 'Twin' })).rejects.toThrow(
    'A sheet with the name "Twin" already exists. Please enter another name.',
  );
});

it('carries out what else it offers for a sheet', async () => {
  await sheet.addRows([['b', 2], ['a', 1], ['a', 1]]); // biome-ignore format: rows stand side by side
  const block = { startRowIndex: 1, endRowIndex: 4, startColumnIndex: 0, endColumnIndex: 2 };
  await sheet.sortRange(block, [{ dimensionIndex: 0, sortOrder: 'ASCENDING' }]);
  await sheet.deleteDuplicates(block);
  expect((await objects()).map(({ name }) => name)).toEqual(['a', 'b']);
  await sheet.findReplace('b', 'bee');
  await sheet.mergeCells({ ...block, startRowIndex: 10, endRowIndex: 12 });
  await sheet.insertDimension('ROWS', { startIndex: 1, endIndex: 2 }, false);
  await sheet.setDataValidation(block, {
    condition: { type: 'ONE_OF_LIST', values: [{ userEnteredValue: 'a' }] },
    strict: true,
    showCustomUi: true,
  } as never);
  const { namedRange } = await sheet.addNamedRange('order_names', block);
  await sheet.updateNamedRange(namedRange.namedRangeId, { name: 'names_of_orders' }, 'name');
  const { protectedRange } = await sheet.addProtectedRange({
    range: { sheetId: sheet.sheetId, ...block },
    warningOnly: true,
  });
  await sheet.createDeveloperMetadata({
    metadataKey: 'kind',
    metadataValue: 'orders',
    visibility: 'DOCUMENT',
    location: { sheetId: sheet.sheetId },
  });
  const kept = await google.sheets.spreadsheets.get({ spreadsheetId: doc.spreadsheetId });
  expect(kept.data.namedRanges).toMatchObject([{ name: 'names_of_orders' }]);
  expect(kept.data.sheets?.[1]).toMatchObject({
    merges: [{ startRowIndex: 11, endRowIndex: 13 }],
    protectedRanges: [{ protectedRangeId: protectedRange.protectedRangeId, warningOnly: true }],
  });
  const lookup = [{ developerMetadataLookup: { metadataKey: 'kind' } }];
  expect(await doc.searchDeveloperMetadata(lookup)).toMatchObject([{ metadataValue: 'orders' }]);
  expect(await sheet.getCellsInRange('A3:A4')).toEqual([['a'], ['bee']]);
});

describe('people', () => {
  it('sees and changes who may open a document', async () => {
    await doc.share('reader@example.com', { role: 'reader', emailMessage: 'have a look' });
    await doc.setPublicAccessLevel('reader');
    const all = await doc.listPermissions();
    expect(all.map(({ type, role }) => [type, role])).toEqual([
      ['user', 'owner'],
      ['user', 'reader'],
      ['anyone', 'reader'],
    ]);
    expect((await again(KEY)).title).toBe('Orders');
    await doc.setPublicAccessLevel(false);
    await doc.deletePermission(String(all[1]?.id));
    expect(await doc.listPermissions()).toHaveLength(1);
  });

  it('is refused what Google refuses', async () => {
    await expect(again(STRANGER)).rejects.toThrow('[403] The caller does not have permission');
    await expect(again(KEY)).rejects.toThrow('[403] The caller does not have permission');
    const missing = new GoogleSpreadsheet('no-such-spreadsheet', OWNER, { retryConfig: 0 });
    await expect(missing.loadInfo()).rejects.toThrow('[404] Requested entity was not found.');
    await doc.setPublicAccessLevel('writer');
    const open = await again(KEY);
    await expect(open.sheetsByIndex[1]?.addRow(['x'])).rejects.toThrow('[401]');
  });
});

it('downloads text, and is told by name what is not implemented', async () => {
  await sheet.addRow(['Ann, B.', 1]);
  const text = async (download: Promise<ArrayBuffer>) => Buffer.from(await download).toString();
  expect(await text(sheet.downloadAsCSV())).toBe('name,amount,day\r\n"Ann, B.",1,');
  expect(await text(sheet.downloadAsTSV())).toBe('name\tamount\tday\r\nAnn, B.\t1\t');
  const named = /\[501\].*drive\.files\.export to application\//u;
  await expect(sheet.downloadAsPDF()).rejects.toThrow(named);
  await expect((await again()).downloadAsXLSX()).rejects.toThrow(named);
});

it('deletes a document', async () => {
  await doc.delete();
  await expect(again()).rejects.toThrow('[404]');
});
