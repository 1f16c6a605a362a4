import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pagesPlugin } from '../../emulator/src/pages/plugin.ts';
import { formsPlugin } from '../../emulator/src/forms/plugin.ts';
import { scriptPlugin } from '../../emulator/src/script/plugin.ts';
import { type OpenGoogle, openGoogle } from './open-google.ts';

const OWNER = 'owner@google.invalid';
const EDITOR = 'editor@example.com';
const READER = 'reader@example.com';
const STRANGER = 'stranger@example.com';
const NO_ACCOUNT = 'letters-only@example.com';

let google: OpenGoogle;
let id: string;
const as = (person: string) => ({ authorization: `Bearer ${person}` });
const ask = (person: string, verb: string, path: string, body?: unknown) =>
  google.ask(verb, path, body, as(person));
const share = (fileId: string, body: object, query = 'sendNotificationEmail=false') =>
  ask(OWNER, 'POST', `/drive/v3/files/${fileId}/permissions?${query}`, body);
const write = (person: string, range: string, text: string) =>
  ask(person, 'PUT', `/v4/spreadsheets/${id}/values/${range}?valueInputOption=RAW`, { values: [[text]] });
const batch = (person: string, ...requests: object[]) =>
  ask(person, 'POST', `/v4/spreadsheets/${id}:batchUpdate`, { requests });

beforeEach(async () => {
  google = await openGoogle({
    auth: 'service-account',
    withoutAccount: [NO_ACCOUNT],
    plugins: [
      (opened) => {
        const forms = formsPlugin(opened);
        const scripts = scriptPlugin(opened, forms);
        pagesPlugin({ forms, mailbox: null, scripts, editor: () => EDITOR })(opened);
      },
    ],
  });
  const made = await ask(OWNER, 'POST', '/v4/spreadsheets', {
    properties: { title: 'Shared' },
    sheets: [{ properties: { sheetId: 1, title: 'List' } }],
  });
  id = made.body.spreadsheetId;
  await write(OWNER, 'List!A1:A1', 'owned');
  // The first column is protected; nobody but the owner may touch it.
  await batch(OWNER, {
    addProtectedRange: {
      protectedRange: { range: { sheetId: 1, endColumnIndex: 1 }, editors: { users: [] } },
    },
  });
  await share(id, { type: 'user', role: 'writer', emailAddress: EDITOR });
  await share(id, { type: 'user', role: 'reader', emailAddress: READER });
});
afterEach(() => google.close());

const DENIED = { code: 403, message: 'The caller does not have permission', status: 'PERMISSION_DENIED' };

describe('whom a file is shared with', () => {
  it('reads it: owner, editor and reader, and no stranger, who is told 403 and not 404', async () => {
    for (const person of [OWNER, EDITOR, READER])
      expect((await ask(person, 'GET', `/v4/spreadsheets/${id}/values/List!A1`)).body.values).toEqual([
        ['owned'],
      ]);
    const refused = await ask(STRANGER, 'GET', `/v4/spreadsheets/${id}`);
    expect(refused.status).toBe(403);
    expect(refused.body.error).toMatchObject(DENIED);
    expect((await ask(STRANGER, 'GET', '/v4/spreadsheets/none')).status).toBe(404);
  });

  it('writes it: the editor, and not the reader', async () => {
    expect((await write(EDITOR, 'List!B2', 'edited')).status).toBe(200);
    expect((await write(READER, 'List!B2', 'read')).body.error).toMatchObject(DENIED);
    expect((await batch(READER, { addSheet: {} })).body.error).toMatchObject(DENIED);
    expect((await ask(READER, 'POST', `/v4/spreadsheets/${id}/values/List!B2:clear`)).status).toBe(403);
  });

  it('is found in Drive by those who may see it, as theirs or as shared with them', async () => {
    const found = async (person: string) =>
      (
        await ask(
          person,
          'GET',
          "/drive/v3/files?q=name%3D'Shared'&fields=files(name,ownedByMe,capabilities/canEdit)",
        )
      ).body.files;
    expect(await found(STRANGER)).toEqual([]);
    expect(await found(OWNER)).toEqual([
      { name: 'Shared', ownedByMe: true, capabilities: { canEdit: true } },
    ]);
    expect(await found(EDITOR)).toEqual([
      { name: 'Shared', ownedByMe: false, capabilities: { canEdit: true } },
    ]);
    expect(await found(READER)).toEqual([
      { name: 'Shared', ownedByMe: false, capabilities: { canEdit: false } },
    ]);
    const hidden = await ask(STRANGER, 'GET', `/drive/v3/files/${id}`);
    expect([hidden.status, hidden.body.error.message]).toEqual([404, `File not found: ${id}.`]);
  });

  it('is renamed by its editor; by its owner alone it is put into the trash and deleted', async () => {
    const { body } = await ask(OWNER, 'POST', '/drive/v3/files', { name: 'note', mimeType: 'text/plain' });
    await share(body.id, { type: 'user', role: 'writer', emailAddress: EDITOR });
    const path = `/drive/v3/files/${body.id}`;
    expect((await ask(EDITOR, 'PATCH', path, { name: 'renamed' })).status).toBe(200);
    const refused = [await ask(EDITOR, 'PATCH', path, { trashed: true }), await ask(EDITOR, 'DELETE', path)];
    for (const { status, body: answer } of refused)
      expect([status, answer.error.errors[0].reason]).toEqual([403, 'insufficientFilePermissions']);
    expect((await ask(OWNER, 'DELETE', path)).status).toBe(204);
  });

  it('belongs to whoever made it, and a folder opens what lies in it', async () => {
    const folder = await ask(EDITOR, 'POST', '/drive/v3/files', {
      name: 'folder',
      mimeType: 'application/vnd.google-apps.folder',
    });
    const inner = await ask(EDITOR, 'POST', '/drive/v3/files', { name: 'inner', parents: [folder.body.id] });
    const path = `/drive/v3/files/${inner.body.id}?fields=owners/emailAddress`;
    expect((await ask(READER, 'GET', path)).status).toBe(404);
    await ask(EDITOR, 'POST', `/drive/v3/files/${folder.body.id}/permissions`, {
      type: 'user',
      role: 'reader',
      emailAddress: READER,
    });
    expect((await ask(READER, 'GET', path)).body).toEqual({ owners: [{ emailAddress: EDITOR }] });
  });
});

describe('who has no token', () => {
  it('reads with an API key what is open to anyone, and nothing private', async () => {
    const get = (file: string) => google.ask('GET', `/v4/spreadsheets/${file}?key=abc&fields=spreadsheetId`);
    expect((await get(id)).body.error).toMatchObject(DENIED);
    const open = (await ask(OWNER, 'POST', '/v4/spreadsheets', {})).body.spreadsheetId;
    await share(open, { type: 'anyone', role: 'reader' }, '');
    expect((await get(open)).body).toEqual({ spreadsheetId: open });
  });

  it('writes nothing with an API key', async () => {
    const { status, body } = await google.ask('POST', `/v4/spreadsheets/${id}:batchUpdate?key=abc`, {
      requests: [{ addSheet: {} }],
    });
    expect([status, body.error.status]).toEqual([401, 'UNAUTHENTICATED']);
    expect(body.error.message).toContain('API keys are not supported by this API.');
  });

  it('cannot be somebody without a Google account, nor is such an address shared with unseen', async () => {
    expect((await ask(NO_ACCOUNT, 'GET', `/v4/spreadsheets/${id}`)).status).toBe(401);
    const body = { type: 'user', role: 'writer', emailAddress: NO_ACCOUNT };
    const refused = await share(id, body);
    expect([refused.status, refused.body.error.errors[0].reason]).toEqual([400, 'invalidSharingRequest']);
    expect(refused.body.error.message).toContain(
      'there is no Google account associated with this email address',
    );
    expect((await share(id, body, '')).status).toBe(200);
  });

  it('acts for a person where a service account names one', async () => {
    const claims = (sub: string) =>
      ['', JSON.stringify({ iss: 'robot@x.invalid', sub, iat: 0, exp: 9 }), '']
        .map((part) => Buffer.from(part).toString('base64url'))
        .join('.');
    const { body } = await google.ask('POST', '/token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: claims(READER),
    });
    const me = async (token: string) =>
      (await google.ask('GET', '/drive/v3/about?fields=user/emailAddress', undefined, as(token))).body.user;
    expect(await me(body.access_token)).toEqual({ emailAddress: READER });
    expect(await me(claims(EDITOR))).toEqual({ emailAddress: EDITOR });
    expect(await me('any-other')).toEqual({ emailAddress: OWNER });
  });
});

describe('a protected range', () => {
  const rows = { sheetId: 1, dimension: 'ROWS', startIndex: 1, endIndex: 2 };
  const columns = { sheetId: 1, dimension: 'COLUMNS', startIndex: 0, endIndex: 1 };
  const across = {
    sort: {
      sortRange: { range: { sheetId: 1 }, sortSpecs: [{ dimensionIndex: 1, sortOrder: 'ASCENDING' }] },
    },
    'insert a row': { insertDimension: { range: rows, inheritFromBefore: true } },
    'delete a row': { deleteDimension: { range: rows } },
    'delete a column': { deleteDimension: { range: columns } },
    'move a column': { moveDimension: { source: columns, destinationIndex: 3 } },
    'rename the tab': {
      updateSheetProperties: { properties: { sheetId: 1, title: 'Mine' }, fields: 'title' },
    },
    'delete the tab': { deleteSheet: { sheetId: 1 } },
    'lift the protection': { deleteProtectedRange: { protectedRangeId: 0 } },
    'write by a batch': {
      updateCells: { start: { sheetId: 1 }, rows: [{ values: [{}] }], fields: 'userEnteredValue' },
    },
  };
  const requestsOf = async () => {
    const { body } = await ask(OWNER, 'GET', `/v4/spreadsheets/${id}?fields=sheets.protectedRanges`);
    const [{ protectedRanges }] = body.sheets;
    return {
      ...across,
      'lift the protection': {
        deleteProtectedRange: { protectedRangeId: protectedRanges[0].protectedRangeId },
      },
    };
  };

  it.each(Object.keys(across) as (keyof typeof across)[])('keeps an editor from this: %s', async (what) => {
    const { status, body } = await batch(EDITOR, { addSheet: {} }, (await requestsOf())[what]);
    expect(status).toBe(400);
    expect(body.error.message).toMatch(
      /^Invalid requests\[1\]\.\w+: You are trying to edit a protected cell or object\./u,
    );
  });

  it('binds writes of values too, and says which ranges the asker may edit', async () => {
    expect((await write(EDITOR, 'List!A1', 'x')).body.error.message).toContain('protected cell or object');
    expect((await write(EDITOR, 'List!B1', 'x')).status).toBe(200);
    const seen = async (person: string) =>
      (await ask(person, 'GET', `/v4/spreadsheets/${id}?fields=sheets.protectedRanges.requestingUserCanEdit`))
        .body;
    expect(JSON.stringify(await seen(OWNER))).toContain('"requestingUserCanEdit":true');
    expect(JSON.stringify(await seen(EDITOR))).not.toContain('true');
  });

  it('never binds the owner, nor an editor whom it names', async () => {
    const { body } = await ask(OWNER, 'POST', '/v4/spreadsheets', {
      sheets: [{ properties: { sheetId: 5 } }],
    });
    const file = body.spreadsheetId;
    await share(file, { type: 'user', role: 'writer', emailAddress: EDITOR });
    await ask(OWNER, 'POST', `/v4/spreadsheets/${file}:batchUpdate`, {
      requests: [
        { addProtectedRange: { protectedRange: { range: { sheetId: 5 }, editors: { users: [EDITOR] } } } },
      ],
    });
    const sort = { sortRange: { range: { sheetId: 5 }, sortSpecs: [{ dimensionIndex: 0 }] } };
    for (const person of [EDITOR, OWNER])
      expect(
        (await ask(person, 'POST', `/v4/spreadsheets/${file}:batchUpdate`, { requests: [sort] })).status,
      ).toBe(200);
  });
});

describe('the page of a spreadsheet', () => {
  const page = (query: string, cookie = '') =>
    google.ask('GET', `/spreadsheets/d/${id}/edit${query}`, undefined, cookie ? { cookie } : {});
  const act = (name: string, cookie: string) =>
    google.ask('POST', `/pages/sheets/${id}/acts/${name}`, { gid: 1, column: 1, row: 1 }, { cookie });

  it('says who sits before it and as what', async () => {
    expect((await page('')).text).toContain(`您現在是 ${EDITOR}（編輯者）`);
    const chosen = await page(`?authuser=${OWNER}`);
    expect(chosen.text).toContain(`您現在是 ${OWNER}（擁有者）`);
    expect((await page('', chosen.headers.get('set-cookie') ?? '')).text).toContain('（擁有者）');
  });

  it('opens for whoever owns the spreadsheet, also where the account of this Drive may not see it', async () => {
    const made = await ask(EDITOR, 'POST', '/v4/spreadsheets', { properties: { title: 'Own' } });
    const own = await google.ask('GET', `/spreadsheets/d/${made.body.spreadsheetId}/edit`);
    expect([own.status, own.text.includes(`您現在是 ${EDITOR}（擁有者）`)]).toEqual([200, true]);
  });

  it('keeps strangers out, and sends who is not signed in to sign in', async () => {
    const stranger = await page(`?authuser=${STRANGER}`);
    expect([stranger.status, stranger.text.includes('您沒有存取權')]).toEqual([403, true]);
    const nobody = await fetch(`${google.emulator.url}/spreadsheets/d/${id}/edit?authuser=-`, {
      redirect: 'manual',
    });
    expect(nobody.status).toBe(302);
    expect(nobody.headers.get('location')).toMatch(/^\/ServiceLogin\?continue=/u);
    expect((await google.ask('GET', '/ServiceLogin?continue=https%3A%2F%2Fevil.example')).text).toContain(
      'action="/"',
    );
  });

  it('sorts for the owner and not for an editor; a reader changes nothing', async () => {
    const refused = await act('sort', `authuser=${EDITOR}`);
    expect([refused.status, refused.body.message]).toEqual([409, expect.stringContaining('受保護')]);
    expect((await act('sort', `authuser=${OWNER}`)).status).toBe(200);
    const reader = await act('add-tab', `authuser=${READER}`);
    expect([reader.status, reader.body.message]).toEqual([409, expect.stringContaining('只能檢視')]);
  });
});
