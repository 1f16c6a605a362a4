import { strFromU8, unzipSync } from 'fflate';
import { officeClock } from '../../../contract/clock.ts';
import { intakeKey } from '../../../contract/intake-key.ts';
import { keysOf, QUEUE } from '../../../contract/tabs.ts';
import type { Program } from '../../../sync-service/src/cases/program-rules.ts';
import { correctionDueAt } from '../../../sync-service/src/casework/correction-deadline.ts';
import { mailRoster } from '../../../sync-service/src/casework/dispatch/roster.ts';
import { receive } from '../../../sync-service/src/casework/intake/receive.ts';
import { readVersions, rememberProgram } from '../../../sync-service/src/casework/program-versions.ts';
import { parseTab } from '../../../sync-service/src/google/tab.ts';
import { listVersions } from '../../../sync-service/src/ledger/program-versions.ts';
import { query } from '../../../sync-service/src/ledger/query.ts';
import type { Store } from '../../../sync-service/src/ledger/store.ts';
import { listBatches, openBatch } from '../../../sync-service/src/ledger/repositories/batches.ts';
import { findCases } from '../../../sync-service/src/ledger/repositories/cases.ts';
import { emptyLedger } from '../../../sync-service/src/ledger/repositories/whole-ledger.ts';
import { createRenderer } from '../../../sync-service/src/notices/render.ts';
import { createLog } from '../../../sync-service/src/platform/log.ts';
import { watchDeadlines } from '../../../sync-service/src/reconciler/deadlines.ts';
import { readTicks } from '../../../sync-service/src/tabs/ticks.ts';
import { ENTRIES } from './observe.ts';

const DAY_MS = 24 * 3600_000;
const renderer = createRenderer();

/** An office to which a complete entry came and one that must be corrected. */
async function openOffice(store: Store, baseProgram: Program) {
  await emptyLedger(store.db);
  const clock = officeClock(ENTRIES[0]?.receivedAt ?? new Date(0), { frozen: true });
  await rememberProgram({ store, clock, baseProgram });
  const context = {
    store,
    clock,
    baseProgram,
    renderer,
    mailDomain: 'budeng.invalid',
    secret: 'secret',
    publicUrl: 'http://127.0.0.1',
    log: createLog('silent'),
    ...(await readVersions({ store, baseProgram })),
  };
  for (const { form, responseId, revision, answers } of [ENTRIES[0], ENTRIES[2]].flatMap(
    (each) => each ?? [],
  ))
    await receive(context, {
      key: intakeKey(form, responseId, revision),
      form,
      responseId,
      revision,
      receivedAt: revision,
      email: answers.email ?? '',
      answers,
      editUrl: '',
      source: 'trigger',
    });
  return { clock, context };
}

/** The mail with the roster of one batch, and the roster as its receiver reads it. */
export async function letterOf(store: Store, baseProgram: Program) {
  const { clock, context } = await openOffice(store, baseProgram);
  const batch = { number: 'B-1', program: baseProgram.key, queue: 'desk', at: clock.now() };
  await openBatch(store.db, batch);
  const [opened] = await listBatches(store.db, baseProgram.key);
  const cases = await query(store.db).selectFrom('cases').select('number').execute();
  const members = await findCases(
    store.db,
    cases.map(({ number }) => number),
  );
  if (!opened) throw new Error('no batch was opened');
  await mailRoster(context, store.db, opened, [...members.values()]);
  const mail = query(store.db).selectFrom('notices').select('data').where('kind', '=', 'batch-ready');
  const files = await query(store.db)
    .selectFrom('files')
    .selectAll()
    .where('name', 'like', '%.ods')
    .execute();
  return {
    mail: await mail.execute(),
    files: files.map(({ name, content }) => [
      name,
      strFromU8(unzipSync(Buffer.from(content, 'base64'))['content.xml'] ?? new Uint8Array()),
    ]),
  };
}

/** What one small office run leaves in the ledger: numbers, versions, notices and to whom, and which ticks count. */
export async function officeRun(store: Store, baseProgram: Program) {
  const { clock, context } = await openOffice(store, baseProgram);
  const due = correctionDueAt(baseProgram, clock.now());
  await query(store.db)
    .updateTable('cases')
    .set({ due_at: due })
    .where('state', '=', 'needs-correction')
    .execute();
  clock.set(new Date(due.getTime() - 4.5 * DAY_MS));
  await watchDeadlines(context, true);
  clock.set(new Date(due.getTime() + 30 * DAY_MS));
  await watchDeadlines(context, false);
  const counted = await ticksAfterAMinute(context);
  return {
    versions: (await listVersions(store.db, baseProgram.key)).map(({ version }) => version),
    programs: await query(store.db).selectFrom('program_versions').select('program').execute(),
    cases: await query(store.db)
      .selectFrom('cases')
      .select(['program', 'number', 'state', 'queue'])
      .execute(),
    notices: await query(store.db)
      .selectFrom('notices')
      .select(['kind', 'recipient'])
      .orderBy('id')
      .execute(),
    counted,
  };
}

/** How many ticks are acted on that have stood for a minute. */
async function ticksAfterAMinute(context: Parameters<typeof readTicks>[0]): Promise<number> {
  const clock = officeClock(context.clock.now(), { frozen: true });
  const keys = keysOf(QUEUE);
  const line = keys.map((key) => (key === 'case' ? 'N-1' : key === 'ready' ? true : ''));
  const tab = parseTab(QUEUE, { values: [keys, keys.map((key) => QUEUE.columns[key].label), line] });
  const look = () =>
    readTicks({ ...context, clock }, QUEUE, tab, {
      place: 'test',
      checks: ['ready'],
      seen: ['revision'],
      objection: () => null,
    });
  await look();
  clock.advance(60_000);
  return (await look()).ready.length;
}
