import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formsPlugin } from '../../emulator/src/forms/plugin.ts';
import type { ScriptHost } from '../../emulator/src/script/host.ts';
import { scriptPlugin } from '../../emulator/src/script/plugin.ts';
import { openGoogle, type OpenGoogle } from './open-google.ts';

/** Programs of the kind that Google publishes, form to sheet to mail: they run whole, or stop at what is not there. */

let google: OpenGoogle;
let scripts: ScriptHost;
beforeAll(async () => {
  google = await openGoogle({
    plugins: [
      (opened) => {
        scripts = scriptPlugin(opened, formsPlugin(opened));
      },
    ],
  });
});
afterAll(async () => {
  await scripts.close();
  await google.close();
});

async function push(source: string, manifest: object = {}, parentId = ''): Promise<string> {
  const { body } = await google.ask('POST', '/v1/projects', { title: 'program', parentId });
  const files = [
    { name: 'appsscript', type: 'JSON', source: JSON.stringify({ timeZone: 'Asia/Taipei', ...manifest }) },
    { name: 'Code', type: 'SERVER_JS', source },
  ];
  const { status, text } = await google.ask('PUT', `/v1/projects/${body.scriptId}/content`, { files });
  if (status !== 200) throw new Error(text);
  return body.scriptId;
}

async function run(body: string, manifest: object = {}, parentId = ''): Promise<unknown> {
  return scripts.run(await push(`function main() { ${body} }`, manifest, parentId), 'main');
}

const NOT_HERE = 'is not implemented by the emulator';
const spreadsheet = async () =>
  (await google.ask('POST', '/v4/spreadsheets', {})).body.spreadsheetId as string;
const form = async () =>
  (await google.ask('POST', '/v1/forms', { info: { title: '報名' } })).body.formId as string;

describe('what is not implemented is refused by its name', () => {
  const CALLS: [string, string][] = [
    ["MailApp.sendEmail({ to: 'a@example.com', subject: 's', htmlBody: 'b' })", 'MailApp.sendEmail'],
    ["GmailApp.createDraft('a@example.com', 's', '', {})", 'GmailApp.createDraft'],
    ["CalendarApp.createCalendar('c')", 'CalendarApp.createCalendar'],
    ["DocumentApp.openByUrl('https://docs.google.com/document/d/x/edit')", 'DocumentApp.openByUrl'],
    ["DriveApp.getFileById('x')", 'DriveApp.getFileById'],
    ["Browser.msgBox('done')", 'Browser.msgBox'],
    ["ScriptProperties.getProperty('calId')", 'ScriptProperties.getProperty'],
    ['MimeType.PDF', 'MimeType.PDF'],
    ["Utilities.base64Encode('x', Utilities.Charset.UTF_8)", 'Utilities.Charset'],
    ["FormApp.create('f')", 'FormApp.create'],
    ["Utilities.formatDate(new Date(), 'GMT', 'EEE hh:mm a')", 'Utilities.formatDate'],
    ["Utilities.formatString('%s', 1)", 'Utilities.formatString'],
    ["HtmlService.createTemplateFromFile('page')", 'HtmlService.createTemplateFromFile'],
    ['PropertiesService.getUserProperties()', 'PropertiesService.getUserProperties'],
    ["ScriptApp.newTrigger('f').timeBased().atHour(9)", 'ClockTriggerBuilder.atHour'],
    [
      "ScriptApp.newTrigger('f').forSpreadsheet('x').onFormSubmit()",
      'SpreadsheetTriggerBuilder.onFormSubmit',
    ],
  ];
  it.each(CALLS)('%s', async (call, name) => {
    await expect(run(call)).rejects.toThrow(`${name} ${NOT_HERE}`);
  });

  it('of a sheet and its ranges', async () => {
    const open = `const book = SpreadsheetApp.openById('${await spreadsheet()}'), sheet = book.getSheets()[0];`;
    const calls = {
      'sheet.appendRow([1])': 'Sheet.appendRow',
      "sheet.getRange('A1')": 'Sheet.getRange(a1Notation)',
      'sheet.getFormUrl()': 'Sheet.getFormUrl',
      'book.getFormUrl()': 'Spreadsheet.getFormUrl',
      "sheet.getRange(1, 1).setFormula('=1')": 'Range.setFormula',
    };
    for (const [call, name] of Object.entries(calls))
      await expect(run(open + call), call).rejects.toThrow(`${name} ${NOT_HERE}`);
  });

  it('of an advanced service or a library that the manifest adds, under the name it gives', async () => {
    const advanced = { userSymbol: 'Cal', serviceId: 'calendar', version: 'v3' };
    const library = { userSymbol: 'OAuth2', libraryId: 'x', version: '1' };
    const dependencies = { enabledAdvancedServices: [advanced], libraries: [library] };
    await expect(run('Cal.Events.list()', { dependencies })).rejects.toThrow(`Cal.Events ${NOT_HERE}`);
    await expect(run('OAuth2.createService()', { dependencies })).rejects.toThrow(
      `OAuth2.createService ${NOT_HERE}`,
    );
    // Without the manifest there is no such name, as at Google.
    await expect(run('Drive.Files.list()')).rejects.toThrow('Drive is not defined');
  });
});

it('the Sheets service is there under any name', async () => {
  const service = { userSymbol: 'Tables', serviceId: 'sheets', version: 'v4' };
  const id = await spreadsheet();
  const manifest = { dependencies: { enabledAdvancedServices: [service] } };
  expect(await run(`return Tables.Spreadsheets.get('${id}').spreadsheetId`, manifest)).toBe(id);
});

describe('an argument that a method would pass over', () => {
  const CALLS: [string, string, number][] = [
    ["Utilities.base64Encode('é', 'US_ASCII')", 'Utilities.base64Encode', 2],
    ["Utilities.computeDigest(Utilities.DigestAlgorithm.MD5, 'é', 'US_ASCII')", 'Utilities.computeDigest', 3],
    ["CacheService.getScriptCache().put('k', 'v', 60, true)", 'Cache.put', 4],
  ];
  it.each(CALLS)('%s is refused', async (call, name, count) => {
    await expect(run(call)).rejects.toThrow(`${name} with ${count} arguments ${NOT_HERE}`);
  });

  it('a toast is shown with its title, and refused with a time', async () => {
    const source = (args: string) => `
      function onOpen() { SpreadsheetApp.getActive().toast(${args}) }`;
    const shown = async (args: string) => {
      const id = await spreadsheet();
      await push(source(args), {}, id);
      return scripts.opened(id);
    };
    expect(await shown("'done'")).toEqual([{ kind: 'toast', text: 'done' }]);
    expect(await shown("'done', 'title'")).toEqual([{ kind: 'toast', title: 'title', text: 'done' }]);
    expect(await shown("'done', 'title', 5")).toEqual([]);
    expect(scripts.failures().at(-1)).toBe(`onOpen: Spreadsheet.toast with 3 arguments ${NOT_HERE}`);
  });

  it('left out or undefined is no argument', async () => {
    const body = `
      const cache = CacheService.getScriptCache();
      cache.put('k', 'v', undefined);
      console.log('%s and %s', 1, 2, 3);
      return cache.get('k')`;
    expect(await run(body)).toBe('v');
  });
});

describe('a project that is bound to a form', () => {
  it('has that form for its own, and no spreadsheet', async () => {
    const body = `return [FormApp.getActiveForm().getTitle(), SpreadsheetApp.getActive()]`;
    expect(await run(body, {}, await form())).toEqual(['報名', null]);
    expect(await run('return FormApp.getActiveForm()', {}, await spreadsheet())).toBeNull();
    expect(await run('return FormApp.getActiveForm()')).toBeNull();
  });

  it('takes a response from its form to a sheet', async () => {
    const [formId, bookId] = [await form(), await spreadsheet()];
    const createItem = {
      item: { title: '姓名', questionItem: { question: { textQuestion: {} } } },
      location: { index: 0 },
    };
    const { body } = await google.ask('POST', `/v1/forms/${formId}:batchUpdate`, {
      requests: [{ createItem }],
    });
    const [questionId] = body.replies[0].createItem.questionId;
    await google.ask('POST', `/v1/forms/${formId}:setPublishSettings`, {
      publishSettings: { publishState: { isPublished: true, isAcceptingResponses: true } },
    });
    await google.ask('POST', `/drive/v3/files/${formId}/permissions`, {
      type: 'anyone',
      role: 'reader',
      view: 'published',
    });
    const source = `
      function install() { ScriptApp.newTrigger('onFormSubmit').forForm(FormApp.getActiveForm()).onFormSubmit().create() }
      function onFormSubmit(e) {
        const answers = e.response.getItemResponses().map((each) => each.getResponse());
        const sheet = SpreadsheetApp.openById('${bookId}').getSheets()[0];
        sheet.getRange(sheet.getLastRow() + 1, 1, 1, 2).setValues([[e.response.getTimestamp(), answers[0]]]);
      }`;
    await scripts.run(await push(source, {}, formId), 'install');
    const answers = { [questionId]: '王小明' };
    const sent = await google.ask('POST', `/forms/d/e/${formId}/formResponse`, { answers });
    expect(sent.status).toBe(200);
    await scripts.idle();
    const { body: read } = await google.ask('GET', `/v4/spreadsheets/${bookId}/values/A1:B2`);
    expect(read.values).toEqual([['4/21/2020 1:00:00', '王小明']]);
  });
});

describe("a script's Date", () => {
  const dates = (expressions: string[], timeZone: string) =>
    run(`return [${expressions.join(',')}]`, { timeZone }) as Promise<unknown[]>;

  it("shows the time of the manifest's zone, wherever the emulator runs", async () => {
    const asked = [
      'new Date().getHours()',
      'String(new Date())',
      'new Date().getTimezoneOffset()',
      'new Date().toLocaleDateString()',
      "new Date('2020-01-01T20:00:00Z').getDate()",
      'Date().slice(0, 15)',
      'new Date() instanceof Date && new Date().constructor === Date',
    ];
    expect(await dates(asked, 'Asia/Taipei')).toEqual([
      9,
      expect.stringMatching(/^Tue Apr 21 2020 09:00:00 GMT\+0800 \(.+ Standard Time\)$/u),
      -480,
      '4/21/2020',
      2,
      'Tue Apr 21 2020',
      true,
    ]);
    expect(await dates(asked.slice(0, 4), 'America/New_York')).toEqual([
      21,
      'Mon Apr 20 2020 21:00:00 GMT-0400 (Eastern Daylight Time)',
      240,
      '4/20/2020',
    ]);
  });

  it('reads and sets local times by it, also across a change of clocks', async () => {
    const iso = (expression: string) => `new Date(${expression}).toISOString()`;
    const asked = [
      iso('2020, 3, 21, 9'),
      iso("'2020-04-21 09:00'"),
      iso("'2020-04-21T09:00:00'"),
      iso("'April 21, 2020'"),
      iso("'2020-04-21'"),
      iso("'2020-04-21T09:00:00Z'"),
      iso("'2020-04-21T09:00:00+02:00'"),
      iso("'Tue Apr 21 2020 09:00:00 GMT+0200 (CEST)'"),
      iso('new Date(2020, 0, 31).setMonth(6)'),
      iso('new Date(2020, 6, 1, 12).setHours(0, 0, 0, 0)'),
      'new Date(Number.NaN).getHours()',
      "String(new Date('nonsense'))",
      "Date.parse('2020-04-21 09:00') === new Date(2020, 3, 21, 9).getTime()",
    ];
    expect(await dates(asked, 'Europe/Berlin')).toEqual([
      '2020-04-21T07:00:00.000Z',
      '2020-04-21T07:00:00.000Z',
      '2020-04-21T07:00:00.000Z',
      '2020-04-20T22:00:00.000Z',
      '2020-04-21T00:00:00.000Z',
      '2020-04-21T09:00:00.000Z',
      '2020-04-21T07:00:00.000Z',
      '2020-04-21T07:00:00.000Z',
      '2020-07-30T22:00:00.000Z',
      '2020-06-30T22:00:00.000Z',
      null,
      'Invalid Date',
      true,
    ]);
  });
});
