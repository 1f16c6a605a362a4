import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createScriptRuntime, type ScriptRuntime } from '../../emulator/src/script/runtime.ts';
import { openGoogle, type OpenGoogle } from './open-google.ts';

let google: OpenGoogle;
let web: Server;
let webUrl = '';
let requests: { method?: string | undefined; type?: string | undefined; body: string }[] = [];
let running: ScriptRuntime | null = null;
/** One script runs whatever it is told: a worker of its own for each sentence would take too long. */
let shared: ScriptRuntime;
let nextCode = '';
let sharedLines: string[] = [];

beforeAll(async () => {
  google = await openGoogle();
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
  shared = await createScriptRuntime(google.emulator, google.forms, {
    code: `function main() { (0, eval)(UrlFetchApp.fetch('${webUrl}/code').getContentText()) }`,
    timeZone: 'Asia/Taipei',
    properties: {},
    log: (_level, message) => sharedLines.push(message),
  });
});
afterEach(async () => {
  await running?.close();
  running = null;
});
afterAll(async () => {
  await shared.close();
  web.close();
  await google.close();
});

/** A script of one function whose logged lines are read back. */
async function start(body: string) {
  const lines: string[] = [];
  running = await createScriptRuntime(google.emulator, google.forms, {
    code: `function main(e) { ${body} }\nfunction main2() {}`,
    timeZone: 'Asia/Taipei',
    properties: {},
    log: (_level, message) => lines.push(message),
  });
  return { script: running, lines };
}

/** What the expression gives, as JSON. */
async function evaluate(expression: string, before = ''): Promise<unknown> {
  sharedLines = [];
  nextCode = `(() => { ${before}; console.log(JSON.stringify(${expression})) })()`;
  await shared.run('main');
  return JSON.parse(sharedLines.at(-1) ?? 'null');
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
    const { script } = await start('DriveApp.getFiles()');
    await expect(script.run('main')).rejects.toThrow('DriveApp.getFiles is not implemented by the emulator');
    await expect(script.run('nosuch')).rejects.toThrow('Script function not found: nosuch');
    expect(script.failures()).toHaveLength(2);
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
  it('gives items with their types, and answers in the order of the form', async () => {
    const { formId, ids } = await makeForm();
    const [name = '', , several = '', , second = ''] = ids;
    google.forms.submit(formId, {
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
    const { script, lines } = await start(`
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
    await script.run('main');
    expect(lines).toEqual(['true,CLOCK,main', 'ON_FORM_SUBMIT,ON_EDIT,ON_OPEN,CLOCK']);
    const { responseId } = google.forms.submit(formId, { answers: { [ids[0] ?? '']: 'x' } });
    await script.idle();
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
      authMode: 'FULL',
      known: true,
      source: formId,
      response: responseId,
    });
    await script.fireClock();
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
    await script.opened(sheet.spreadsheetId ?? '');
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
      authMode: 'FULL',
      known: true,
      source: sheet.spreadsheetId,
    });
    google.emulator.sheets.editCells(sheet.spreadsheetId, [{ sheetId: 0, row: 0, column: 0, value: '新' }]);
    script.edited({ ...place, row: 0, column: 0, user: 'reviewer@budeng.invalid' });
    await script.idle();
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      authMode: 'FULL',
      source: sheet.spreadsheetId,
      value: '新',
    });
    expect(script.failures()).toEqual([]);
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
    expect(await failure(`${open}; sheet.getRange(1, 1).setValue('=1+1')`)).toMatch(/formula/u);
    expect(await evaluate('SpreadsheetApp.getActiveSpreadsheet()')).toBeNull();
    expect(await failure('SpreadsheetApp.getUi()')).toMatch(/Cannot call SpreadsheetApp\.getUi\(\)/u);
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
    const { script, lines } = await start(`
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
