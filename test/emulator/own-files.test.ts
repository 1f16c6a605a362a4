import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openGoogle, type OpenGoogle } from './open-google.ts';

/** With `drive.file` a program reaches the files that its OAuth client made, and no others of the same person's. */

const SHEET = 'application/vnd.google-apps.spreadsheet';
const folder = mkdtempSync(join(tmpdir(), 'own-files-'));
let google: OpenGoogle;
beforeEach(async () => {
  google = await openGoogle({ dataDir: folder });
});
afterEach(async () => {
  await google.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A program that a person has consented to. */
function program(client: string, ...scopes: string[]) {
  const form = (path: string, fields: Record<string, string>) =>
    fetch(`${google.emulator.url}${path}`, { method: 'POST', body: new URLSearchParams(fields) });
  let bearer = '';
  const consent = async () => {
    const query = new URLSearchParams({
      client_id: client,
      redirect_uri: 'http://127.0.0.1:9/',
      scope: scopes.map((name) => `https://www.googleapis.com/auth/${name}`).join(' '),
    });
    const page = await fetch(`${google.emulator.url}/o/oauth2/v2/auth?${query}`, { redirect: 'manual' });
    const code = new URL(page.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const answer = await form('/token', { grant_type: 'authorization_code', code, client_id: client });
    const { refresh_token } = (await answer.json()) as { refresh_token: string };
    const renewed = await form('/token', { grant_type: 'refresh_token', refresh_token, client_id: client });
    bearer = ((await renewed.json()) as { access_token: string }).access_token;
  };
  return {
    consent,
    ask: async (verb: string, path: string, body?: unknown) => {
      if (bearer === '') await consent();
      return google.ask(verb, path, body, { authorization: `Bearer ${bearer}` });
    },
  };
}

type Program = ReturnType<typeof program>;
const names = async ({ ask }: Program) => {
  const { body } = await ask('GET', '/drive/v3/files?fields=files(name)&orderBy=name');
  return body.files.map(({ name }: { name: string }) => name);
};
const makeFile = async ({ ask }: Pick<Program, 'ask'>, name: string, mimeType = SHEET) =>
  (await ask('POST', '/drive/v3/files', { name, mimeType })).body.id as string;

describe('drive.file', () => {
  it('lists, reads and writes what this client made, by whichever API', async () => {
    const ours = program('ours', 'drive.file');
    const book = (await ours.ask('POST', '/v4/spreadsheets', { properties: { title: 'book' } })).body;
    const form = (await ours.ask('POST', '/v1/forms', { info: { title: 'form', documentTitle: 'form' } }))
      .body;
    const inner = await makeFile(ours, 'copied');
    const copy = (await ours.ask('POST', `/drive/v3/files/${inner}/copy`, { name: 'copy' })).body.id;
    expect(await names(ours)).toEqual(['book', 'copied', 'copy', 'form']);
    for (const path of [
      `/drive/v3/files/${copy}`,
      `/v4/spreadsheets/${book.spreadsheetId}`,
      `/v1/forms/${form.formId}`,
      `/v1/forms/${form.formId}/responses`,
    ])
      expect((await ours.ask('GET', path)).status, path).toBe(200);
    expect((await ours.ask('DELETE', `/drive/v3/files/${copy}`)).status).toBe(204);
  });

  it("is told that another client's files, and the person's own, are not there", async () => {
    const [ours, theirs] = [program('ours', 'drive.file'), program('theirs', 'drive.file')];
    const files = [await makeFile(theirs, 'theirs'), await makeFile(google, "the person's")];
    const form = (await theirs.ask('POST', '/v1/forms', { info: { title: 'form', documentTitle: 'form' } }))
      .body.formId;
    expect(await names(ours)).toEqual([]);
    expect(await names(theirs)).toEqual(['form', 'theirs']);
    for (const id of files) {
      expect((await ours.ask('GET', `/drive/v3/files/${id}`)).body.error).toMatchObject({
        code: 404,
        message: `File not found: ${id}.`,
        errors: [{ reason: 'notFound' }],
      });
      expect((await ours.ask('PATCH', `/drive/v3/files/${id}`, { name: 'x' })).status).toBe(404);
      expect((await ours.ask('DELETE', `/drive/v3/files/${id}`)).status).toBe(404);
      expect((await ours.ask('POST', `/drive/v3/files/${id}/copy`, {})).status).toBe(404);
      expect((await ours.ask('GET', `/v4/spreadsheets/${id}`)).body.error).toMatchObject({
        code: 404,
        message: 'Requested entity was not found.',
      });
      const write = { requests: [{ addSheet: {} }] };
      expect((await ours.ask('POST', `/v4/spreadsheets/${id}:batchUpdate`, write)).status).toBe(404);
    }
    expect((await ours.ask('GET', `/v1/forms/${form}`)).status).toBe(404);
    expect((await ours.ask('GET', `/v1/forms/${form}/responses`)).status).toBe(404);
    const { body } = await ours.ask('GET', '/drive/v3/changes?pageToken=1');
    expect(body.changes).toEqual([]);
  });

  it('does not reach into a folder that is not its own, nor is a file in its own folder its own', async () => {
    const ours = program('ours', 'drive.file');
    const kind = 'application/vnd.google-apps.folder';
    const [mine, other] = [await makeFile(ours, 'mine', kind), await makeFile(google, 'other', kind)];
    const within = { name: 'in', mimeType: SHEET };
    expect((await ours.ask('POST', '/drive/v3/files', { ...within, parents: [other] })).status).toBe(404);
    expect((await ours.ask('POST', '/drive/v3/files', { ...within, parents: [mine] })).status).toBe(200);
    await google.ask('POST', '/drive/v3/files', { ...within, name: 'put in', parents: [mine] });
    expect(await names(ours)).toEqual(['in', 'mine']);
  });

  it('goes with the client: another consent of it, and a restart, change nothing', async () => {
    const ours = program('ours', 'drive.file');
    const id = await makeFile(ours, 'kept');
    await google.close();
    google = await openGoogle({ dataDir: folder });
    const again = program('ours', 'drive.file');
    expect((await again.ask('GET', `/v4/spreadsheets/${id}`)).status).toBe(200);
    expect((await program('theirs', 'drive.file').ask('GET', `/v4/spreadsheets/${id}`)).status).toBe(404);
  });
});

describe('a wider scope', () => {
  it('reaches all that the person reaches, where it covers the method', async () => {
    const id = await makeFile(google, "the person's");
    const drive = program('wide', 'drive');
    expect(await names(drive)).toEqual(["the person's"]);
    expect((await drive.ask('GET', `/v4/spreadsheets/${id}`)).status).toBe(200);
    const sheets = program('sheets', 'drive.file', 'spreadsheets');
    expect(await names(sheets)).toEqual([]);
    expect((await sheets.ask('GET', `/v4/spreadsheets/${id}`)).status).toBe(200);
    const reader = program('reader', 'drive.file', 'spreadsheets.readonly');
    expect((await reader.ask('GET', `/v4/spreadsheets/${id}`)).status).toBe(200);
    const write = { requests: [{ addSheet: {} }] };
    expect((await reader.ask('POST', `/v4/spreadsheets/${id}:batchUpdate`, write)).status).toBe(404);
  });

  it('tells by isAppAuthorized which files the client made', async () => {
    const [wide, own] = [program('ours', 'drive'), program('ours', 'drive.file')];
    await makeFile(google, 'a');
    await makeFile(own, 'b');
    const { body } = await wide.ask('GET', '/drive/v3/files?fields=files(name,isAppAuthorized)&orderBy=name');
    expect(body.files).toEqual([
      { name: 'a', isAppAuthorized: false },
      { name: 'b', isAppAuthorized: true },
    ]);
  });
});

it('a token that was not given out here is bound by no client', async () => {
  const id = await makeFile(program('ours', 'drive.file'), 'ours');
  expect((await google.ask('GET', `/drive/v3/files/${id}`)).status).toBe(200);
  const bearer = { authorization: 'Bearer owner@google.invalid' };
  expect((await google.ask('GET', `/v4/spreadsheets/${id}`, undefined, bearer)).status).toBe(200);
});
