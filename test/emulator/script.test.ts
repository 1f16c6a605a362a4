import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ScriptHost } from '../../emulator/src/script/host.ts';
import { scriptPlugin } from '../../emulator/src/script/plugin.ts';
import type { Switches } from '../../emulator/src/switches.ts';
import { formsPlugin } from '../../emulator/src/forms/plugin.ts';
import type { FormsService } from '../../emulator/src/forms/service.ts';
import { openGoogle, type OpenGoogle } from './open-google.ts';

let google: OpenGoogle;
let web: Server;
let webUrl = '';
let requests: { method?: string | undefined; type?: string | undefined; body: string }[] = [];
let forms: FormsService;
let scripts: ScriptHost;
/** One script runs whatever it is told. */
let shared = '';
let nextCode = '';
let lines: string[] = [];

const open = async (switches: Partial<Switches>) => {
  google = await openGoogle({
    switches,
    plugins: [
      (opened) => {
        forms = formsPlugin(opened);
        scripts = scriptPlugin(opened, forms);
      },
    ],
  });
  scripts.configure({ log: (_level, message) => lines.push(message) });
  web = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      if (request.url === '/code') return void response.end(nextCode);
      requests.push({ method: request.method, type: request.headers['content-type'], body });
      response.writeHead(Number(request.url?.slice(1)) || 200, { 'x-answer': 'yes' }).end('回答');
    });
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  webUrl = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  shared = await push(`function main() { (0, eval)(UrlFetchApp.fetch('${webUrl}/code').getContentText()) }`);
};
const close = async () => {
  await scripts.close();
  web.close();
  await google.close();
};
beforeEach(() => open({ editUser: 'told' }));
afterEach(close);

const MANIFEST = {
  timeZone: 'Asia/Taipei',
  runtimeVersion: 'V8',
  dependencies: {
    enabledAdvancedServices: [{ userSymbol: 'Sheets', serviceId: 'sheets', version: 'v4' }],
  },
};

/** Pushes a script as an installer does. @returns its id */
async function push(
  source: string,
  { parentId = '', manifest = {} }: { parentId?: string; manifest?: object } = {},
): Promise<string> {
  const { body } = await google.ask('POST', '/v1/projects', { title: 'script', parentId });
  const files = [
    { name: 'appsscript', type: 'JSON', source: JSON.stringify({ ...MANIFEST, ...manifest }) },
    { name: 'Code', type: 'SERVER_JS', source },
  ];
  const { status, text } = await google.ask('PUT', `/v1/projects/${body.scriptId}/content`, { files });
  if (status !== 200) throw new Error(text);
  return body.scriptId;
}

/** A script of one function whose logged lines are read back. */
async function start(body: string) {
  lines = [];
  const scriptId = await push(`function main(e) { ${body} }\nfunction main2() {}`);
  return { run: (handler: string) => scripts.run(scriptId, handler), scriptId };
}

/** What the expression gives, as JSON. */
async function evaluate(expression: string, before = ''): Promise<unknown> {
  lines = [];
  nextCode = `(() => { ${before}; console.log(JSON.stringify(${expression})) })()`;
  await scripts.run(shared, 'main');
  return JSON.parse(lines.at(-1) ?? 'null');
}

const failure = async (body: string) =>
  evaluate('message', `let message = null; try { ${body} } catch (error) { message = String(error) }`);

const makeForm = async () => {
  const formId = (await google.ask('POST', '/v1/forms?unpublished=false', { info: { title: '表' } })).body
    .formId;
  const ask = (title: string, question: object) => ({ title, questionItem: { question } });
  const options = [{ value: '1' }, { value: '2' }];
  const items = [
    ask('姓名', { textQuestion: {} }),
    ask('級別', { choiceQuestion: { type: 'RADIO', options } }),
    ask('多選', { choiceQuestion: { type: 'CHECKBOX', options } }),
    {
      title: '格',
      questionGroupItem: {
        questions: [{ rowQuestion: { title: 'a' } }, { rowQuestion: { title: 'b' } }],
        grid: { columns: { type: 'RADIO', options } },
      },
    },
    { title: '說明', textItem: {} },
    ask('備註', { textQuestion: { paragraph: true } }),
  ];
  const { body } = await google.ask('POST', `/v1/forms/${formId}:batchUpdate`, {
    requests: items.map((item, index) => ({ createItem: { item, location: { index } } })),
  });
  const ids = body.replies.flatMap(
    (reply: { createItem: { questionId?: string[] } }) => reply.createItem.questionId ?? [],
  ) as string[];
  return { formId: formId as string, ids };
};

describe('what is not there', () => {
  it.each([
    ['MailApp.sendEmail("a", "b", "c")', 'MailApp.sendEmail is not implemented by the emulator'],
    ['FormApp.create("x")', 'FormApp.create is not implemented by the emulator'],
    [
      'SpreadsheetApp.newFilterCriteria()',
      'SpreadsheetApp.newFilterCriteria is not implemented by the emulator',
    ],
    [
      'ScriptApp.newTrigger("main").forDocument("x")',
      'TriggerBuilder.forDocument is not implemented by the emulator',
    ],
    [
      'ScriptApp.newTrigger("main").forSpreadsheet("x").onFormSubmit()',
      'SpreadsheetTriggerBuilder.onFormSubmit is not implemented by the emulator',
    ],
    [
      'Utilities.formatDate(new Date(), "GMT", "yyyy")',
      'Utilities.formatDate is not implemented by the emulator',
    ],
    [
      'Sheets.Spreadsheets.Values.append({}, "x", "A1")',
      'Sheets.Spreadsheets.Values.append is not implemented by the emulator',
    ],
    ['FormApp.ItemType.NOSUCH', 'FormApp.ItemType.NOSUCH is not implemented by the emulator'],
    [
      'UrlFetchApp.fetch("http://x.invalid", {nosuch: 1})',
      'UrlFetchApp.fetch with nosuch is not implemented by the emulator',
    ],
  ])('%s fails by name', async (body, sentence) => {
    expect(await failure(body)).toBe(`Exception: ${sentence}`);
  });

  it('fails the run, with its sentence', async () => {
    const script = await start('DriveApp.getFiles()');
    const failed = scripts.failures().length;
    await expect(script.run('main')).rejects.toThrow('DriveApp.getFiles is not implemented by the emulator');
    await expect(script.run('nosuch')).rejects.toThrow('Script function not found: nosuch');
    expect(scripts.failures()).toHaveLength(failed + 2);
  });

  it('is an Error of the script, in the words of Google', async () => {
    expect(
      await evaluate(
        '[caught instanceof Error, caught.name]',
        'let caught; try { FormApp.openById("x") } catch (e) { caught = e }',
      ),
    ).toEqual([true, 'Exception']);
    expect(await failure('FormApp.openById("nosuch")')).toMatch(
      /^Exception: No item with the given ID could be found\./u,
    );
    expect(await failure('Sheets.Spreadsheets.get("nosuch")')).toMatch(
      /^GoogleJsonResponseException: API call to sheets\.spreadsheets\.get failed with error: Requested entity/u,
    );
  });
});

describe('FormApp', () => {
  it.each([
    ['stays', '2020-04-21T01:00:00.000Z', 0],
    ['moves', '2020-04-21T01:01:00.000Z', 1],
  ] as const)('tells a time of a response that %s with an edit', async (editTimestamp, time, later) => {
    await close();
    await open({ editTimestamp });
    const { formId, ids } = await makeForm();
    forms.present(formId, { allowResponseEdits: true });
    const answers = { [ids[0] ?? '']: '王小明' };
    const { editUrl } = forms.submit(formId, { answers });
    google.clock.advance(60_000);
    forms.submit(formId, { answers, editKey: new URL(editUrl).searchParams.get('edit2') ?? '' });
    const read = await evaluate(
      '[response.getTimestamp().toISOString(), form.getResponses(new Date("2020-04-21T01:00:30Z")).length]',
      `const form = FormApp.openById('${formId}'); const [response] = form.getResponses()`,
    );
    expect(read).toEqual([time, later]);
    // The API tells the edit in any case.
    expect(forms.responses(formId)).toMatchObject([{ lastSubmittedTime: '2020-04-21T01:01:00.000Z' }]);
  });

  it('gives items with their types, and answers in the order of the form', async () => {
    const { formId, ids } = await makeForm();
    const [name = '', , several = '', , second = ''] = ids;
    forms.setCollectEmail(formId, true);
    forms.submit(formId, {
      answers: { [second]: ['2'], [several]: ['1', '2'], [name]: '王小明' },
      email: 'teacher@budeng.invalid',
    });
    const read = await evaluate(
      `{
        types: form.getItems().map((item) => item.getType()),
        texts: form.getItems(FormApp.ItemType.TEXT).map((item) => item.getTitle()),
        answers: response.getItemResponses().map((each) => [each.getItem().getTitle(), each.getResponse()]),
        email: response.getRespondentEmail(),
        time: response.getTimestamp().toISOString(),
        isDate: response.getTimestamp() instanceof Date,
        edit: response.getEditResponseUrl(),
        same: form.getResponse(response.getId()).getId() === response.getId(),
        later: form.getResponses(response.getTimestamp()).length,
      }`,
      `const form = FormApp.openById('${formId}'); const [response] = form.getResponses()`,
    );
    expect(read).toEqual({
      types: ['TEXT', 'MULTIPLE_CHOICE', 'CHECKBOX', 'GRID', 'SECTION_HEADER', 'PARAGRAPH_TEXT'],
      texts: ['姓名'],
      // A text question without an answer gives an empty one; others are passed over.
      answers: [
        ['姓名', '王小明'],
        ['多選', ['1', '2']],
        ['格', [null, '2']],
        ['備註', ''],
      ],
      email: 'teacher@budeng.invalid',
      time: '2020-04-21T01:00:00.000Z',
      isDate: true,
      edit: expect.stringContaining('/viewform?edit2='),
      same: true,
      later: 0,
    });
  });
});

describe('triggers', () => {
  it('fire with the events that Google gives them', async () => {
    const { formId, ids } = await makeForm();
    const { body: sheet } = await google.ask('POST', '/v4/spreadsheets', {});
    const script = await start(`
      if (!e) {
        ScriptApp.newTrigger('main').forForm('${formId}').onFormSubmit().create();
        ScriptApp.newTrigger('main').forSpreadsheet('${sheet.spreadsheetId}').onEdit().create();
        ScriptApp.newTrigger('main').forSpreadsheet('${sheet.spreadsheetId}').onOpen().create();
        const clock = ScriptApp.newTrigger('main').timeBased().everyMinutes(10).create();
        console.log([clock.getEventType() === ScriptApp.EventType.CLOCK, clock.getTriggerSource(), clock.getHandlerFunction()].join());
        console.log(ScriptApp.getProjectTriggers().map((each) => each.getEventType()).join());
        return;
      }
      const known = ScriptApp.getProjectTriggers().some((each) => each.getUniqueId() === e.triggerUid);
      // Spreading an edit's event would read its oldValue.
      const given = e.range ? { authMode: e.authMode, source: e.source, value: e.value } : e;
      const { authMode, triggerUid, source, response, user, ...rest } = given;
      console.log(JSON.stringify({ authMode, known, source: source && source.getId(), response: response && response.getId(), ...rest }));
    `);
    const failed = scripts.failures().length;
    await script.run('main');
    expect(lines).toEqual(['true,CLOCK,main', 'ON_FORM_SUBMIT,ON_EDIT,ON_OPEN,CLOCK']);
    const { responseId } = forms.submit(formId, { answers: { [ids[0] ?? '']: 'x' } });
    await scripts.idle();
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
      authMode: 'FULL',
      known: true,
      source: formId,
      response: responseId,
    });
    await scripts.fireClock();
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
      authMode: 'FULL',
      known: true,
      year: 2020,
      month: 4,
      'day-of-month': 21,
      'day-of-week': 2,
      'week-of-year': 17,
      hour: 1,
      minute: 0,
      second: 0,
      timezone: 'UTC',
    });
    const place = { spreadsheetId: sheet.spreadsheetId, sheetId: 0, row: 1, rows: 1 };
    await scripts.opened(sheet.spreadsheetId ?? '');
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
      authMode: 'FULL',
      known: true,
      source: sheet.spreadsheetId,
    });
    google.emulator.sheets.editCells(sheet.spreadsheetId, [{ sheetId: 0, row: 0, column: 0, value: '新' }]);
    scripts.edited({ ...place, row: 0, column: 0, user: 'reviewer@budeng.invalid' });
    await scripts.idle();
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      authMode: 'FULL',
      source: sheet.spreadsheetId,
      value: '新',
    });
    expect(scripts.failures()).toHaveLength(failed);
  });

  it('are refused on what does not exist, in odd intervals, and beyond twenty', async () => {
    expect(await failure('ScriptApp.newTrigger("main").forForm("nosuch").onFormSubmit().create()')).toMatch(
      /No item/u,
    );
    expect(await failure('ScriptApp.newTrigger("main").timeBased().everyMinutes(7)')).toMatch(
      /everyMinutes/u,
    );
    expect(
      await failure(
        'for (let i = 0; i < 21; i += 1) ScriptApp.newTrigger("main").timeBased().everyHours(1).create()',
      ),
    ).toMatch(/too many triggers/u);
  });
});

describe('SpreadsheetApp', () => {
  it('reads and writes ranges, and refuses what lies outside', async () => {
    const { body } = await google.ask('POST', '/v4/spreadsheets', {});
    const id = body.spreadsheetId as string;
    const open = `const sheet = SpreadsheetApp.openById('${id}').getSheetByName('Sheet1')`;
    expect(
      await evaluate(
        `[sheet.getLastRow(), sheet.getLastColumn(), sheet.getDataRange().getValues(), sheet.getRange(2, 2).getDisplayValue(), sheet.getMaxColumns()]`,
        `${open}; sheet.getRange(1, 1, 2, 2).setValues([['a', 1], ['', true]])`,
      ),
    ).toEqual([
      2,
      2,
      [
        ['a', 1],
        ['', true],
      ],
      'TRUE',
      26,
    ]);
    expect(await failure(`${open}; sheet.getRange(0, 1)`)).toMatch(/starting row of the range is too small/u);
    expect(await failure(`${open}; sheet.getRange(1, 27)`)).toMatch(/outside the dimensions/u);
    expect(await failure(`${open}; sheet.getRange(1, 1, 2, 1).setValues([['a']])`)).toMatch(
      /The data has 1 but the range has 2\./u,
    );
    expect(await evaluate('SpreadsheetApp.getActiveSpreadsheet()')).toBeNull();
    expect(await failure('SpreadsheetApp.getUi()')).toMatch(/Cannot call SpreadsheetApp\.getUi\(\)/u);
  });
});

describe('what setValue is given', () => {
  it('is read as if it were typed, and dates are dates', async () => {
    const { body } = await google.ask('POST', '/v4/spreadsheets', {
      properties: { timeZone: 'Asia/Taipei' },
    });
    const scriptId = await push(`function main(given, at) {
      const range = SpreadsheetApp.openById('${body.spreadsheetId}').getSheets()[0].getRange(at, 1);
      range.setValue(given === 'now' ? new Date(Date.UTC(2020, 3, 21, 1, 2, 3)) : given);
      const value = range.getValue();
      return [value instanceof Date ? value.toISOString() : value, range.getDisplayValue()];
    }`);
    const { spreadsheetId } = body;
    const textFormat = { userEnteredFormat: { numberFormat: { type: 'TEXT', pattern: '@' } } };
    google.emulator.sheets.batchUpdate(spreadsheetId, {
      requests: [
        {
          repeatCell: {
            range: { sheetId: 0, startRowIndex: 20, endRowIndex: 21 },
            cell: textFormat,
            fields: 'userEnteredFormat.numberFormat',
          },
        },
      ],
    });
    const typed = async (given: string, row = 1) => scripts.run(scriptId, 'main', [given, row]);
    expect(await typed('007')).toEqual([7, '7']);
    expect(await typed('TRUE', 2)).toEqual([true, 'TRUE']);
    expect(await typed('2020/4/21', 3)).toEqual(['2020-04-20T16:00:00.000Z', '2020/4/21']);
    expect(await typed('5%', 4)).toEqual([0.05, '5%']);
    expect(await typed('=1+2', 5)).toEqual([3, '3']);
    expect(await typed("'=1+2", 6)).toEqual(['=1+2', '=1+2']);
    expect(await typed('now', 7)).toEqual(['2020-04-21T01:02:03.000Z', '4/21/2020 9:02:03']);
    expect(await typed('王小明', 8)).toEqual(['王小明', '王小明']);
    expect(await typed('007', 21)).toEqual(['007', '007']);
    expect(await typed('2020/4/21', 21)).toEqual(['2020/4/21', '2020/4/21']);
  });
});

describe("Google's limits", () => {
  it('end a run that takes too long, and the next one begins anew', async () => {
    const scriptId = await push(`
      function main() { Utilities.sleep(20000) }
      function spin() { for (;;); }
      function onOpen() { for (;;); }
      function fine() { return 'fine'; }`);
    scripts.configure({ limits: { runMs: 700 } });
    for (const handler of ['main', 'spin'])
      await expect(scripts.run(scriptId, handler)).rejects.toThrow('Exceeded maximum execution time');
    scripts.configure({});
    expect(await scripts.run(scriptId, 'fine')).toBe('fine');
    const { body } = await google.ask('POST', '/v4/spreadsheets', {});
    await push('function onOpen() { for (;;); }', { parentId: body.spreadsheetId });
    scripts.configure({ limits: { simpleTriggerMs: 700 } });
    expect(await scripts.opened(body.spreadsheetId)).toEqual([]);
    expect(scripts.failures().at(-1)).toBe('onOpen: Exceeded maximum execution time');
  });

  it("give the script's Sheets service sixty reads and sixty writes a minute, and SpreadsheetApp none", async () => {
    const { body } = await google.ask('POST', '/v4/spreadsheets', {});
    const scriptId = await push(`
      function read() { Sheets.Spreadsheets.Values.get('${body.spreadsheetId}', 'A1'); }
      function write() { Sheets.Spreadsheets.batchUpdate({ requests: [{ addSheet: {} }] }, '${body.spreadsheetId}'); }
      function main(name) { for (let i = 0; i < 60; i += 1) globalThis[name](); }
      function plain() { for (let i = 0; i < 70; i += 1) SpreadsheetApp.openById('${body.spreadsheetId}').getSheets()[0].getRange(1, 1).setValue(i); }`);
    google.clock.advance(60_000);
    await scripts.run(scriptId, 'main', ['read']);
    await scripts.run(scriptId, 'main', ['write']);
    await scripts.run(scriptId, 'plain');
    await expect(scripts.run(scriptId, 'read')).rejects.toThrow(
      /^API call to sheets\.spreadsheets\.values\.get failed with error: Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user'/u,
    );
    await expect(scripts.run(scriptId, 'write')).rejects.toThrow(
      "limit 'Write requests per minute per user'",
    );
    google.clock.advance(60_000);
    await scripts.run(scriptId, 'read');
  });

  it('stop every trigger for the day once its runtime is spent, and no run by hand', async () => {
    const scriptId = await push(`
      function main() { ScriptApp.newTrigger('tick').timeBased().everyMinutes(1).create(); }
      function tick() { console.log('ticked'); Utilities.sleep(50); }`);
    await scripts.run(scriptId, 'main');
    scripts.configure({ limits: { triggerMsADay: 1 }, log: (_level, message) => lines.push(message) });
    google.clock.advance(86_400_000);
    lines = [];
    await scripts.fireClock();
    expect(lines).toEqual(['ticked']);
    await scripts.fireClock();
    expect(lines).toEqual(['ticked', 'tick: Service using too much computer time for one day']);
    await scripts.run(scriptId, 'tick');
    google.clock.advance(86_400_000);
    await scripts.fireClock();
    expect(lines.filter((line) => line === 'ticked')).toHaveLength(3);
  });

  it('keep all properties of a project within 500 KB', async () => {
    const scriptId = await push(`function main() {
      const store = PropertiesService.getScriptProperties();
      for (let i = 0; i < 60; i += 1) store.setProperty('p' + i, 'x'.repeat(9 * 1024));
    }`);
    await expect(scripts.run(scriptId, 'main')).rejects.toThrow('property storage quota');
  });

  it('fire a time-driven trigger when it is due by the clock', async () => {
    const scriptId = await push(`
      function main() { ScriptApp.newTrigger('tick').timeBased().everyMinutes(10).create(); }
      function tick() { console.log('ticked'); }`);
    await scripts.run(scriptId, 'main');
    lines = [];
    const stop = scripts.keepTime(5);
    const rest = () => new Promise((resolve) => setTimeout(resolve, 60));
    await rest();
    google.clock.advance(9 * 60_000);
    await rest();
    expect(lines).toEqual([]);
    google.clock.advance(60_000);
    while (lines.length === 0) await rest();
    await rest();
    stop();
    expect(lines).toEqual(['ticked']);
  });
});

describe('a project', () => {
  const newSheet = async () => {
    const { body } = await google.ask('POST', '/v4/spreadsheets', {});
    return { spreadsheetId: body.spreadsheetId as string, sheetId: 0, row: 2, rows: 1 };
  };
  const MENU = `
    function onOpen() { SpreadsheetApp.getUi().createMenu('單').addItem('看', 'look').addToUi(); }
    function look() {
      const sheet = SpreadsheetApp.getActiveSheet();
      SpreadsheetApp.getUi().showSidebar(HtmlService.createHtmlOutput(sheet.getName() + SpreadsheetApp.getActiveRange().getRow()));
    }`;

  it('that is bound has a menu by a simple trigger, and knows where the person is', async () => {
    const place = await newSheet();
    const { spreadsheetId } = place;
    await push(MENU, { parentId: spreadsheetId });
    expect(await scripts.opened(spreadsheetId, 'somebody@google.invalid')).toEqual([
      { kind: 'menu', title: '單', items: [{ label: '看', handler: 'look' }] },
    ]);
    expect(await scripts.runAt('look', place)).toEqual([{ kind: 'sidebar', title: '', content: 'Sheet12' }]);
    expect((await google.ask('GET', `/drive/v3/files?q=mimeType contains 'script'`)).text).not.toContain(
      scripts.projects.boundTo(spreadsheetId)[0],
    );
  });

  it('of several runs the items of its own menu', async () => {
    const place = await newSheet();
    const menu = (name: string) =>
      `function onOpen() { SpreadsheetApp.getUi().createMenu('${name}').addItem('x', '${name}').addToUi(); }
      function ${name}() { SpreadsheetApp.getActive().toast('${name}'); }`;
    await push(menu('one'), { parentId: place.spreadsheetId });
    await push(menu('two'), { parentId: place.spreadsheetId });
    expect(await scripts.opened(place.spreadsheetId)).toHaveLength(2);
    for (const text of ['two', 'one'])
      expect(await scripts.runAt(text, place)).toEqual([{ kind: 'toast', text }]);
  });

  it('that stands alone has neither, also where a person looks at a spreadsheet', async () => {
    const { spreadsheetId } = await newSheet();
    const scriptId = await push(`
      function main() { ScriptApp.newTrigger('opened').forSpreadsheet('${spreadsheetId}').onOpen().create(); }
      function opened() { SpreadsheetApp.getUi(); }
      function active() { return [SpreadsheetApp.getActiveSpreadsheet(), SpreadsheetApp.getActiveSheet(), SpreadsheetApp.getActiveRange()]; }`);
    await scripts.run(scriptId, 'main');
    expect(await scripts.opened(spreadsheetId)).toEqual([]);
    expect(scripts.failures().at(-1)).toBe('opened: Cannot call SpreadsheetApp.getUi() from this context.');
    expect(await scripts.run(scriptId, 'active')).toEqual([null, null, null]);
  });

  it('is bound to what there is only', async () => {
    expect((await google.ask('POST', '/v1/projects', { title: 'x', parentId: 'nosuch' })).status).toBe(404);
  });

  it.each([
    [
      'UrlFetchApp.fetch("http://x.invalid")',
      'You do not have permission to call UrlFetchApp.fetch. Required permissions: https://www.googleapis.com/auth/script.external_request',
    ],
    [
      'SpreadsheetApp.openById("x")',
      'You do not have permission to call SpreadsheetApp.openById. Required permissions: https://www.googleapis.com/auth/spreadsheets',
    ],
    [
      'ScriptApp.getProjectTriggers()',
      'You do not have permission to call ScriptApp.getProjectTriggers. Required permissions: https://www.googleapis.com/auth/script.scriptapp',
    ],
  ])('may not %s in a simple trigger', async (call, sentence) => {
    const { spreadsheetId } = await newSheet();
    await push(`function onOpen() { ${call} }`, { parentId: spreadsheetId });
    await scripts.opened(spreadsheetId);
    expect(scripts.failures().at(-1)).toBe(`onOpen: ${sentence}`);
  });

  it('writes at an edit as the person does, in the spreadsheet that it is bound to', async () => {
    const { spreadsheetId } = await newSheet();
    await push(
      `function onEdit(e) { e.range.getSheet().getRange(1, 2).setValue(e.authMode + e.user.getEmail()) }`,
      { parentId: spreadsheetId },
    );
    const edit = { spreadsheetId, sheetId: 0, row: 0, column: 0, user: 'wu@google.invalid' };
    scripts.edited(edit);
    await scripts.idle();
    expect(scripts.failures().at(-1)).toMatch(/^onEdit: /u);
    google.emulator.drive.createPermission(
      spreadsheetId,
      { type: 'user', role: 'writer', emailAddress: 'wu@google.invalid' },
      { transfer: false, notify: false },
    );
    scripts.edited(edit);
    await scripts.idle();
    expect(google.emulator.sheets.valuesGet(spreadsheetId, 'B1').values).toEqual([
      ['LIMITEDwu@google.invalid'],
    ]);
  });

  it('uses what its manifest asks for and nothing else', async () => {
    const scopes = ['https://www.googleapis.com/auth/forms'];
    const run = async (body: string, manifest: object) => {
      const scriptId = await push(`function main() { ${body} }`, { manifest });
      return scripts.run(scriptId, 'main').catch((error: Error) => `${error.name}: ${error.message}`);
    };
    expect(await run('SpreadsheetApp.openById("x")', { oauthScopes: scopes })).toBe(
      'Exception: Specified permissions are not sufficient to call SpreadsheetApp.openById. Required permissions: https://www.googleapis.com/auth/spreadsheets',
    );
    expect(await run('SpreadsheetApp.getActiveSpreadsheet()', { oauthScopes: scopes })).toBe(
      'Exception: Specified permissions are not sufficient to call SpreadsheetApp.getActiveSpreadsheet. Required permissions: (https://www.googleapis.com/auth/spreadsheets.currentonly || https://www.googleapis.com/auth/spreadsheets)',
    );
    expect(await run('Sheets.Spreadsheets.get("x")', { oauthScopes: scopes })).toBe(
      'GoogleJsonResponseException: API call to sheets.spreadsheets.get failed with error: Request had insufficient authentication scopes.',
    );
    expect(await run('Sheets.Spreadsheets.get("x")', { dependencies: {} })).toBe(
      'ReferenceError: Sheets is not defined',
    );
  });

  it.each([
    [{ nosuch: 1 }, 'unknown fields: [nosuch]'],
    [{ webapp: { acces: 'ANYONE' } }, 'unknown fields: [webapp.acces]'],
    [
      { runtimeVersion: 'v8' },
      'Expected one of [V8, STABLE, DEPRECATED_ES5] for "runtimeVersion", but was "v8"',
    ],
  ])('with the manifest %j is refused', async (manifest, why) => {
    await expect(push('', { manifest })).rejects.toThrow(
      JSON.stringify(`"appsscript.json" has errors: Invalid manifest: ${why}`),
    );
  });
});

describe('a run', () => {
  it('begins with fresh globals', async () => {
    const scriptId = await push('let count = 0; function main() { count += 1; return count; }');
    expect([await scripts.run(scriptId, 'main'), await scripts.run(scriptId, 'main')]).toEqual([1, 1]);
  });

  it('goes on beside another one, unless a lock keeps them apart', async () => {
    const scriptId = await push(`
      /** Whether the other run was there at the same time. */
      function meet(name, other, tries) {
        const cache = CacheService.getScriptCache();
        cache.put(name, 'here', 600);
        let met = false;
        for (let i = 0; i < tries && !met; i += 1) {
          met = cache.get(other) !== null;
          Utilities.sleep(20);
        }
        // The other one must have time to see this one too.
        Utilities.sleep(100);
        cache.remove(name);
        return met;
      }
      function free(name, other) { return meet(name, other, 400); }
      function locked(name, other) {
        LockService.getScriptLock().waitLock(20000);
        return meet(name, other, 10);
      }
      function isLocked() { return CacheService.getScriptCache().get('c') !== null; }
      function hasty() { return LockService.getScriptLock().tryLock(1); }
      function patient() { LockService.getScriptLock().waitLock(1); }`);
    const both = (handler: string) =>
      Promise.all([scripts.run(scriptId, handler, ['a', 'b']), scripts.run(scriptId, handler, ['b', 'a'])]);
    expect(await both('free')).toEqual([true, true]);
    expect(await both('locked')).toEqual([false, false]);
    const holding = scripts.run(scriptId, 'locked', ['c', 'nobody']);
    while (!(await scripts.run(scriptId, 'isLocked')));
    expect(await scripts.run(scriptId, 'hasty')).toBe(false);
    await expect(scripts.run(scriptId, 'patient')).rejects.toThrow(
      'Lock timeout: another process was holding the lock for too long.',
    );
    await holding;
    expect(await scripts.run(scriptId, 'hasty')).toBe(true);
  });
});

describe('UrlFetchApp', () => {
  it('throws for an answer that failed, unless it is muted', async () => {
    expect(await failure(`UrlFetchApp.fetch('${webUrl}/404')`)).toBe(
      `Exception: Request failed for ${webUrl} returned code 404. Truncated server response: 回答 (use muteHttpExceptions option to examine full response)`,
    );
    expect(
      await evaluate(
        `[answer.getResponseCode(), answer.getContentText(), answer.getHeaders()['x-answer']]`,
        `const answer = UrlFetchApp.fetch('${webUrl}/404', { muteHttpExceptions: true })`,
      ),
    ).toEqual([404, '回答', 'yes']);
    expect(await failure(`UrlFetchApp.fetch('http://127.0.0.1:1/')`)).toBe(
      'Exception: Address unavailable: http://127.0.0.1:1/',
    );
  });

  it('posts a form where the payload is an object, and text as it is told', async () => {
    requests = [];
    await evaluate(
      '1',
      `UrlFetchApp.fetch('${webUrl}', { payload: { a: 1, b: '二' } }); UrlFetchApp.fetch('${webUrl}', { method: 'put', contentType: 'text/plain', payload: 'x' })`,
    );
    expect(requests).toEqual([
      { method: 'POST', type: 'application/x-www-form-urlencoded', body: 'a=1&b=%E4%BA%8C' },
      { method: 'PUT', type: 'text/plain', body: 'x' },
    ]);
  });
});

describe('stores and utilities', () => {
  it('keep properties within their size', async () => {
    expect(
      await evaluate(
        `[store.getProperty('a'), store.getProperty('nosuch'), store.getKeys().toSorted()]`,
        `const store = PropertiesService.getScriptProperties(); store.setProperty('a', 1).setProperties({ b: 'x' })`,
      ),
    ).toEqual(['1', null, ['a', 'b']]);
    expect(
      await failure(`PropertiesService.getScriptProperties().setProperty('a', 'x'.repeat(9 * 1024 + 1))`),
    ).toBe('Exception: Argument too large: value');
  });

  it('forget what is cached in time', async () => {
    const script = await start(`
      const cache = CacheService.getScriptCache();
      if (cache.get('a') === null) cache.put('a', 'once', 60);
      console.log(String(cache.get('a')) + LockService.getScriptLock().hasLock());
      LockService.getScriptLock().waitLock(1000);
    `);
    await script.run('main');
    google.clock.advance(61_000);
    await script.run('main');
    // The end of a run gives its lock back.
    expect(lines).toEqual(['oncefalse', 'oncefalse']);
  });

  it('sign, digest and encode in signed bytes', async () => {
    expect(
      await evaluate(
        `[Utilities.base64Encode('臺'), Utilities.base64Decode('6Ie6'), Utilities.computeDigest(Utilities.DigestAlgorithm.MD5, '').slice(0, 3), Utilities.computeHmacSha256Signature('a', 'b').length]`,
      ),
    ).toEqual(['6Ie6', [-24, -121, -70], [-44, 29, -116], 32]);
    expect(await failure('Utilities.sleep(300001)')).toMatch(/milliseconds/u);
  });
});
