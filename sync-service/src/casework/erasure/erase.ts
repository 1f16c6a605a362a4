import { quarantine } from '../alerts.ts';
import { type Kysely, sql } from 'kysely';
import { FINAL_STATES, nextState, STATES } from '../../cases/lifecycle.ts';
import type { Facts } from '../../cases/types.ts';
import type { Database, Case } from '../../ledger/schema.ts';
import { eraseTraces, waitingNotices } from '../../ledger/erasure.ts';
import type { CaseContext, QuarantineContext } from '../context.ts';
import { isImportedId } from '../../ledger/known-responses.ts';
import { eraseRevisions } from '../intake/revisions.ts';
import { addEvent } from '../transition.ts';

const BATCH = 50;

export interface Asked {
  actor: string;
  /** Kept for good: it must not name the person. */
  reason: string;
  /** Retention ends for open cases too. */
  evenOpen: boolean;
}

/** What became of an erasure; `waits` says for what. */
export type Erased = 'erased' | { refused: string } | { waits: string };

/** Asks for an erasure; asked for twice it is the same one. */
export async function askErasure(
  { store, clock }: Pick<CaseContext, 'store' | 'clock'>,
  caseId: number,
  { actor, reason, evenOpen }: Asked,
): Promise<void> {
  await store.db
    .insertInto('erasures')
    .values({
      case_id: caseId,
      actor,
      reason,
      even_open: evenOpen,
      asked_at: clock.now(),
      erased_at: null,
      intake_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * Carries out what was asked for, some at a time, each in one transaction: whatever ends the process, a case is whole or
 * erased, and the next look goes on.
 */
export async function carryOutErasures(context: CaseContext & QuarantineContext): Promise<number> {
  const asked = await context.store.db
    .selectFrom('erasures')
    .innerJoin('cases', 'cases.id', 'erasures.case_id')
    .select('case_id')
    .where('program', '=', context.program.key)
    .where('erasures.erased_at', 'is', null)
    .orderBy('case_id')
    .execute();
  let done = 0;
  for (const { case_id } of asked) {
    if (done === BATCH) break;
    await quarantine(context, `第 ${case_id} 號案件的個人資料刪除`, async () => {
      if ((await carryOut(context, case_id)) === 'erased') done += 1;
    });
  }
  return done;
}

/** Replaces the personal data of one case wherever they lie, and says so in its history. */
export async function carryOut(context: CaseContext, caseId: number): Promise<Erased> {
  return context.store.db.transaction().execute(async (db): Promise<Erased> => {
    const found = await db
      .selectFrom('cases')
      .selectAll()
      .where('id', '=', caseId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const asked = await db
      .selectFrom('erasures')
      .selectAll()
      .where('case_id', '=', caseId)
      .executeTakeFirstOrThrow();
    if (found.erased_at) return 'erased';
    const state = found.state;
    if (!asked.even_open && !FINAL_STATES.includes(state)) return { refused: stillOpen(found) };
    const waiting = await waitingNotices(db, found);
    if (waiting > 0) return { waits: `還有 ${waiting} 封通知沒有寄出` };
    await erase(context, db, found, asked);
    return 'erased';
  });
}

export function stillOpen(found: Pick<Case, 'number' | 'state'>): string {
  return `案件 ${found.number} 尚未結案（${STATES[found.state]}），不能刪除個人資料。請先辦結，或先撤回再刪除。`;
}

async function erase(
  context: CaseContext,
  db: Kysely<Database>,
  found: Case,
  { actor, reason }: { actor: string; reason: string },
) {
  const at = context.clock.now();
  const next = nextState(found.state, 'erased');
  if (!next.ok) throw new Error(next.sentence);
  await eraseTraces(db, found);
  await eraseRevisions(db, found);
  const erased = await db
    .updateTable('cases')
    .set({
      state: next.state,
      erased_at: at,
      email: '',
      edit_url: '',
      answers: '{}',
      facts: JSON.stringify(neutralFacts(found.facts)),
      changed: '[]',
      handover: '',
      result: '',
      name_key: null,
      school_key: null,
      certificate_key: null,
    })
    .where('id', '=', found.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await blankEvents(db, found.id);
  await addEvent(context, db, erased, { from: found.state, trigger: 'erased', actor, reason });
  // An entry of an imported file never stood in the intake tab.
  await db
    .updateTable('erasures')
    .set({ erased_at: at, intake_at: isImportedId(found.response_id) ? at : null })
    .where('case_id', '=', found.id)
    .execute();
}

/** Class and year are kept for the statistics; beside them nothing leads to a person. */
export function neutralFacts({ level, schoolYear }: Partial<Facts>): Facts {
  return {
    name: null,
    nameKey: null,
    email: null,
    school: null,
    level: level ?? null,
    schoolYear: schoolYear ?? null,
    certificateNumber: null,
    certificateKey: null,
    description: null,
    evidence: [],
    note: null,
  };
}

/** The one change of the history that the database lets through; see migration 004. */
async function blankEvents(db: Kysely<Database>, caseId: number) {
  await sql`
    update events set
      reason = '',
      actor = case
        when actor in ('teacher', 'service', 'administrator', 'import-registered') then actor
        else 'reviewer' end,
      data = case
        when data->'decision' is null then '{}'::jsonb
        else jsonb_build_object('decision', data->'decision') end
    where case_id = ${caseId} and trigger <> 'erased'`.execute(db);
}
