import type { Kysely, Selectable } from 'kysely';
import { BATCHES, type BatchKey, DISPATCH, type DispatchKey, SCOPES } from '../../../contract/tabs.ts';
import { nextStage } from '../cases/decision.ts';
import { nextState } from '../cases/lifecycle.ts';
import { formatRocDate, formatRocDateTime, readRocDay, startOfDay } from '../cases/roc.ts';
import type { BatchTable, Database } from '../ledger/schema.ts';
import { type DesiredRow, personContent, settle, type Settled } from '../sheets/reconcile.ts';
import type { Tab, TabRow } from '../sheets/tab.ts';
import { readCases } from './decisions.ts';
import { mailRoster } from './office-mail.ts';
import type { Parts } from './parts.ts';
import { positionOf } from './position.ts';
import { certificateCells } from './queue-rows.ts';
import { addEvent, type Case, takeStep } from './steps.ts';
import { type Pulled, readTicks } from './ticks.ts';
import { rulesOf } from './versions.ts';

export type Batch = Selectable<BatchTable>;

const BATCH_STATES: Record<string, string> = { open: '草擬中', listed: '名冊已製作，待發文', sent: '已發文' };

/** Ticks in the list of waiting cases: out of its batch, or back to the reviewers. */
export async function pullDispatch(parts: Parts, queue: string, tab: Tab<DispatchKey>): Promise<Pulled> {
  const { ready, waiting } = await readTicks(parts, DISPATCH, tab, {
    place: `dispatch/${queue}`,
    checks: ['remove', 'back'],
    seen: ['name', 'certificateNumber'],
    objection: () => null,
  });
  const settled = new Map<string, Settled[]>();
  const cases = await readCases(
    parts,
    ready.map((row) => String(row.cells.case).trim()),
  );
  for (const row of ready) {
    const found = cases.get(String(row.cells.case).trim());
    if (found?.state !== 'awaiting-dispatch' || found.queue !== queue || found.erased_at) continue;
    // A number pasted over another row's: neither case is touched, the row is put right first.
    if (String(row.cells.name) !== (found.facts.name ?? '')) continue;
    await (row.cells.back === true ? sendBack(parts, found) : takeOut(parts, found));
    settle(settled, found.number, { content: personContent(DISPATCH, row), refused: false });
  }
  return { settled, waiting };
}

async function takeOut(parts: Parts, found: Case) {
  if (!found.batch) return;
  await parts.store.db.transaction().execute(async (db) => {
    await db.updateTable('cases').set({ batch: null }).where('id', '=', found.id).execute();
    await db
      .updateTable('batches')
      .set({ result: `${found.number} 已移出，請重新製作名冊。` })
      .where('number', '=', found.batch)
      .execute();
    await addEvent(parts, db, found, {
      from: found.state,
      trigger: 'compiled',
      actor: 'administrator',
      reason: `移出${found.batch}`,
    });
  });
}

async function sendBack(parts: Parts, found: Case) {
  const next = nextState('awaiting-dispatch', 'reversed');
  if (!next.ok) return;
  await parts.store.db.transaction().execute((db) =>
    takeStep(parts, db, found, {
      to: { ...positionOf(found), state: next.state },
      trigger: 'reversed',
      actor: 'administrator',
      reason: '退回重審',
      newTurn: true,
      set: { batch: null },
    }),
  );
}

/** Ticks in the list of batches: make the roster, or the letter has gone out. */
export async function pullBatches(
  parts: Parts,
  queue: string,
  tab: Tab<BatchKey>,
  waitingTab: Tab<DispatchKey>,
): Promise<Pulled> {
  await ensureOpenBatch(parts, queue);
  const { ready, waiting } = await readTicks(parts, BATCHES, tab, {
    place: `batches/${queue}`,
    checks: ['roster', 'send'],
    seen: [],
    objection: () => null,
  });
  const settled = new Map<string, Settled[]>();
  for (const row of ready) {
    const number = String(row.cells.batch).trim();
    const batch = await parts.store.db
      .selectFrom('batches')
      .selectAll()
      .where('number', '=', number)
      .executeTakeFirst();
    if (!batch || batch.queue !== queue) continue;
    const result = await (row.cells.send === true
      ? send(parts, batch, row)
      : makeRoster(parts, batch, row, waitingTab));
    await parts.store.db.updateTable('batches').set({ result }).where('number', '=', number).execute();
    settle(settled, number, { content: personContent(BATCHES, row), refused: false });
  }
  return { settled, waiting };
}

/** There is always one batch to begin with. */
async function ensureOpenBatch({ store, program, clock }: Parts, queue: string) {
  const own = await store.db
    .selectFrom('batches')
    .select(['number', 'state', 'queue'])
    .where('program', '=', program.key)
    .execute();
  if (own.some((batch) => batch.state === 'open' && batch.queue === queue)) return;
  await store.db
    .insertInto('batches')
    .values({
      number: `${program.casePrefix}-函${own.length + 1}`,
      program: program.key,
      queue,
      state: 'open',
      created_at: clock.now(),
      sent_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** @returns the sentence for the batch's row */
async function makeRoster(
  parts: Parts,
  batch: Batch,
  row: TabRow<BatchKey>,
  waitingTab: Tab<DispatchKey>,
): Promise<string> {
  if (batch.state === 'sent') return '本批已發文，名冊不再更動。';
  const scope = String(row.cells.scope).trim() || SCOPES.ticked;
  if (scope !== SCOPES.ticked && scope !== SCOPES.all) return `範圍「${scope}」看不懂，請由選單挑選。`;
  return parts.store.db.transaction().execute(async (db) => {
    const waiting = await waitingCases(parts, db, batch.queue);
    const ticked = new Set(
      waitingTab.rows
        .filter((each) => each.cells.select === true)
        .map((each) => String(each.cells.case).trim()),
    );
    const joining = waiting.filter(
      (found) => found.batch === null && (scope === SCOPES.all || ticked.has(found.number)),
    );
    const members = [...waiting.filter((found) => found.batch === batch.number), ...joining];
    if (members.length === 0)
      return scope === SCOPES.all
        ? '目前沒有待函報的案件。'
        : '沒有勾選任何案件。請先在「函報」工作表勾選，或改選「全部待函報」。';
    for (const found of joining) {
      await db.updateTable('cases').set({ batch: batch.number }).where('id', '=', found.id).execute();
      await addEvent(parts, db, found, {
        from: found.state,
        trigger: 'compiled',
        actor: 'administrator',
        reason: `列入${batch.number}`,
      });
    }
    await db.updateTable('batches').set({ state: 'listed' }).where('number', '=', batch.number).execute();
    await mailRoster(parts, db, batch, members);
    const recipients = parts.program.administrators.length;
    return `名冊共 ${members.length} 件${recipients > 0 ? '，已寄給承辦人' : '；設定檔沒有承辦人信箱，請用 budeng export 取得名冊'}。發文後請填字號與日期並勾選「已發文」。`;
  });
}

export function waitingCases({ program }: Parts, db: Kysely<Database>, queue: string): Promise<Case[]> {
  return db
    .selectFrom('cases')
    .selectAll()
    .where('program', '=', program.key)
    .where('queue', '=', queue)
    .where('state', '=', 'awaiting-dispatch')
    .where('erased_at', 'is', null)
    .orderBy('id')
    .execute();
}

/** The letter has gone out, or its number is corrected. @returns the sentence for the batch's row */
async function send(parts: Parts, batch: Batch, row: TabRow<BatchKey>): Promise<string> {
  const number = String(row.cells.letterNumber).trim();
  const date = readRocDay(String(row.cells.letterDate));
  if (!number) return '請先填發文字號，例如 南市教專字第1090000001號。';
  if (!date) return '請先填發文日期，例如 109-05-11。';
  if (batch.state === 'open') return '請先製作名冊，再發文。';
  const letter = { letter_number: number, letter_date: date };
  const label = `${formatRocDate(startOfDay(date))} ${number}`;
  return parts.store.db.transaction().execute(async (db) => {
    const members = await db
      .selectFrom('cases')
      .selectAll()
      .where('batch', '=', batch.number)
      .orderBy('id')
      .execute();
    if (batch.state === 'sent') {
      for (const found of members) {
        await db.updateTable('cases').set(letter).where('id', '=', found.id).execute();
        await addEvent(parts, db, found, {
          from: found.state,
          trigger: 'dispatched',
          actor: 'administrator',
          reason: `更正文號為 ${label}`,
        });
      }
    } else {
      for (const found of members) await dispatchOne(parts, db, found, letter);
    }
    await db
      .updateTable('batches')
      .set({ ...letter, state: 'sent', sent_at: batch.sent_at ?? parts.clock.now() })
      .where('number', '=', batch.number)
      .execute();
    return batch.state === 'sent'
      ? `文號已更正，${members.length} 件案件同步更正。`
      : `已發文，${members.length} 件移交下一單位並通知教師。`;
  });
}

async function dispatchOne(
  parts: Parts,
  db: Kysely<Database>,
  found: Case,
  letter: { letter_number: string; letter_date: string },
) {
  const next = nextState(found.state as 'awaiting-dispatch', 'dispatched');
  // A case that was taken out of the batch meanwhile stays where it is.
  if (!next.ok) return;
  await takeStep(parts, db, found, {
    to: { ...nextStage(rulesOf(parts, found), positionOf(found)), state: next.state },
    trigger: 'dispatched',
    actor: 'administrator',
    reason: letter.letter_number,
    set: letter,
    notice: 'dispatched',
  });
}

export async function dispatchRows(parts: Parts, queue: string): Promise<DesiredRow<DispatchKey>[]> {
  const cases = await waitingCases(parts, parts.store.db, queue);
  return cases.map((found) => ({
    id: found.number,
    cells: {
      batch: found.batch ?? '',
      ...certificateCells(found),
      approved: formatRocDateTime(found.changed_at),
      result: found.result,
    },
  }));
}

export async function batchRows({ store, program }: Parts, queue: string): Promise<DesiredRow<BatchKey>[]> {
  const batches = await store.db
    .selectFrom('batches')
    .selectAll()
    .where('program', '=', program.key)
    .where('queue', '=', queue)
    .orderBy('created_at')
    .orderBy('number')
    .execute();
  const counts = await store.db
    .selectFrom('cases')
    .select(({ fn }) => ['batch', fn.countAll<number>().as('count')])
    .where('batch', 'is not', null)
    .groupBy('batch')
    .execute();
  const countOf = new Map(counts.map((row) => [row.batch, Number(row.count)]));
  return batches.map((batch) => ({
    id: batch.number,
    cells: {
      state: BATCH_STATES[batch.state] ?? batch.state,
      count: countOf.get(batch.number) ?? 0,
      sent: batch.letter_number
        ? `${formatRocDate(startOfDay(batch.letter_date))} ${batch.letter_number}`
        : '',
      result: batch.result,
    },
    initial: { scope: SCOPES.ticked },
  }));
}
