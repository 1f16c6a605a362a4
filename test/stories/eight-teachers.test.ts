import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BATCHES, QUEUE, SCOPES } from '../../contract/tabs.ts';
import { COMPLETE, DAY_MS, openStage, type Stage } from '../stage/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

/** The words of the story: each does what its sentence says. */
const sends = async (
  form: string,
  answers: Partial<typeof COMPLETE> & { email: string } & Record<string, string>,
  editUrl?: string,
) => {
  const sent = await stage.submit(form, { ...COMPLETE, ...answers }, editUrl);
  await stage.settle();
  return sent;
};
const reads = (email: string) => stage.mailsTo(email).map((mail) => mail.subject.replace(/【.*?】/u, ''));
const numberOf = (email: string) => /TN109-\d{6}/u.exec(stage.mailsTo(email)[0]?.subject ?? '')?.[0] ?? '';
const decides = async (queue: string, email: string, decision: string, reason = '') => {
  stage.type(queue, 'queue', QUEUE, numberOf(email), { decision, reason, reviewer: '審核者', ready: true });
  await stage.afterGrace();
};
const queuesOf = (email: string) =>
  ['platform', 'city-center', 'ministry'].filter((queue) =>
    stage.readTab(queue, 'queue', QUEUE).rows.some((row) => row.cells.case === numberOf(email)),
  );

describe('eight typical teachers, from the form to the final mail', () => {
  it('1. an advanced certificate of 106, complete: the platform registers it', async () => {
    const email = 'one@example.com';
    await sends('advanced-mentor-106-107', { email, name: '甲老師' });
    expect(queuesOf(email)).toEqual(['platform']);
    await decides('platform', email, '通過登錄');
    expect(reads(email)).toEqual(['已收到您的填報', '審核通過，證書已登錄']);
  });

  it('2. a mentor certificate of 104 through the wrong form: moved, compiled, sent with a letter, registered', async () => {
    const email = 'two@example.com';
    await sends('advanced-mentor-106-107', {
      email,
      name: '乙老師',
      level: '教學輔導教師',
      'school-year': '104',
      'certificate-number': '臺教師(三)字第1040000002號',
    });
    expect(stage.mailsTo(email)[0]?.text).toContain(
      '應屬「進階及教學輔導教師證書補登（105學年度以前取得）」',
    );
    expect(queuesOf(email)).toEqual(['city-center']);
    await decides('city-center', email, '審核通過，列入函報');
    const batch = String(stage.readTab('city-center', 'batches', BATCHES).rows[0]?.cells.batch);
    stage.type('city-center', 'batches', BATCHES, batch, { scope: SCOPES.all, roster: true });
    await stage.afterGrace();
    stage.type('city-center', 'batches', BATCHES, batch, {
      letterNumber: '南市教專字第1090000001號',
      letterDate: '109-04-21',
      send: true,
    });
    await stage.afterGrace();
    expect(queuesOf(email)).toEqual(['platform']);
    await decides('platform', email, '通過登錄');
    expect(reads(email)).toEqual(['已收到您的填報', '您的案件已函報', '審核通過，證書已登錄']);
    expect(stage.mailsTo(email).at(-1)?.text).toContain('南市教專字第1090000001號');
  });

  it('3. an initial certificate with three problems: told all at once, corrects, registered', async () => {
    const email = 'three@example.com';
    const { editUrl } = await sends('initial', {
      email,
      name: '丙老師',
      school: '復興國小',
      'school-year': '很久以前',
      evidence: '',
    });
    expect(stage.mailsTo(email)[0]?.text.match(/^（[一二三]）/gmu)).toHaveLength(3);
    stage.clock.advance(DAY_MS);
    await sends('initial', { email, name: '丙老師', 'certificate-number': '初字第3號' }, editUrl);
    await decides('city-center', email, '通過登錄');
    expect(reads(email).map((subject) => subject.slice(0, 4))).toEqual(['請補正您', '已收到您', '審核通過']);
  });

  it('4. the number shows but its year does not: nothing needs doing', async () => {
    const email = 'four@example.com';
    await sends('initial', {
      email,
      name: '丁老師',
      'platform-display': '有顯示證書字號但無顯示年度',
      'certificate-number': '初字第4號',
    });
    expect(queuesOf(email)).toEqual([]);
    expect(reads(email)).toEqual(['您的證書不需要補登']);
  });

  it('5. training records do not show: the centre answers and registers nothing', async () => {
    const email = 'five@example.com';
    await sends('training-record-problem', {
      email,
      name: '戊老師',
      description: '105年進階研習18小時查無紀錄',
    });
    await decides('city-center', email, '回覆', '已查得並補入紀錄。');
    expect(reads(email)).toEqual(['已收到您的填報', '您詢問的事項已有回覆']);
    expect(stage.mailsTo(email).at(-1)?.text).toContain('已查得並補入紀錄。');
  });

  it('6. an advanced certificate of 108: the ministry answers, the teacher is sent to the platform', async () => {
    const email = 'six@example.com';
    await sends('advanced-mentor-106-107', {
      email,
      name: '己老師',
      'school-year': '108',
      'certificate-number': '臺教師(三)字第1080000006號',
    });
    expect(queuesOf(email)).toEqual(['ministry']);
    expect(stage.mailsTo(email)[0]?.text).toContain('請逕至作業平臺提出認證申請');
    await decides('ministry', email, '回覆', '請至作業平臺申請當年度認證。');
    expect(reads(email).at(-1)).toBe('您詢問的事項已有回覆');
  });

  it('7. the same certificate sent twice: told the earlier number', async () => {
    const email = 'seven@example.com';
    await sends('initial', { email, name: '庚老師', 'certificate-number': '初字第7號' });
    const first = numberOf(email);
    await sends('initial', {
      email: 'Seven@example.com',
      name: ' 庚老師 ',
      'certificate-number': '初字第７號',
    });
    expect(reads(email).at(-1)).toBe(`您已填報過，請以案號${first}查詢`);
  });

  it('8. too late: refused by the time of receipt', async () => {
    const email = 'eight@example.com';
    stage.clock.set(new Date('2020-07-03T15:59:59.000Z'));
    await sends('initial', { email: 'in-time@example.com', name: '準時', 'certificate-number': '初字第8號' });
    stage.clock.set(new Date('2020-07-03T16:00:00.000Z'));
    await sends('initial', { email, name: '辛老師', 'certificate-number': '初字第9號' });
    expect(reads('in-time@example.com')).toEqual(['已收到您的填報']);
    expect(reads(email)).toEqual(['已逾受理期間，不予受理']);
  });
});
