import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { QUEUE } from '../../../contract/tabs.ts';
import { COMPLETE, openStage, type Stage } from '../../stage/stage.ts';

/** Teachers open their edit link, look, and send what stands there. */

const FORM = 'advanced-mentor-106-107';
const NUMBER = 'TN109-000001';
let stage: Stage;
afterEach(() => stage.close());

const sendAgain = async (editUrl: string, answers: Record<string, string> = {}) => {
  stage.clock.advance(1000);
  await stage.submit(FORM, { ...COMPLETE, ...answers }, editUrl);
};
const mails = () => stage.mailsTo(COMPLETE.email).length;
const row = () => stage.readTab('platform', 'queue', QUEUE).rows[0]?.cells;

describe.each(['stays', 'moves'] as const)('where Google’s time of a response %s', (editTimestamp) => {
  beforeEach(async () => {
    stage = await openStage({ switches: { editTimestamp } });
  });

  it('an unchanged response is no new version, sends no second mail, and leaves a tick standing', async () => {
    const { editUrl } = await stage.submit(FORM, COMPLETE);
    await stage.settle();
    stage.type('platform', 'queue', QUEUE, NUMBER, { decision: '通過登錄', ready: true });
    await stage.service.cycle();
    await sendAgain(editUrl);
    await stage.settle();
    expect(mails()).toBe(1);
    expect(row()).toMatchObject({ revision: 1, changed: '', ready: true });
    await stage.afterGrace();
    expect(await stage.caseOf(NUMBER)).toMatchObject({ state: 'registered', revision: 1 });
  });

  it('an edit after it is one, and so is the way back from it', async () => {
    const { editUrl } = await stage.submit(FORM, COMPLETE);
    await stage.settle();
    await sendAgain(editUrl);
    await sendAgain(editUrl, { evidence: 'https://drive.google.com/open?id=better' });
    await stage.settle();
    expect(mails()).toBe(2);
    expect(row()?.changed).toBe('證書掃描檔');
    await sendAgain(editUrl);
    await stage.settle();
    expect(mails()).toBe(3);
    expect((await stage.caseOf(NUMBER)).answers.evidence).toBe(COMPLETE.evidence);
  });
});

it('where the next move is the teacher’s an unchanged response is an answer: the file behind a link may be new', async () => {
  // Where Google's time stays nobody can tell it from a response that is listed again.
  stage = await openStage({ switches: { editTimestamp: 'moves' } });
  const { editUrl } = await stage.submit(FORM, COMPLETE);
  await stage.settle();
  stage.type('platform', 'queue', QUEUE, NUMBER, { decision: '退回補件', reason: '看不清楚', ready: true });
  await stage.afterGrace();
  expect(await stage.caseOf(NUMBER)).toMatchObject({ state: 'needs-correction' });
  await sendAgain(editUrl);
  await stage.settle();
  expect(await stage.caseOf(NUMBER)).toMatchObject({ state: 'in-review' });
  expect(row()).toMatchObject({ revision: 2 });
});
