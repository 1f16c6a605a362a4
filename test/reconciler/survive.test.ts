import { query } from '../../sync-service/src/ledger/query.ts';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { INTAKE_COLUMNS } from '../../contract/intake-key.ts';
import { QUEUE } from '../../contract/tabs.ts';
import type { MailFault } from '../../emulator/src/mailbox/mailbox.ts';
import type { Fault } from '../../emulator/src/faults.ts';
import { HEARTBEAT, readValue } from '../../sync-service/src/ledger/key-values.ts';
import { PAUSED_PREFIX } from '../../sync-service/src/reconciler/pause-marks.ts';
import { withLease } from '../../sync-service/src/ledger/lease.ts';
import { COMPLETE, openStage, type Stage, type StageOptions } from '../stage/stage.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const FORM = 'advanced-mentor-106-107';

let stage: Stage;
afterEach(() => stage.close());
async function open(options?: StageOptions) {
  stage = await openStage(options);
  return stage;
}
const alerts = () => stage.mails().filter((mail) => mail.subject.includes('連不上'));
const titles = (role: string) =>
  stage.google.emulator.sheets
    .get(stage.documentOf(role).spreadsheetId)
    .sheets?.map((sheet) => sheet.properties?.title ?? '') ?? [];

describe('an intake row that cannot be worked on', () => {
  it('is quarantined with its reason, holds up no other, and is taken in once it is whole', async () => {
    await open();
    const { spreadsheetId, tabIds } = stage.documentOf('office');
    await stage.submit(FORM, { ...COMPLETE, name: '甲' });
    await stage.submit(FORM, { ...COMPLETE, name: '乙', email: 'second@example.com' });
    await stage.script.idle();
    // Somebody pastes over the first row's answers before anybody has read them.
    stage.google.emulator.sheets.batchUpdate(spreadsheetId, {
      requests: [
        {
          updateCells: {
            start: {
              sheetId: tabIds.intake ?? 0,
              rowIndex: 2,
              columnIndex: Object.keys(INTAKE_COLUMNS).indexOf('answers'),
            },
            rows: [{ values: [{ userEnteredValue: { stringValue: '貼上' } }] }],
            fields: 'userEnteredValue',
          },
        },
      ],
    });
    await stage.settle();
    const quarantined = () =>
      query(stage.service.store.db).selectFrom('quarantined_rows').selectAll().execute();
    expect(await quarantined()).toMatchObject([{ reason: '填報內容不是 JSON。' }]);
    expect(stage.readTab('platform', 'queue', QUEUE).rows).toHaveLength(1);
    // The sweep compares what stands there with what was received.
    await stage.script.fireClock();
    await stage.settle();
    expect(await quarantined()).toEqual([]);
    expect(stage.readTab('platform', 'queue', QUEUE).rows).toHaveLength(2);
    // …and does not write it again and again.
    await stage.script.fireClock();
    const { valueRanges } = stage.google.emulator.sheets.valuesBatchGetByDataFilter(spreadsheetId, {
      dataFilters: [{ gridRange: { sheetId: tabIds.intake ?? 0, startRowIndex: 2 } }],
    });
    expect(valueRanges?.[0]?.valueRange?.values).toHaveLength(3);
  });

  it('is quarantined where only the ledger cannot hold it, and the office is told once', async () => {
    await open();
    // What teachers type is cleaned of all that a database refuses: here it refuses one name.
    const db = query(stage.service.store.db);
    await sql`alter table cases add constraint no_such_name check (name_key <> '甲')`.execute(db);
    await stage.submit(FORM, { ...COMPLETE, name: '甲' });
    await stage.submit(FORM, { ...COMPLETE, name: '乙', email: 'second@example.com' });
    await stage.settle();
    await stage.settle();
    expect(stage.readTab('platform', 'queue', QUEUE).rows).toHaveLength(1);
    expect(stage.mails().filter((mail) => mail.subject.includes('無法處理'))).toHaveLength(
      stage.program.administrators.length,
    );
    // The next test gets this database, emptied of rows only.
    await sql`alter table cases drop constraint no_such_name`.execute(db);
  });
});

describe('a tab whose keys are broken', () => {
  it('says so in its own title, keeps what is in it, and is taken up again once it is whole', async () => {
    await open();
    await stage.submit(FORM, COMPLETE);
    await stage.settle();
    const { spreadsheetId, tabIds } = stage.documentOf('platform');
    const setKey = (text: string) =>
      stage.google.emulator.sheets.batchUpdate(spreadsheetId, {
        requests: [
          {
            updateCells: {
              start: { sheetId: tabIds.queue ?? 0, rowIndex: 0, columnIndex: 0 },
              rows: [{ values: [{ userEnteredValue: { stringValue: text } }] }],
              fields: 'userEnteredValue',
            },
          },
        ],
      });
    const [before] = titles('platform');
    const key = Object.keys(QUEUE.columns)[0] ?? '';
    setKey('');
    await stage.settle();
    expect(titles('platform')[0]).toBe(PAUSED_PREFIX + before);
    setKey(key);
    await stage.settle();
    expect(titles('platform')[0]).toBe(before);
    expect(stage.readTab('platform', 'queue', QUEUE).rows).toHaveLength(1);
  });
});

describe('an outage', () => {
  it('of Google gives one alert, few requests, and ends by itself', async () => {
    let fault: Fault | null = null;
    await open({ googleFault: () => fault });
    await stage.submit(FORM, COMPLETE);
    await stage.script.idle();
    const before = stage.service.process.google.calls();
    fault = 'unavailable';
    for (let minute = 0; minute < 60; minute += 1) {
      await stage.service.cycle();
      stage.clock.advance(MINUTE_MS);
    }
    const asked = stage.service.process.google.calls() - before;
    expect(alerts()).toHaveLength(stage.program.administrators.length);
    // Four spreadsheets and six attempts each minute it would be otherwise.
    expect(asked).toBeLessThan((60 * 4 * 6) / 3);
    fault = null;
    stage.clock.advance(10 * MINUTE_MS);
    await stage.settle();
    expect(stage.readTab('platform', 'queue', QUEUE).rows).toHaveLength(1);
    expect(alerts()).toHaveLength(stage.program.administrators.length);
  });

  it('of Google Forms alone gives one alert too', async () => {
    let fault: Fault | null = null;
    await open({ googleFault: ({ path }) => (path.startsWith('/v1/forms/') ? fault : null) });
    await stage.settle();
    fault = 'unavailable';
    for (let minute = 0; minute < 30; minute += 1) {
      await stage.service.cycle();
      stage.clock.advance(MINUTE_MS);
    }
    expect(alerts()).toHaveLength(stage.program.administrators.length);
    fault = null;
  });

  it('of Google is told once, also where spreadsheets and forms are asked for again at other times', async () => {
    let fault: Fault | null = null;
    await open({ googleFault: () => fault });
    await stage.settle();
    // The forms are looked at every ten minutes.
    stage.clock.advance(5 * MINUTE_MS);
    for (let minute = 0; minute < 80; minute += 1) {
      fault = minute < 65 ? 'unavailable' : null;
      await stage.service.cycle();
      stage.clock.advance(MINUTE_MS);
    }
    expect(alerts()).toHaveLength(stage.program.administrators.length);
  });

  it('that is an ended consent says so, with what to do, once for all spreadsheets', async () => {
    let fault: Fault | null = null;
    await open({ googleFault: () => fault });
    fault = 'token-expired';
    for (let minute = 0; minute < 10; minute += 1) {
      await stage.service.cycle();
      stage.clock.advance(MINUTE_MS);
    }
    const text = alerts()[0]?.text.replaceAll(/\s+/gu, '') ?? '';
    expect(text.match(/授權已失效或被撤銷/gu)).toHaveLength(1);
    expect(text).toContain('請重跑budengsetup');
    expect(text).toContain('https://console.cloud.google.com/auth/audience');
    fault = null;
  });

  it('of the mail server for a day gives up no notice and doubles none', async () => {
    let away = true;
    await open({ smtpAway: () => away });
    await stage.submit(FORM, COMPLETE);
    await stage.script.idle();
    for (let hour = 0; hour < 24; hour += 1) {
      await stage.service.cycle();
      stage.clock.advance(HOUR_MS);
    }
    expect(stage.mails()).toEqual([]);
    away = false;
    await stage.service.cycle();
    const subjects = stage.mailsTo(COMPLETE.email).map((mail) => mail.subject);
    expect(subjects).toHaveLength(1);
    const states = await query(stage.service.store.db).selectFrom('notices').select('state').execute();
    expect(new Set(states.map((row) => row.state))).toEqual(new Set(['sent']));
  });

  it('of one mailbox (greylisting) holds up no other', async () => {
    const faults: (MailFault | null)[] = [{ code: 450, text: 'greylisted' }];
    await open({ smtpFault: () => faults.shift() ?? null });
    await stage.submit(FORM, COMPLETE);
    await stage.submit(FORM, { ...COMPLETE, name: '乙', email: 'second@example.com' });
    await stage.settle();
    const teachers = () => stage.mails().filter((mail) => mail.to.endsWith('@example.com'));
    expect(teachers()).toHaveLength(1);
    stage.clock.advance(2 * MINUTE_MS);
    await stage.settle();
    expect(teachers()).toHaveLength(2);
  });
});

describe('a minute whose quota is used up', () => {
  it('reads the intake and answers the teacher; the queues wait for the next minute', async () => {
    await open({ limits: { reads: 12, writes: 12 } });
    await stage.submit(FORM, COMPLETE);
    await stage.script.idle();
    while (stage.service.process.google.left('reads') >= 8) await stage.service.cycle();
    await stage.submit(FORM, { ...COMPLETE, name: '乙', email: 'second@example.com' });
    await stage.script.idle();
    const result = await stage.service.cycle();
    expect(result?.postponed).toContain('queue:platform');
    expect(stage.mailsTo('second@example.com')).toHaveLength(1);
    stage.clock.advance(MINUTE_MS);
    await stage.service.cycle();
    expect(stage.readTab('platform', 'queue', QUEUE).rows).toHaveLength(2);
  });
});

describe('a lease', () => {
  it('that another instance took over stops the one that stood still', async () => {
    await open();
    const { db } = stage.service.store;
    const written: string[] = [];
    const sleeper = await withLease(db, 'test', 'sleeper', async (lease) => {
      await query(db)
        .updateTable('leases')
        .set({ until: new Date(0) })
        .execute();
      await withLease(db, 'test', 'other', async (other) => {
        await other.renew();
        written.push('other');
        // The sleeper wakes up while the other one works.
        await expect(lease.renew()).rejects.toThrow('taken over');
      });
      await lease.renew();
      written.push('sleeper');
    });
    expect(sleeper).toBeNull();
    expect(written).toEqual(['other']);
  });
});

describe("the script's sweep", () => {
  it('is the heartbeat by which the service knows that triggers are alive', async () => {
    await open();
    await stage.script.fireClock();
    expect(await readValue(stage.service.store.db, HEARTBEAT)).toBe(stage.clock.now().toISOString());
  });

  it('is missed when it stays away, once', async () => {
    await open();
    await stage.script.fireClock();
    const told = () => stage.mails().filter((mail) => mail.subject.includes('沒有回報'));
    stage.clock.advance(HOUR_MS);
    await stage.settle();
    expect(told()).toEqual([]);
    stage.clock.advance(2 * HOUR_MS);
    await stage.settle();
    stage.clock.advance(24 * HOUR_MS);
    await stage.settle();
    expect(told()).toHaveLength(stage.program.administrators.length);
  });

  it('once a day finds a row again that was deleted before anybody read it', async () => {
    await open();
    await stage.submit(FORM, COMPLETE);
    await stage.script.fireClock();
    stage.clock.advance(7 * 24 * HOUR_MS);
    await stage.script.fireClock();
    const { spreadsheetId, tabIds } = stage.documentOf('office');
    const range = { sheetId: tabIds.intake ?? 0, dimension: 'ROWS', startIndex: 2, endIndex: 3 };
    stage.google.emulator.sheets.batchUpdate(spreadsheetId, { requests: [{ deleteDimension: { range } }] });
    stage.clock.advance(24 * HOUR_MS);
    await stage.script.fireClock();
    await stage.settle();
    expect(stage.readTab('platform', 'queue', QUEUE).rows).toHaveLength(1);
  });
});

describe('what a monitor sees', () => {
  it("is numbers about everything that can go wrong, and nobody's data", async () => {
    await open({ limits: { reads: 55, writes: 55 } });
    await stage.submit(FORM, COMPLETE);
    await stage.script.fireClock();
    await stage.settle();
    const ask = async (path: string) => fetch(`${stage.service.web.url}${path}`);
    expect((await ask('/healthz')).status).toBe(200);
    expect((await ask('/readyz')).status).toBe(200);
    const text = await (await ask('/metrics')).text();
    for (const line of [
      'budeng_cases{state="in-review"} 1',
      'budeng_queue_oldest_seconds{queue="platform"} 0',
      'budeng_notices{state="sent"}',
      'budeng_quarantined_rows 0',
      'budeng_google_quota_left{bucket="reads"}',
      'budeng_heartbeat_seconds 0',
      'budeng_lag_seconds 0',
    ])
      expect(text).toContain(line);
    for (const secret of [COMPLETE.name, COMPLETE.email, COMPLETE['certificate-number']])
      expect(text).not.toContain(secret);
  });

  it('is an outage with its length while the mail server is away', async () => {
    await open({ smtpAway: () => true });
    await stage.submit(FORM, COMPLETE);
    await stage.settle();
    stage.clock.advance(5 * MINUTE_MS);
    const text = await (await fetch(`${stage.service.web.url}/metrics`)).text();
    expect(text).toContain('budeng_outage_seconds{what="mail"} 300');
  });
});
