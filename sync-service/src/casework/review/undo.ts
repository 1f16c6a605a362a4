import { queueNameInMails } from '../../cases/routing.ts';
import { nextState, STATES } from '../../cases/lifecycle.ts';
import { findLastMove } from '../../ledger/repositories/events.ts';
import type { Case } from '../../ledger/schema.ts';
import type { CaseContext } from '../context.ts';
import { stagePositionOf } from '../stage-position.ts';
import { rulesOf } from '../program-versions.ts';
import { MOVED_MEANWHILE, type Taken, transition } from '../transition.ts';

/** Who undoes something, and why. */
export interface By {
  actor: string;
  reason: string;
}

/** Undoes the last decision with a correcting notice; the case goes back to the desk that took it. */
export async function reverse(context: CaseContext, found: Case, by: By): Promise<Taken> {
  const next = nextState(found.state, 'reversed');
  if (!next.ok) return { refused: next.sentence };
  const decision = await lastDecision(context, found);
  if (!decision) return { refused: `本案目前是「${STATES[found.state]}」，沒有審核人員的決定可以撤銷。` };
  if (!by.reason) return { refused: '撤銷決定必須填寫理由，理由會寄給教師。' };
  const moved = await context.store.transaction((db) =>
    transition(context, db, found, {
      to: { ...stagePositionOf(found), state: next.state },
      trigger: 'reversed',
      ...by,
      newEpisode: true,
      notice: 'reversed',
      details: {
        earlierDecision: decision,
        next: `本案由${queueNameInMails(rulesOf(context, found), found.queue)}重新審核，您不必做任何事，結果會再通知您。`,
      },
    }),
  );
  return moved ? { state: moved.state } : { refused: MOVED_MEANWHILE };
}

/** The label of the decision that brought the case to where it is. */
async function lastDecision(context: CaseContext, found: Case): Promise<string | null> {
  const key = (await findLastMove(context.store.db, found))?.data.decision;
  return rulesOf(context, found).outcomes.find((outcome) => outcome.key === key)?.label ?? null;
}

/** Ends a case at the teacher's wish. */
export async function withdraw(context: CaseContext, found: Case, by: By): Promise<Taken> {
  const next = nextState(found.state, 'withdrawn');
  if (!next.ok) return { refused: next.sentence };
  const moved = await context.store.transaction((db) =>
    transition(context, db, found, {
      to: { ...stagePositionOf(found), state: next.state },
      trigger: 'withdrawn',
      ...by,
      notice: 'withdrawn',
    }),
  );
  return moved ? { state: moved.state } : { refused: MOVED_MEANWHILE };
}
