import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorOf, openGoogle, type OpenGoogle } from './open-google.ts';

const SHEET = 'application/vnd.google-apps.spreadsheet';
const FORM = 'application/vnd.google-apps.form';
const FOLDER = 'application/vnd.google-apps.folder';

let google: OpenGoogle;
beforeEach(async () => {
  google = await openGoogle();
});
afterEach(() => google.close());

const create = async (body: object, query = '') =>
  (await google.ask('POST', `/drive/v3/files${query}`, body)).body;
const list = async (q: string, more = '') =>
  (await google.ask('GET', `/drive/v3/files?q=${encodeURIComponent(q)}${more}`)).body;
const names = async (q: string, more = '') =>
  (await list(q, more)).files.map((file: { name: string }) => file.name).toSorted();

describe('files.create', () => {
  it('answers the default fields only, and makes a spreadsheet that Sheets knows', async () => {
    const made = await create({ name: '新試算表', mimeType: SHEET }, '?supportsAllDrives=True');
    expect(made).toEqual({
      kind: 'drive#file',
      id: expect.any(String),
      name: '新試算表',
      mimeType: SHEET,
    });
    const { data } = await google.sheets.spreadsheets.get({ spreadsheetId: made.id });
    expect(data.properties?.title).toBe('新試算表');
    expect(data.sheets?.map(({ properties }) => properties)).toEqual([
      expect.objectContaining({
        sheetId: 0,
        title: 'Sheet1',
        index: 0,
        sheetType: 'GRID',
        gridProperties: { rowCount: 1000, columnCount: 26 },
      }),
    ]);
  });

  it('makes a form, a folder, a file without a name, and refuses what it cannot make', async () => {
    const form = await create({ name: '表單', mimeType: FORM });
    const { data } = await google.formsApi.forms.get({ formId: form.id });
    expect(data.info).toEqual({ title: '表單', documentTitle: '表單' });
    expect(await create({ mimeType: FOLDER })).toMatchObject({ name: 'Untitled', mimeType: FOLDER });
    expect(await create({})).toMatchObject({ name: 'Untitled', mimeType: 'application/octet-stream' });
    expect(
      await errorOf(
        google.drive.files.create({ requestBody: { mimeType: 'application/vnd.google-apps.document' } }),
      ),
    ).toMatchObject({ code: 501 });
  });

  it('lays a file into a folder, and answers a folder that is not there in Drive words', async () => {
    const folder = await create({ name: '夾', mimeType: FOLDER });
    const { data } = await google.drive.files.create({
      requestBody: { name: '在夾裡', mimeType: SHEET, parents: [folder.id] },
      fields: 'parents,webViewLink',
    });
    expect(data).toEqual({
      parents: [folder.id],
      webViewLink: expect.stringMatching(/\/spreadsheets\/d\/.+usp=drivesdk$/u),
    });
    expect(await names(`'${folder.id}' in parents`)).toEqual(['在夾裡']);
    const missing = await google.ask('POST', '/drive/v3/files', { name: 'x', parents: ['nowhere'] });
    expect(missing.status).toBe(404);
    expect(missing.body).toEqual({
      error: {
        code: 404,
        message: 'File not found: nowhere.',
        errors: [
          {
            message: 'File not found: nowhere.',
            domain: 'global',
            reason: 'notFound',
            location: 'fileId',
            locationType: 'parameter',
          },
        ],
      },
    });
  });
});

describe('files.get and fields', () => {
  it('gives nested fields, everything under *, and refuses a field that is not there', async () => {
    const { id } = await create({ name: '欄位', mimeType: SHEET });
    const get = (fields: string) =>
      google.ask('GET', `/drive/v3/files/${id}?fields=${encodeURIComponent(fields)}`);
    expect((await get('owners(emailAddress),capabilities/canEdit,trashed')).body).toEqual({
      owners: [{ emailAddress: 'owner@google.invalid' }],
      capabilities: { canEdit: true },
      trashed: false,
    });
    expect((await get('*')).body).toMatchObject({
      kind: 'drive#file',
      version: '1',
      starred: false,
      explicitlyTrashed: false,
      parents: [expect.any(String)],
      spaces: ['drive'],
      ownedByMe: true,
      shared: false,
      size: expect.any(String),
      permissionIds: [expect.stringMatching(/^\d{20}$/u)],
      createdTime: '2020-04-21T01:00:00.000Z',
      exportLinks: { 'text/csv': `https://docs.google.com/spreadsheets/export?id=${id}&exportFormat=csv` },
      capabilities: { canCopy: true, canAddChildren: false, canEdit: true, canReadLabels: false },
    });
    expect((await get('nosuch')).body.error).toMatchObject({
      code: 400,
      message: 'Invalid field selection nosuch',
      errors: [{ reason: 'invalidParameter', location: 'fields', locationType: 'parameter' }],
    });
    expect((await get('owners(nosuch)')).body.error.message).toBe('Invalid field selection nosuch');
  });

  it('knows the root folder', async () => {
    expect((await google.ask('GET', '/drive/v3/files/root')).body).toMatchObject({
      name: 'My Drive',
      mimeType: FOLDER,
    });
  });

  it('does not download a document', async () => {
    const { id } = await create({ name: '下載', mimeType: SHEET });
    const answer = await google.ask('GET', `/drive/v3/files/${id}?alt=media`);
    expect(answer.status).toBe(403);
    expect(answer.body.error.errors[0]).toMatchObject({ reason: 'fileNotDownloadable', location: 'alt' });
  });
});

describe('files.update, copy and delete', () => {
  it('renames the spreadsheet too, and Sheets renames the file', async () => {
    const { id } = await create({ name: '舊名', mimeType: SHEET });
    expect((await google.ask('PATCH', `/drive/v3/files/${id}`, { name: '新名' })).body.name).toBe('新名');
    const title = async () =>
      (await google.sheets.spreadsheets.get({ spreadsheetId: id })).data.properties?.title;
    expect(await title()).toBe('新名');
    await google.sheets.spreadsheets.batchUpdate({
      spreadsheetId: id,
      requestBody: {
        requests: [{ updateSpreadsheetProperties: { properties: { title: '再改' }, fields: 'title' } }],
      },
    });
    expect((await google.ask('GET', `/drive/v3/files/${id}`)).body.name).toBe('再改');
  });

  it('moves between folders by parameters, and not by the body', async () => {
    const [from, to] = [await create({ mimeType: FOLDER }), await create({ mimeType: FOLDER })];
    const { id } = await create({ name: '搬', parents: [from.id] });
    const patch = (query: string, body: object = {}) =>
      google.ask('PATCH', `/drive/v3/files/${id}?fields=parents${query}`, body);
    expect((await patch(`&addParents=${to.id}`)).body.error.errors[0].reason).toBe('cannotAddParent');
    expect((await patch('', { parents: [to.id] })).body.error.errors[0].reason).toBe('fieldNotWritable');
    expect((await patch(`&addParents=${to.id}&removeParents=${from.id}`)).body).toEqual({ parents: [to.id] });
  });

  it('finds a file by what an application keeps in it, within Google’s limits', async () => {
    const { id } = await create({ name: '名冊', appProperties: { kind: '名冊' } });
    await create({ name: '名冊', properties: { kind: '名冊' } });
    const { body } = await google.ask(
      'GET',
      `/drive/v3/files?q=${encodeURIComponent("appProperties has { key='kind' and value='名冊' }")}`,
    );
    expect(body.files.map((file: { id: string }) => file.id)).toEqual([id]);
    const set = (appProperties: object) => google.ask('PATCH', `/drive/v3/files/${id}`, { appProperties });
    const count = (length: number) =>
      Object.fromEntries(Array.from({ length }, (_, nth) => [`key${nth}`, 'x']));
    // A Chinese character takes three bytes.
    expect((await set({ key: `${'字'.repeat(40)}x` })).status).toBe(200);
    expect((await set({ key: `${'字'.repeat(40)}xy` })).status).toBe(400);
    expect((await set({ kind: null, key: null, ...count(31) })).status).toBe(400);
    expect((await set({ kind: null, key: null, ...count(30) })).status).toBe(200);
    expect((await set({ another: 'x' })).status).toBe(400);
  });

  it('keeps properties, and drops one that is null', async () => {
    const { id } = await create({ name: '屬性', properties: { a: '1', b: '2' } });
    const { body } = await google.ask('PATCH', `/drive/v3/files/${id}?fields=properties`, {
      properties: { a: null, c: '3' },
    });
    expect(body).toEqual({ properties: { b: '2', c: '3' } });
    expect(await names("properties has { key='c' and value='3' }")).toEqual(['屬性']);
  });

  it('trashes what lies in a trashed folder, and deletes it with the folder, with an empty 204', async () => {
    const folder = await create({ name: '丟', mimeType: FOLDER });
    const inner = await create({ name: '丟裡面', parents: [folder.id] });
    await google.ask('PATCH', `/drive/v3/files/${folder.id}`, { trashed: true });
    expect(await names("trashed = true and name contains '丟'")).toEqual(['丟', '丟裡面']);
    const answer = await google.ask('DELETE', `/drive/v3/files/${folder.id}`);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await google.ask('GET', `/drive/v3/files/${inner.id}`)).status).toBe(404);
  });

  it('copies a spreadsheet with its tabs and cells', async () => {
    const { id } = await create({ name: '原本', mimeType: SHEET });
    const put = (spreadsheetId: string, text: string) =>
      google.sheets.spreadsheets.values.update({
        spreadsheetId,
        range: 'Sheet1!A1:B1',
        valueInputOption: 'RAW',
        requestBody: { values: [[text, 'b,"c"']] },
      });
    await put(id, '甲');
    const { body: copy } = await google.ask('POST', `/drive/v3/files/${id}/copy`, {});
    expect(copy).toEqual({
      kind: 'drive#file',
      id: expect.any(String),
      name: 'Copy of 原本',
      mimeType: SHEET,
    });
    expect(copy.id).not.toBe(id);
    await put(id, '改');
    const csv = await google.ask('GET', `/drive/v3/files/${copy.id}/export?mimeType=text/csv`);
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/u);
    expect(csv.text).toBe('甲,"b,""c"""');
    const tab = await google.ask('GET', `/spreadsheets/d/${copy.id}/export?format=tsv&gid=0`);
    expect(tab.text).toBe('甲\tb,"c"');
    expect((await google.ask('GET', `/spreadsheets/d/${copy.id}/export?format=xlsx`)).status).toBe(501);
    const { data } = await google.sheets.spreadsheets.get({ spreadsheetId: copy.id });
    expect(data.properties?.title).toBe('Copy of 原本');
  });

  it('copies a form with its questions, and no folder', async () => {
    const { id } = await create({ name: '表單原本', mimeType: FORM });
    await google.formsApi.forms.batchUpdate({
      formId: id,
      requestBody: {
        requests: [{ createItem: { item: { title: '文', textItem: {} }, location: { index: 0 } } }],
      },
    });
    const { body: copy } = await google.ask('POST', `/drive/v3/files/${id}/copy`, { name: '表單副本' });
    const { data } = await google.formsApi.forms.get({ formId: copy.id });
    expect([data.info?.documentTitle, data.items?.[0]?.title]).toEqual(['表單副本', '文']);
    const folder = await create({ mimeType: FOLDER });
    expect(
      (await google.ask('POST', `/drive/v3/files/${folder.id}/copy`, {})).body.error.errors[0].reason,
    ).toBe('cannotCopyFile');
  });

  it('exports csv, says what it cannot make, and what Google cannot', async () => {
    const { id } = await create({ name: '匯出', mimeType: SHEET });
    const reason = async (path: string) => (await google.ask('GET', path)).body.error.errors[0];
    expect(await reason(`/drive/v3/files/${id}/export`)).toMatchObject({
      reason: 'required',
      location: 'mimeType',
    });
    expect(await reason(`/drive/v3/files/${id}/export?mimeType=text/nosuch`)).toMatchObject({
      reason: 'badRequest',
      message: 'The requested conversion is not supported.',
    });
    expect((await google.ask('GET', `/drive/v3/files/${id}/export?mimeType=application/pdf`)).status).toBe(
      501,
    );
    const blob = await create({ name: 'blob.bin' });
    expect(await reason(`/drive/v3/files/${blob.id}/export?mimeType=text/csv`)).toMatchObject({
      reason: 'fileNotExportable',
    });
  });
});

describe('files.list', () => {
  it('pages, orders and answers an empty list with its fields', async () => {
    const folder = await create({ name: '頁', mimeType: FOLDER });
    for (const name of ['p10', 'p9', 'p1']) await create({ name, parents: [folder.id] });
    const q = encodeURIComponent(`'${folder.id}' in parents`);
    const page = async (more: string) => (await google.ask('GET', `/drive/v3/files?q=${q}${more}`)).body;
    const first = await page('&pageSize=2&orderBy=name_natural');
    expect(first).toMatchObject({ kind: 'drive#fileList', incompleteSearch: false });
    expect(first.files.map((file: { name: string }) => file.name)).toEqual(['p1', 'p9']);
    const second = await page(`&pageSize=2&orderBy=name_natural&pageToken=${first.nextPageToken}`);
    expect(second.files.map((file: { name: string }) => file.name)).toEqual(['p10']);
    expect(second).not.toHaveProperty('nextPageToken');
    expect((await page('&orderBy=name desc')).files[0].name).toBe('p9');
    expect(await list("name = 'nowhere to be found'")).toEqual({
      kind: 'drive#fileList',
      incompleteSearch: false,
      files: [],
    });
  });

  it.each([
    ["name = 'query one'", ['query one']],
    ['mimeType="application/x-query" and name != "query one"', ["it's query two", 'QueryThree']],
    [
      "name contains 'quer' and mimeType = 'application/x-query'",
      ["it's query two", 'QueryThree', 'query one'],
    ],
    ["name contains 'uery' and mimeType = 'application/x-query'", []],
    ["name contains 'three' and mimeType = 'application/x-query'", []],
    ["name = 'it\\'s query two'", ["it's query two"]],
    ["fullText contains 'secret' and mimeType contains 'x-query'", ['query one']],
    ["fullText contains '\"word secret\"' and mimeType contains 'x-query'", []],
    ["starred = true and mimeType = 'application/x-query'", ['QueryThree']],
    ["not starred = true and mimeType = 'application/x-query'", ["it's query two", 'query one']],
    [
      "mimeType = 'application/x-query' and (name = 'query one' or starred = true)",
      ['QueryThree', 'query one'],
    ],
    // From left to right: `and` binds no closer than `or`.
    ["name = 'query one' or starred = true and name = 'nobody'", []],
    ["modifiedTime > '2020-04-21T08:59:59+08:00' and name = 'query one'", ['query one']],
    ["modifiedTime > '2020-04-21T01:00:00' and name = 'query one'", []],
    ["createdTime <= '2020-04-21T01:00:00' and name = 'query one'", ['query one']],
    ["'me' in owners and name = 'query one'", ['query one']],
    ["'someone@budeng.invalid' in writers", []],
    ["visibility = 'limited' and name = 'query one'", ['query one']],
    ['mimeType="application/x-query" and parents in "root" and name = "query one"', ['query one']],
    ["'root' in parents and name = 'query one' and trashed=false", ['query one']],
  ])('understands %s', async (q, expected) => {
    if ((await names("name = 'query one'")).length === 0) {
      const mimeType = 'application/x-query';
      await create({ name: 'query one', mimeType, description: 'a secret word' });
      await create({ name: "it's query two", mimeType });
      await create({ name: 'QueryThree', mimeType, starred: true });
    }
    expect(await names(q)).toEqual(expected.toSorted());
  });

  it('finds what a spreadsheet says', async () => {
    const { id } = await create({ name: '內文', mimeType: SHEET });
    await google.sheets.spreadsheets.values.update({
      spreadsheetId: id,
      range: 'A1',
      valueInputOption: 'RAW',
      requestBody: { values: [['needleword']] },
    });
    expect(await names("fullText contains 'needleword'")).toEqual(['內文']);
  });

  it.each([
    ['q=name', 'q', 'invalid', 'Invalid Value'],
    ['q=nosuch%20%3D%20%27x%27', 'q', 'invalid', 'Invalid Value'],
    ['q=name%20%3D%20%27x', 'q', 'invalid', 'Invalid Value'],
    ['orderBy=nosuch', 'orderBy', 'invalid', 'Invalid Value'],
    ['pageToken=nosuch', 'pageToken', 'invalid', 'Invalid Value'],
    [
      'pageSize=1001',
      'pageSize',
      'invalidParameter',
      "Invalid value '1001'. Values must be within the range: [1, 1000]",
    ],
    ['corpora=nosuch', 'corpora', 'invalid', 'Invalid Value'],
  ])('refuses %s', async (query, location, reason, message) => {
    const { status, body } = await google.ask('GET', `/drive/v3/files?${query}`);
    expect(status).toBe(400);
    expect(body.error).toEqual({
      code: 400,
      message,
      errors: [{ message, domain: 'global', reason, location, locationType: 'parameter' }],
    });
  });
});

describe('permissions', () => {
  const shared = async () => {
    const { id } = await create({ name: '共用', mimeType: SHEET });
    return `/drive/v3/files/${id}/permissions`;
  };

  it('answers kind, id, type and role; one person has one permission', async () => {
    const path = await shared();
    const body = { type: 'user', role: 'reader', emailAddress: 'teacher@budeng.invalid' };
    const made = (await google.ask('POST', `${path}?sendNotificationEmail=False&emailMessage=hi`, body)).body;
    expect(made).toEqual({
      kind: 'drive#permission',
      id: expect.stringMatching(/^\d{20}$/u),
      type: 'user',
      role: 'reader',
    });
    const again = (await google.ask('POST', path, { ...body, role: 'writer' })).body;
    expect(again).toEqual({ ...made, role: 'writer' });
    const all = (await google.ask('GET', `${path}?fields=permissions(emailAddress,role)`)).body;
    expect(all).toEqual({
      permissions: [
        { emailAddress: 'owner@google.invalid', role: 'owner' },
        { emailAddress: 'teacher@budeng.invalid', role: 'writer' },
      ],
    });
    expect((await google.ask('GET', path)).body).toMatchObject({
      kind: 'drive#permissionList',
      permissions: [expect.anything(), again],
    });
    const one = await google.ask('PATCH', `${path}/${made.id}`, { role: 'commenter' });
    expect(one.body.role).toBe('commenter');
    const offered = await google.ask('PATCH', `${path}/${made.id}?fields=role,pendingOwner`, {
      role: 'writer',
      pendingOwner: true,
    });
    expect(offered.body).toEqual({ role: 'writer', pendingOwner: true });
    expect((await google.ask('DELETE', `${path}/${made.id}`)).status).toBe(204);
    expect((await google.ask('GET', `${path}/${made.id}`)).body.error.message).toBe(
      `Permission not found: ${made.id}.`,
    );
  });

  it('shares with anybody who has the link, and with a domain', async () => {
    const path = await shared();
    expect((await google.ask('POST', path, { type: 'anyone', role: 'reader' })).body).toMatchObject({
      id: 'anyoneWithLink',
      type: 'anyone',
    });
    const domain = await google.ask('POST', `${path}?fields=*`, {
      type: 'domain',
      role: 'reader',
      domain: 'budeng.invalid',
    });
    expect(domain.body).toMatchObject({ domain: 'budeng.invalid', allowFileDiscovery: false });
  });

  it.each([
    [{ role: 'reader' }, '', 400, 'required', 'permission.type'],
    [{ type: 'user', emailAddress: 'a@budeng.invalid' }, '', 400, 'required', 'permission.role'],
    [{ type: 'user', role: 'reader' }, '', 400, 'invalid', 'permission.emailAddress'],
    [{ type: 'domain', role: 'reader' }, '', 400, 'invalid', 'permission.domain'],
    [{ type: 'user', role: 'boss', emailAddress: 'a@budeng.invalid' }, '', 400, 'invalid', 'permission.role'],
    [
      { type: 'user', role: 'owner', emailAddress: 'a@budeng.invalid' },
      '',
      403,
      'forbidden',
      'transferOwnership',
    ],
    [
      { type: 'user', role: 'owner', emailAddress: 'a@budeng.invalid' },
      '?transferOwnership=true&sendNotificationEmail=false',
      403,
      'forbidden',
      'sendNotificationEmail',
    ],
  ])('refuses %j%s', async (body, query, status, reason, location) => {
    const answer = await google.ask('POST', `${await shared()}${query}`, body);
    expect(answer.status).toBe(status);
    expect(answer.body.error.errors[0]).toMatchObject({ reason, location });
  });

  it('hands a file over, and lets nobody take the owner away', async () => {
    const path = await shared();
    const body = { type: 'user', role: 'owner', emailAddress: 'next@budeng.invalid' };
    const made = (await google.ask('POST', `${path}?transferOwnership=true`, body)).body;
    const all = (await google.ask('GET', `${path}?fields=permissions(role)`)).body;
    expect(all.permissions).toEqual([{ role: 'writer' }, { role: 'owner' }]);
    expect((await google.ask('DELETE', `${path}/${made.id}`)).body.error).toMatchObject({
      code: 403,
      errors: [{ reason: 'insufficientFilePermissions' }],
    });
  });
});

describe('about, changes, revisions and drives', () => {
  it('wants fields of about, and gives user and quota', async () => {
    expect((await google.ask('GET', '/drive/v3/about')).body.error.errors[0]).toMatchObject({
      reason: 'required',
      location: 'fields',
      message: "The 'fields' parameter is required for this method.",
    });
    const { data } = await google.drive.about.get({ fields: 'user(emailAddress,me),storageQuota/limit' });
    expect(data).toEqual({
      user: { emailAddress: 'owner@google.invalid', me: true },
      storageQuota: { limit: expect.stringMatching(/^\d+$/u) },
    });
  });

  it('lists what changed since a token, each file once, and what is gone', async () => {
    const { body: start } = await google.ask('GET', '/drive/v3/changes/startPageToken');
    expect(start).toEqual({ kind: 'drive#startPageToken', startPageToken: expect.stringMatching(/^\d+$/u) });
    const kept = await create({ name: '變更' });
    const gone = await create({ name: '刪掉' });
    await google.ask('PATCH', `/drive/v3/files/${kept.id}`, { name: '變更二' });
    await google.ask('DELETE', `/drive/v3/files/${gone.id}`);
    const { body } = await google.ask('GET', `/drive/v3/changes?pageToken=${start.startPageToken}`);
    expect(body).toEqual({
      kind: 'drive#changeList',
      newStartPageToken: expect.any(String),
      changes: expect.arrayContaining([
        {
          kind: 'drive#change',
          type: 'file',
          changeType: 'file',
          time: '2020-04-21T01:00:00.000Z',
          removed: false,
          fileId: kept.id,
          file: { ...kept, name: '變更二' },
        },
        {
          kind: 'drive#change',
          type: 'file',
          changeType: 'file',
          time: '2020-04-21T01:00:00.000Z',
          removed: true,
          fileId: gone.id,
        },
      ]),
    });
    expect(body.changes).toHaveLength(2);
    const paged = await google.ask('GET', `/drive/v3/changes?pageToken=${start.startPageToken}&pageSize=1`);
    expect(paged.body.nextPageToken).toBe(String(Number(start.startPageToken) + 1));
    expect((await google.ask('GET', '/drive/v3/changes')).body.error.errors[0].location).toBe('pageToken');
    expect((await google.ask('GET', '/drive/v3/changes?pageToken=x')).status).toBe(400);
  });

  it('keeps the current revision, has no shared drives, and says 501 of the rest', async () => {
    const { id } = await create({ name: '版本', mimeType: SHEET });
    const { data } = await google.drive.revisions.list({ fileId: id });
    expect(data).toEqual({
      kind: 'drive#revisionList',
      revisions: [{ kind: 'drive#revision', id: '1', mimeType: SHEET, modifiedTime: expect.any(String) }],
    });
    expect((await google.drive.drives.list()).data).toEqual({ kind: 'drive#driveList', drives: [] });
    expect((await google.ask('GET', '/drive/v3/drives/x')).status).toBe(404);
    expect((await google.ask('GET', `/drive/v3/files/${id}/approvals`)).body.error).toMatchObject({
      code: 501,
      errors: [{ reason: 'notImplemented' }],
    });
    expect((await google.ask('POST', '/upload/drive/v3/files?uploadType=media', 'x')).status).toBe(501);
    expect((await google.ask('GET', '/drive/v3/files/generateIds?count=3')).body.ids).toHaveLength(3);
  });
});
