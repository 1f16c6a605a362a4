import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { QUEUE, SETTINGS } from '../../contract/tabs.ts';
import { DAY_MS, openStage, type Stage } from '../stage/stage.ts';

let stage: Stage;
let school = '';
beforeEach(async () => {
  stage = await openStage({ program: 'programs/example-two-stage.yaml', now: '2024-03-11T02:00:00Z' });
  school = stage.program.schools[0]?.code ?? '';
});
afterEach(() => stage.close());

const rows = (queue: string) => stage.readTab(queue, 'queue', QUEUE).rows;
const send = async (name: string, editUrl?: string) => {
  const level =
    stage.program.forms[0]?.fields.find((field) => field.key === 'level')?.options?.[0]?.value ?? '';
  const sent = await stage.submit(
    'certificate',
    {
      email: `${name}@example.com`,
      name,
      school,
      level,
      'school-year': '111',
      'certificate-number': `綠川教字第${name}1110001號`,
      // Another scan each time: an unchanged response whose time stays is none.
      evidence: `https://drive.google.com/open?id=${stage.clock.now().getTime()}`,
      consent: '我已閱讀並同意',
    },
    editUrl,
  );
  await stage.settle();
  return sent;
};
const decide = async (queue: string, number: string, decision: string, reason = '') => {
  stage.type(queue, 'queue', QUEUE, number, { decision, reason, reviewer: '委員', ready: true });
  await stage.afterGrace();
};

describe("another county's program, by its file alone", () => {
  /** A case that the first reviewers passed, before the panel on a day when its window is open. */
  const toPanel = async () => {
    const { editUrl } = await send('a');
    const number = String(rows('first-reviewers')[0]?.cells.case);
    await decide('first-reviewers', number, '通過，送複審');
    stage.clock.advance(36 * DAY_MS);
    return { number, editUrl };
  };
  const sendAgain = (editUrl: string) => {
    stage.clock.advance(60_000);
    return send('a', editUrl);
  };

  it('passes from the first review to the panel, which cannot decide before its window opens', async () => {
    await send('a');
    const number = String(rows('first-reviewers')[0]?.cells.case);
    expect(number).toBe('GR113-000001');
    await decide('first-reviewers', number, '通過，送複審');
    expect(rows('first-reviewers')).toEqual([]);
    expect(rows('panel').map((row) => row.cells)).toMatchObject([{ case: number, due: '113/05/16（四）' }]);
    await decide('panel', number, '通過');
    expect(await stage.caseOf(number)).toMatchObject({ state: 'in-review' });
    expect(rows('panel')[0]?.cells).toMatchObject({
      ready: false,
      decision: '通過',
      result: expect.stringContaining('自113年4月16日（二）起，尚未開始'),
    });
    stage.clock.advance(36 * DAY_MS);
    await decide('panel', number, '通過');
    expect(await stage.caseOf(number)).toMatchObject({ state: 'registered' });
  });

  it('brings what the panel returned back to the panel', async () => {
    const { number, editUrl } = await toPanel();
    await decide('panel', number, '修正後複審', '請補教學檔案');
    expect(await stage.caseOf(number)).toMatchObject({ state: 'needs-correction' });
    await sendAgain(editUrl);
    expect(rows('panel').map((row) => row.cells.case)).toEqual([number]);
  });

  it('lets the first reviewers confirm what the panel passed on condition of a revision', async () => {
    const { number, editUrl } = await toPanel();
    await decide('panel', number, '修正後通過', '請補簽名頁');
    expect(await stage.caseOf(number)).toMatchObject({ state: 'needs-correction' });
    await sendAgain(editUrl);
    expect(rows('panel')).toEqual([]);
    expect(rows('first-reviewers').map(({ cells }) => cells)).toMatchObject([
      { case: number, stage: '確認修正' },
    ]);
    await decide('first-reviewers', number, '退回補件', '簽名頁仍缺');
    await sendAgain(editUrl);
    expect(rows('first-reviewers').map(({ cells }) => cells)).toMatchObject([
      { case: number, stage: '確認修正' },
    ]);
    await decide('first-reviewers', number, '不通過');
    expect(rows('first-reviewers')[0]?.cells.result).toContain('必須填寫理由');
    await decide('first-reviewers', number, '不通過', '未達標準');
    expect(await stage.caseOf(number)).toMatchObject({ state: 'rejected' });
  });

  it('moves the window of a queue in the settings, without a programmer', async () => {
    const [key, other] = ['queue/first-reviewers/to', 'queue/panel/open'];
    await stage.settle();
    const setting = () => stage.readTab('office', 'settings', SETTINGS).rows;
    expect(setting().map((row) => row.cells.key)).toEqual(expect.arrayContaining([key, other]));
    stage.type('office', 'settings', SETTINGS, other, { value: '否' });
    await stage.settle();
    expect(
      (await stage.service.context()).program.queues.find((queue) => queue.key === 'panel')?.window?.open,
    ).toBe(false);
  });
});

describe('what no desk has to look at', () => {
  const answers = (name: string) => ({
    email: `${name}@example.com`,
    name,
    school,
    level: '初階',
    'school-year': '111',
    'certificate-number': `南市教字第${name}1號`,
    evidence: 'https://drive.google.com/open?id=x',
    consent: '我已閱讀並同意',
  });
  const queueNotice = async (form: string, entry: Record<string, string>) => {
    await stage.submit(form, entry);
    await stage.settle();
    const [mail] = stage.mailsTo(entry.email ?? '');
    const link = /http\S+\/t\/\S+/u.exec(mail?.text ?? '')?.[0] ?? '';
    return { mail, page: await (await fetch(link)).text() };
  };

  it('is not called late where it came between two rounds', async () => {
    stage.clock.set(new Date('2024-08-20T02:00:00Z'));
    const { mail } = await queueNotice('certificate', {
      ...answers('e'),
      'certificate-number': '綠川教字第e號',
    });
    expect(mail?.subject).toContain('目前不在受理期間，未受理');
    expect(mail?.text).toContain('尚未開始受理');
  });

  it('is acknowledged where it is only kept on record, in mail and on the tracking page', async () => {
    const { 'certificate-number': _, level: __, 'school-year': ___, evidence: ____, ...entry } = answers('c');
    const { mail, page } = await queueNotice('pre-registration', entry);
    expect(mail?.subject).toContain('已收到您的填報');
    expect(mail?.text).toContain('接下來：已登記您的意願');
    expect(mail?.text).toContain('您不必再做任何事');
    expect(mail?.text).not.toMatch(/已送|不需要補登/u);
    expect(page).toContain('已登記您的意願');
  });

  it('says where to go instead, in mail and on the tracking page', async () => {
    stage.clock.set(new Date('2024-09-02T02:00:00Z'));
    const { mail, page } = await queueNotice('certificate', answers('d'));
    expect(mail?.subject).toContain('請改循其他管道辦理');
    expect(page).toContain('請洽原發證縣市辦理');
    expect(page).not.toContain('您的證書不需要補登');
  });
});
