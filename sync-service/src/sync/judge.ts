import type { Kysely } from 'kysely';
import type { IntakeRow } from '../../../contract/intake-key.ts';
import { nextState, type State } from '../cases/lifecycle.ts';
import { stagesOf } from '../cases/routing.ts';
import { type Circumstances, triage } from '../cases/triage.ts';
import type { Facts, Submission, Verdict } from '../cases/types.ts';
import { factsOf } from '../cases/facts.ts';
import { nextCaseNumber } from '../ledger/counters.ts';
import type { Database } from '../ledger/schema.ts';
import type { NoticeKind } from '../notices/types.ts';
import type { StepParts } from './parts.ts';
import { positionOf } from './position.ts';
import { findRegistered, readRegister } from './register.ts';
import { addEvent, type Case, dueAt, takeStep, tell } from './steps.ts';
import { rememberToken } from './tracking.ts';
import { underRulesOf } from './versions.ts';

/** The state that each triage outcome puts a case into. */
const STATE_OF = {
  review: 'in-review',
  correction: 'needs-correction',
  duplicate: 'duplicate',
  'not-needed': 'not-needed',
  late: 'late',
} as const satisfies Record<Verdict['outcome'], State>;

const NOTICE_OF = {
  review: 'acknowledgement',
  correction: 'correction-request',
  duplicate: 'duplicate',
  'not-needed': 'not-needed',
  late: 'late',
} as const satisfies Record<Verdict['outcome'], NoticeKind>;

function noticeOf({ program }: StepParts, verdict: Verdict): NoticeKind {
  const route = program.routes.find((each) => each.key === verdict.route);
  const [stage] = route ? stagesOf(program, route) : [];
  return stage?.kind === 'redirect-only' ? 'redirected' : NOTICE_OF[verdict.outcome];
}

/**
 * Judges one revision and writes case, revision, event and notice in one transaction. The same intake key again
 * changes nothing.
 * @returns whether the revision was new
 */
export async function judge(parts: StepParts, row: IntakeRow): Promise<boolean> {
  return parts.store.db.transaction().execute(async (db) => {
    const known = await db
      .selectFrom('revisions')
      .select('key')
      .where('key', '=', row.key)
      .executeTakeFirst();
    if (known) return false;
    const earlier = await db
      .selectFrom('cases')
      .selectAll()
      .where('program', '=', parts.program.key)
      .where('form', '=', row.form)
      .where('response_id', '=', row.responseId)
      .forUpdate()
      .executeTakeFirst();
    if (earlier?.erased_at) await keepNothing(parts, db, earlier, row);
    else if (earlier) await resubmit(underRulesOf(parts, earlier), db, earlier, row);
    else await open(parts, db, row);
    return true;
  });
}

async function judgeSubmission(
  parts: StepParts,
  db: Kysely<Database>,
  submission: Submission,
  self: Case | null,
  circumstances: Circumstances = {},
): Promise<Verdict> {
  const facts = factsOf(parts.program, submission);
  const register = await readRegister(parts, db, facts, self?.number ?? null);
  const verdict = triage(parts.program, submission, register, circumstances);
  if (verdict.outcome !== 'review' && verdict.outcome !== 'correction') return verdict;
  const evidence = circumstances.reopened ? null : await findRegistered(db, facts);
  return evidence ? alreadyRegistered(verdict, evidence) : verdict;
}

function alreadyRegistered(verdict: Verdict, source: string): Verdict {
  const because = `${source}已有這張證書的登錄紀錄。`;
  return {
    ...verdict,
    outcome: 'not-needed',
    queue: null,
    route: null,
    moved: false,
    problems: [],
    warnings: [],
    explanation: [{ rule: 'registered-elsewhere', because }],
  };
}

function submissionOf(row: IntakeRow): Submission {
  return {
    form: row.form,
    responseId: row.responseId,
    revision: row.revision,
    receivedAt: new Date(row.receivedAt),
    answers: { ...row.answers, email: row.answers.email || row.email },
    editUrl: row.editUrl,
  };
}

async function open(parts: StepParts, db: Kysely<Database>, row: IntakeRow) {
  const submission = submissionOf(row);
  const verdict = await judgeSubmission(parts, db, submission, null);
  const number = await nextCaseNumber(db, parts.program.key, parts.program.casePrefix);
  const created = await db
    .insertInto('cases')
    .values({
      number,
      program: parts.program.key,
      form: row.form,
      response_id: row.responseId,
      revision: 1,
      received_at: submission.receivedAt,
      changed: '[]',
      program_version: parts.versions.newest,
      ...caseColumns(parts, submission, verdict),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await addRevision(db, created.id, 1, row, verdict);
  await rememberToken(db, parts.secret, created.id, number);
  await record(parts, db, { found: created, verdict, from: null, trigger: 'submitted', actor: 'teacher' });
}

/** An edit link outlives its case: what comes by it is not kept, and its row is emptied again. */
async function keepNothing(parts: StepParts, db: Kysely<Database>, erased: Case, row: IntakeRow) {
  const revision = await nextRevision(db, erased.id);
  await db
    .insertInto('revisions')
    .values({
      key: row.key,
      case_id: erased.id,
      revision,
      received_at: row.receivedAt,
      answers: '{}',
      verdict: '{}',
    })
    .execute();
  await addEvent(
    parts,
    db,
    { ...erased, revision },
    {
      from: erased.state,
      trigger: 'resubmitted',
      actor: 'teacher',
      reason: '個人資料已刪除，這次修改未留存。',
    },
  );
  await db.updateTable('erasures').set({ intake_at: null }).where('case_id', '=', erased.id).execute();
}

async function nextRevision(db: Kysely<Database>, caseId: number): Promise<number> {
  const { latest } = await db
    .selectFrom('revisions')
    .select((eb) => eb.fn.max('revision').as('latest'))
    .where('case_id', '=', caseId)
    .executeTakeFirstOrThrow();
  return Number(latest) + 1;
}

async function resubmit(parts: StepParts, db: Kysely<Database>, seen: Case, row: IntakeRow) {
  const submission = submissionOf(row);
  const earlier = await expireIfDue(parts, db, seen, submission.receivedAt);
  const next = nextState(earlier.state as State, 'resubmitted');
  const verdict = await judgeSubmission(parts, db, submission, earlier, {
    firstReceivedAt: earlier.received_at,
  });
  const revision = await nextRevision(db, earlier.id);
  await addRevision(db, earlier.id, revision, row, verdict);
  const outdated = row.revision < earlier.revision_at;
  if (!next.ok || outdated) {
    // Kept in the history; the case stays as it is.
    const reason = next.ok ? '較新的版本已先收到，這一版僅留存。' : next.sentence;
    await addEvent(
      parts,
      db,
      { ...earlier, revision },
      { from: earlier.state, trigger: 'resubmitted', actor: 'teacher', reason },
    );
    // An older version that comes in late is no news to anybody.
    if (!next.ok && !outdated) await tell(parts, db, { ...earlier, revision }, 'edit-kept', { reason });
    return;
  }
  const updated = await db
    .updateTable('cases')
    .set({
      revision,
      changed: JSON.stringify(changedTitles(parts, earlier, submission)),
      result: '',
      batch: null,
      ...caseColumns(parts, submission, verdict),
      ...continued(earlier, verdict),
    })
    .where('id', '=', earlier.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await record(parts, db, {
    found: updated,
    verdict,
    from: earlier.state,
    trigger: 'resubmitted',
    actor: 'teacher',
  });
}

/** Judged by the time of receipt: a correction sent after its deadline finds the case closed. */
async function expireIfDue(
  parts: StepParts,
  db: Kysely<Database>,
  seen: Case,
  receivedAt: Date,
): Promise<Case> {
  if (seen.state !== 'needs-correction' || !seen.due_at || receivedAt <= seen.due_at) return seen;
  return (await expire(parts, db, seen)) ?? seen;
}

/** The correction deadline has passed. */
export function expire(parts: StepParts, db: Kysely<Database>, seen: Case): Promise<Case | null> {
  const to = { ...positionOf(seen), state: 'expired' } as const;
  return takeStep(parts, db, seen, { to, trigger: 'expired', actor: 'service', notice: 'expired' });
}

/** Takes a closed case up again and judges what the teacher sent last, whatever closed it. */
export async function reopen(
  given: StepParts,
  db: Kysely<Database>,
  seen: Case,
  by: { actor: string; reason: string },
): Promise<Case> {
  const parts = underRulesOf(given, seen);
  const submission: Submission = {
    form: seen.form,
    responseId: seen.response_id,
    revision: seen.revision_at,
    receivedAt: seen.received_at,
    answers: seen.answers,
    editUrl: seen.edit_url,
  };
  const verdict = await judgeSubmission(parts, db, submission, seen, { reopened: true });
  const updated = await db
    .updateTable('cases')
    .set({
      ...caseColumns(parts, submission, verdict),
      stage: 0,
      batch: null,
      result: '',
      turn: seen.turn + 1,
    })
    .where('id', '=', seen.id)
    .where('turn', '=', seen.turn)
    .where('erased_at', 'is', null)
    .returningAll()
    .executeTakeFirstOrThrow();
  await record(parts, db, { found: updated, verdict, from: seen.state, trigger: 'reopened', ...by });
  return updated;
}

/** A corrected entry on the same route goes back to whoever returned it, not to the start. */
function continued(earlier: Case, verdict: Verdict) {
  const returned = earlier.state === 'needs-correction' && earlier.queue !== null;
  if (verdict.outcome !== 'review') return { queue: earlier.queue, stage: earlier.stage };
  return returned && verdict.route === earlier.route
    ? { queue: earlier.queue, stage: earlier.stage }
    : { stage: 0 };
}

function caseColumns(parts: StepParts, submission: Submission, verdict: Verdict) {
  const { facts } = verdict;
  return {
    revision_at: submission.revision,
    state: STATE_OF[verdict.outcome],
    queue: verdict.queue,
    route: verdict.route,
    moved: verdict.moved,
    due_at: dueAt(parts.program, { state: STATE_OF[verdict.outcome] }, parts.clock.now()),
    changed_at: parts.clock.now(),
    email: facts.email ?? '',
    edit_url: submission.editUrl,
    answers: JSON.stringify(submission.answers),
    facts: JSON.stringify(facts),
    findings: JSON.stringify(verdict.warnings),
    problems: JSON.stringify(verdict.problems),
    duplicate_of: verdict.duplicateOf,
    name_key: facts.nameKey,
    school_key: schoolKey(facts),
    level: facts.level,
    school_year: facts.schoolYear,
    certificate_key: facts.certificateKey,
  };
}

function schoolKey(facts: Facts): string | null {
  return facts.school ? `${facts.school.code}/${facts.school.level}` : null;
}

function changedTitles(parts: StepParts, earlier: Case, submission: Submission): string[] {
  const fields = parts.program.forms.find((form) => form.key === submission.form)?.fields ?? [];
  return fields
    .filter((field) => (earlier.answers[field.key] ?? '') !== (submission.answers[field.key] ?? ''))
    .map((field) => field.title);
}

interface Judged {
  found: Case;
  verdict: Verdict;
  from: string | null;
  trigger: 'submitted' | 'resubmitted' | 'reopened';
  actor: string;
  reason?: string;
}

async function record(parts: StepParts, db: Kysely<Database>, judged: Judged) {
  const { found, verdict, from, trigger, actor, reason = '' } = judged;
  await addEvent(parts, db, found, { from, trigger, actor, reason });
  const because = verdict.explanation.find(({ rule }) => rule === 'registered-elsewhere')?.because ?? '';
  await tell(parts, db, found, noticeOf(parts, verdict), { reason: because });
}

async function addRevision(
  db: Kysely<Database>,
  caseId: number,
  revision: number,
  row: IntakeRow,
  verdict: Verdict,
) {
  await db
    .insertInto('revisions')
    .values({
      key: row.key,
      case_id: caseId,
      revision,
      received_at: row.receivedAt,
      answers: JSON.stringify(row.answers),
      verdict: JSON.stringify(verdict),
    })
    .execute();
}
