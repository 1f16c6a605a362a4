import { decideMove, outcomesAt, type Position } from '../../cases/decision.ts';
import type { State } from '../../cases/lifecycle.ts';
import type { Program, ProgramOutcome } from '../../cases/program-rules.ts';
import type { NoticeKind } from '../../notices/types.ts';
import type { Parts } from '../context.ts';
import { positionOf } from '../position.ts';
import { type Case, takeStep } from '../transition.ts';
import { rulesOf } from '../program-versions.ts';

export interface ReviewerDecision {
  /** Label picked from the drop-down. */
  label: string;
  reason: string;
  reviewer: string;
}

/** What became of what a person asked for; `refused` is the sentence for the row. */
export type Taken = { state: string } | { refused: string };

const NOTICE_OF_STATE: Partial<Record<State, NoticeKind>> = {
  registered: 'registered',
  rejected: 'rejected',
  answered: 'answered',
  'needs-correction': 'correction-request',
};

export const MOVED_MEANWHILE = '本案剛剛有變動，這次未採用。請看過最新內容後再決定。';

/** Applies one decision at the revision the reviewer saw. */
export async function decide(parts: Parts, seen: Case, decision: ReviewerDecision): Promise<Taken> {
  const program = rulesOf(parts, seen);
  const outcome = program.outcomes.find((each) => each.label === decision.label);
  if (!outcome) return { refused: notAmongChoices(parts, program, seen, decision.label) };
  const move = decideMove(program, positionOf(seen), outcome, decision.reason);
  if (!move.ok) return { refused: move.sentence };
  const moved = await parts.store.db.transaction().execute((db) =>
    takeStep(parts, db, seen, {
      to: move.to,
      trigger: outcome.trigger,
      actor: decision.reviewer || 'reviewer',
      reason: decision.reason,
      data: { decision: outcome.key },
      ...consequences(program, seen, outcome, move.to, decision),
    }),
  );
  return moved ? { state: moved.state } : { refused: MOVED_MEANWHILE };
}

/** The drop-down holds the decisions of every version that a case still runs under. */
function notAmongChoices(parts: Parts, program: Program, seen: Case, label: string): string {
  if (!label) return '已勾選送出，但尚未挑選審核決定。';
  const known = parts.versions.running.some(({ outcomes }) => outcomes.some((each) => each.label === label));
  if (!known) return `「${label}」不是可用的審核決定，請由選單挑選。`;
  const own = outcomesAt(program, positionOf(seen)).map((each) => `「${each.label}」`);
  return `本案依收件時的規則辦理，沒有「${label}」；可選${own.join('')}。`;
}

function consequences(
  program: Program,
  seen: Case,
  outcome: ProgramOutcome,
  to: Position,
  { reason, reviewer }: ReviewerDecision,
) {
  if (outcome.trigger !== 'forwarded')
    return { notice: NOTICE_OF_STATE[to.state] ?? null, set: { handover: '' } };
  const from = program.queues.find((queue) => queue.key === seen.queue)?.label ?? '';
  const queue = program.queues.find((each) => each.key === to.queue)?.label ?? '';
  // The note is for the next desk, not for the teacher.
  const handover = `${from}${reviewer ? `（${reviewer}）` : ''}：${reason}`;
  return {
    notice: 'forwarded' as const,
    newTurn: true,
    set: { handover },
    context: { reason: '', next: `由${queue}繼續審核，結果會再通知您。` },
  };
}
