import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACTIONS, BATCHES, CASES, DISPATCH, QUEUE, SCOPES } from '../../contract/tabs.ts';
import { COMPLETE, DAY_MS, openStage, type Stage } from '../stage/stage.ts';
import { taipei } from '../cases/helpers.ts';
import { storyOn } from '../stage/story.ts';

type Story = ReturnType<typeof storyOn>;

let stage: Stage;
let story: Story;
beforeEach(async () => {
  stage = await openStage();
  story = storyOn(stage);
});
afterEach(() => stage.close());

const open = (...args: Parameters<Story['open']>) => story.open(...args);
const decide = (...args: Parameters<Story['decide']>) => story.decide(...args);
const kinds = (email: string) => story.kinds(email);

describe('return for correction', () => {
  it('shows the reason, reopens the same response and goes back to who returned it', async () => {
    const { number, email, editUrl } = await open('advanced-mentor-106-107');
    await decide('platform', number, '退回補件', '掃描檔看不清楚');
    const request = stage.mailsTo(email).at(-1);
    expect(request?.text).toContain('掃描檔看不清楚');
    expect(request?.text).toContain(editUrl);
    stage.clock.advance(DAY_MS);
    await stage.submit(
      'advanced-mentor-106-107',
      {
        ...COMPLETE,
        email,
        name: '教師補',
        'certificate-number': `補字第${number.slice(-4)}號`,
        evidence: 'https://drive.google.com/open?id=clear',
      },
      editUrl,
    );
    await stage.settle();
    const row = stage.readTab('platform', 'queue', QUEUE).rows.find((each) => each.cells.case === number);
    expect(row?.cells).toMatchObject({
      revision: 2,
      state: '審核中',
      changed: expect.stringContaining('證書掃描檔'),
    });
  });

  it('reminds once before the deadline, then expires and says so', async () => {
    const { number, email } = await open('advanced-mentor-106-107', { school: '霍格華茲國小' });
    // Its last day would be a Sunday: it is Monday, and the working day before is a Friday.
    stage.clock.set(taipei('2020-04-24 08:59:00'));
    await stage.settle();
    expect(kinds(email)).toEqual(['correction-request']);
    stage.clock.set(taipei('2020-04-24 09:00:00'));
    await stage.settle();
    await stage.settle();
    expect(kinds(email)).toEqual(['correction-request', 'reminder']);
    stage.clock.set(taipei('2020-04-27 23:59:59'));
    await stage.settle();
    expect(await stage.caseOf(number)).toMatchObject({ state: 'needs-correction' });
    stage.clock.advance(1000);
    await stage.settle();
    expect(await stage.caseOf(number)).toMatchObject({ state: 'expired' });
    expect(kinds(email)).toEqual(['correction-request', 'reminder', 'expired']);
  });
});

describe('forwarding', () => {
  it('takes the note along, tells the teacher, and back again with a second notice', async () => {
    const { number, email } = await open('advanced-mentor-106-107');
    await decide('platform', number, '轉送市教專中心', '請確認是否為 105 學年度');
    const row = stage.readTab('city-center', 'queue', QUEUE).rows.find((each) => each.cells.case === number);
    expect(row?.cells.handover).toBe('平臺（審核者）：請確認是否為 105 學年度');
    await decide('city-center', number, '轉送平臺', '確為 106');
    await decide('platform', number, '通過登錄');
    expect(kinds(email)).toEqual(['acknowledgement', 'forwarded', 'forwarded', 'registered']);
    expect(stage.mailsTo(email)[1]?.text).not.toContain('請確認是否為');
  });
});

describe('an edit of a closed case', () => {
  it('is kept, changes nothing, and the teacher is told so, once for each edit', async () => {
    const { number, email, editUrl } = await open('advanced-mentor-106-107');
    await decide('platform', number, '通過登錄');
    for (const note of ['改一次', '再改一次']) {
      stage.clock.advance(60_000);
      await stage.submit('advanced-mentor-106-107', { ...COMPLETE, email, note }, editUrl);
      await stage.settle();
    }
    expect(await stage.caseOf(number)).toMatchObject({ state: 'registered', revision: 1 });
    expect(kinds(email)).toEqual(['acknowledgement', 'registered', 'edit-kept', 'edit-kept']);
    expect(stage.mailsTo(email).at(-1)?.text).toContain('本案已結案（已登錄），這次修改已留存但未採用');
  });
});

describe('undo and reopen, in the list of all cases', () => {
  it('reverses a decision with a correcting notice, and the second decision is told too', async () => {
    const { number, email } = await open('advanced-mentor-106-107');
    await decide('platform', number, '不予登錄', '證書不符');
    stage.type('office', 'cases', CASES, number, {
      action: ACTIONS.reverse,
      reason: '看錯證書',
      actor: '承辦',
      ready: true,
    });
    await stage.afterGrace();
    expect(await stage.caseOf(number)).toMatchObject({ state: 'in-review', queue: 'platform' });
    expect(stage.mailsTo(email).at(-1)?.subject).toContain('先前的「不予登錄」已撤銷');
    await decide('platform', number, '不予登錄', '仍然不符');
    expect(kinds(email)).toEqual(['acknowledgement', 'rejected', 'reversed', 'rejected']);
  });

  it('refuses to reverse what nobody decided, in words', async () => {
    const { number } = await open('advanced-mentor-106-107');
    stage.type('office', 'cases', CASES, number, { action: ACTIONS.reverse, reason: '試試', ready: true });
    await stage.afterGrace();
    const row = stage.readTab('office', 'cases', CASES).rows.find((each) => each.cells.case === number);
    expect(row?.cells.result).toContain('沒有可以撤銷的決定');
  });

  it('reopens an expired case for another correction', async () => {
    const { number } = await open('advanced-mentor-106-107', { school: '霍格華茲國小' });
    stage.clock.advance(7 * DAY_MS);
    await stage.settle();
    expect(await stage.caseOf(number)).toMatchObject({ state: 'expired' });
    stage.type('office', 'cases', CASES, number, {
      action: ACTIONS.reopen,
      reason: '同意展延',
      ready: true,
    });
    await stage.afterGrace();
    expect(await stage.caseOf(number)).toMatchObject({ state: 'needs-correction', episode: 1 });
  });
});

describe('dispatch with an official letter', () => {
  it('goes from the roster to the letter to the next desk; corrections of the letter reach every case', async () => {
    const [one, two, three] = [
      await open('advanced-mentor-105-earlier', { 'school-year': '104' }),
      await open('advanced-mentor-105-earlier', { 'school-year': '103' }),
      await open('advanced-mentor-105-earlier', { 'school-year': '102' }),
    ];
    for (const { number } of [one, two, three]) await decide('city-center', number, '審核通過，列入函報');
    expect(stage.readTab('city-center', 'dispatch', DISPATCH).rows.map((row) => row.cells.case)).toEqual([
      one.number,
      two.number,
      three.number,
    ]);
    const [batch] = stage.readTab('city-center', 'batches', BATCHES).rows;
    const name = String(batch?.cells.batch);

    stage.type('city-center', 'batches', BATCHES, name, { roster: true });
    await stage.afterGrace();
    expect(String(stage.readTab('city-center', 'batches', BATCHES).rows[0]?.cells.result)).toContain(
      '沒有勾選任何案件',
    );

    stage.type('city-center', 'batches', BATCHES, name, { scope: SCOPES.all, roster: true });
    await stage.afterGrace();
    const roster = stage.mailsTo('admin@office.example').find((mail) => mail.subject.includes(name));
    expect(roster?.subject).toContain('3件');
    expect(roster?.source).toMatch(/\.ods|ods/u);

    stage.type('city-center', 'dispatch', DISPATCH, three.number, { remove: true });
    await stage.afterGrace();
    expect((await stage.caseOf(three.number)).batch).toBeNull();

    stage.type('city-center', 'batches', BATCHES, name, {
      letterNumber: '南市教專字第109000001號',
      letterDate: '109-05-11',
      send: true,
    });
    await stage.afterGrace();
    expect(await stage.caseOf(one.number)).toMatchObject({
      state: 'dispatched',
      queue: 'platform',
      letter_date: '2020-05-11',
    });
    expect(await stage.caseOf(three.number)).toMatchObject({ state: 'awaiting-dispatch' });
    expect(stage.mailsTo(one.email).at(-1)?.text).toContain('109年5月11日（一） 南市教專字第109000001號');

    stage.type('city-center', 'batches', BATCHES, name, {
      letterNumber: '南市教專字第109000002號',
      send: true,
    });
    await stage.afterGrace();
    const row = stage.readTab('platform', 'queue', QUEUE).rows.find((each) => each.cells.case === two.number);
    expect(row?.cells.letter).toBe('南市教專字第109000002號');
    expect(kinds(two.email)).toEqual(['acknowledgement', 'dispatched']);

    await decide('platform', two.number, '退回補件', '請補年度證明');
    await decide('platform', one.number, '通過登錄');
    expect(await stage.caseOf(one.number)).toMatchObject({ state: 'registered' });
    expect(await stage.caseOf(two.number)).toMatchObject({ state: 'needs-correction' });
  });

  it('sends a case back to its reviewers from the list of waiting ones', async () => {
    const { number } = await open('advanced-mentor-105-earlier', { 'school-year': '104' });
    await decide('city-center', number, '審核通過，列入函報');
    stage.type('city-center', 'dispatch', DISPATCH, number, { back: true });
    await stage.afterGrace();
    expect(await stage.caseOf(number)).toMatchObject({ state: 'in-review', queue: 'city-center' });
  });
});

describe('the office is told', () => {
  it('of overdue reviews, once a day', async () => {
    await open('advanced-mentor-106-107');
    const before = stage.mailsTo('admin@office.example').length;
    stage.clock.advance(20 * DAY_MS);
    await stage.settle();
    await stage.settle();
    const overdue = stage
      .mailsTo('admin@office.example')
      .slice(before)
      .filter((mail) => mail.subject.startsWith('逾期提醒'));
    expect(overdue).toHaveLength(1);
  });
});
