import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { officeClock } from '../../contract/clock.ts';
import { formsPlugin } from '../../emulator/src/forms/plugin.ts';
import type { FormsService } from '../../emulator/src/forms/service.ts';
import { actAs } from '../../emulator/src/people.ts';
import { type Emulator, startEmulator } from '../../emulator/src/server.ts';
import { localCredential } from '../../sync-service/src/cli/trial/google-local.ts';
import { connectGoogle } from '../../sync-service/src/google/client.ts';

const clock = officeClock(new Date('2020-04-21T01:00:00Z'), { frozen: true });
let emulator: Emulator;
let google: ReturnType<typeof connectGoogle>;
const folder = mkdtempSync(join(tmpdir(), 'budeng-emulator-'));
const start = () =>
  startEmulator({
    clock,
    auth: 'service-account',
    dataDir: folder,
    plugins: [(opened) => void formsPlugin(opened)],
  });

beforeAll(async () => {
  emulator = await start();
  google = connectGoogle({ rootUrl: emulator.url, credential: localCredential() });
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const create = async (title = '測試') => {
  const { data } = await google.sheets.spreadsheets.create({
    requestBody: { properties: { title }, sheets: [{ properties: { title: '工作表' } }] },
  });
  return data.spreadsheetId ?? '';
};
const batch = (spreadsheetId: string, ...requests: object[]) =>
  google.sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } });
const cells = (rowIndex: number, ...values: object[]) => ({
  updateCells: {
    start: { sheetId: 0, rowIndex, columnIndex: 0 },
    rows: [{ values: values.map((userEnteredValue) => ({ userEnteredValue })) }],
    fields: 'userEnteredValue',
  },
});
const errorOf = async (call: Promise<unknown>) => {
  const error = (await call.then(
    () => null,
    (caught: unknown) => caught,
  )) as {
    response?: { status: number; data: { error: { code: number; status: string; message: string } } };
  } | null;
  return error?.response?.data.error;
};

describe('Sheets v4, asked by the unmodified client', () => {
  it('creates, writes and reads back, with trailing blanks left out', async () => {
    const id = await create();
    await batch(
      id,
      cells(0, { stringValue: '甲' }, { numberValue: 1.5 }, { boolValue: true }),
      cells(2, { stringValue: '=1+1' }),
    );
    const { data } = await google.sheets.spreadsheets.values.get({
      spreadsheetId: id,
      range: '工作表!A1:F9',
    });
    expect(data).toEqual({
      range: "'工作表'!A1:F9",
      majorDimension: 'ROWS',
      values: [['甲', '1.5', 'TRUE'], [], ['=1+1']],
    });
    const raw = await google.sheets.spreadsheets.values.get({
      spreadsheetId: id,
      range: '工作表!A1:C1',
      valueRenderOption: 'UNFORMATTED_VALUE',
    });
    expect(raw.data.values).toEqual([['甲', 1.5, true]]);
  });

  it('leaves "values" out where there are none', async () => {
    const { data } = await google.sheets.spreadsheets.values.get({
      spreadsheetId: await create(),
      range: '工作表',
    });
    expect(data).not.toHaveProperty('values');
  });

  it('carries a batch out wholly or not at all', async () => {
    const id = await create();
    const error = await errorOf(
      batch(id, cells(0, { stringValue: '不該留下' }), { deleteSheet: { sheetId: 999 } }),
    );
    expect(error).toMatchObject({
      code: 400,
      status: 'INVALID_ARGUMENT',
      message: expect.stringContaining('requests[1]'),
    });
    const { data } = await google.sheets.spreadsheets.values.get({ spreadsheetId: id, range: '工作表' });
    expect(data).not.toHaveProperty('values');
  });

  it('appends below the last row that holds something', async () => {
    const id = await create();
    await batch(id, cells(4, { stringValue: '第五列' }));
    const appendCells = {
      sheetId: 0,
      fields: 'userEnteredValue',
      rows: [{ values: [{ userEnteredValue: { stringValue: '新' } }] }],
    };
    await batch(id, { appendCells });
    const { data } = await google.sheets.spreadsheets.values.get({
      spreadsheetId: id,
      range: '工作表!A5:A6',
    });
    expect(data.values).toEqual([['第五列'], ['新']]);
  });

  it('answers an unknown request 400 and a known but unimplemented one 501, never an empty success', async () => {
    const id = await create();
    expect(await errorOf(batch(id, { makeCoffee: {} }))).toMatchObject({
      code: 400,
      message: expect.stringContaining('makeCoffee'),
    });
    expect(await errorOf(batch(id, { addTable: {} }))).toMatchObject({ code: 501 });
    expect(await errorOf(batch(id))).toMatchObject({
      code: 400,
      message: expect.stringContaining('Must specify at least one request'),
    });
  });

  it('answers 404 for what does not exist and 400 for a range that does not parse', async () => {
    expect(await errorOf(google.sheets.spreadsheets.get({ spreadsheetId: 'nope' }))).toMatchObject({
      code: 404,
      status: 'NOT_FOUND',
    });
    const range = '沒有這張!A1';
    expect(
      await errorOf(google.sheets.spreadsheets.values.get({ spreadsheetId: await create(), range })),
    ).toMatchObject({
      code: 400,
      message: `Unable to parse range: ${range}`,
    });
  });

  it('gives only the fields that are asked for', async () => {
    const { data } = await google.sheets.spreadsheets.get({
      spreadsheetId: await create(),
      fields: 'sheets.properties(sheetId,title)',
    });
    expect(data).toEqual({ sheets: [{ properties: { sheetId: 0, title: '工作表' } }] });
  });

  it('finds a renamed tab by its id', async () => {
    const id = await create();
    await batch(id, cells(0, { stringValue: '在' }), {
      updateSheetProperties: { properties: { sheetId: 0, title: '改名' }, fields: 'title' },
    });
    const { data } = await google.sheets.spreadsheets.values.batchGetByDataFilter({
      spreadsheetId: id,
      requestBody: { dataFilters: [{ gridRange: { sheetId: 0 } }] },
    });
    expect(data.valueRanges?.[0]?.valueRange?.values).toEqual([['在']]);
  });

  it('sorts whole rows, blanks last, and moves columns', async () => {
    const id = await create();
    await batch(
      id,
      cells(0, { numberValue: 3 }, { stringValue: '丙' }),
      cells(1),
      cells(2, { numberValue: 1 }, { stringValue: '甲' }),
    );
    await batch(
      id,
      { sortRange: { range: { sheetId: 0 }, sortSpecs: [{ dimensionIndex: 0, sortOrder: 'ASCENDING' }] } },
      {
        moveDimension: {
          source: { sheetId: 0, dimension: 'COLUMNS', startIndex: 1, endIndex: 2 },
          destinationIndex: 0,
        },
      },
    );
    const { data } = await google.sheets.spreadsheets.values.get({ spreadsheetId: id, range: '工作表' });
    expect(data.values).toEqual([
      ['甲', '1'],
      ['丙', '3'],
    ]);
  });

  it('refuses an editor in a protected range and against validation, as the page asks', async () => {
    const id = await create();
    const range = { sheetId: 0, startColumnIndex: 0, endColumnIndex: 1 };
    await batch(
      id,
      { addProtectedRange: { protectedRange: { range } } },
      {
        setDataValidation: {
          range: { sheetId: 0, startColumnIndex: 1, endColumnIndex: 2 },
          rule: { condition: { type: 'ONE_OF_LIST', values: [{ userEnteredValue: '是' }] }, strict: true },
        },
      },
    );
    emulator.drive.createPermission(
      id,
      { type: 'user', role: 'writer', emailAddress: 'editor@example.invalid' },
      { transfer: false, notify: false },
    );
    const edit = (column: number, text: string) => () =>
      actAs('editor@example.invalid', () =>
        emulator.sheets.batchUpdate(
          id,
          {
            requests: [
              {
                updateCells: {
                  start: { sheetId: 0, rowIndex: 0, columnIndex: column },
                  rows: [{ values: [{ userEnteredValue: { stringValue: text } }] }],
                  fields: 'userEnteredValue',
                },
              },
            ],
          },
          { byHand: true },
        ),
      );
    expect(edit(0, '改')).toThrow(/protected/u);
    expect(edit(1, '否')).toThrow(/validation/u);
    expect(edit(1, '是')).not.toThrow();
  });
});

describe('Drive v3 and Forms v1', () => {
  it('lists files by name', async () => {
    const id = await create("找我'的");
    const { data } = await google.drive.files.list({
      q: "name = '找我\\'的' and trashed = false",
      fields: 'files(id)',
    });
    expect(data).toEqual({ files: [{ id }] });
  });

  it('makes a form unpublished, as the API does, and takes responses once it is published', async () => {
    const { data: form } = await google.forms.forms.create({ requestBody: { info: { title: '表單' } } });
    const formId = form.formId ?? '';
    const { data } = await google.forms.forms.batchUpdate({
      formId,
      requestBody: {
        requests: [
          {
            createItem: {
              location: { index: 0 },
              item: { title: '姓名', questionItem: { question: { textQuestion: {} } } },
            },
          },
        ],
      },
    });
    const questionId = data.replies?.[0]?.createItem?.questionId?.[0] ?? '';
    const post = () =>
      fetch(`${emulator.url}/forms/d/e/${formId}/formResponse`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ answers: { [questionId]: '王小明' } }),
      });
    expect((await post()).status).toBe(400);
    await google.forms.forms.setPublishSettings({
      formId,
      requestBody: { publishSettings: { publishState: { isPublished: true, isAcceptingResponses: true } } },
    });
    // Publishing admits nobody by itself.
    expect((await post()).status).toBe(403);
    await google.drive.permissions.create({
      fileId: formId,
      requestBody: { type: 'anyone', role: 'reader', view: 'published' },
    });
    expect((await post()).status).toBe(200);
    const { data: list } = await google.forms.forms.responses.list({ formId });
    expect(list.responses?.[0]?.answers?.[questionId]?.textAnswers?.answers).toEqual([{ value: '王小明' }]);
  });

  it('wants a token, as Google does', async () => {
    const response = await fetch(`${emulator.url}/v4/spreadsheets/x`);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { code: 401, status: 'UNAUTHENTICATED' } });
  });
});

describe('the journal', () => {
  it('gives everything back after a restart', async () => {
    const id = await create('留存');
    await batch(id, cells(0, { stringValue: '還在' }), { addSheet: { properties: { title: '第二張' } } });
    await emulator.close();
    emulator = await start();
    google = connectGoogle({ rootUrl: emulator.url, credential: localCredential() });
    const { data } = await google.sheets.spreadsheets.values.get({ spreadsheetId: id, range: '工作表' });
    expect(data.values).toEqual([['還在']]);
    const book = await google.sheets.spreadsheets.get({ spreadsheetId: id });
    expect(book.data.sheets?.map((sheet) => sheet.properties?.title)).toEqual(['工作表', '第二張']);
  });
});

describe('a response that a script deletes', () => {
  it('is gone with its edit link, also after a restart', async () => {
    const data = mkdtempSync(join(tmpdir(), 'budeng-forms-'));
    const open = async () => {
      let forms: FormsService | undefined;
      const opened = await startEmulator({
        clock,
        auth: 'open',
        dataDir: data,
        plugins: [(each) => void (forms = formsPlugin(each))],
      });
      return { opened, forms: forms as unknown as FormsService };
    };
    const first = await open();
    const { formId = '' } = first.forms.create({ info: { title: '留一份' } }) as { formId?: string };
    const publishState = { isPublished: true, isAcceptingResponses: true };
    first.forms.setPublishSettings(formId, { publishSettings: { publishState } });
    const [gone, kept] = [1, 2].map(() => first.forms.submit(formId, { answers: {} }));
    const editKey = new URL(gone?.editUrl ?? '').searchParams.get('edit2') ?? '';
    first.forms.deleteResponse(formId, gone?.responseId ?? '');
    expect(() => first.forms.deleteResponse(formId, gone?.responseId ?? '')).toThrow('not found');
    await first.opened.close();
    const second = await open();
    try {
      expect(second.forms.responses(formId).map((each) => each.responseId)).toEqual([kept?.responseId]);
      expect(second.forms.reopen(formId, editKey)).toBeNull();
    } finally {
      await second.opened.close();
      rmSync(data, { recursive: true, force: true });
    }
  });
});

describe('quotas', () => {
  it("count each user's reads and writes a minute, and the project's", async () => {
    const limited = await startEmulator({
      clock,
      auth: 'service-account',
      quota: () => ({ user: { reads: 2, writes: 5 }, project: { reads: 3, writes: 5 } }),
      plugins: [(opened) => void formsPlugin(opened)],
    });
    const user = (email: string) =>
      connectGoogle({ rootUrl: limited.url, credential: { ...localCredential(), refresh_token: email } });
    try {
      const [first, second] = [user('a@budeng.invalid'), user('b@budeng.invalid')];
      const { data } = await first.sheets.spreadsheets.create({ requestBody: {} });
      const spreadsheetId = data.spreadsheetId ?? '';
      const read = (who: typeof first) => errorOf(who.sheets.spreadsheets.get({ spreadsheetId }));
      expect(await read(first)).toBeUndefined();
      expect(await read(first)).toBeUndefined();
      expect(await read(first)).toMatchObject({
        code: 429,
        status: 'RESOURCE_EXHAUSTED',
        message: expect.stringContaining("limit 'Read requests per minute per user'"),
      });
      expect(await read(second)).toBeUndefined();
      expect((await read(second))?.message).toContain("limit 'Read requests per minute' of");
      clock.advance(60_000);
      expect(await read(first)).toBeUndefined();
    } finally {
      await limited.close();
    }
  });
});
