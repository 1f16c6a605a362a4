import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { GoogleError } from '../../google/error.ts';
import type { Scratch } from './scratch.ts';

/** One thing about Google that no page promises, or that would break the office if it were otherwise. */
export interface Question {
  /** Where the emulator has a switch for it, the switch's name. */
  key: string;
  /** zh-TW. */
  asks: string;
  /** From Google's pages, seen by others, or unknown. */
  sureness: 'doc' | 'live' | 'likely' | 'open';
  /** The answers with which the product works; null where it does not matter and the answer is only kept. */
  fits: readonly string[] | null;
  ask(scratch: Scratch): Promise<string>;
}

type Request = sheets_v4.Schema$Request;

/** What Google says to something that it may refuse. */
async function refusalOf(work: () => Promise<unknown>): Promise<'accepted' | 'refused'> {
  try {
    await work();
    return 'accepted';
  } catch (error) {
    if (error instanceof GoogleError && error.status === 400) return 'refused';
    throw error;
  }
}

const batch = ({ google }: Scratch, spreadsheetId: string, requests: Request[]) =>
  google.call('sheets.batchUpdate', () =>
    google.sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } }),
  );

const read = async ({ google }: Scratch, spreadsheetId: string, range: string): Promise<unknown[][]> =>
  (
    await google.call('sheets.values.get', () =>
      google.sheets.spreadsheets.values.get({ spreadsheetId, range }),
    )
  ).values ?? [];

const type = ({ google }: Scratch, spreadsheetId: string, range: string, values: unknown[][]) =>
  google.call('sheets.values.update', () =>
    google.sheets.spreadsheets.values.update({
      spreadsheetId,
      range,
      valueInputOption: 'USER_ENTERED',
      requestBody: { values },
    }),
  );

/** The first rows of some columns. */
const topOf = (
  sheetId: number,
  { rows, from = 0, columns = 1 }: { rows: number; from?: number; columns?: number },
) => ({
  sheetId,
  startRowIndex: 0,
  endRowIndex: rows,
  startColumnIndex: from,
  endColumnIndex: from + columns,
});

/** Five check boxes in column B that nobody has touched. */
async function checkBoxes(scratch: Scratch) {
  const { spreadsheetId, sheetId, title } = await scratch.tab();
  const range = topOf(sheetId, { rows: 5, from: 1 });
  const rule = { condition: { type: 'BOOLEAN' }, strict: true };
  await batch(scratch, spreadsheetId, [{ setDataValidation: { range, rule } }]);
  return { spreadsheetId, sheetId, title };
}

interface ChartPlace {
  /** Where its corner stands: the scratch tab has six columns. */
  column: number;
  /** How many columns its series has. */
  sourceColumns: number;
}

/** Whether Google makes a chart in such a place. */
async function askForChart(scratch: Scratch, place: ChartPlace) {
  const { spreadsheetId, sheetId } = await scratch.tab();
  return refusalOf(() => batch(scratch, spreadsheetId, [chart(sheetId, place)]));
}

const chart = (sheetId: number, { column, sourceColumns }: ChartPlace): Request => {
  const source = (from: number, columns: number) => ({
    sourceRange: { sources: [topOf(sheetId, { rows: 3, from, columns })] },
  });
  return {
    addChart: {
      chart: {
        spec: {
          basicChart: {
            chartType: 'COLUMN',
            domains: [{ domain: source(0, 1) }],
            series: [{ series: source(1, sourceColumns) }],
          },
        },
        position: {
          overlayPosition: { anchorCell: { sheetId, rowIndex: 0, columnIndex: column } },
        },
      },
    },
  };
};

async function makeForm({ google, made, title: documentTitle }: Scratch, title = documentTitle) {
  const form = await google.call('forms.create', () =>
    google.forms.forms.create({ requestBody: { info: { title, documentTitle } } }),
  );
  made(form.formId);
  return form;
}

/** What somebody who is signed in to nothing gets to see at this address. */
async function asStranger(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'follow' });
  await response.body?.cancel();
  const { hostname, pathname } = new URL(response.url);
  if (hostname === 'accounts.google.com' || pathname.includes('ServiceLogin')) return 'sign-in';
  return response.ok ? 'form' : String(response.status);
}

/** Google needs a few seconds before a permission holds everywhere. */
const PATIENCE = { attempts: 6, waitMs: 2000 };

async function strangerSees(url: string, expected: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const seen = await asStranger(url);
    if (seen === expected || attempt === PATIENCE.attempts) return seen;
    await sleep(PATIENCE.waitMs);
  }
}

export const QUESTIONS: readonly Question[] = [
  {
    key: 'unsetCheckboxes',
    asks: '沒人碰過的核取方塊算不算資料（appendCells 會不會跳過那些列）',
    sureness: 'likely',
    fits: ['data', 'blank'],
    async ask(scratch) {
      const { spreadsheetId, sheetId, title } = await checkBoxes(scratch);
      const rows = [{ values: [{ userEnteredValue: { stringValue: 'x' } }] }];
      await batch(scratch, spreadsheetId, [{ appendCells: { sheetId, rows, fields: 'userEnteredValue' } }]);
      const found = (await read(scratch, spreadsheetId, `${title}!A1:A20`)).findIndex(
        ([cell]) => cell === 'x',
      );
      return found === 0 ? 'blank' : 'data';
    },
  },
  {
    key: 'unsetCheckboxReads',
    asks: '讀取沒人碰過的核取方塊，回答 FALSE 還是空白',
    sureness: 'likely',
    fits: ['FALSE', 'nothing'],
    async ask(scratch) {
      const { spreadsheetId, title } = await checkBoxes(scratch);
      const [[cell] = []] = await read(scratch, spreadsheetId, `${title}!B1:B5`);
      return cell === 'FALSE' ? 'FALSE' : 'nothing';
    },
  },
  {
    key: 'filterAnswers',
    asks: 'batchGetByDataFilter 依請求的次序回答嗎',
    sureness: 'doc',
    fits: ['in-order', 'reversed', 'other'],
    async ask(scratch) {
      const { google } = scratch;
      const { spreadsheetId, sheetId, title } = await scratch.tab();
      await type(scratch, spreadsheetId, `${title}!A1:A4`, [['0'], ['1'], ['2'], ['3']]);
      const order = [2, 0, 3, 1];
      const dataFilters = order.map((row) => ({
        gridRange: { sheetId, startRowIndex: row, endRowIndex: row + 1 },
      }));
      const { valueRanges = [] } = await google.call('sheets.values.batchGetByDataFilter', () =>
        google.sheets.spreadsheets.values.batchGetByDataFilter({
          spreadsheetId,
          requestBody: { dataFilters },
        }),
      );
      const got = valueRanges.map(({ valueRange }) => Number(valueRange?.values?.[0]?.[0])).join();
      if (got === order.join()) return 'in-order';
      return got === order.toReversed().join() ? 'reversed' : 'other';
    },
  },
  {
    key: 'textFormat',
    asks: '格式為純文字（@）的儲存格，打進去的字會照樣留著嗎',
    sureness: 'doc',
    fits: ['kept'],
    async ask(scratch) {
      const { spreadsheetId, sheetId, title } = await scratch.tab();
      const range = topOf(sheetId, { rows: 4 });
      const cell = { userEnteredFormat: { numberFormat: { type: 'TEXT', pattern: '@' } } };
      await batch(scratch, spreadsheetId, [
        { repeatCell: { range, cell, fields: 'userEnteredFormat.numberFormat' } },
      ]);
      const typed = [['0912345678'], ['2020/5/1'], ['5%'], ['+請補']];
      await type(scratch, spreadsheetId, `${title}!A1:A4`, typed);
      const kept = await read(scratch, spreadsheetId, `${title}!A1:A4`);
      return JSON.stringify(kept) === JSON.stringify(typed) ? 'kept' : 'parsed';
    },
  },
  {
    key: 'rocDate',
    asks: '日期格式 [$-zh-TW]e/mm/dd 顯示成什麼（民國年？）',
    sureness: 'open',
    fits: null,
    async ask(scratch) {
      const { spreadsheetId, sheetId, title } = await scratch.tab();
      const cell = {
        userEnteredValue: { numberValue: 43_942 },
        userEnteredFormat: { numberFormat: { type: 'DATE', pattern: '[$-zh-TW]e/mm/dd' } },
      };
      const range = topOf(sheetId, { rows: 1 });
      const asked = await refusalOf(() =>
        batch(scratch, spreadsheetId, [
          { repeatCell: { range, cell, fields: 'userEnteredValue,userEnteredFormat.numberFormat' } },
        ]),
      );
      if (asked === 'refused') return asked;
      const [[shown] = []] = await read(scratch, spreadsheetId, `${title}!A1`);
      return String(shown);
    },
  },
  {
    key: 'chartOutside',
    asks: '圖表放在格線之外，會被拒絕嗎',
    sureness: 'live',
    fits: ['refused', 'accepted'],
    ask: (scratch) => askForChart(scratch, { column: 6, sourceColumns: 1 }),
  },
  {
    key: 'chartInside',
    asks: '圖表放在格線之內，做得出來嗎',
    sureness: 'live',
    fits: ['accepted'],
    ask: (scratch) => askForChart(scratch, { column: 5, sourceColumns: 1 }),
  },
  {
    key: 'chartSource',
    asks: '圖表的來源有兩欄，會被拒絕嗎',
    sureness: 'live',
    fits: ['refused', 'accepted'],
    ask: (scratch) => askForChart(scratch, { column: 3, sourceColumns: 2 }),
  },
  {
    key: 'protection',
    asks: '沒有指名編輯者的保護範圍，誰可以編輯',
    sureness: 'doc',
    fits: ['owner'],
    async ask(scratch) {
      const { google } = scratch;
      const { spreadsheetId, sheetId } = await scratch.tab();
      const protectedRange = { range: { sheetId }, warningOnly: false, editors: { users: [] } };
      await batch(scratch, spreadsheetId, [{ addProtectedRange: { protectedRange } }]);
      const { user } = await google.call('drive.about.get', () =>
        google.drive.about.get({ fields: 'user(emailAddress)' }),
      );
      const { sheets = [] } = await google.call('sheets.get', () =>
        google.sheets.spreadsheets.get({ spreadsheetId, fields: 'sheets.protectedRanges.editors' }),
      );
      const users = sheets.flatMap(({ protectedRanges = [] }) =>
        protectedRanges.flatMap(({ editors }) => editors?.users ?? []),
      );
      return users.every((each) => each === user?.emailAddress) ? 'owner' : 'others';
    },
  },
  {
    key: 'formTitle',
    asks: '表單標題有換行，會被拒絕嗎',
    sureness: 'live',
    fits: ['refused', 'accepted'],
    ask: (scratch) => refusalOf(() => makeForm(scratch, '第一行\n第二行')),
  },
  {
    key: 'newForm',
    asks: '新建的表單已發布了嗎',
    sureness: 'doc',
    fits: ['unpublished', 'published'],
    async ask(scratch) {
      const { publishSettings } = await makeForm(scratch);
      return publishSettings?.publishState?.isPublished ? 'published' : 'unpublished';
    },
  },
  {
    key: 'fileQuestion',
    asks: '檔案上傳題能由 API 建立嗎',
    sureness: 'doc',
    fits: ['refused', 'accepted'],
    async ask(scratch) {
      const { google } = scratch;
      const { formId } = await makeForm(scratch);
      const question = { fileUploadQuestion: { folderId: 'root' } };
      const item = { title: '檔案', questionItem: { question } };
      return refusalOf(() =>
        google.call('forms.batchUpdate', () =>
          google.forms.forms.batchUpdate({
            formId: formId ?? '',
            requestBody: { requests: [{ createItem: { item, location: { index: 0 } } }] },
          }),
        ),
      );
    },
  },
  {
    key: 'responders',
    asks: '表單發布後、開放作答（view: published）前後，沒有登入的人看到什麼',
    sureness: 'live',
    fits: ['sign-in → form', 'form → form'],
    async ask(scratch) {
      const { google } = scratch;
      const { formId, responderUri } = await makeForm(scratch);
      await google.call('forms.setPublishSettings', () =>
        google.forms.forms.setPublishSettings({
          formId: formId ?? '',
          requestBody: {
            publishSettings: { publishState: { isPublished: true, isAcceptingResponses: true } },
          },
        }),
      );
      const before = await strangerSees(responderUri ?? '', 'sign-in');
      await google.call('drive.permissions.create', () =>
        google.drive.permissions.create({
          fileId: formId ?? '',
          requestBody: { type: 'anyone', role: 'reader', view: 'published' },
        }),
      );
      return `${before} → ${await strangerSees(responderUri ?? '', 'form')}`;
    },
  },
  {
    key: 'noAccount',
    asks: '不寄通知而與沒有 Google 帳號的信箱共用，會被拒絕嗎',
    sureness: 'doc',
    fits: ['refused', 'accepted'],
    async ask(scratch) {
      const { google } = scratch;
      const { spreadsheetId } = await scratch.tab();
      const emailAddress = `budeng-${randomBytes(8).toString('hex')}@example.com`;
      return refusalOf(() =>
        google.call('drive.permissions.create', () =>
          google.drive.permissions.create({
            fileId: spreadsheetId,
            sendNotificationEmail: false,
            requestBody: { type: 'user', role: 'reader', emailAddress },
          }),
        ),
      );
    },
  },
  {
    key: 'scriptListed',
    asks: '以本授權找得到自己建立的 Apps Script 專案嗎',
    sureness: 'open',
    fits: ['listed', 'not-listed'],
    async ask({ google, script, made, title }) {
      const { scriptId } = await google.call('script.projects.create', () =>
        script.projects.create({ requestBody: { title } }),
      );
      made(scriptId);
      const q = "mimeType = 'application/vnd.google-apps.script' and trashed = false";
      const { files = [] } = await google.call('drive.files.list', () =>
        google.drive.files.list({ q, fields: 'files(id)' }),
      );
      return files.some(({ id }) => id === scriptId) ? 'listed' : 'not-listed';
    },
  },
  {
    key: 'scriptBound',
    asks: '能為試算表建立綁定的 Apps Script 專案嗎',
    sureness: 'doc',
    fits: ['accepted'],
    async ask(scratch) {
      const { google, script, title, made } = scratch;
      const { spreadsheetId } = await scratch.tab();
      return refusalOf(async () => {
        const { scriptId } = await google.call('script.projects.create', () =>
          script.projects.create({ requestBody: { title, parentId: spreadsheetId } }),
        );
        made(scriptId);
      });
    },
  },
];
