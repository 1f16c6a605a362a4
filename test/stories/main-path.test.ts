import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { QUEUE } from '../../contract/tabs.ts';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';
import { PLAYS } from '../stage/switches.ts';

let stage: Stage;
afterEach(() => stage.close());

/** A complete entry, taken in; the first of its office. */
const send = async (form: string) => {
  await stage.submit(form, COMPLETE);
  await stage.settle();
  return 'TN109-000001';
};
const rows = (queue: string) => stage.readTab(queue, 'queue', QUEUE).rows;

describe.each(Object.values(PLAYS))('from a form to a mail, where Google has %j', (switches) => {
  beforeEach(async () => {
    stage = await openStage({ switches });
  });

  it('gives a complete entry a case number, a row in the right queue and an acknowledgement', async () => {
    const number = await send('advanced-mentor-106-107');
    expect(rows('platform').map((row) => [row.cells.case, row.cells.name, row.cells.level])).toEqual([
      [number, '王小明', '進階'],
    ]);
    const [mail] = stage.mailsTo('teacher@example.com');
    expect(mail?.subject).toBe('【TN109-000001】已收到您的填報');
    expect(mail?.text).toContain('王○○老師您好');
    expect(mail?.text).not.toContain('王小明');
    expect(mail?.text).toContain('/t/');
  });

  it('does nothing more, however often it looks again', async () => {
    await send('advanced-mentor-106-107');
    const [mails, calls] = [stage.mails().length, stage.service.process.google.calls()];
    await stage.settle();
    expect(stage.mails()).toHaveLength(mails);
    // Four spreadsheets are read in each of two cycles, and nothing is written.
    expect(stage.service.process.google.calls() - calls).toBe(8);
  });

  it('names every problem at once and goes on with the same case when it is corrected', async () => {
    const { editUrl } = await stage.submit('initial', {
      ...COMPLETE,
      email: 'second@example.com',
      name: '李大同',
      school: '霍格華茲國小',
      'school-year': '120',
      evidence: '',
    });
    await stage.settle();
    const [request] = stage.mailsTo('second@example.com');
    expect(request?.subject).toMatch(/^【TN109-000001】請補正您的填報，至109年4月27日（一）止/u);
    for (const sentence of ['查無所填的服務學校', '尚未開始', '沒有上傳證明文件'])
      expect(request?.text).toContain(sentence);
    expect(request?.text).toContain(editUrl);

    stage.clock.advance(60_000);
    await stage.submit(
      'initial',
      {
        ...COMPLETE,
        email: 'second@example.com',
        name: '李大同',
        'certificate-number': '南市教專字第1060000001號',
      },
      editUrl,
    );
    await stage.settle();
    const row = rows('city-center').find((each) => each.cells.case === 'TN109-000001');
    expect(row?.cells).toMatchObject({ revision: 2, changed: expect.stringContaining('服務學校') });
    expect(stage.mailsTo('second@example.com').map((mail) => mail.subject.slice(14, 16))).toEqual([
      '請補',
      '已收',
    ]);
  });

  it('takes a ticked decision after the grace time, clears its row and tells the teacher', async () => {
    const number = await send('advanced-mentor-106-107');
    stage.type('platform', 'queue', QUEUE, number, {
      decision: '通過登錄',
      reviewer: '甲',
      ready: true,
    });
    await stage.service.cycle();
    expect(await stage.caseOf(number)).toMatchObject({ state: 'in-review' });
    await stage.afterGrace();
    expect(await stage.caseOf(number)).toMatchObject({ state: 'registered' });
    expect(rows('platform')).toEqual([]);
    expect(stage.mailsTo('teacher@example.com').at(-1)?.subject).toBe(`【${number}】審核通過，證書已登錄`);
  });

  it('takes an unticked decision for undone', async () => {
    const number = await send('initial');
    stage.type('city-center', 'queue', QUEUE, number, { decision: '通過登錄', ready: true });
    await stage.service.cycle();
    stage.type('city-center', 'queue', QUEUE, number, { ready: false });
    await stage.afterGrace();
    expect(await stage.caseOf(number)).toMatchObject({ state: 'in-review' });
    expect(rows('city-center')[0]?.cells.decision).toBe('通過登錄');
  });

  it('explains a refused decision in its row', async () => {
    const number = await send('initial');
    stage.type('city-center', 'queue', QUEUE, number, { decision: '不予登錄', ready: true });
    await stage.afterGrace();
    expect(rows('city-center')[0]?.cells.result).toContain('必須填寫理由');
    expect(rows('city-center')[0]?.cells).toMatchObject({ decision: '不予登錄', ready: false });
    stage.type('city-center', 'queue', QUEUE, number, {
      reason: '+1 證書不符，請補 0912345678',
      ready: true,
    });
    await stage.afterGrace();
    const mail = stage.mailsTo('teacher@example.com').at(-1);
    expect(mail?.subject).toBe(`【${number}】審核結果：不予登錄`);
    expect(mail?.text).toContain('+1 證書不符，請補 0912345678');
  });

  it('never evaluates what a teacher typed, in a cell or in HTML', async () => {
    await stage.submit('training-record-problem', {
      email: 'third@example.com',
      name: '=HYPERLINK("http://x.example","點我")',
      school: '114601',
      level: '進階',
      description: '<script>alert(1)</script>',
      consent: '我已閱讀並同意',
    });
    await stage.settle();
    const row = rows('city-center').find((each) => String(each.cells.name).startsWith('=HYPERLINK'));
    expect(row?.cells.description).toBe('<script>alert(1)</script>');
    stage.type('city-center', 'queue', QUEUE, String(row?.cells.case), {
      decision: '回覆',
      reason: '<b>已補入</b>',
      ready: true,
    });
    await stage.afterGrace();
    const mail = stage.mailsTo('third@example.com').at(-1);
    expect(mail?.html).toContain('&lt;b&gt;已補入&lt;/b&gt;');
    expect(mail?.html).not.toContain('<b>已補入</b>');
  });
});
