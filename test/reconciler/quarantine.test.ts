import { query } from '../../sync-service/src/ledger/query.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { CASES, QUEUE, SETTINGS, TEMPLATES } from '../../contract/tabs.ts';
import { askErasure } from '../../sync-service/src/casework/erasure/erase.ts';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';
import { storyOn } from '../stage/story.ts';

let stage: Stage;
afterEach(() => stage.close());

const FORM = 'advanced-mentor-106-107';
const alerts = () =>
  stage.mailsTo('admin@office.example').filter(({ subject }) => subject.includes('無法處理'));

describe('an entry that no route takes', () => {
  it('is quarantined with its reason, told once, and delays nobody', async () => {
    // A file of an office that began before the loader knew of such a gap.
    stage = await openStage({
      change: (program) => ({
        ...program,
        routes: program.routes.filter(({ key }) => key !== 'current-year'),
      }),
    });
    await stage.submit(FORM, { ...COMPLETE, email: 'first@example.com', 'school-year': '108' });
    await stage.submit(FORM, { ...COMPLETE, email: 'second@example.com', name: '李二' });
    await stage.settle();
    await stage.settle();
    expect(stage.mailsTo('second@example.com')).toHaveLength(1);
    expect(stage.mailsTo('first@example.com')).toHaveLength(0);
    expect(alerts()).toHaveLength(1);
    expect(alerts()[0]?.text).toContain('設定檔沒有路徑適用於');
    expect(alerts()[0]?.text).not.toContain(COMPLETE.name);
    const quarantined = await query(stage.service.store.db)
      .selectFrom('quarantined_rows')
      .selectAll()
      .execute();
    expect(quarantined).toMatchObject([{ reason: expect.stringContaining('when: {}') }]);
    // Once the file names it, the entry is taken in by itself.
    await stage.restart((program) => ({
      ...program,
      routes: [
        ...program.routes,
        { key: 'rest', when: {}, form: null, stages: ['ministry-enquiry'], next: '' },
      ],
    }));
    await stage.settle();
    expect(stage.mailsTo('first@example.com')).toHaveLength(1);
  });
});

describe('two rounds with nothing between them', () => {
  it('a correction that comes after the first round is routed by the first receipt', async () => {
    stage = await openStage({
      program: 'test/fixtures/inputs/rounds-exact.yaml',
      now: '2024-04-15T02:00:00Z',
    });
    const answers = { email: 'late@example.com', name: '', consent: '我已閱讀並同意' };
    const { editUrl } = await stage.submit('form', answers);
    await stage.settle();
    stage.clock.set(new Date('2024-04-18T02:00:00Z'));
    await stage.submit('form', { ...answers, name: '王小明' }, editUrl);
    await stage.settle();
    expect(
      stage.readTab('office', 'cases', CASES).rows.map(({ cells }) => [cells.case, cells.state]),
    ).toEqual([['MINI-000001', '審核中']]);
    expect(stage.mailsTo('late@example.com').map(({ subject }) => subject)).toEqual([
      expect.stringContaining('補正'),
      expect.stringContaining('已收到您的填報'),
    ]);
  });
});

describe('a row that cannot be rendered', () => {
  it('stays as it is, and the other rows go on', async () => {
    stage = await openStage();
    const story = storyOn(stage);
    const [one, other] = await story.openAll(FORM, [{}, {}]);
    await query(stage.service.store.db)
      .updateTable('cases')
      .set({ facts: '{}', changed_at: new Date('2020-04-22T00:00:00Z') })
      .where('number', '=', one?.number ?? '')
      .execute();
    await stage.settle();
    const numbers = () => stage.readTab('platform', 'queue', QUEUE).rows.map(({ cells }) => cells.case);
    expect(numbers()).toEqual([one?.number, other?.number]);
    const third = await story.open(FORM);
    expect(numbers()).toEqual([one?.number, other?.number, third.number]);
    expect(alerts().length).toBeGreaterThan(0);
  });
});

describe('one bad thing among good ones', () => {
  /** What takes the ledger's faults away again: the next test borrows the same database. */
  const mends: string[] = [];
  const run = (statement: string) => sql.raw(statement).execute(query(stage.service.store.db));
  const refuse = async (table: string, condition: string) => {
    const name = `bad_${mends.length}`;
    mends.push(`alter table ${table} drop constraint ${name}`);
    await run(`alter table ${table} add constraint ${name} check (${condition}) not valid`);
  };
  afterEach(async () => {
    for (const statement of mends.splice(0)) await run(statement);
  });
  const stateOf = async (number = '') => (await stage.caseOf(number)).state;

  it('a decision whose case cannot be read is left, the next one is taken', async () => {
    stage = await openStage();
    const story = storyOn(stage);
    const [one, other] = await story.openAll(FORM, [{}, {}]);
    await query(stage.service.store.db)
      .updateTable('cases')
      .set({ facts: 'null' })
      .where('number', '=', one?.number ?? '')
      .execute();
    await story.decide('platform', [one?.number ?? '', other?.number ?? ''], '通過登錄');
    expect(await stateOf(other?.number)).toBe('registered');
    expect(await stateOf(one?.number)).toBe('in-review');
    expect(alerts().length).toBeGreaterThan(0);
    expect(stage.mailsTo(other?.email ?? '').at(-1)?.subject).toContain('登錄');
  });

  it('a decision that the ledger refuses is left and explained in its row, the next one is taken', async () => {
    stage = await openStage();
    const story = storyOn(stage);
    const [one, other] = await story.openAll(FORM, [{}, {}]);
    await refuse(
      'events',
      `not (trigger = 'approved' and case_id = ${(await stage.caseOf(one?.number ?? '')).id})`,
    );
    await story.decide('platform', [one?.number ?? '', other?.number ?? ''], '通過登錄');
    expect([await stateOf(one?.number), await stateOf(other?.number)]).toEqual(['in-review', 'registered']);
    expect(stage.readTab('platform', 'queue', QUEUE).rows[0]?.cells.result).toContain('系統無法處理這個決定');
  });

  it('a setting, a wording and an erasure that the ledger refuses hold up none of the others', async () => {
    stage = await openStage();
    const story = storyOn(stage);
    await stage.settle();
    await refuse('audit', "subject not in ('deadlines/correctionDays', 'template/acknowledgement')");
    stage.type('office', 'settings', SETTINGS, 'deadlines/correctionDays', { value: '9' });
    stage.type('office', 'settings', SETTINGS, 'deadlines/reviewDays', { value: '11' });
    for (const kind of ['acknowledgement', 'registered'])
      stage.type('office', 'templates', TEMPLATES, kind, { subject: '自訂主旨' });
    const [one, other] = await story.openAll(FORM, [{}, {}]);
    await stage.settle();
    const { program } = await stage.service.context();
    expect(program.deadlines).toMatchObject({ correctionDays: 5, reviewDays: 11 });
    await story.decide('platform', [one?.number ?? '', other?.number ?? ''], '通過登錄');
    expect(stage.mailsTo(other?.email ?? '').map(({ subject }) => subject.includes('自訂主旨'))).toEqual([
      false,
      true,
    ]);
    const ids = await Promise.all(
      [one, other].map(async (each) => (await stage.caseOf(each?.number ?? '')).id),
    );
    await refuse('events', `not (trigger = 'erased' and case_id = ${ids[0]})`);
    for (const id of ids)
      await askErasure(await stage.service.context(), id, { actor: '承辦', reason: '請求', evenOpen: true });
    await stage.settle();
    const erased = await Promise.all(
      [one, other].map(async (each) => (await stage.caseOf(each?.number ?? '')).erased_at !== null),
    );
    expect(erased).toEqual([false, true]);
  });

  it('a notice that cannot be made ready is refused, the next one goes out', async () => {
    stage = await openStage({ smtpAway: () => away });
    const story = storyOn(stage);
    let away = true;
    const [one, other] = await story.openAll(FORM, [{}, {}]);
    await query(stage.service.store.db)
      .updateTable('notices')
      .set({ attachments: JSON.stringify({ not: 'a list' }) })
      .where('recipient', '=', one?.email ?? '')
      .execute();
    away = false;
    stage.clock.advance(10 * 60_000);
    await stage.settle();
    expect([one, other].map((each) => stage.mailsTo(each?.email ?? '').length)).toEqual([0, 1]);
    const { state, reply } = await query(stage.service.store.db)
      .selectFrom('notices')
      .selectAll()
      .where('recipient', '=', one?.email ?? '')
      .executeTakeFirstOrThrow();
    expect({ state, reply }).toEqual({ state: 'refused', reply: expect.stringContaining('does not render') });
  });

  it('a spreadsheet whose rows cannot be made holds up neither the others nor the mail', async () => {
    stage = await openStage();
    const story = storyOn(stage);
    mends.push('alter table gone rename to batches');
    await run('alter table batches rename to gone');
    const opened = await story.open(FORM);
    expect(stage.readTab('platform', 'queue', QUEUE).rows.map(({ cells }) => cells.case)).toEqual([
      opened.number,
    ]);
    expect(stage.mailsTo(opened.email)).toHaveLength(1);
    expect(alerts().length).toBeGreaterThan(0);
  });
});

describe('what a reviewer writes', () => {
  it('is refused in its row where no mail could hold it, and loses the blanks that only fill it', async () => {
    stage = await openStage();
    const story = storyOn(stage);
    const [one, other] = await story.openAll(FORM, [{}, {}]);
    await story.decide('platform', one?.number ?? '', '退回補件', '長'.repeat(2001));
    expect(await stage.caseOf(one?.number ?? '')).toMatchObject({
      state: 'in-review',
      result: expect.stringContaining('「理由」最多 2000 字'),
    });
    await story.decide(
      'platform',
      other?.number ?? '',
      '退回補件',
      `請補\u0000件${' '.repeat(40_000)}掃描檔\ud800`,
    );
    expect(await stage.caseOf(other?.number ?? '')).toMatchObject({ state: 'needs-correction' });
    expect(stage.mailsTo(other?.email ?? '').at(-1)?.text).toContain('請補件 掃描檔');
  });
});
