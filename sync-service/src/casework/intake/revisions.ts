import {
  digestIn,
  type IntakeRow,
  isSameMoment,
  revisionIn,
  withoutDigest,
} from '../../../../contract/intake-key.ts';
import type { Db } from '../../ledger/store.ts';
import { reopenConfirmations } from '../../ledger/repositories/erasures.ts';
import { isSameWriting } from '../../ledger/known-responses.ts';
import {
  findLastSent,
  insertErasedRevision,
  listKeysOf,
  nextRevision,
  renameRevision,
} from '../../ledger/repositories/revisions.ts';
import type { Case } from '../../ledger/schema.ts';
import type { CaseContext } from '../context.ts';
import { addEvent } from '../transition.ts';

/** An edit link outlives its case. What comes by it is not kept, and its row is emptied again. */
export async function keepNothing(context: CaseContext, db: Db, erased: Case, row: IntakeRow): Promise<void> {
  const revision = await nextRevision(db, erased.id);
  await insertErasedRevision(db, { caseId: erased.id, revision }, row);
  const reason = '個人資料已刪除，這次修改未留存。';
  await addEvent(
    context,
    db,
    { ...erased, revision },
    { from: erased.state, trigger: 'resubmitted', actor: 'teacher', reason },
  );
  await reopenConfirmations(db, [erased.id]);
}

/**
 * Whether a row by a new key says what the case's last one said, at the same time of Google's: somebody had deleted the
 * row, and the script wrote it once more, as its release names it now.
 */
export async function isListedAgain(db: Db, seen: Case, row: IntakeRow): Promise<boolean> {
  if (seen.erased_at || digestIn(row.key) === '') return false;
  const { key, answers } = await findLastSent(db, seen.id);
  const revision = revisionIn(key, row);
  if (!isSameMoment(revision, row.revision) || !isSameWriting({ answers, email: seen.email }, row))
    return false;
  // Each cycle would ask again for a key that it does not know.
  if (digestIn(key) === '' && revision === row.revision) await renameRevision(db, key, row.key);
  return true;
}

/**
 * Whether the case has a newer version already. A version whose name another one bears, with other answers, was written
 * after somebody had deleted the rows between: it is what the form holds now.
 */
export async function isOutdated(db: Db, seen: Case, row: IntakeRow): Promise<boolean> {
  if (row.revision >= seen.revision_at) return false;
  const name = withoutDigest(row.key);
  const keys = await listKeysOf(db, seen.id);
  return !keys.some((key) => key !== row.key && withoutDigest(key) === name);
}
