import { createLog } from '../../sync-service/src/platform/log.ts';
import { query } from '../../sync-service/src/ledger/query.ts';
import { withdraw } from '../../sync-service/src/casework/review/undo.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { intakeKey, type IntakeRow } from '../../contract/intake-key.ts';
import { emptyLedger } from '../../sync-service/src/ledger/repositories/whole-ledger.ts';
import { officeClock } from '../../contract/clock.ts';
import type { Store } from '../../sync-service/src/ledger/store.ts';
import { loadProgram } from '../../sync-service/src/program/load.ts';
import { askErasure, carryOut, carryOutErasures } from '../../sync-service/src/casework/erasure/erase.ts';
import { receive } from '../../sync-service/src/casework/intake/receive.ts';
import {
  askExpired,
  eraseByTime,
  eraseLeftovers,
} from '../../sync-service/src/casework/erasure/retention.ts';
import type { CaseContext, QuarantineContext } from '../../sync-service/src/casework/context.ts';
import { addEvent, transition } from '../../sync-service/src/casework/transition.ts';
import { stagePositionOf } from '../../sync-service/src/casework/stage-position.ts';
import { readVersions, rememberProgram } from '../../sync-service/src/casework/program-versions.ts';
import { dyingAt, ENGINES, openTestStore } from './stores.ts';

const baseProgram = await loadProgram('programs/tainan-109.yaml');
/** Everything in it is somebody's. */
const SECRETS = [
  '丁小抹',
  'erase-me@example.com',
  '臺教師(三)字第1060099999號',
  '1060099999',
  'edit2=secret',
  '林委員',
  '理由裡的話',
  '三慈國小',
];

const rowOf = (responseId: string, at: string, answers: Record<string, string> = {}): IntakeRow => ({
  key: intakeKey('advanced-mentor-106-107', responseId, at),
  form: 'advanced-mentor-106-107',
  responseId,
  revision: at,
  receivedAt: at,
  email: 'erase-me@example.com',
  answers: {
    email: 'erase-me@example.com',
    name: '丁小抹',
    school: '114705',
    level: '進階',
    'school-year': '106',
    'certificate-number': '臺教師(三)字第1060099999號',
    'platform-display': '未顯示證書',
    evidence: 'https://drive.google.com/open?id=abc',
    consent: '我已閱讀並同意',
    ...answers,
  },
  editUrl: 'https://docs.google.com/forms/d/e/x/viewform?edit2=secret',
  source: 'trigger',
});

describe.each(ENGINES)('erasing on %s', (engine) => {
  let store: Store;
  let parts: CaseContext & QuarantineContext;
  let clock: ReturnType<typeof officeClock>;
  beforeAll(async () => {
    store = await openTestStore(engine);
  });
  beforeEach(async () => {
    await emptyLedger(store.db);
    clock = officeClock(new Date('2020-04-21T01:00:00Z'), { frozen: true });
    await rememberProgram({ store, clock, baseProgram });
    const read = await readVersions({ store, baseProgram });
    parts = {
      ...read,
      store,
      clock,
      mailDomain: 'budeng.invalid',
      secret: 'secret',
      log: createLog('silent'),
    };
    expect(await receive(parts, rowOf('r1', '2020-04-21T01:00:00.000Z'))).toBe(true);
  });
  afterAll(() => store.close());

  const caseOf = (number: string) =>
    query(store.db).selectFrom('cases').selectAll().where('number', '=', number).executeTakeFirstOrThrow();
  const first = () => caseOf('TN109-000001');
  /** Every row of every table as one text. */
  const everything = async () => {
    const tables = await query(store.db).introspection.getTables();
    const texts: string[] = [];
    for (const { name } of tables.filter((table) => table.schema === 'public')) {
      const { rows } = await sql`select * from ${sql.table(name)}`.execute(query(store.db));
      texts.push(...rows.map((row) => `${name} ${JSON.stringify(row)}`));
    }
    return texts.filter((text) => !text.startsWith('program_versions'));
  };
  const leaks = async () =>
    (await everything()).filter((text) => SECRETS.some((each) => text.includes(each)));
  const sendAll = () =>
    query(store.db).updateTable('notices').set({ state: 'sent' }).where('state', '=', 'pending').execute();
  const ask = async (reason = '當事人請求') => {
    const { id } = await first();
    await askErasure(parts, id, { actor: 'administrator', reason, evenOpen: false });
    return carryOut(parts, id);
  };

  /** The case is rejected, and a reviewer, an administrator and a list leave their traces. */
  const reject = async () => {
    const seen = await first();
    const { id, number } = seen;
    await query(store.db)
      .insertInto('batches')
      .values({
        number: 'TN109-函1',
        program: 'tainan-109',
        queue: 'city-center',
        state: 'listed',
        created_at: clock.now(),
        sent_at: null,
      })
      .execute();
    await addEvent(parts, store.db, seen, {
      from: seen.state,
      trigger: 'compiled',
      actor: '林委員',
      // However the sentence is worded, the batch is told by the data.
      reason: '編進第一批',
      data: { batch: 'TN109-函1' },
    });
    await query(store.db)
      .insertInto('files')
      .values({ id: 'roster', name: '名冊.ods', type: 'x', content: '丁小抹' })
      .execute();
    await query(store.db)
      .insertInto('notices')
      .values({
        scope: 'office/batch/TN109-函1/abc/def',
        case_id: null,
        kind: 'batch-ready',
        revision: 1,
        attachments: JSON.stringify([{ file: 'roster', name: '名冊.ods', type: 'x' }]),
        message_id: 'roster',
        recipient: 'office@example.com',
        data: '{}',
        state: 'pending',
        created_at: clock.now(),
        due_at: clock.now(),
        claimed_at: null,
        sent_at: null,
      })
      .execute();
    await query(store.db)
      .insertInto('ticks')
      .values({
        scope: `queue/platform/${number}`,
        content: '理由裡的話',
        seen: '丁小抹',
        seen_at: clock.now(),
      })
      .execute();
    await query(store.db)
      .insertInto('quarantined_rows')
      .values({ key: 'advanced-mentor-106-107/r1/x', reason: '丁小抹', at: clock.now() })
      .execute();
    await query(store.db)
      .insertInto('registered_elsewhere')
      .values({
        key: '丁小抹/1',
        name_key: seen.name_key ?? '',
        certificate_key: seen.certificate_key ?? '',
        level: null,
        source: 'x',
        at: clock.now(),
        program: 'tainan-109',
      })
      .execute();
    const moved = await transition(parts, store.db, seen, {
      to: { ...stagePositionOf(seen), state: 'rejected' },
      trigger: 'rejected',
      actor: '林委員',
      reason: '理由裡的話',
      // A key that this version does not know, as a later one may have written it.
      data: Object.assign({ decision: 'reject' }, { note: '理由裡的話' }),
      notice: 'rejected',
      set: { handover: '林委員：理由裡的話' },
    });
    expect(moved?.id).toBe(id);
  };
  const rejectAndErase = async () => {
    await reject();
    await sendAll();
    expect(await ask()).toBe('erased');
  };

  it('refuses an open case, and changes nothing', async () => {
    expect(await ask()).toEqual({ refused: expect.stringContaining('TN109-000001 尚未結案（審核中）') });
    expect(await first()).toMatchObject({ erased_at: null, email: 'erase-me@example.com' });
  });

  it('waits for the notices that were promised', async () => {
    await reject();
    expect(await ask()).toEqual({ waits: '還有 3 封通知沒有寄出' });
    expect(await carryOutErasures(parts)).toBe(0);
    expect((await leaks()).length).toBeGreaterThan(8);
  });

  it('leaves the case whole wherever it is interrupted', async () => {
    await reject();
    expect(await ask()).toMatchObject({ waits: expect.any(String) });
    await sendAll();
    const before = await everything();
    const { id } = await first();
    for (let at = 1; at <= 18; at += 1) {
      const mortal = { ...parts, store: dyingAt(store, at) };
      await expect(carryOut(mortal, id), `step ${at}`).rejects.toThrow('killed');
      expect(await everything(), `step ${at}`).toEqual(before);
    }
  });

  it('replaces what leads to the person in every table, and keeps what was counted', async () => {
    await reject();
    expect(await ask()).toMatchObject({ waits: expect.any(String) });
    await sendAll();
    const before = await first();
    expect(await carryOutErasures(parts)).toBe(1);
    expect(await leaks()).toEqual([]);
    const after = await first();
    expect(after).toMatchObject({
      number: before.number,
      state: 'rejected',
      level: 'advanced',
      school_year: 106,
      received_at: before.received_at,
      changed_at: before.changed_at,
      erased_at: clock.now(),
      name_key: null,
      certificate_key: null,
    });
    const events = await query(store.db)
      .selectFrom('events')
      .selectAll()
      .where('case_id', '=', before.id)
      .orderBy('id')
      .execute();
    expect(events.map(({ trigger, actor, reason, data }) => [trigger, actor, reason, data])).toEqual([
      ['submitted', 'teacher', '', {}],
      ['compiled', 'reviewer', '', {}],
      ['rejected', 'reviewer', '', { decision: 'reject' }],
      ['erased', 'administrator', '當事人請求', {}],
    ]);
    const notices = await query(store.db)
      .selectFrom('notices')
      .select(['kind', 'state', 'attachments'])
      .orderBy('id')
      .execute();
    expect(notices.map(({ kind, state }) => [kind, state])).toEqual([
      ['acknowledgement', 'sent'],
      ['batch-ready', 'sent'],
      ['rejected', 'sent'],
    ]);
    expect(await query(store.db).selectFrom('files').selectAll().execute()).toEqual([]);
  });

  it('is the same when it is asked for again', async () => {
    await rejectAndErase();
    const before = await everything();
    expect(await ask('再一次')).toBe('erased');
    expect(await carryOutErasures(parts)).toBe(0);
    expect(await everything()).toEqual(before);
  });

  it('lets nothing else change in the history, and not even what erasure says', async () => {
    await rejectAndErase();
    const change = (set: string) =>
      sql`update events set ${sql.raw(set)} where trigger = 'rejected'`.execute(query(store.db));
    for (const set of [
      "reason = 'x'",
      "actor = 'x'",
      "data = '{}'",
      "to_state = 'registered'",
      'at = now()',
      "reason = '', to_state = 'late'",
    ])
      await expect(change(set), set).rejects.toThrow(/append-only/);
    await expect(
      sql`update events set reason = '' where trigger = 'erased'`.execute(query(store.db)),
    ).rejects.toThrow(/append-only/);
    await expect(sql`delete from events`.execute(query(store.db))).rejects.toThrow(/append-only/);
    // Not even the neutral values, in a case that is not erased.
    await receive(parts, rowOf('r2', '2020-04-21T02:00:00.000Z', { name: '王小明' }));
    await expect(
      sql`update events set reason = '' where case_id = (select max(id) from cases)`.execute(query(store.db)),
    ).rejects.toThrow(/append-only/);
  });

  it('moves no erased case, and keeps nothing of what comes by its edit link', async () => {
    await rejectAndErase();
    const erased = await first();
    const moved = await transition(parts, store.db, erased, {
      to: { ...stagePositionOf(erased), state: 'in-review' },
      trigger: 'reversed',
      actor: 'x',
    });
    expect(moved).toBeNull();
    await query(store.db).updateTable('erasures').set({ intake_at: clock.now() }).execute();
    expect(await receive(parts, rowOf('r1', '2020-04-22T01:00:00.000Z'))).toBe(true);
    expect(await receive(parts, rowOf('r1', '2020-04-22T01:00:00.000Z'))).toBe(false);
    expect(await first()).toMatchObject({ state: 'rejected', revision: 1, email: '' });
    const waiting = await query(store.db)
      .selectFrom('erasures')
      .select('intake_at')
      .where('case_id', '=', erased.id)
      .executeTakeFirstOrThrow();
    expect(waiting.intake_at).toBeNull();
    expect(await leaks()).toEqual([]);
  });

  it('makes the same certificate no duplicate of an erased case', async () => {
    await rejectAndErase();
    await receive(parts, rowOf('r2', '2020-04-23T01:00:00.000Z'));
    expect(await caseOf('TN109-000002')).toMatchObject({
      state: 'in-review',
      duplicate_of: null,
      findings: [],
    });
  });

  it('waits for the office to hear of it, then erases what retention has ended for, open cases too', async () => {
    await withdraw(parts, await first(), { actor: 'teacher', reason: '' });
    await receive(parts, rowOf('r2', '2020-04-21T02:00:00.000Z'));
    await sendAll();
    await query(store.db)
      .insertInto('notices')
      .values({
        scope: 'announce/tainan-109/abc',
        case_id: null,
        kind: 'announcement',
        revision: 1,
        message_id: 'announce',
        attachments: '[]',
        recipient: 'erase-me@example.com',
        data: JSON.stringify({ maskedName: '丁○○' }),
        state: 'sent',
        created_at: clock.now(),
        due_at: clock.now(),
        claimed_at: null,
        sent_at: null,
      })
      .execute();
    clock.set(new Date('2022-07-31T15:59:00Z'));
    await askExpired(parts);
    await eraseLeftovers(parts);
    expect(await carryOutErasures(parts)).toBe(0);
    clock.set(new Date('2022-07-31T16:00:00Z'));
    // Nobody was told.
    await eraseByTime(parts);
    expect(await carryOutErasures(parts)).toBe(0);
    await query(store.db)
      .insertInto('key_values')
      .values({ name: 'retention/tainan-109', value: '2022-07-01T00:00:00.000Z' })
      .execute();
    await eraseByTime(parts);
    expect(await carryOutErasures(parts)).toBe(2);
    await eraseByTime(parts);
    expect(await caseOf('TN109-000002')).toMatchObject({ state: 'in-review', email: '' });
    expect(await leaks()).toEqual([]);
    const states = await query(store.db)
      .selectFrom('events')
      .select(['trigger', 'reason'])
      .where('trigger', '=', 'erased')
      .orderBy('id')
      .execute();
    expect(states.map(({ reason }) => reason)).toEqual(['保存期限屆滿', '保存期限屆滿']);
  });
});
