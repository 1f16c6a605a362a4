import type { Kysely } from 'kysely';
import type { IntakeRow } from '../../../../contract/intake-key.ts';
import type { Verdict } from '../../cases/types.ts';
import type { Database, Case } from '../../ledger/schema.ts';
import type { CaseContext } from '../context.ts';
import { contentOf, fingerprintOf } from '../../ledger/known-responses.ts';
import { addEvent } from '../transition.ts';

export async function nextRevision(db: Kysely<Database>, caseId: number): Promise<number> {
  const { latest } = await db
    .selectFrom('revisions')
    .select((eb) => eb.fn.max('revision').as('latest'))
    .where('case_id', '=', caseId)
    .executeTakeFirstOrThrow();
  return Number(latest) + 1;
}

export async function addRevision(
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

/** An edit link outlives its case: what comes by it is not kept, and its row is emptied again. */
export async function keepNothing(
  context: CaseContext,
  db: Kysely<Database>,
  erased: Case,
  row: IntakeRow,
): Promise<void> {
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
      fingerprint: fingerprintOf(contentOf(row.answers, row.email)),
    })
    .execute();
  const reason = '個人資料已刪除，這次修改未留存。';
  await addEvent(
    context,
    db,
    { ...erased, revision },
    { from: erased.state, trigger: 'resubmitted', actor: 'teacher', reason },
  );
  await db.updateTable('erasures').set({ intake_at: null }).where('case_id', '=', erased.id).execute();
}

/** Takes the answers out of every revision; a fingerprint is left, so that an old export brings none of them back. */
export async function eraseRevisions(db: Kysely<Database>, { id, email }: Case): Promise<void> {
  const revisions = await db
    .selectFrom('revisions')
    .select(['key', 'answers'])
    .where('case_id', '=', id)
    .execute();
  for (const { key, answers } of revisions)
    await db
      .updateTable('revisions')
      .set({ answers: '{}', verdict: '{}', fingerprint: fingerprintOf(contentOf(answers, email)) })
      .where('key', '=', key)
      .execute();
}
