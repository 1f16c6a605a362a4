import { FINAL_STATES, nextState, STATES } from '../../cases/lifecycle.ts';
import type { Facts } from '../../cases/types.ts';
import type { Db } from '../../ledger/store.ts';
import { eraseCase, waitingNotices } from '../../ledger/erasure.ts';
import { lockCase } from '../../ledger/repositories/cases.ts';
import { finishErasure, insertErasure, listUndone, readErasure } from '../../ledger/repositories/erasures.ts';
import type { Case } from '../../ledger/schema.ts';
import { quarantine } from '../alerts.ts';
import type { CaseContext, QuarantineContext } from '../context.ts';
import { isImportedId } from '../../ledger/known-responses.ts';
import { addEvent } from '../transition.ts';

const BATCH = 50;

export interface Asked {
  actor: string;
  /** The reason is kept for good, so it must not name the person. */
  reason: string;
  /** Whether an open case is erased too, as retention ends for it as well. */
  evenOpen: boolean;
}

/** The outcome of an erasure; `waits` says what it waits for. */
export type Erased = 'erased' | { refused: string } | { waits: string };

/** Asks for an erasure; asked for twice it is the same one. */
export async function askErasure(
  { store, clock }: Pick<CaseContext, 'store' | 'clock'>,
  caseId: number,
  { actor, reason, evenOpen }: Asked,
): Promise<void> {
  await insertErasure(store.db, {
    case_id: caseId,
    actor,
    reason,
    even_open: evenOpen,
    asked_at: clock.now(),
  });
}

/**
 * Carries out what was asked for, some at a time, each in one transaction: whatever ends the process, a case is whole or
 * erased, and the next cycle goes on.
 */
export async function carryOutErasures(context: CaseContext & QuarantineContext): Promise<number> {
  let done = 0;
  for (const caseId of await listUndone(context.store.db, context.program.key)) {
    if (done === BATCH) break;
    await quarantine(context, `第 ${caseId} 號案件的個人資料刪除`, async () => {
      if ((await carryOut(context, caseId)) === 'erased') done += 1;
    });
  }
  return done;
}

/** Replaces the personal data of one case wherever they lie, and says so in its history. */
export async function carryOut(context: CaseContext, caseId: number): Promise<Erased> {
  return context.store.transaction(async (db): Promise<Erased> => {
    const found = await lockCase(db, caseId);
    const asked = await readErasure(db, caseId);
    if (found.erased_at) return 'erased';
    if (!asked.even_open && !FINAL_STATES.includes(found.state)) return { refused: stillOpen(found) };
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
  db: Db,
  found: Case,
  { actor, reason }: { actor: string; reason: string },
) {
  const at = context.clock.now();
  const next = nextState(found.state, 'erased');
  if (!next.ok) throw new Error(next.sentence);
  const erased = await eraseCase(db, found, {
    state: next.state,
    erased_at: at,
    facts: neutralFacts(found.facts),
  });
  await addEvent(context, db, erased, { from: found.state, trigger: 'erased', actor, reason });
  // An entry of an imported file never stood in the intake tab.
  await finishErasure(db, found.id, { at, confirmed: isImportedId(found.response_id) });
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
