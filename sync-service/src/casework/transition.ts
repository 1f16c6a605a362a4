import type { StagePosition } from '../cases/decision.ts';
import { STANDINGS, type State, type Trigger, TRIGGERS } from '../cases/lifecycle.ts';
import type { Program } from '../cases/program-rules.ts';
import { reviewDueAt } from '../cases/calendar/review-window.ts';
import { deadlineAfter } from '../cases/calendar/working-days.ts';
import { enqueueNotice } from '../ledger/outbox.ts';
import type { Db } from '../ledger/store.ts';
import { noteLeft } from '../ledger/repositories/batches.ts';
import { changeCaseAsSeen } from '../ledger/repositories/cases.ts';
import { insertEvent, type NewEvent } from '../ledger/repositories/events.ts';
import type { Case, EventData } from '../ledger/schema.ts';
import { messageIdFor } from '../notices/message-id.ts';
import type { NoticeKind } from '../notices/types.ts';
import { caseNoticeData, type NoticeDetails } from './case-notice.ts';
import type { CaseContext } from './context.ts';
import { rulesOf, underRulesOf } from './program-versions.ts';

/** What became of what a person asked for; `refused` is the sentence for the row. */
export type Taken = { state: State } | { refused: string };

export const MOVED_MEANWHILE = '本案剛剛有變動，這次未採用。請看過最新內容後再決定。';

/** One move of a case: where to, by whom, why, and what the teacher is told. */
export interface Transition {
  to: StagePosition;
  trigger: Trigger;
  actor: string;
  reason?: string;
  /** Data that are kept with the event. */
  data?: EventData;
  notice?: NoticeKind | null;
  details?: NoticeDetails;
  /** Whether the case goes back to an earlier point, so that everything from there on is told anew. */
  newEpisode?: boolean;
  set?: Partial<Pick<Case, 'handover' | 'letter_number' | 'letter_date'>>;
}

/**
 * Moves a case and writes event and notice with it, if the case still is as it was seen; null where it is not.
 */
export async function transition(
  context: CaseContext,
  db: Db,
  seen: Case,
  step: Transition,
): Promise<Case | null> {
  const at = context.clock.now();
  const moved = await changeCaseAsSeen(db, seen, {
    ...step.to,
    ...step.set,
    batch: await batchAfter(db, seen, step.trigger),
    episode: seen.episode + (step.newEpisode ? 1 : 0),
    due_at: dueAt(rulesOf(context, seen), step.to, at),
    changed_at: at,
    result: '',
  });
  if (!moved) return null;
  await addEvent(context, db, moved, { ...step, from: seen.state });
  if (step.notice)
    await queueNotice(context, db, moved, step.notice, { reason: step.reason ?? '', ...step.details });
  return moved;
}

/**
 * A case that moves on before its letter is out leaves its batch, and the batch says so: the roster that was made
 * names it still. What a letter has gone out for stays in its batch, so that a corrected number reaches it.
 */
export async function batchAfter(
  db: Db,
  seen: Pick<Case, 'number' | 'state' | 'batch'>,
  trigger: Trigger,
): Promise<string | null> {
  if (seen.state !== 'awaiting-dispatch' || seen.batch === null || trigger === 'dispatched')
    return seen.batch;
  await noteLeft(db, seen.batch, `${seen.number} 已離開本批（${TRIGGERS[trigger]}）。`);
  return null;
}

/**
 * The deadline that a position brings: the desk's for a review. A correction has none before its request has gone out,
 * so that nobody's case ends over a mail that never came; see `ledger/correction-requests.ts`.
 */
export function dueAt(
  program: Program,
  { state, queue }: Pick<StagePosition, 'state' | 'queue'>,
  from: Date,
): Date | null {
  const { waitsFor } = STANDINGS[state];
  if (waitsFor === null) return null;
  return waitsFor === 'review'
    ? reviewDueAt(program, queue, from)
    : deadlineAfter(program, from, program.deadlines.reviewDays);
}

export async function addEvent(
  { clock }: Pick<CaseContext, 'clock'>,
  db: Db,
  found: NewEvent['found'],
  event: Omit<NewEvent, 'found' | 'at'>,
): Promise<void> {
  await insertEvent(db, { ...event, found, at: clock.now() });
}

/** Puts a notice about a case into the outbox; each (kind, revision, episode) once. */
export async function queueNotice(
  context: CaseContext,
  db: Db,
  found: Case,
  kind: NoticeKind,
  details: NoticeDetails = {},
): Promise<void> {
  await enqueueNotice(db, {
    scope: `case/${found.id}`,
    caseId: found.id,
    kind,
    revision: found.revision,
    episode: found.episode,
    messageId: messageIdFor(found.number, kind, `${found.revision}.${found.episode}`, context.mailDomain),
    recipient: found.email,
    data: caseNoticeData(underRulesOf(context, found), found, details),
    at: context.clock.now(),
  });
}
