import { type IntakeRow, timeOf } from '../../../../contract/intake-key.ts';
import type { Verdict } from '../../cases/types.ts';
import { isRemainderOf, isSameTime, type KnownResponse } from '../../ledger/known-responses.ts';
import { changeCase, identifyResponse } from '../../ledger/repositories/cases.ts';
import { reopenConfirmations } from '../../ledger/repositories/erasures.ts';
import { insertRevision, nextRevision, renameRevision } from '../../ledger/repositories/revisions.ts';
import type { Case } from '../../ledger/schema.ts';
import type { Db } from '../../ledger/store.ts';
import type { CaseContext } from '../context.ts';
import { addEvent } from '../transition.ts';
import { changedTitles, entryColumns, submissionOf, triageSubmission } from './entry.ts';

/** A response that a CSV brought earlier has come by its form: one case, which now can be edited and found by its number. */
export async function adopt(
  context: CaseContext,
  db: Db,
  listed: KnownResponse,
  row: IntakeRow,
): Promise<{ found: Case; isSpoilt: boolean }> {
  const found = await identifyResponse(db, listed.caseId, row);
  // What was spoilt stays in the history as it came.
  const spoilt = isSpoilt(found, row);
  if (!spoilt) await renameRevision(db, listed.revisionKey, row.key);
  // The response and the row of an erased case have still to be emptied.
  await reopenConfirmations(db, [found.id]);
  await addEvent(context, db, found, {
    from: found.state,
    trigger: 'resubmitted',
    actor: 'service',
    reason: '先前由 CSV 匯入的同一份填報，已由表單收到，改記表單的回應編號與修改連結。',
  });
  return { found, isSpoilt: spoilt };
}

/** Whether the case holds what a spreadsheet program has left of this very response, and nothing newer. */
export function isSpoilt(seen: Case, row: IntakeRow): boolean {
  const held = { receivedAt: new Date(timeOf(seen.revision_at)) };
  return (
    seen.erased_at === null &&
    isSameTime(held, { receivedAt: new Date(row.receivedAt) }) &&
    isRemainderOf(seen.answers, row.answers)
  );
}

/**
 * The whole text takes the place of what was left of it, without a notice: its teacher sent it once and has been told.
 * @returns false where the whole text gets another verdict, so that it is news
 */
export async function restoreQuietly(
  context: CaseContext,
  db: Db,
  seen: Case,
  row: IntakeRow,
): Promise<boolean> {
  const whole = { ...submissionOf(row), receivedAt: seen.received_at };
  const verdictOn = (answers: Case['answers']) =>
    triageSubmission(context, db, { ...whole, answers }, seen, { inTime: true });
  const [before, after] = [await verdictOn(seen.answers), await verdictOn(whole.answers)];
  if (!isSameVerdict(before, after)) return false;
  const revision = await nextRevision(db, seen.id);
  await insertRevision(db, { caseId: seen.id, revision }, row, after);
  const mended = await changeCase(db, seen.id, {
    revision,
    changed: changedTitles(context, seen, whole),
    ...entryColumns(context, whole, after),
  });
  await addEvent(context, db, mended, {
    from: seen.state,
    trigger: 'resubmitted',
    actor: 'service',
    reason: '先前匯入的檔案經試算表轉存而缺字，已依原填報補正；教師沒有另外修改。',
  });
  return true;
}

function isSameVerdict(one: Verdict, other: Verdict): boolean {
  const told = ({ outcome, queue, route, moved, problems, duplicateOf }: Verdict) =>
    JSON.stringify([outcome, queue, route, moved, problems, duplicateOf]);
  return told(one) === told(other);
}
