import type { Selectable } from 'kysely';
import { decideMove } from '../cases/decision.ts';
import type { State } from '../cases/lifecycle.ts';
import type { CaseTable } from '../ledger/schema.ts';
import { enqueueNotice } from '../ledger/outbox.ts';
import { messageIdFor } from '../notices/message-id.ts';
import type { NoticeKind } from '../notices/types.ts';
import { correctionDeadline } from './judge.ts';
import { caseNoticeData } from './notice-data.ts';
import type { Parts } from './parts.ts';
import { positionOf } from './position.ts';

export interface ReviewerDecision {
  /** Label picked from the drop-down. */
  label: string;
  reason: string;
  reviewer: string;
}

const NOTICE_OF_STATE: Partial<Record<State, NoticeKind>> = {
  registered: 'registered',
  rejected: 'rejected',
  answered: 'answered',
  'needs-correction': 'correction-request',
};

/** Applies one decision at the revision the reviewer saw. `refused` is the sentence for the row. */
export async function decide(
  parts: Parts,
  seen: Selectable<CaseTable>,
  decision: ReviewerDecision,
): Promise<{ state: string } | { refused: string }> {
  const outcome = parts.program.outcomes.find((each) => each.label === decision.label);
  if (!outcome)
    return {
      refused: decision.label
        ? `「${decision.label}」不是可用的審核決定，請由選單挑選。`
        : '已勾選送出，但尚未挑選審核決定。',
    };
  const from = positionOf(seen);
  const move = decideMove(parts.program, from, outcome, decision.reason);
  if (!move.ok) return { refused: move.sentence };
  const { to } = move;
  return parts.store.db.transaction().execute(async (db) => {
    const at = parts.clock.now();
    const updated = await db
      .updateTable('cases')
      .set({
        ...to,
        due_at: to.state === 'needs-correction' ? correctionDeadline(parts, at) : null,
        result: '',
      })
      .where('id', '=', seen.id)
      .where('revision', '=', seen.revision)
      .where('state', '=', seen.state)
      .returningAll()
      .executeTakeFirst();
    if (!updated) return { refused: '本案剛剛有變動，決定未採用。請看過最新內容後再決定。' };
    await db
      .insertInto('events')
      .values({
        case_id: seen.id,
        revision: seen.revision,
        at,
        actor: decision.reviewer || 'reviewer',
        trigger: outcome.trigger,
        from_state: seen.state,
        to_state: to.state,
        reason: decision.reason,
        data: JSON.stringify({ decision: outcome.key }),
      })
      .execute();
    await db.deleteFrom('ticks').where('case_id', '=', seen.id).execute();
    const kind = NOTICE_OF_STATE[to.state];
    if (kind) {
      await enqueueNotice(db, {
        caseId: seen.id,
        kind,
        revision: seen.revision,
        messageId: messageIdFor(seen.number, kind, seen.revision, parts.mailDomain),
        recipient: seen.email,
        data: caseNoticeData(parts, updated, { reason: decision.reason, queue: seen.queue }),
        at,
      });
    }
    return { state: to.state };
  });
}
