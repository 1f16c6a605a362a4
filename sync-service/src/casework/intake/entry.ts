import type { IntakeRow } from '../../../../contract/intake-key.ts';
import { factsOf } from '../../cases/facts.ts';
import type { State } from '../../cases/lifecycle.ts';
import { schoolKey } from '../../cases/reading/schools.ts';
import { type Circumstances, triage, verdictOf } from '../../cases/triage.ts';
import type { Submission, Verdict } from '../../cases/types.ts';
import { findRegisteredElsewhere } from '../../ledger/repositories/registered-elsewhere.ts';
import type { Case } from '../../ledger/schema.ts';
import type { Db } from '../../ledger/store.ts';
import type { CaseContext } from '../context.ts';
import { dueAt } from '../transition.ts';
import { readDuplicatesRegister } from './register.ts';

/** The state that each triage outcome puts a case into. */
export const STATE_OF = {
  review: 'in-review',
  correction: 'needs-correction',
  duplicate: 'duplicate',
  'not-needed': 'not-needed',
  late: 'late',
} as const satisfies Record<Verdict['outcome'], State>;

/** The office's verdict on a submission beside everything that the ledger holds. */
export async function triageSubmission(
  context: CaseContext,
  db: Db,
  submission: Submission,
  self: Case | null,
  circumstances: Circumstances = {},
): Promise<Verdict> {
  const facts = factsOf(context.program, submission);
  const register = await readDuplicatesRegister(context, db, facts, self?.number ?? null);
  const verdict = triage(context.program, submission, register, {
    comparesAddresses: true,
    ...circumstances,
  });
  if (verdict.outcome !== 'review' && verdict.outcome !== 'correction') return verdict;
  const evidence = circumstances.reopened ? null : await findRegisteredElsewhere(db, facts);
  return evidence ? alreadyRegistered(verdict, evidence) : verdict;
}

function alreadyRegistered(verdict: Verdict, source: string): Verdict {
  const because = `${source}已有這張證書的登錄紀錄。`;
  return verdictOf(verdict, { outcome: 'not-needed' }, { rule: 'registered-elsewhere', because });
}

export function submissionOf(row: IntakeRow): Submission {
  return {
    form: row.form,
    responseId: row.responseId,
    revision: row.revision,
    receivedAt: new Date(row.receivedAt),
    answers: { ...row.answers, email: row.answers.email || row.email },
    verifiedEmail: row.email,
    editUrl: row.editUrl,
  };
}

/** The columns of a case that has just been triaged. */
export function caseColumns(context: CaseContext, submission: Submission, verdict: Verdict) {
  return {
    ...entryColumns(context, submission, verdict),
    state: STATE_OF[verdict.outcome],
    queue: verdict.queue,
    route: verdict.route,
    moved: verdict.moved,
    due_at: dueAt(
      context.program,
      { state: STATE_OF[verdict.outcome], queue: verdict.queue },
      context.clock.now(),
    ),
    duplicate_of: verdict.duplicateOf,
    problems: verdict.problems,
  };
}

/** Those that only repeat what was sent; they say nothing of where the case is. */
export function entryColumns(context: CaseContext, submission: Submission, verdict: Verdict) {
  const { facts } = verdict;
  return {
    revision_at: submission.revision,
    changed_at: context.clock.now(),
    email: facts.email ?? '',
    edit_url: submission.editUrl,
    answers: submission.answers,
    facts,
    findings: verdict.warnings,
    name_key: facts.nameKey,
    school_key: schoolKey(facts.school),
    level: facts.level,
    school_year: facts.schoolYear,
    certificate_key: facts.certificateKey,
  };
}

/** The questions that were answered otherwise than before. */
export function changedTitles(context: CaseContext, earlier: Case, submission: Submission): string[] {
  const fields = context.program.forms.find((form) => form.key === submission.form)?.fields ?? [];
  return fields
    .filter((field) => (earlier.answers[field.key] ?? '') !== (submission.answers[field.key] ?? ''))
    .map((field) => field.title);
}
