import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ProgramError } from '../../sync-service/src/program/error.ts';
import { exampleFor, pathText } from '../../sync-service/src/program/examples.ts';
import { loadProgram, parseProgram } from '../../sync-service/src/program/load.ts';

const TAINAN = readFileSync('programs/tainan-109.yaml', 'utf8');

function faultsOf(text: string) {
  try {
    parseProgram(text, 'my.yaml');
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    expect(error.file).toBe('my.yaml');
    expect(error.message).toContain(`my.yaml 有 ${error.faults.length} 處需要修改`);
    for (const fault of error.faults) {
      expect(fault.wrong).not.toMatch(/Invalid|expected|Too small|undefined/u);
      expect(fault.example).not.toBe('');
      const line = fault.line ? `（第 ${fault.line} 行）` : '';
      expect(error.message).toContain(`${fault.path || '(整份檔案)'}${line}：${fault.wrong}`);
      expect(error.message).toContain(`例如：${fault.example}`);
    }
    return error.faults;
  }
  return [];
}

/** The faults of Tainan's file after one change. */
function faultsAfter(from: string | RegExp, to: string) {
  const text = TAINAN.replace(from, to);
  expect(text).not.toBe(TAINAN);
  return faultsOf(text);
}

it.each([
  ['a NUL', '"甲\\0乙"'],
  ['a control character', '"甲\\x07乙"'],
  ['half a character', '"甲\\ud800乙"'],
  ['what no spreadsheet file can hold', '"甲\\uffff乙"'],
  ['a control character as typed', "'甲\u0001乙'"],
])('%s in a text is refused with its line', (_, typed) => {
  const line = TAINAN.slice(0, TAINAN.search(/^title:/mu)).split('\n').length;
  expect(faultsAfter(/^title: .*$/mu, `title: ${typed}`)).toEqual([
    { path: `第 ${line} 行`, wrong: '文字裡有看不見的控制字元或半個字，請刪去', example: '甲乙' },
  ]);
});

it('the files that come with the software load', async () => {
  for (const name of ['tainan-109', 'example-two-stage'])
    expect(await loadProgram(`programs/${name}.yaml`)).toMatchObject({ key: name, rosterMustMatch: true });
});

describe('one mistake: its place, what is wrong, an example', () => {
  it.each<[what: string, from: string | RegExp, to: string, path: string, wrong: RegExp, example: RegExp]>([
    ['a colon in a text', 'office: 臺南市政府教育局', 'office: a: b', '第 6 行', /「: 」沒有用引號/u, /'/u],
    ['a tab', 'queues:\n  - ', 'queues:\n\t- ', '第 23 行', /Tab/u, /^- \{ key: platform/u],
    ['a full-width colon', 'office: ', 'office：', '第 6 行', /全形「：」/u, /^office: 臺南市政府教育局$/u],
    [
      'no blank after a colon',
      'casePrefix: ',
      'casePrefix:',
      '第 7 行',
      /少了一個空白/u,
      /^casePrefix: TN109$/u,
    ],
    [
      'a full-width blank',
      'mentorYears: 10',
      'mentorYears:　10',
      '第 10 行',
      /特殊空白/u,
      /^mentorYears: 10$/u,
    ],
    [
      'full-width brackets',
      '{ file: schools-tainan.csv, mustMatch: true }',
      '｛ file: a, mustMatch: true ｝',
      '第 8 行',
      /半形 \{ \}/u,
      /^schools: \{ file: a, mustMatch: true \}$/u,
    ],
    ['an open bracket', 'mustMatch: true }', 'mustMatch: true', '第 9 行', /右括號/u, /queues/u],
    [
      'wrong indentation',
      '  - key: initial\n    title',
      '  - key: initial\n      title',
      '第 81 行',
      /縮排/u,
      /next:/u,
    ],
    ['an open quote', 'title: 臺', 'title: "臺', '第 162 行', /引號/u, /title:/u],
    ['a text that begins with @', 'help: 請勿使用', 'help: @請勿使用', '第 46 行', /@ .*引號/u, /'@/u],
    ['two programs', /$/u, '\n---\nkey: x\n', '第 163 行', /一個檔案只能有一份計畫/u, /title:/u],
    ['a number as a text', "version: '1'", 'version: 1', 'version', /數字請用引號/u, /'1'/u],
    [
      'a date as a number',
      'from: 109-04-20',
      'from: 20200420',
      'forms[2].window.from',
      /請寫成/u,
      /109-04-20/u,
    ],
    [
      'a misspelt outcome',
      'trigger: approved',
      'trigger: approve',
      'outcomes[0].trigger',
      /是不是「approved」？/u,
      /approved/u,
    ],
    ['a key twice', 'version:', 'title: 又一個\nversion:', '第 5 行', /YAML.*寫了兩次/u, /title:/u],
    ['an alias of nothing', '*privacy', '*nope', '', /\*nope 沒有對應的 &nope/u, /&privacy/u],
    [
      'an unknown key',
      'asksIdNumber',
      'askIdNumber',
      '',
      /不認得 askIdNumber，是不是「asksIdNumber」？這裡可以寫 key、/u,
      /key:/u,
    ],
    [
      'an unknown key inside',
      'notNeeded: *',
      'notneeded: *',
      'forms[1]',
      /不認得 notneeded，是不是「notNeeded」？/u,
      /forms:/u,
    ],
    [
      'an unknown condition',
      'level: initial }',
      'class: initial }',
      'routes[1].when',
      /不認得 class；.*level/u,
      /when:/u,
    ],
    ['a wrong type', 'mentorYears: 10', 'mentorYears: 十', 'mentorYears', /要填數字/u, /mentorYears: 10/u],
    ['a wrong switch', 'asksIdNumber: false', 'asksIdNumber: 否', 'asksIdNumber', /true 或 false/u, /false/u],
    ['nothing at all', 'office: 臺南市政府教育局', 'office:', 'office', /要填文字/u, /office: /u],
    ['a missing key', /^casePrefix.*$/mu, '', 'casePrefix', /缺少必填的項目/u, /TN109/u],
    ['a prefix', 'casePrefix: TN109', 'casePrefix: 台南', 'casePrefix', /大寫英數字/u, /TN109/u],
    ['a name', 'key: tainan-109', 'key: 臺南109', 'key', /小寫英數字與連字號/u, /tainan-109/u],
    ['a date', 'from: 109-04-10', 'from: 109/04/10', 'forms[0].window.from', /請寫成/u, /109-04-20/u],
    ['no such date', 'to: 109-07-31', 'to: 109-02-30', 'forms[0].window.to', /不是存在的日期/u, /109-07-03/u],
    ['a window upside down', 'to: 109-07-31', 'to: 109-01-31', 'forms[0].window', /晚於迄日/u, /109-07-31/u],
    [
      'a year in words',
      '[106, 107]',
      '一百零六',
      'routes[3].when.schoolYear',
      /單一值、清單或範圍/u,
      /from: 106/u,
    ],
    [
      'a class in words',
      'level: initial }',
      'level: 初階 }',
      'routes[1].when.level',
      /只能是 initial、advanced、mentor/u,
      /advanced/u,
    ],
    [
      'a stage kind',
      'kind: compile-and-dispatch',
      'kind: compile',
      'stages.center-compile.kind',
      /只能是.*two-stage-review/u,
      /review/u,
    ],
    [
      'a word of the letter that nothing stands for',
      '  basis: 依據',
      '  basis: 依據{{cuont}}',
      'letter.basis',
      /沒有名為「cuont」的變數，可用 .*\{\{count\}\}/u,
      /letter: \{ receiver/u,
    ],
    [
      'a bracket of the letter without its end',
      '  basis: 依據',
      '  basis: 依據{{count}',
      'letter.basis',
      /大括號不成對/u,
      /letter:/u,
    ],
    [
      'a title of the roster that names itself',
      '  basis: 依據',
      '  roster: "{{roster}}"\n  basis: 依據',
      'letter.roster',
      /沒有名為「roster」的變數/u,
      /letter:/u,
    ],
    ['an address', 'admin@office.example', 'admin', 'administrators[0]', /格式不對/u, /@/u],
    [
      'an unknown queue',
      'dispatch, queue: city-center',
      'dispatch, queue: city-centre',
      'stages.center-compile.queue',
      /「city-centre」的 queue，是不是「city-center」？/u,
      /city-center/u,
    ],
    [
      'no queue',
      'dispatch, queue: city-center',
      'dispatch',
      'stages.center-compile.queue',
      /必須指定 queue/u,
      /queue:/u,
    ],
    [
      'no second queue',
      'kind: compile-and-dispatch',
      'kind: two-stage-review',
      'stages.center-compile.secondQueue',
      /複審/u,
      /secondQueue/u,
    ],
    [
      'an unknown stage',
      'stages: [center-review]',
      'stages: [centre-review]',
      'routes[1].stages[0]',
      /「centre-review」的 stage/u,
      /center-review/u,
    ],
    [
      'an unknown form',
      'form: initial\n',
      'form: initail\n',
      'routes[1].form',
      /「initail」的 form，是不是「initial」？/u,
      /initial/u,
    ],
    [
      'an unknown purpose',
      'purpose: enquiry }',
      'purpose: enquiries }',
      'routes[0].when.purpose',
      /「enquiries」/u,
      /enquiry/u,
    ],
    [
      'an unknown contact',
      'contact: platform }',
      'contact: plattform }',
      'queues[0].contact',
      /「plattform」/u,
      /city-center/u,
    ],
    [
      'an unknown round',
      'open: true, from: 109-04-20',
      'open: true, rounds: [first], from: 109-04-20',
      'forms[2].window.rounds[0]',
      /「first」的 round/u,
      /rounds:/u,
    ],
    [
      'an unknown code',
      /$/u,
      '\nsentences: { school.unkown: 查無此校。 }\n',
      'sentences.school.unkown',
      /「school.unkown」/u,
      /school.unknown/u,
    ],
    [
      'a form without an address',
      '[*email, *name, *school, *year',
      '[*name, *school, *year',
      'forms[2].fields',
      /缺少欄位 email/u,
      /type: email/u,
    ],
    [
      'an identity number nobody may ask for',
      '- &note',
      '- { key: id-number, title: 身分證, type: text }\n      - &note',
      'forms[0].fields',
      /不要蒐集/u,
      /asksIdNumber: true/u,
    ],
    ['nowhere to forward', 'forwarded, to: platform', 'forwarded', 'outcomes[5].to', /必須.*指定/u, /to:/u],
    [
      'outcomes with one label',
      'label: 轉送平臺',
      'label: 不予登錄',
      'outcomes',
      /「不予登錄」重複/u,
      /label:/u,
    ],
  ])('%s', (_what, from, to, path, wrong, example) => {
    const faults = faultsAfter(from, to);
    const fault = faults.find((each) => each.path === path);
    expect([faults.map((each) => each.path), fault?.wrong]).toEqual([
      expect.arrayContaining([path]),
      expect.stringMatching(wrong),
    ]);
    expect(fault?.example).toMatch(example);
  });

  it.each([
    ['an empty file', ''],
    ['a list', '- a\n- b\n'],
    ['a text', '臺南市'],
  ])('%s is no program', (_what, text) => {
    expect(faultsOf(text)[0]?.wrong).toMatch(/「鍵: 值」/u);
  });

  it('the line of each is told, through anchors too', () => {
    const lineOf = (from: string, to: string) => faultsAfter(from, to)[0]?.line;
    const at = (text: string) => TAINAN.slice(0, TAINAN.indexOf(text)).split('\n').length;
    expect(lineOf('mentorYears: 10', 'mentorYears: 十')).toBe(at('mentorYears'));
    expect(lineOf('asksIdNumber', 'askIdNumber')).toBe(at('asksIdNumber'));
    expect(lineOf('kind: compile-and-dispatch', 'kind: compile')).toBe(at('center-compile:'));
    expect(lineOf('options: [{ value: 我已閱讀並同意 }]', 'options: [我同意]')).toBe(at('我已閱讀並同意'));
    expect(lineOf('stages: [center-review]', 'stages: [nope]')).toBe(at('stages: [center-review]'));
    expect(lineOf('office: 臺南市政府教育局\n      purpose', 'purpose')).toBe(at('privacyNotice: &privacy'));
  });

  it('several are told at once', () => {
    const text = TAINAN.replace('mentorYears: 10', 'mentorYears: 十').replace(
      'casePrefix: TN109',
      'casePrefix: x',
    );
    expect(faultsOf(text).map(({ path }) => path)).toEqual(['casePrefix', 'mentorYears']);
  });

  it('lists that must not be empty', () => {
    expect(faultsAfter(/outcomes:[\s\S]*$/u, 'outcomes: []\n')[0]).toMatchObject({
      path: 'outcomes',
      wrong: '不能是空的',
    });
  });
});

describe('keys of earlier releases that nothing read', () => {
  const read = (text: string) => {
    const notices: string[] = [];
    const program = parseProgram(text, 'old.yaml', (line) => notices.push(line));
    return { program, notices };
  };

  it('are left out with one line, and the file loads', () => {
    const old = TAINAN.replace("version: '1'", "version: '1'\ntimeZone: Asia/Taipei")
      .replaceAll('trigger: returned', 'trigger: returned, ends: false')
      .replace('{ value: 進階 }', '{ value: 進階, label: 進階教師 }');
    const { program, notices } = read(old);
    expect(notices).toEqual([
      'old.yaml：timeZone、outcomes.ends、forms.fields.options.label 已不再使用，可以刪去。',
    ]);
    expect(program).toEqual(read(TAINAN).program);
    expect(read(TAINAN).notices).toEqual([]);
  });

  it('are as unknown as any other where they never stood', () => {
    expect(faultsAfter('mentorYears: 10', 'ends: true')[0]?.wrong).toMatch(/不認得 ends/u);
  });
});

describe('routes', () => {
  it('a gap is named by class and year, for each form', () => {
    const faults = faultsAfter('schoolYear: { from: 108 }', 'schoolYear: { from: 109 }');
    const wrong = faults.map((fault) => fault.wrong);
    expect(wrong).toContainEqual(
      expect.stringMatching(/^advanced, 108: no route（表單 advanced-mentor-106-107/u),
    );
    expect(wrong).toContainEqual(
      expect.stringMatching(/^mentor, 108: no route（表單 advanced-mentor-105-earlier/u),
    );
  });
  it('years that lack a route are told as ranges', () => {
    const [fault] = faultsAfter('schoolYear: { to: 105 }', 'schoolYear: { from: 100, to: 103 }');
    expect(fault?.wrong).toMatch(/^advanced, 80–99, 104–105: no route/u);
  });
  it('a route in the shadow of another is named, with what shadows it', () => {
    const faults = faultsAfter(
      '  - key: initial\n    when',
      '  - { key: all, when: {}, form: null, stages: [center-review] }\n  - key: initial\n    when',
    );
    expect(faults.map(({ path }) => path)).toEqual(['routes[2]', 'routes[3]', 'routes[4]', 'routes[5]']);
    expect(faults[0]?.wrong).toMatch(/「initial」永遠用不到：前面的 training-record、all/u);
  });
  it('a route for a date outside the windows is never reached', () => {
    const faults = faultsAfter(
      'when: { level: initial }',
      'when: { level: initial, submitted: { from: 109-09-01 } }',
    );
    expect(faults[0]?.wrong).toMatch(/「initial」永遠用不到/u);
    expect(faults.slice(1).every(({ wrong }) => wrong.includes('no route'))).toBe(true);
  });
  it('a route for a date is reached through a form that is open without end', () => {
    const routes = (window: string) =>
      TAINAN.replace('window: { open: true, from: 109-04-20, to: 109-07-03 }', window).replace(
        'when: { level: initial }',
        'when: { level: initial, submitted: { from: 115-09-01 } }',
      );
    const unreached = (window: string) =>
      faultsOf(routes(window)).filter(({ wrong }) => wrong.includes('永遠用不到'));
    expect(unreached('window: { open: true, from: 109-04-20, to: 109-07-03 }')).toHaveLength(1);
    expect(unreached('window: { open: true, from: 109-04-20 }')).toEqual([]);
    expect(unreached('# always')).toEqual([]);
  });
  it('a condition on a field that no form asks is never reached', () => {
    const faults = faultsAfter('when: { level: initial }', 'when: { level: initial, role: 代理教師 }');
    expect(faults[0]?.wrong).toMatch(/「initial」永遠用不到/u);
  });
  it('a gap by issuing body is named', () => {
    const faults = faultsAfter('when: { level: initial }', 'when: { level: initial, issuer: 南市教專 }');
    expect(faults.map(({ wrong }) => wrong)).toContainEqual(
      expect.stringMatching(/^initial.*issuer unknown: no route/u),
    );
  });
});

it('a queue in which nobody can bring a case further is named', () => {
  // 不予登錄 alone still ends a case.
  expect(faultsAfter(/^ {2}- \{ key: compile,.*$/mu, '')).toEqual([]);
  const text = TAINAN.replace(/^ {2}- \{ key: compile,.*$/mu, '').replace(
    'stages: [review, compile-and-dispatch]',
    'stages: [review]',
  );
  expect(faultsOf(text)[0]).toMatchObject({
    path: 'outcomes',
    wrong: expect.stringContaining('center-compile'),
  });
});

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'budeng-program-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const DAYS =
    '西元日期,星期,是否放假,備註\n20200625,四,2,端午節\n20200620,六,0,補行上班日\n20200824,一,0,\n';
  const load = (roster?: string, days = DAYS, remark?: (sentence: string) => void) => {
    const own = mkdtempSync(join(folder, 'program-'));
    writeFileSync(
      join(own, 'p.yaml'),
      TAINAN.replace('schools-tainan.csv', 'schools.csv').replace(/^holidays:.*$/mu, 'holidays: [days.csv]'),
    );
    writeFileSync(join(own, 'days.csv'), days);
    if (roster !== undefined) writeFileSync(join(own, 'schools.csv'), roster);
    return loadProgram(join(own, 'p.yaml'), remark);
  };

  it('a program that is not there', async () => {
    await expect(loadProgram(join(folder, 'nope.yaml'))).rejects.toThrow(ProgramError);
    await expect(loadProgram(join(folder, 'nope.yaml'))).rejects.toThrow(
      /讀不到這個檔案\n\s+例如：programs\/tainan-109.yaml/u,
    );
  });
  it('a roster that is not there', async () => {
    await expect(load()).rejects.toThrow(ProgramError);
    await expect(load()).rejects.toThrow(/schools.file：讀不到學校名冊 .*schools\.csv\n\s+例如：schools:/u);
  });
  it.each([
    [
      'no header',
      '114705,市立三慈國小,臺南市,elementary\n114706,x,臺南市,junior\n',
      /第 1 列缺少欄位「code」「name」「county」「level」/u,
    ],
    [
      'a wrong level',
      'code,name,county,level\n114705,市立三慈國小,臺南市,大學\n',
      /第 2 列：欄位 level .*elementary/u,
    ],
    [
      'a quotation mark without an end',
      'code,name,county,level\n114705,"市立三慈國小,臺南市,elementary\n',
      /第 2 列有一個引號「"」沒有結尾/u,
    ],
    ['no school', 'code,name,county,level\n', /名冊裡沒有任何學校/u],
  ])('a roster with %s', async (_what, roster, message) => {
    await expect(load(roster)).rejects.toThrow(ProgramError);
    await expect(load(roster)).rejects.toThrow(message);
  });
  const SCHOOLS = 'code,name,county,level\n114705,市立三慈國小,臺南市,elementary\n';
  it('a calendar of working days tells what is not as the week says', async () => {
    const { calendar } = await load(SCHOOLS);
    expect(calendar).toEqual({ daysOff: ['2020-06-25'], workingDays: ['2020-06-20'], closed: [] });
  });
  it('a calendar as a spreadsheet writes it, in Big5 or with ROC days, is read', async () => {
    const typed = '日期,是否放假\n109/6/25,是\n2020/6/20,否\n20200824,2\n';
    const { calendar } = await load(SCHOOLS, typed);
    expect(calendar).toEqual({
      daysOff: ['2020-06-25', '2020-08-24'],
      workingDays: ['2020-06-20'],
      closed: [],
    });
  });
  it.each([
    ['no such column', '日子,放假\n20200625,2\n', /第 1 列缺少欄位「西元日期」/u],
    ['a day that does not exist', '西元日期,是否放假\n20200631,2\n', /第 2 列：「西元日期」不是日期/u],
    ['an answer that nobody knows', '西元日期,是否放假\n20200625,休\n', /第 2 列：「是否放假」只能是/u],
  ])('a calendar with %s', async (_what, days, message) => {
    await expect(load(SCHOOLS, days)).rejects.toThrow(ProgramError);
    await expect(load(SCHOOLS, days)).rejects.toThrow(message);
  });
  it('a calendar that ends before the program does is told', async () => {
    const remarks: string[] = [];
    await load(SCHOOLS, '西元日期,是否放假\n20200625,2\n', (sentence) => remarks.push(sentence));
    expect(remarks).toEqual([expect.stringContaining('假日檔只到 2020-06-25，受理及審核到 2020-07-31')]);
    remarks.length = 0;
    await load(SCHOOLS, DAYS, (sentence) => remarks.push(sentence));
    expect(remarks).toEqual([]);
  });
  it('a roster with a byte order mark and blank lines is read', async () => {
    const { schools } = await load(
      '\ufeffcode,name,county,level\n\n 114705 ,市立三慈國小,臺南市,elementary\n\n',
    );
    expect(schools).toEqual([
      { code: '114705', name: '市立三慈國小', county: '臺南市', level: 'elementary' },
    ]);
  });
});

it('every place has an example, the nearest one', () => {
  expect(exampleFor(['routes', 3, 'when', 'schoolYear', 'from'])).toMatch(/schoolYear/u);
  expect(exampleFor(['stages', 'my-own-name', 'kind'])).toBe('kind: review');
  expect(exampleFor(['nothing', 'known'])).toBe('key: tainan-109');
  expect(pathText(['forms', 0, 'fields', 2, 'type'])).toBe('forms[0].fields[2].type');
});
