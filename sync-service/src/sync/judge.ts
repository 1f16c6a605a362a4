import type { Kysely, Selectable } from 'kysely';
import type { IntakeRow } from '../../../contract/intake-key.ts';
import { nextState, STATES } from '../cases/lifecycle.ts';
import { triage } from '../cases/triage.ts';
import type { Facts, Submission, Verdict } from '../cases/types.ts';
import { factsOf } from '../cases/facts.ts';
import { nextCaseNumber } from '../ledger/counters.ts';
import type { CaseTable, Database } from '../ledger/schema.ts';
import { enqueueNotice } from '../ledger/outbox.ts';
import type { NoticeKind } from '../notices/types.ts';
import { messageIdFor } from '../notices/message-id.ts';
import { caseNoticeData } from './notice-data.ts';
import type { Parts } from './parts.ts';
import { readRegister } from './register.ts';

type Case = Selectable<CaseTable>;

/** The state that each triage outcome puts a case into. */
const STATE_OF = {
  review: 'in-review',
  correction: 'needs-correction',
  duplicate: 'duplicate',
  'not-needed': 'not-needed',
  late: 'late',
} as const satisfies Record<Verdict['outcome'], keyof typeof STATES>;

const NOTICE_OF = {
  review: 'acknowledgement',
  correction: 'correction-request',
  duplicate: 'duplicate',
  'not-needed': 'not-needed',
  late: 'late',
} as const satisfies Record<Verdict['outcome'], NoticeKind>;

/**
 * Judges one revision and writes case, revision, event and notice in one transaction. The same intake key again
 * changes nothing.
 */
export async function judge(parts: Parts, row: IntakeRow): Promise<void> {
  await parts.store.db.transaction().execute(async (db) => {
    const known = await db
      .selectFrom('revisions')
      .select('key')
      .where('key', '=', row.key)
      .executeTakeFirst();
    if (known) return;
    const earlier = await db
      .selectFrom('cases')
      .selectAll()
      .where('program', '=', parts.program.key)
      .where('form', '=', row.form)
      .where('response_id', '=', row.responseId)
      .forUpdate()
      .executeTakeFirst();
    await (earlier ? resubmit(parts, db, earlier, row) : open(parts, db, row));
  });
}

async function judgeRow(parts: Parts, db: Kysely<Database>, row: IntakeRow, self: string | null) {
  const submission: Submission = {
    form: row.form,
    responseId: row.responseId,
    revision: row.revision,
    receivedAt: new Date(row.receivedAt),
    answers: { ...row.answers, email: row.answers.email || row.email },
    editUrl: row.editUrl,
  };
  const register = await readRegister(db, parts.program.key, factsOf(parts.program, submission), self);
  return { submission, verdict: triage(parts.program, submission, register) };
}

async function open(parts: Parts, db: Kysely<Database>, row: IntakeRow) {
  const { submission, verdict } = await judgeRow(parts, db, row, null);
  const number = await nextCaseNumber(db, parts.program.key, parts.program.casePrefix);
  const created = await db
    .insertInto('cases')
    .values({
      number,
      program: parts.program.key,
      form: row.form,
      response_id: row.responseId,
      revision: 1,
      changed: '[]',
      ...caseColumns(parts, submission, verdict),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await record(parts, db, { found: created, row, verdict, from: null, trigger: 'submitted' });
}

async function resubmit(parts: Parts, db: Kysely<Database>, earlier: Case, row: IntakeRow) {
  const revision = earlier.revision + 1;
  const next = nextState(earlier.state as keyof typeof STATES, 'resubmitted');
  const { submission, verdict } = await judgeRow(parts, db, row, earlier.number);
  if (!next.ok) {
    // The case has ended: the edit is kept in the history and changes nothing else.
    await db.updateTable('cases').set({ revision }).where('id', '=', earlier.id).execute();
    await addRevision(db, { ...earlier, revision }, row, verdict);
    await addEvent(
      parts,
      db,
      { ...earlier, revision },
      earlier.state,
      earlier.state,
      'resubmitted',
      next.sentence,
    );
    return;
  }
  const changed = changedTitles(parts, earlier, submission);
  const updated = await db
    .updateTable('cases')
    .set({
      revision,
      changed: JSON.stringify(changed),
      result: '',
      ...caseColumns(parts, submission, verdict),
      ...continued(earlier, verdict),
    })
    .where('id', '=', earlier.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await record(parts, db, { found: updated, row, verdict, from: earlier.state, trigger: 'resubmitted' });
}

/** A corrected entry on the same route goes back to whoever returned it, not to the start. */
function continued(earlier: Case, verdict: Verdict) {
  const returned = earlier.state === 'needs-correction' && earlier.queue !== null;
  if (verdict.outcome !== 'review') return { queue: earlier.queue, stage: earlier.stage };
  return returned && verdict.route === earlier.route
    ? { queue: earlier.queue, stage: earlier.stage }
    : { stage: 0 };
}

function caseColumns(parts: Parts, submission: Submission, verdict: Verdict) {
  const { facts } = verdict;
  return {
    revision_at: submission.revision,
    state: STATE_OF[verdict.outcome],
    queue: verdict.queue,
    route: verdict.route,
    moved: verdict.moved,
    received_at: submission.receivedAt,
    due_at: verdict.outcome === 'correction' ? correctionDeadline(parts, submission.receivedAt) : null,
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

/** Calendar days, to the end of the day in Taipei (UTC+8, no daylight saving). */
export function correctionDeadline(parts: Parts, from: Date): Date {
  const day = 24 * 3600_000;
  const taipei = from.getTime() + 8 * 3600_000;
  const end = Math.floor(taipei / day) * day + (parts.program.deadlines.correctionDays + 1) * day - 1000;
  return new Date(end - 8 * 3600_000);
}

function changedTitles(parts: Parts, earlier: Case, submission: Submission): string[] {
  const fields = parts.program.forms.find((form) => form.key === submission.form)?.fields ?? [];
  return fields
    .filter((field) => (earlier.answers[field.key] ?? '') !== (submission.answers[field.key] ?? ''))
    .map((field) => field.title);
}

interface Judged {
  found: Case;
  row: IntakeRow;
  verdict: Verdict;
  from: string | null;
  trigger: string;
}

async function record(parts: Parts, db: Kysely<Database>, judged: Judged) {
  const { found, row, verdict, from, trigger } = judged;
  await addRevision(db, found, row, verdict);
  await addEvent(parts, db, found, from, found.state, trigger, '');
  const kind = NOTICE_OF[verdict.outcome];
  await enqueueNotice(db, {
    caseId: found.id,
    kind,
    revision: found.revision,
    messageId: messageIdFor(found.number, kind, found.revision, parts.mailDomain),
    recipient: found.email,
    data: caseNoticeData(parts, found),
    at: parts.clock.now(),
  });
}

async function addRevision(db: Kysely<Database>, found: Case, row: IntakeRow, verdict: Verdict) {
  await db
    .insertInto('revisions')
    .values({
      key: row.key,
      case_id: found.id,
      revision: found.revision,
      received_at: row.receivedAt,
      answers: JSON.stringify(row.answers),
      verdict: JSON.stringify(verdict),
    })
    .execute();
}

async function addEvent(
  parts: Parts,
  db: Kysely<Database>,
  found: Case,
  from: string | null,
  to: string,
  trigger: string,
  reason: string,
) {
  await db
    .insertInto('events')
    .values({
      case_id: found.id,
      revision: found.revision,
      at: parts.clock.now(),
      actor: 'teacher',
      trigger,
      from_state: from,
      to_state: to,
      reason,
      data: '{}',
    })
    .execute();
}
