import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ACTIONS,
  BATCHES,
  type BatchKey,
  DISPATCH,
  type DispatchKey,
  keysOf,
  QUEUE,
  SCOPES,
} from '../../contract/tabs.ts';
import { askErasure, carryOut } from '../../sync-service/src/casework/erasure/erase.ts';
import { readFiles } from '../../sync-service/src/ledger/repositories/notices.ts';
import { query } from '../../sync-service/src/ledger/query.ts';
import type { Program } from '../../sync-service/src/cases/program-rules.ts';
import { type Cell, cellData } from '../../sync-service/src/google/tab.ts';
import { readOdsSheets } from '../../sync-service/src/tables/ods.ts';
import { readXlsxSheets } from '../../sync-service/src/tables/xlsx.ts';
import { DAY_MS, openStage, type Stage } from '../stage/stage.ts';
import { type Opened, storyOn } from '../stage/story.ts';

const FORM = 'advanced-mentor-105-earlier';
const LETTER = { letterNumber: '南市教專字第1090000001號', letterDate: '109-04-21' };

let stage: Stage;
let story: ReturnType<typeof storyOn>;
beforeEach(async () => {
  stage = await openStage({ change: withSecondCompiler });
  story = storyOn(stage);
});
afterEach(() => stage.close());

/** Mentor certificates of ROC 100 and earlier are compiled by the ministry's desk: a second desk that writes letters. */
function withSecondCompiler(program: Program): Program {
  return {
    ...program,
    stages: {
      ...program.stages,
      'ministry-compile': { label: '教育部彙整', kind: 'compile-and-dispatch', queue: 'ministry' },
    },
    routes: [
      {
        key: 'very-old',
        when: { level: 'mentor', schoolYear: { to: 100 } },
        form: FORM,
        stages: ['ministry-compile', 'platform-review'],
        next: '教育部彙整後函報。',
      },
      ...program.routes,
    ],
  };
}

/** Cases that were approved and wait for their letter, as many as are asked for. */
async function waiting<const N extends 1 | 2 | 3>(count: N, changes: Record<string, string> = {}) {
  const all = await story.openAll(
    FORM,
    Array.from({ length: count }, () => ({ 'school-year': '104', ...changes })),
  );
  const queue = changes['school-year'] === '99' ? 'ministry' : 'city-center';
  await story.decide(queue, numbersOf(all), '審核通過，列入函報');
  return all as { 1: [Opened]; 2: [Opened, Opened]; 3: [Opened, Opened, Opened] }[N];
}

const numbersOf = (all: readonly Opened[]) => all.map(({ number }) => number);

const batches = (queue = 'city-center') =>
  stage.readTab(queue, 'batches', BATCHES).rows.map((row) => row.cells);
const draft = (queue = 'city-center') =>
  String(batches(queue).find((batch) => batch.state === '草擬中')?.batch);
const batchOf = (name: string, queue = 'city-center') => batches(queue).find((batch) => batch.batch === name);
const tick = async (name: string, cells: Partial<Record<BatchKey, Cell>>, queue = 'city-center') => {
  stage.type(queue, 'batches', BATCHES, name, cells);
  await stage.afterGrace();
  return String(batchOf(name, queue)?.result);
};
const choose = (number: string, cells: Partial<Record<DispatchKey, Cell>>) =>
  stage.type('city-center', 'dispatch', DISPATCH, number, cells);
const listed = () => stage.readTab('city-center', 'dispatch', DISPATCH).rows.map((row) => row.cells);
const listedRow = (number: string) => listed().find((row) => row.case === number);
const rosters = () =>
  stage.mailsTo('admin@office.example').filter((mail) => mail.subject.includes('函報名冊'));

describe('choosing cases by tick', () => {
  it('sends what was chosen, and its rows leave the list with their ticks', async () => {
    const [one, two] = await waiting(2);
    choose(one.number, { select: true });
    const name = draft();
    expect(await tick(name, { roster: true })).toContain('名冊共 1 件');
    expect(listedRow(one.number)).toMatchObject({ batch: name, select: true });
    expect(listedRow(two.number)).toMatchObject({ batch: '', select: false });
    expect(await tick(name, { ...LETTER, send: true })).toBe('已發文，1 件移交下一單位並通知教師。');
    expect(listed().map((row) => row.case)).toEqual([two.number]);
    expect(await stage.caseOf(one.number)).toMatchObject({ state: 'dispatched', queue: 'platform' });
  });

  it('tells the office which characters of a roster no font has, by place and code point', async () => {
    const [one] = await waiting(1, { name: '王\ue000𤧟' });
    choose(one.number, { select: true });
    expect(await tick(draft(), { roster: true })).toContain('名冊共 1 件');
    expect(rosters().at(-1)?.text).toContain(`${one.number}：姓名第2字 U+E000\n`);
    await story.act(one.number, ACTIONS.withdraw, '測試');
  });

  it('never puts on the roster whose number was pasted over another row', async () => {
    const [one, two] = await waiting(2);
    const { spreadsheetId, tabIds } = stage.documentOf('city-center');
    const tab = stage.readTab('city-center', 'dispatch', DISPATCH);
    const rowIndex = tab.rows.find((row) => row.cells.case === one.number)?.index ?? 0;
    choose(one.number, { select: true });
    stage.type('city-center', 'batches', BATCHES, draft(), { roster: true });
    await stage.service.cycle();
    stage.clock.advance(3 * 60_000);
    stage.google.emulator.sheets.batchUpdate(spreadsheetId, {
      requests: [
        {
          updateCells: {
            start: { sheetId: tabIds.dispatch ?? 0, rowIndex, columnIndex: tab.columns.case },
            rows: [{ values: [{ userEnteredValue: { stringValue: two.number } }] }],
            fields: 'userEnteredValue',
          },
        },
      ],
    });
    await stage.settle();
    expect((await stage.caseOf(two.number)).batch).toBeNull();
    expect(batchOf(draft())?.result).toContain('沒有勾選任何案件');
  });
});

describe('between the roster and the letter', () => {
  it('takes one out without its coming back, says so, and asks for the roster anew', async () => {
    const [one, two] = await waiting(2);
    choose(one.number, { select: true });
    choose(two.number, { select: true });
    const name = draft();
    await tick(name, { roster: true });
    choose(two.number, { remove: true });
    await stage.afterGrace();
    expect(listedRow(two.number)).toMatchObject({ batch: '', select: false, remove: false });
    expect(batchOf(name)).toMatchObject({ state: '名冊有變動，請重新製作', count: 1 });
    expect(batchOf(name)?.result).toContain(`${two.number} 已移出`);
    expect(await tick(name, { roster: true })).toContain('名冊共 1 件');
    expect(rosters().at(-1)?.subject).toContain('1件');
    // Nothing to take out of.
    choose(two.number, { remove: true });
    await stage.afterGrace();
    expect(listedRow(two.number)).toMatchObject({ remove: false, result: '本案不在任何批次，不必移出。' });
    await tick(name, { ...LETTER, send: true });
    choose(two.number, { back: true });
    await stage.afterGrace();
    expect(listed()).toEqual([]);
  });

  it('makes a roster that goes with the personal data of whoever was once on it', async () => {
    const [{ number }] = await waiting(1);
    const name = draft();
    await tick(name, { scope: SCOPES.all, roster: true });
    choose(number, { remove: true });
    await stage.afterGrace();
    await story.act(number, ACTIONS.withdraw, '教師來電');
    const rosterFiles = async () => {
      const files = await query(stage.service.store.db).selectFrom('files').select('name').execute();
      return files.filter((file) => file.name.includes(name)).length;
    };
    expect(await rosterFiles()).toBe(3);
    const context = await stage.service.context();
    const { id } = await stage.caseOf(number);
    await askErasure(context, id, { actor: 'administrator', reason: '當事人請求', evenOpen: false });
    expect(await carryOut(context, id)).toBe('erased');
    expect(await rosterFiles()).toBe(0);
  });

  it('names whoever withdrew or edited meanwhile when the letter is out, and moves only the rest', async () => {
    const [stays, withdraws, edits] = await waiting(3);
    const name = draft();
    await tick(name, { scope: SCOPES.all, roster: true });
    await story.act(withdraws.number, ACTIONS.withdraw, '教師來電');
    await story.correct(FORM, edits, { note: '改備註' });
    expect(batchOf(name)).toMatchObject({ state: '名冊有變動，請重新製作', count: 1 });
    const said = await tick(name, { ...LETTER, send: true });
    expect(said).toContain('已發文，1 件移交下一單位');
    expect(said).toContain(`${withdraws.number} 已離開本批（教師撤回）`);
    expect(said).toContain(`${edits.number} 已離開本批（補正送件）`);
    expect(await stage.caseOf(stays.number)).toMatchObject({ state: 'dispatched' });
    expect(await stage.caseOf(edits.number)).toMatchObject({ state: 'in-review', queue: 'city-center' });
  });

  it('sends no letter for a batch that everybody left', async () => {
    const [only] = await waiting(1);
    const name = draft();
    await tick(name, { scope: SCOPES.all, roster: true });
    await story.act(only.number, ACTIONS.withdraw, '教師來電');
    expect(await tick(name, { ...LETTER, send: true })).toContain('本批已沒有案件，不能發文');
    expect(batchOf(name)?.state).toBe('名冊有變動，請重新製作');
  });

  it('undoes an approval that is listed already, from the list of all cases', async () => {
    const [{ number, email }] = await waiting(1);
    await tick(draft(), { scope: SCOPES.all, roster: true });
    await story.act(number, ACTIONS.reverse, '看錯證書');
    expect(await stage.caseOf(number)).toMatchObject({
      state: 'in-review',
      queue: 'city-center',
      batch: null,
    });
    expect(stage.mailsTo(email).at(-1)?.text).toContain('先前的「審核通過，列入函報」已經撤銷');
  });
});

describe('what is typed for a letter', () => {
  let name = '';
  let members: Opened[] = [];
  beforeEach(async () => {
    members = await waiting(2);
    name = draft();
    expect(await tick(name, { ...LETTER, send: true })).toBe('請先製作名冊，再發文。');
    await tick(name, { scope: SCOPES.all, roster: true, letterNumber: '', letterDate: '' });
  });

  const WRONG: [string, Partial<Record<BatchKey, Cell>>, string][] = [
    ['no number', { letterNumber: ' ', letterDate: '109-04-22' }, '請先填發文字號'],
    ['no day', { letterNumber: 'X', letterDate: ' ' }, '請先填發文日期'],
    ['a word', { letterNumber: 'X', letterDate: '下週' }, '發文日期「下週」不是日期，請寫成 109-07-31。'],
    ['no such day', { letterNumber: 'X', letterDate: '4月31日' }, '「4月31日」不是日期（4月沒有31日）'],
    ['50,000 characters', { letterNumber: 'X', letterDate: '5'.repeat(50_000) }, '不是日期'],
    ['no year', { letterNumber: 'X', letterDate: '4月22日' }, '「4月22日」沒有寫年份'],
    ['too much', { letterNumber: '字'.repeat(61), letterDate: '109-04-22' }, '發文字號太長'],
    ['another century', { letterNumber: 'X', letterDate: '19-04-22' }, '與今天相差一年以上'],
    ['two wishes at once', { roster: true }, '不能同時勾選'],
  ];

  it('is refused with a sentence and unticked where it is wrong, and may be mended', async () => {
    for (const [what, cells, sentence] of WRONG) {
      expect(await tick(name, { ...cells, send: true }), what).toContain(sentence);
      expect(batchOf(name), what).toMatchObject({ send: false, roster: false, state: '名冊已製作，待發文' });
    }
    expect(await tick(name, { ...LETTER, send: true })).toContain('已發文，2 件');
  });

  it('a copied row speaks for nothing while both are ticked, and goes away when it says nothing new', async () => {
    const { spreadsheetId, tabIds } = stage.documentOf('city-center');
    stage.type('city-center', 'batches', BATCHES, name, { ...LETTER, send: true });
    const tab = stage.readTab('city-center', 'batches', BATCHES);
    const row = tab.rows.find((each) => each.cells.batch === name);
    stage.google.emulator.sheets.batchUpdate(spreadsheetId, {
      requests: [
        {
          updateCells: {
            start: { sheetId: tabIds.batches ?? 0, rowIndex: tab.height, columnIndex: 0 },
            rows: [{ values: keysOf(BATCHES).map((key) => cellData(row?.cells[key] ?? '')) }],
            fields: 'userEnteredValue',
          },
        },
      ],
    });
    await stage.afterGrace();
    expect(batches().filter((batch) => batch.batch === name)).toHaveLength(1);
    expect(batchOf(name)?.result).toContain('勾選了不只一列');
    expect((await stage.caseOf(members[0]?.number ?? '')).state).toBe('awaiting-dispatch');
  });

  it('is taken as text, in one line, whatever it holds; a day that Sheets took for a date is read', async () => {
    const said = await tick(name, {
      letterNumber: '+HYPERLINK("http://x")\n<b>字第\uffff1號</b>',
      letterDate: 43_944,
      send: true,
    });
    expect(said).toContain('已發文，2 件');
    expect(said).toContain('發文日期在今天之後');
    const { letter_number, letter_date } = await stage.caseOf(members[0]?.number ?? '');
    expect([letter_number, letter_date]).toEqual(['+HYPERLINK("http://x") <b>字第1號</b>', '2020-04-23']);
    const mail = stage.mailsTo(members[0]?.email ?? '').at(-1);
    expect(mail?.html).toContain('&lt;b&gt;字第1號&lt;/b&gt;');
  });

  it('is corrected in every case of the batch, also in one that was returned and corrected meanwhile', async () => {
    await tick(name, { letterNumber: '打錯的字號', letterDate: '109-04-22', send: true });
    const returned = members[1] as Opened;
    await story.decide('platform', returned.number, '退回補件', '請補年度證明');
    await story.correct(FORM, returned, { note: '已補年度證明' });
    const row = () =>
      stage.readTab('platform', 'queue', QUEUE).rows.find((each) => each.cells.case === returned.number)
        ?.cells;
    expect(row()).toMatchObject({ revision: 2, state: '審核中', changed: '備註' });
    expect(await tick(name, { ...LETTER, send: true })).toContain('文號已更正，2 件案件同步更正。');
    expect(row()?.letter).toBe(LETTER.letterNumber);
    await story.decide('platform', returned.number, '通過登錄');
    expect(stage.mailsTo(returned.email).at(-1)?.text).toContain(
      `函報文號：109年4月21日（二） ${LETTER.letterNumber}`,
    );
    // A case that had a letter is undone like any other, and stays in its batch.
    await story.act(returned.number, ACTIONS.reverse, '登錄錯誤');
    expect(await stage.caseOf(returned.number)).toMatchObject({
      state: 'in-review',
      queue: 'platform',
      batch: name,
    });
  });
});

describe('the letter that a roster goes with', () => {
  const TITLE = '臺南市109年度專業回饋人才證書補登名冊（第1批）';

  async function rosterFiles() {
    const { db } = stage.service.store;
    const mails = await query(db)
      .selectFrom('notices')
      .select('attachments')
      .where('kind', '=', 'batch-ready')
      .orderBy('id')
      .execute();
    const attachments = mails.at(-1)?.attachments ?? [];
    const contents = await readFiles(
      db,
      attachments.map(({ file }) => file),
    );
    return attachments.map(({ name, file }) => ({
      filename: name,
      content: new Uint8Array(contents.get(file) ?? Buffer.of()),
    }));
  }

  it('is drafted as the program words it, each desk counting its own batches', async () => {
    await waiting(1);
    await waiting(1, { level: '教學輔導教師', 'school-year': '99' });
    const [own, other] = [draft(), draft('ministry')];
    await tick(own, { scope: SCOPES.all, roster: true });
    const text = rosters().at(-1)?.text;
    for (const line of [
      '受文者：教師專業發展支持作業平臺\n',
      `主旨：檢送${TITLE}1份，請查照。\n`,
      '一、依據本市109年度專業回饋人才證書補登作業辦理。\n',
      '二、本批計1件（證書取得學年度：104），均經審核無誤。\n',
      '三、請惠予審核及登錄。\n',
      '四、審核結果請逕填於待審清單（平臺），或填於名冊「核對結果」欄後函復。\n',
    ])
      expect(text).toContain(line);
    await tick(other, { scope: SCOPES.all, roster: true }, 'ministry');
    expect(rosters().at(-1)?.text).toContain(TITLE);
    expect((await rosterFiles()).map(({ filename }) => filename)).toEqual(
      ['ods', 'pdf', 'xlsx'].map((ending) => `${TITLE}${other}.${ending}`),
    );
  });

  it('has the roster with title, basis, day and number, and a blank column for the receiver', async () => {
    const [one, two] = await waiting(2, { name: '王\ue000' });
    const name = draft();
    await tick(name, { scope: SCOPES.all, roster: true });
    const files = await rosterFiles();
    for (const { content, filename } of files.filter(({ filename: each }) => !each.endsWith('.pdf'))) {
      const [sheet] = filename.endsWith('.ods') ? readOdsSheets(content) : await readXlsxSheets(content);
      const rows = sheet?.rows.map(({ cells }) => cells.map(String)) ?? [];
      expect(rows.slice(0, 3).map(([cell]) => cell)).toEqual([
        TITLE,
        '依據本市109年度專業回饋人才證書補登作業辦理。',
        `製表單位：臺南市政府教育局；批次：${name}；製表日期：109年4月21日（二）`,
      ]);
      expect(rows[3]?.slice(-3)).toEqual(['證書字號', '罕用字', '核對結果']);
      expect(rows.slice(4, 6).map(([, number]) => number)).toEqual([one.number, two.number]);
      for (const row of rows.slice(4, 6)) expect(row[8] ?? '').toBe('');
      expect(rows.at(-1)?.[0]).toBe('共 2 件');
    }
    expect(files).toHaveLength(3);
  });
});

describe('two desks that write letters', () => {
  it('each have their own batches; the covering text names where theirs goes', async () => {
    const [here] = await waiting(1);
    const [there] = await waiting(1, { level: '教學輔導教師', 'school-year': '99' });
    const [own, other] = [draft(), draft('ministry')];
    expect(own).not.toBe(other);
    await tick(own, { scope: SCOPES.all, roster: true });
    expect(rosters().at(-1)?.text).toContain('（平臺）');
    await tick(other, { scope: SCOPES.all, roster: true }, 'ministry');
    expect(rosters().at(-1)?.text).toContain('（平臺）');
    await tick(own, { ...LETTER, send: true });
    expect(await stage.caseOf(here.number)).toMatchObject({ state: 'dispatched' });
    expect(await stage.caseOf(there.number)).toMatchObject({ state: 'awaiting-dispatch', batch: other });
    await tick(other, { ...LETTER, letterNumber: '臺教師字第1號', send: true }, 'ministry');
    expect(await stage.caseOf(there.number)).toMatchObject({
      letter_number: '臺教師字第1號',
      queue: 'platform',
    });
  });

  it('list what a desk approved that writes no letters', async () => {
    const { number } = await story.open(FORM, { 'school-year': '103' });
    await story.decide('city-center', number, '轉送平臺', '請先看');
    await story.decide('platform', number, '審核通過，列入函報');
    expect(listedRow(number)).toBeDefined();
  });
});

describe('a case that nobody dispatches', () => {
  it('is overdue as any other, and the mail names the desk', async () => {
    const [{ number }] = await waiting(1);
    stage.clock.advance(16 * DAY_MS);
    await stage.settle();
    const mail = stage
      .mailsTo('admin@office.example')
      .findLast((each) => each.subject.startsWith('逾期提醒'));
    expect(mail?.text).toMatch(new RegExp(`${number}　市教專中心　待函報`, 'u'));
  });
});
