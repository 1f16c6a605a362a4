import { query } from '../../sync-service/src/ledger/query.ts';
import { forgetDocument } from '../../sync-service/src/ledger/documents.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DASHBOARD, QUEUE, SETTINGS } from '../../contract/tabs.ts';
import { COMPLETE, DAY_MS, openStage, type Stage } from '../stage/stage.ts';
import { taipei } from '../cases/helpers.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  await stage.settle();
});
afterEach(() => stage.close());

const setting = (key: string) =>
  stage.readTab('office', 'settings', SETTINGS).rows.find((row) => row.cells.key === key)?.cells;
const change = async (key: string, value: string) => {
  stage.type('office', 'settings', SETTINGS, key, { value });
  await stage.settle();
};

describe('the settings tab', () => {
  it('shows what is in force', () => {
    expect(setting('form/initial/to')).toMatchObject({
      current: '109-07-03',
      value: '',
      problem: '',
    });
    expect(setting('deadlines/correctionDays')).toMatchObject({ current: '5' });
  });

  it('extends a window without a programmer, and writes down before and after', async () => {
    await change('form/initial/to', '109/7/10');
    expect(setting('form/initial/to')).toMatchObject({ current: '109-07-10', problem: '' });
    const audit = await query(stage.service.store.db).selectFrom('audit').selectAll().execute();
    expect(audit.at(-1)).toMatchObject({
      subject: 'form/initial/to',
      before: '109-07-03',
      after: '109/7/10',
    });
    expect(
      (await stage.service.context()).program.forms.find((form) => form.key === 'initial')?.window?.to,
    ).toBe('2020-07-10');
  });

  it('explains a wrong value beside it and keeps the last good one', async () => {
    await change('form/initial/to', '109/7/10');
    await change('form/initial/to', '七月底');
    expect(setting('form/initial/to')).toMatchObject({
      current: '109-07-10',
      problem: expect.stringContaining('不是日期'),
    });
    await change('form/initial/to', '109-01-01');
    expect(setting('form/initial/to')?.problem).toContain('起日不可晚於迄日');
    await change('form/initial/to', '');
    expect(setting('form/initial/to')).toMatchObject({ current: '109-07-03', problem: '' });
  });

  it('closes a form by its switch, though its window is open', async () => {
    await change('form/initial/open', '否');
    await expect(stage.submit('initial', COMPLETE)).rejects.toThrow('目前不接受回應');
    await change('form/initial/open', '');
    await stage.submit('initial', { ...COMPLETE, email: 'open@example.com' });
    await stage.settle();
    expect(stage.mailsTo('open@example.com')).toHaveLength(1);
  });

  it('gives later corrections the new deadline', async () => {
    await change('deadlines/correctionDays', '10');
    await stage.submit('initial', { ...COMPLETE, email: 'later@example.com', school: '霍格華茲國小' });
    await stage.settle();
    expect(stage.mailsTo('later@example.com')[0]?.subject).toContain('至109年5月1日（五）止（含當日）');
  });
});

describe('every kind of setting', () => {
  it('keeps of an address what was checked, which is what mail is sent to', async () => {
    await change(
      'administrators',
      'Admin＠office.example、 ａｄｍｉｎ@office.example，second@office.example',
    );
    expect((await program()).administrators).toEqual(['admin@office.example', 'second@office.example']);
    await change('administrators', '承辦＠office.example');
    expect(setting('administrators')?.problem).toContain('這些不是電子郵件地址');
    await change('administrators', '');
  });

  it('reads full-width figures and domains with their @', async () => {
    await change('deadlines/correctionDays', '１０');
    await change('discouragedDomains', '＠TN.edu.tw');
    expect((await program()).deadlines.correctionDays).toBe(10);
    expect((await program()).discouragedDomains).toEqual(['tn.edu.tw']);
    await change('discouragedDomains', 'x'.repeat(40_000));
    expect(setting('discouragedDomains')?.problem).toBe('太長了，請寫成 2000 字以內。');
    await change('discouragedDomains', '');
    await change('deadlines/correctionDays', '');
  });

  const program = async () => (await stage.service.context()).program;
  const form = async () => (await program()).forms.find((each) => each.key === 'initial');
  const set = (key: string, value: string) => stage.type('office', 'settings', SETTINGS, key, { value });

  it('moves a whole window past its old end at once, and back', async () => {
    set('form/initial/from', '109-09-01');
    set('form/initial/to', '109-09-30');
    await stage.settle();
    expect((await form())?.window).toMatchObject({ from: '2020-09-01', to: '2020-09-30' });
    expect(setting('form/initial/from')).toMatchObject({ current: '109-09-01', problem: '' });
    // Without its end, the start would stand after the end of the program file.
    await change('form/initial/to', '');
    expect(setting('form/initial/to')).toMatchObject({
      current: '109-09-30',
      problem: expect.stringContaining('起日不可晚於迄日'),
    });
    await change('form/initial/from', '');
    expect(setting('form/initial/from')).toMatchObject({ current: '109-04-20', problem: '' });
    expect(setting('form/initial/to')).toMatchObject({ current: '109-07-03', problem: '' });
  });

  it.each([
    [
      'deadlines/reminderDays',
      '2',
      async () => (await program()).deadlines.reminderDays,
      2,
      '-1',
      '不是天數',
    ],
    [
      'deadlines/nextWorkingDay',
      '否',
      async () => (await program()).deadlines.nextWorkingDay,
      false,
      '不要',
      '請填「是」或「否」',
    ],
    [
      'closedDays',
      '109-07-10、2020/7/13',
      async () => (await program()).calendar.closed,
      ['2020-07-10', '2020-07-13'],
      '109-07-10、颱風',
      '「颱風」不是日期',
    ],
    ['deadlines/reviewDays', '20', async () => (await program()).deadlines.reviewDays, 20, '366', '不是天數'],
    [
      'administrators',
      'admin@office.example、second@office.example',
      async () => (await program()).administrators,
      ['admin@office.example', 'second@office.example'],
      'admin＠office',
      '不是電子郵件地址',
    ],
    [
      'discouragedDomains',
      'tn.edu.tw, Example.org',
      async () => (await program()).discouragedDomains,
      ['tn.edu.tw', 'example.org'],
      '台南',
      '不是網域',
    ],
    [
      'contact/city-center/phone',
      '06-7654321分機1',
      async () => (await program()).contacts['city-center']?.phone,
      '06-7654321分機1',
      '請來電',
      '不是電話',
    ],
    [
      'contact/city-center/office',
      '教專中心新辦公室',
      async () => (await program()).contacts['city-center']?.office,
      '教專中心新辦公室',
      '長'.repeat(101),
      '太長',
    ],
    ['form/initial/open', '否', async () => (await form())?.window?.open, false, '好', '請填「是」或「否」'],
  ] as const)('%s is in force at the next cycle, its change on record; a wrong one is explained', async (key, value, read, expected, wrong, sentence) => {
    const before = setting(key)?.current;
    await change(key, value);
    expect(await read()).toEqual(expected);
    const shown = setting(key)?.current;
    const audit = await query(stage.service.store.db).selectFrom('audit').selectAll().orderBy('id').execute();
    expect(audit.at(-1)).toMatchObject({ subject: key, before, after: value, actor: 'settings tab' });
    await change(key, wrong);
    expect(setting(key)).toMatchObject({ current: shown, problem: expect.stringContaining(sentence) });
    expect(await read()).toEqual(expected);
    await change(key, value);
    expect(setting(key)?.problem).toBe('');
  });

  it('is seen by the teachers and the office: telephone, discouraged domain, second recipient', async () => {
    set('administrators', 'admin@office.example、second@office.example');
    set('discouragedDomains', 'example.org');
    set('contact/city-center/phone', '06-7654321分機1');
    set('contact/city-center/office', '教專中心新辦公室');
    await stage.settle();
    await stage.submit('initial', { ...COMPLETE, email: 'kinds@example.org' });
    await stage.settle();
    const [mail] = stage.mailsTo('kinds@example.org');
    expect(mail?.text).toContain('教專中心新辦公室');
    expect(mail?.text).toContain('06-7654321分機1');
    expect(mail?.text).toContain('example.org');
    stage.clock.advance(DAY_MS);
    await stage.settle();
    await stage.settle();
    expect(stage.mailsTo('second@office.example').some((each) => each.subject.includes('每日彙整'))).toBe(
      true,
    );
    set('administrators', '');
    await stage.settle();
    expect((await program()).administrators).toEqual(['admin@office.example']);
  });
});

describe('digest and dashboard', () => {
  it('sends the office one digest a day, with a chart and its words', async () => {
    const digests = () =>
      stage.mailsTo('admin@office.example').filter((mail) => mail.subject.includes('每日彙整'));
    const before = digests().length;
    stage.clock.advance(DAY_MS);
    await stage.settle();
    await stage.settle();
    expect(digests()).toHaveLength(before + 1);
    const mail = digests().at(-1);
    expect(mail?.text).toContain('待審件數：平臺');
    expect(mail?.source).toContain('Content-Type: image/png');
    expect(mail?.html).toMatch(/alt="待審件數：/u);
  });

  it('sends none on a day off; the next one tells of all days since, and a new week of the last one', async () => {
    const digests = () =>
      stage.mailsTo('admin@office.example').filter((mail) => mail.subject.includes('彙整'));
    stage.clock.set(taipei('2020-06-24 10:00:00'));
    await stage.settle();
    await stage.submit('initial', { ...COMPLETE, email: 'long@example.com', name: '連假人' });
    await stage.settle();
    const before = digests().length;
    // The dragon boats on Thursday, a bridge day, a weekend.
    for (const day of ['25', '26', '27', '28']) {
      stage.clock.set(taipei(`2020-06-${day} 10:00:00`));
      await stage.settle();
    }
    expect(digests()).toHaveLength(before);
    stage.clock.set(taipei('2020-06-29 07:59:00'));
    await stage.settle();
    expect(digests()).toHaveLength(before);
    stage.clock.set(taipei('2020-06-29 08:00:00'));
    await stage.settle();
    const [daily, weekly] = digests().slice(before);
    expect(daily?.text).toContain('6月24日至6月28日新收 1 件');
    expect(weekly?.subject).toContain('每週彙整');
    expect(weekly?.text).toContain('上週新收 1 件');
  });

  it('sends a weekly summary with the trend on Mondays', async () => {
    // 109-04-27 is a Monday.
    stage.clock.set(new Date('2020-04-27T01:00:00Z'));
    await stage.settle();
    const weekly = stage.mailsTo('admin@office.example').find((mail) => mail.subject.includes('每週彙整'));
    expect(weekly?.text).toContain('前一週新收');
    expect(weekly?.text).toMatch(/最近8週：3\/2 新收 0 件、結案 0 件；.*4\/20 新收 \d+ 件、結案 \d+ 件。/u);
    expect(weekly?.html).toMatch(/alt="最近8週：/u);
    expect(weekly?.source).toContain('weeks.png');
  });

  it('keeps the dashboard as the ledger says', async () => {
    await stage.submit('initial', COMPLETE);
    await stage.settle();
    const rows = stage.readTab('office', 'dashboard', DASHBOARD).rows;
    expect(rows.find((row) => row.cells.item === '待審：市教專中心')?.cells.count).toBe(1);
    expect(rows.find((row) => row.cells.item === '待審：平臺')?.cells.count).toBe(0);
  });
});

describe('what the platform has on record', () => {
  it('answers a new submission for it at once', async () => {
    await query(stage.service.store.db)
      .insertInto('registered_elsewhere')
      .values({
        key: '已登錄/冊字第1號',
        name_key: '已登錄',
        level: null,
        certificate_key: '冊字第1號',
        source: '作業平臺登錄名冊（109-04.csv）',
        at: stage.clock.now(),
      })
      .execute();
    await stage.submit('initial', {
      ...COMPLETE,
      email: 'known@example.com',
      name: '已登錄',
      'certificate-number': '冊字第 1 號',
    });
    await stage.settle();
    const [mail] = stage.mailsTo('known@example.com');
    expect(mail?.subject).toContain('您的證書不需要補登');
    expect(mail?.text).toContain('作業平臺登錄名冊（109-04.csv）已有這張證書的登錄紀錄。');
  });
});

describe('a damaged spreadsheet', () => {
  const waiting = () => stage.readTab('city-center', 'queue', QUEUE).rows.map((row) => row.cells.case);
  const oneWaits = async () => {
    await stage.submit('initial', COMPLETE);
    await stage.settle();
    expect(waiting()).toEqual(['TN109-000001']);
  };

  it('pauses a tab whose keys are broken, says so by one mail, and goes on once it is mended', async () => {
    const { spreadsheetId, tabIds } = stage.documentOf('platform');
    const start = { sheetId: tabIds.queue ?? 0, rowIndex: 0, columnIndex: 0 };
    const write = (stringValue: string) =>
      stage.google.emulator.sheets.batchUpdate(spreadsheetId, {
        requests: [
          {
            updateCells: {
              start,
              rows: [{ values: [{ userEnteredValue: { stringValue } }] }],
              fields: 'userEnteredValue',
            },
          },
        ],
      });
    write('oops');
    await stage.submit('advanced-mentor-106-107', {
      ...COMPLETE,
      email: 'paused@example.com',
      name: '暫停',
      'certificate-number': '停字第1號',
    });
    await stage.settle();
    await stage.settle();
    const alerts = stage
      .mailsTo('admin@office.example')
      .filter((mail) => mail.subject.includes('工作表暫停'));
    expect(alerts).toHaveLength(1);
    expect(alerts[0]?.text).toContain('案號');
    // The teacher is told all the same.
    expect(stage.mailsTo('paused@example.com')).toHaveLength(1);
    write('case');
    await stage.settle();
    expect(stage.readTab('platform', 'queue', QUEUE).rows.map((row) => row.cells.name)).toContain('暫停');
  });

  it('puts a deleted tab back with its rows', async () => {
    const { spreadsheetId, tabIds } = stage.documentOf('city-center');
    await oneWaits();
    stage.google.emulator.sheets.batchUpdate(spreadsheetId, {
      requests: [{ deleteSheet: { sheetId: tabIds.queue ?? 0 } }],
    });
    await stage.settle();
    expect(waiting()).toEqual(['TN109-000001']);
  });

  it('fills a spreadsheet that set-up has made anew in place of one that was deleted for good', async () => {
    const lost = stage.documentOf('city-center').spreadsheetId;
    await oneWaits();
    stage.google.emulator.drive.delete(lost);
    await stage.settle();
    await forgetDocument(stage.service.store.db, 'queue:city-center');
    await stage.restart((program) => program);
    expect(stage.documentOf('city-center').spreadsheetId).not.toBe(lost);
    await stage.settle();
    expect(waiting()).toEqual(['TN109-000001']);
  });
});
