import { storable } from '../../../../contract/cell-text.ts';
import { type IntakeRow, revisionIn } from '../../../../contract/intake-key.ts';
import { maskEmail } from '../../cases/reading/email.ts';
import { nextState, STANDINGS, type State, STATES } from '../../cases/lifecycle.ts';
import { stagesOf } from '../../cases/routing.ts';
import type { Submission, Verdict } from '../../cases/types.ts';
import type { Db } from '../../ledger/store.ts';
import {
  changeCase,
  changeCaseAsSeen,
  findCase,
  insertCase,
  lockCaseOf,
} from '../../ledger/repositories/cases.ts';
import { nextCaseNumber } from '../../ledger/repositories/counters.ts';
import { findLastEvent } from '../../ledger/repositories/events.ts';
import {
  findLastSent,
  hasRevision,
  insertRevision,
  nextRevision,
} from '../../ledger/repositories/revisions.ts';
import type { Case } from '../../ledger/schema.ts';
import type { NoticeKind } from '../../notices/types.ts';
import type { CaseContext } from '../context.ts';
import { stagePositionOf } from '../stage-position.ts';
import { findImported, isSameWriting } from '../../ledger/known-responses.ts';
import { caseColumns, changedTitles, STATE_OF, submissionOf, triageSubmission } from './entry.ts';
import { adopt, isSpoilt, restoreQuietly } from './imported.ts';
import { addEvent, batchAfter, dueAt, transition, queueNotice } from '../transition.ts';
import { isListedAgain, isOutdated, keepNothing } from './revisions.ts';
import { rememberToken } from '../../ledger/tracking-tokens.ts';
import { underRulesOf } from '../program-versions.ts';

const NOTICE_OF = {
  review: 'acknowledgement',
  correction: 'correction-request',
  duplicate: 'duplicate',
  'not-needed': 'not-needed',
  late: 'late',
} as const satisfies Record<Verdict['outcome'], NoticeKind>;

function noticeOf({ program }: Pick<CaseContext, 'program'>, verdict: Verdict): NoticeKind {
  const route = program.routes.find((each) => each.key === verdict.route);
  const [stage] = route ? stagesOf(program, route) : [];
  if (stage?.kind === 'redirect-only') return 'redirected';
  // An entry that is only kept on record is acknowledged, since nothing was found not to be needed.
  return stage?.kind === 'record-only' ? 'acknowledgement' : NOTICE_OF[verdict.outcome];
}

/**
 * Triages one revision and writes case, revision, event and notice in one transaction. The same intake key again
 * changes nothing.
 * @returns whether the revision was new
 */
export async function receive(context: CaseContext, given: IntakeRow): Promise<boolean> {
  const row = { ...given, email: storable(given.email), answers: storableAnswers(given.answers) };
  return context.store.transaction(async (db) => {
    if (await hasRevision(db, row.key)) return false;
    const earlier = await lockCaseOf(db, context.program.key, row);
    if (earlier && (await isListedAgain(db, earlier, row))) return false;
    const listed =
      earlier || row.source === 'import' ? null : await findImported(db, context.program.key, row);
    if (listed) {
      const adopted = await adopt(context, db, listed, row);
      if (adopted.isSpoilt) await mend(context, db, adopted.found, row);
      return false;
    }
    if (earlier?.erased_at) await keepNothing(context, db, earlier, row);
    else if (earlier && isSpoilt(earlier, row)) await mend(context, db, earlier, row);
    else if (earlier) await takeAgain(context, db, earlier, row);
    else await open(context, db, row);
    return true;
  });
}

/** States in which the next move is the teacher's: there an unchanged response is an answer too, to a new scan say. */
const TEACHERS_MOVE: readonly State[] = ['needs-correction', 'expired'];

/**
 * A response that its teacher sent once more. Where nothing was changed the case keeps its version, nobody is told, and a
 * tick beside it stands.
 */
async function takeAgain(context: CaseContext, db: Db, seen: Case, row: IntakeRow): Promise<void> {
  const { answers, verdict } = await findLastSent(db, seen.id);
  const isRepeated = isSameWriting({ answers, email: seen.email }, row);
  if (!isRepeated || TEACHERS_MOVE.includes(seen.state)) {
    await resubmit(underRulesOf(context, seen), db, seen, row);
    return;
  }
  const revision = await nextRevision(db, seen.id);
  await insertRevision(db, { caseId: seen.id, revision }, row, verdict);
  if (row.revision > seen.revision_at) await changeCase(db, seen.id, { revision_at: row.revision });
  const reason = '教師再送出一次，內容沒有變動。';
  const trigger = 'resubmitted';
  await addEvent(context, db, { ...seen, revision }, { from: seen.state, trigger, actor: 'teacher', reason });
}

function storableAnswers(answers: IntakeRow['answers']): IntakeRow['answers'] {
  return Object.fromEntries(Object.entries(answers).map(([key, text]) => [storable(key), storable(text)]));
}

async function open(context: CaseContext, db: Db, row: IntakeRow) {
  const submission = submissionOf(row);
  const verdict = await triageSubmission(context, db, submission, null);
  const number = await nextCaseNumber(db, context.program.key, context.program.casePrefix);
  const created = await insertCase(db, {
    number,
    program: context.program.key,
    form: row.form,
    response_id: row.responseId,
    revision: 1,
    received_at: submission.receivedAt,
    changed: [],
    program_version: context.versions.newest,
    ...caseColumns(context, submission, verdict),
  });
  await insertRevision(db, { caseId: created.id, revision: 1 }, row, verdict);
  await rememberToken(db, context.secret, created.id, number);
  await record(context, db, { found: created, verdict, from: null, trigger: 'submitted', actor: 'teacher' });
}

/** Where the whole text gets another verdict than what was left of it, its teacher is told as of any other correction. */
async function mend(given: CaseContext, db: Db, seen: Case, row: IntakeRow) {
  const context = underRulesOf(given, seen);
  if (!(await restoreQuietly(context, db, seen, row))) await resubmit(context, db, seen, row);
}

async function resubmit(context: CaseContext, db: Db, seen: Case, row: IntakeRow) {
  const submission = submissionOf(row);
  const earlier = await withinDeadline(context, db, seen, submission);
  const next = nextState(earlier.state, 'resubmitted');
  // Routes, years and ages go by the day of the first receipt: a correction changes what was answered, not when.
  const first = { ...submission, receivedAt: earlier.received_at };
  const verdict = await triageSubmission(context, db, first, earlier, { inTime: true });
  const revision = await nextRevision(db, earlier.id);
  await insertRevision(db, { caseId: earlier.id, revision }, row, verdict);
  const outdated = await isOutdated(db, earlier, row);
  if (!next.ok || outdated) {
    // The edit is kept in the history and the case stays as it is.
    const reason = next.ok ? '較新的版本已先收到，這一版僅留存。' : next.sentence;
    await addEvent(
      context,
      db,
      { ...earlier, revision },
      { from: earlier.state, trigger: 'resubmitted', actor: 'teacher', reason },
    );
    // Nobody is told of an older version that comes in late.
    if (!next.ok && !outdated)
      await queueNotice(context, db, { ...earlier, revision }, 'edit-kept', { reason });
    return;
  }
  const updated = await changeCase(db, earlier.id, {
    revision,
    changed: changedTitles(context, earlier, submission),
    result: '',
    batch: await batchAfter(db, earlier, 'resubmitted'),
    ...caseColumns(context, submission, verdict),
    ...placeAfter(context, earlier, verdict),
  });
  await record(context, db, {
    found: updated,
    verdict,
    from: earlier.state,
    trigger: 'resubmitted',
    actor: 'teacher',
  });
}

/**
 * The time of receipt decides, not the time of reading: a correction sent after its deadline finds the case closed,
 * and one that was in time but is read late opens a case that was closed meanwhile.
 */
async function withinDeadline(
  context: CaseContext,
  db: Db,
  seen: Case,
  { receivedAt, revision }: Submission,
): Promise<Case> {
  if (seen.state === 'expired') {
    // A version older than the one that was triaged last is only kept: it opens nothing.
    const newer = revision >= seen.revision_at;
    return (newer ? await takeExpiryBack(context, db, seen, receivedAt) : null) ?? seen;
  }
  if (seen.state !== 'needs-correction' || !seen.due_at || receivedAt <= seen.due_at) return seen;
  return (await expire(context, db, seen)) ?? seen;
}

/** Closes a case whose correction deadline has passed. */
export function expire(context: CaseContext, db: Db, seen: Case): Promise<Case | null> {
  return transition(context, db, seen, {
    to: { ...stagePositionOf(seen), state: 'expired' },
    trigger: 'expired',
    actor: 'service',
    data: { due: seen.due_at?.toISOString() },
    notice: 'expired',
  });
}

async function takeExpiryBack(context: CaseContext, db: Db, seen: Case, receivedAt: Date) {
  const due = (await findLastEvent(db, seen.id, { trigger: 'expired' }))?.data.due;
  if (due === undefined || receivedAt > new Date(due)) return null;
  return transition(context, db, seen, {
    to: { ...stagePositionOf(seen), state: 'needs-correction' },
    trigger: 'reopened',
    actor: 'service',
    reason: '您的補正在期限內送達，只是系統較晚才讀到。',
    newEpisode: true,
    notice: 'reversed',
    details: {
      earlierDecision: STATES[seen.state],
      next: '我們會依您這次的補正繼續辦理，另外寄信通知您。',
    },
  });
}

/** Takes a closed case up again and triages what the teacher sent last, whatever closed it. */
export async function reopen(
  given: CaseContext,
  db: Db,
  seen: Case,
  by: { actor: string; reason: string },
): Promise<Case> {
  const context = underRulesOf(given, seen);
  // Edits of a closed case were kept without triage; they are triaged now.
  const last = await findLastSent(db, seen.id);
  const submission: Submission = {
    form: seen.form,
    responseId: seen.response_id,
    revision: revisionIn(last.key, { form: seen.form, responseId: seen.response_id }),
    receivedAt: seen.received_at,
    answers: { ...last.answers, email: last.answers.email || (seen.answers.email ?? '') },
    verifiedEmail: seen.email,
    editUrl: seen.edit_url,
  };
  const verdict = await triageSubmission(context, db, submission, seen, { reopened: true });
  const { id, episode } = seen;
  const updated = await changeCaseAsSeen(
    db,
    { id, episode },
    {
      ...caseColumns(context, submission, verdict),
      ...placeAfter(context, seen, verdict),
      batch: await batchAfter(db, seen, 'reopened'),
      revision: last.revision,
      changed: changedTitles(context, seen, submission),
      result: '',
      episode: episode + 1,
    },
  );
  // Nothing is written; the next cycle finds the tick beside the case as it is then.
  if (!updated) throw new Error(`case ${seen.number} was reopened or erased meanwhile`);
  await record(context, db, { found: updated, verdict, from: seen.state, trigger: 'reopened', ...by });
  return updated;
}

/**
 * Where a case goes whose answers are triaged anew: on the same route to the desk that has it or returned it, not to
 * the start. Answers that are incomplete lead nowhere yet, so that the desk is remembered until they are whole.
 */
function placeAfter(context: CaseContext, earlier: Case, verdict: Verdict) {
  const { route, queue, stage } = earlier;
  if (verdict.outcome !== 'review') return { route: verdict.route ?? route, queue, stage };
  const stays = STANDINGS[earlier.state].keepsDesk && queue !== null && verdict.route === route;
  if (!stays) return { stage: 0 };
  return {
    queue,
    stage,
    due_at: dueAt(context.program, { state: STATE_OF.review, queue }, context.clock.now()),
  };
}

interface Triaged {
  found: Case;
  verdict: Verdict;
  from: State | null;
  trigger: 'submitted' | 'resubmitted' | 'reopened';
  actor: string;
  reason?: string;
}

/** Rules whose sentence goes into the notice. */
const TOLD_RULES: ReadonlySet<string> = new Set([
  'registered-elsewhere',
  'window.closed',
  'window.early',
  'window.late',
]);

async function record(context: CaseContext, db: Db, triaged: Triaged) {
  const { found, verdict, from, trigger, actor, reason = '' } = triaged;
  await addEvent(context, db, found, { from, trigger, actor, reason });
  const told = verdict.explanation.find(({ rule }) => TOLD_RULES.has(rule));
  await queueNotice(context, db, found, noticeOf(context, verdict), {
    reason: told?.because ?? '',
    missedWindow: told?.rule === 'window.late',
    ...(await earlierAddress(db, verdict)),
  });
}

/** Where the earlier case of the same certificate writes to, masked: its owner knows the address, an impostor does not. */
async function earlierAddress(db: Db, { outcome, duplicateOf }: Verdict) {
  if (outcome !== 'review' || duplicateOf === null) return {};
  const earlier = await findCase(db, duplicateOf);
  return earlier?.email ? { earlierAddress: maskEmail(earlier.email) } : {};
}
