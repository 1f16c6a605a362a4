import type { IntakeRow } from '../../../../contract/intake-key.ts';
import type { Db } from '../../ledger/store.ts';
import { reopenConfirmations } from '../../ledger/repositories/erasures.ts';
import { insertErasedRevision, nextRevision } from '../../ledger/repositories/revisions.ts';
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
