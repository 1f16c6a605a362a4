import type { Case } from '../../ledger/schema.ts';
import { decideMove, outcomesAt, type StagePosition } from '../../cases/decision.ts';
import type { State } from '../../cases/lifecycle.ts';
import type { Program, ProgramOutcome } from '../../cases/program-rules.ts';
import { quoted } from '../../cases/reading/text.ts';
import { queueNameInMails } from '../../cases/routing.ts';
import type { NoticeKind } from '../../notices/types.ts';
import type { CaseContext } from '../context.ts';
import { stagePositionOf } from '../stage-position.ts';
import { transition, type Taken, MOVED_MEANWHILE } from '../transition.ts';
import { rulesOf } from '../program-versions.ts';

export interface ReviewerDecision {
  /** Label picked from the drop-down. */
  label: string;
  reason: string;
  reviewer: string;
}

/** What a teacher is told when a decision leads to a state; where nothing is decided yet, nothing. */
const NOTICE_OF_STATE: Record<State, NoticeKind | null> = {
  'needs-correction': 'correction-request',
  'in-review': null,
  'awaiting-dispatch': null,
  dispatched: null,
  registered: 'registered',
  rejected: 'rejected',
  answered: 'answered',
  'not-needed': null,
  duplicate: null,
  withdrawn: null,
  expired: null,
  late: null,
};

/** Applies one decision at the revision the reviewer saw. */
export async function decide(context: CaseContext, seen: Case, decision: ReviewerDecision): Promise<Taken> {
  const program = rulesOf(context, seen);
  const outcome = program.outcomes.find((each) => each.label === decision.label);
  if (!outcome) return { refused: notAmongChoices(context, program, seen, decision.label) };
  const move = decideMove(program, stagePositionOf(seen), outcome, decision.reason);
  if (!move.ok) return { refused: move.sentence };
  const moved = await context.store.transaction((db) =>
    transition(context, db, seen, {
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
function notAmongChoices(context: CaseContext, program: Program, seen: Case, label: string): string {
  if (!label) return '已勾選送出，但尚未挑選審核決定。';
  const known = context.versions.running.some(({ outcomes }) =>
    outcomes.some((each) => each.label === label),
  );
  if (!known) return `${quoted(label)}不是可用的審核決定，請由選單挑選。`;
  const own = outcomesAt(program, stagePositionOf(seen)).map((each) => `「${each.label}」`);
  return `本案依收件時的規則辦理，沒有「${label}」；可選${own.join('')}。`;
}

function consequences(
  program: Program,
  seen: Case,
  outcome: ProgramOutcome,
  to: StagePosition,
  { reason, reviewer }: ReviewerDecision,
) {
  if (outcome.trigger !== 'forwarded') return { notice: NOTICE_OF_STATE[to.state], set: { handover: '' } };
  const from = program.queues.find((queue) => queue.key === seen.queue)?.label ?? '';
  // The note is for the next desk, not for the teacher.
  const handover = `${from}${reviewer ? `（${reviewer}）` : ''}：${reason}`;
  return {
    notice: 'forwarded' as const,
    newEpisode: true,
    set: { handover },
    details: { reason: '', next: `由${queueNameInMails(program, to.queue)}繼續審核，結果會再通知您。` },
  };
}
