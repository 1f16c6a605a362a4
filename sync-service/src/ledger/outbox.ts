import { sql } from 'kysely';
import { cutText, storable } from '../../../contract/cell-text.ts';
import type { NoticeKind, NoticeState } from '../notices/types.ts';
import { startDeadline } from './correction-requests.ts';
import { type Db, doorsTo, query } from './query.ts';
import type { Attachment } from './schema.ts';

/** No retry is put off longer. */
export const LONGEST_RETRY_MS = 4 * 3600_000;

/** Who goes first when mail is scarce. */
export const PRIORITY = { case: 0, office: 1, announcement: 2 } as const;

export interface NewNotice {
  scope: string;
  caseId: number | null;
  kind: NoticeKind;
  revision: number;
  episode?: number;
  priority?: number;
  attachments?: Attachment[];
  messageId: string;
  recipient: string;
  data: object;
  at: Date;
}

/** Puts a notice in the outbox; the same (scope, kind, revision, episode) again changes nothing. */
export async function enqueueNotice(db: Db, notice: NewNotice): Promise<void> {
  await query(db)
    .insertInto('notices')
    .values({
      scope: notice.scope,
      case_id: notice.caseId,
      episode: notice.episode ?? 0,
      priority: notice.priority ?? PRIORITY.case,
      attachments: JSON.stringify(notice.attachments ?? []),
      kind: notice.kind,
      revision: notice.revision,
      message_id: notice.messageId,
      recipient: notice.recipient,
      data: JSON.stringify(notice.data),
      state: notice.recipient ? 'pending' : 'refused',
      reply: notice.recipient ? '' : 'no usable address',
      created_at: notice.at,
      due_at: notice.at,
    })
    .onConflict((conflict) => conflict.columns(['scope', 'kind', 'revision', 'episode']).doNothing())
    .execute();
}

export interface ClaimedNotice {
  id: number;
  caseNumber: string;
  kind: NoticeKind;
  messageId: string;
  recipient: string;
  data: object;
  attachments: Attachment[];
  attempts: number;
  createdAt: Date;
}

/**
 * Claims up to `limit` notices, committed before any mail is sent: after a crash between the claim and the
 * server's reply nobody can know whether the mail went out, and it becomes uncertain instead of going twice.
 */
export async function claimNotices(
  db: Db,
  at: Date,
  limit: number,
  kinds?: readonly NoticeKind[],
): Promise<ClaimedNotice[]> {
  const claimed = await query(db)
    .updateTable('notices')
    .set({ state: 'claimed', claimed_at: at, attempts: sql`attempts + 1` })
    .where('id', 'in', (query) =>
      query
        .selectFrom('notices')
        .select('id')
        .where('state', '=', 'pending')
        // Later than any retry is put off: it was dated before the clock was set back.
        .where((where) =>
          where.or([
            where('due_at', '<=', at),
            where('due_at', '>', new Date(at.getTime() + LONGEST_RETRY_MS)),
          ]),
        )
        .$if(kinds !== undefined, (only) => only.where('kind', 'in', kinds ?? []))
        .orderBy('priority')
        .orderBy('id')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute();
  const numbers = await caseNumbersOf(db, claimed);
  return claimed
    .toSorted((a, b) => a.id - b.id)
    .map((row) => ({
      id: row.id,
      caseNumber: numbers.get(row.case_id ?? 0) ?? '',
      kind: row.kind,
      messageId: row.message_id,
      recipient: row.recipient,
      data: row.data,
      attachments: row.attachments,
      attempts: row.attempts,
      createdAt: row.created_at,
    }));
}

async function caseNumbersOf(
  db: Db,
  notices: readonly { case_id: number | null }[],
): Promise<Map<number, string>> {
  const ids = [...new Set(notices.flatMap((row) => row.case_id ?? []))];
  if (ids.length === 0) return new Map();
  const rows = await query(db).selectFrom('cases').select(['id', 'number']).where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row.number]));
}

export interface DeliveryResult {
  state: Exclude<NoticeState, 'claimed' | 'erased'>;
  reply: string;
  at: Date;
  /** Only for `pending`: when to try again. */
  dueAt?: Date;
  /** Only for `sent`: the deadline that the mail names, which runs from now on. */
  deadline?: Date | null;
}

/** Writes down how a hand-over ended; only the claim that is still open can be settled. */
export async function recordDelivery(db: Db, id: number, settlement: DeliveryResult): Promise<void> {
  const { state, reply, at, dueAt, deadline } = settlement;
  await doorsTo(query(db)).transaction(async (inside) => {
    const settled = await query(inside)
      .updateTable('notices')
      .set({
        state,
        // A server's answer may hold anything, and the ledger must not refuse what has happened.
        reply: cutText(storable(reply), 500),
        ...(state === 'sent' ? { sent_at: at } : {}),
        ...(dueAt ? { due_at: dueAt } : {}),
      })
      .where('id', '=', id)
      .where('state', '=', 'claimed')
      .returning('id')
      .executeTakeFirst();
    if (settled && state === 'sent' && deadline) await startDeadline(inside, id, deadline);
  });
}

/**
 * A person says what becomes of a notice: `pending` sends it again, `sent` takes it for known to its recipient.
 * @returns whether it was in one of the states `from`, and has an address where it is to be sent
 */
export async function settleNotice(
  db: Db,
  id: number,
  { from, to, at, reply, deadline }: SettledNotice,
): Promise<boolean> {
  return doorsTo(query(db)).transaction(async (inside) => {
    const settled = await query(inside)
      .updateTable('notices')
      .set({ state: to, due_at: at, reply, ...(to === 'sent' ? { sent_at: at } : {}) })
      .where('id', '=', id)
      .where('state', 'in', from)
      .$if(to === 'pending', (only) => only.where('recipient', '!=', ''))
      .returning('id')
      .executeTakeFirst();
    if (settled && to === 'sent' && deadline) await startDeadline(inside, id, deadline);
    return settled !== undefined;
  });
}

export interface SettledNotice {
  from: readonly Extract<NoticeState, 'refused' | 'uncertain'>[];
  to: Extract<NoticeState, 'pending' | 'sent'>;
  at: Date;
  reply: string;
  /** Only for `sent`: the correction deadline that counts from now. */
  deadline: Date | null;
}

/**
 * Claims that a dead process left behind: their outcome is unknown, so a person decides. So are those from the future,
 * which were made before the clock was set back.
 */
export async function markAbandonedClaims(db: Db, claimedBefore: Date, claimedAfter: Date): Promise<number> {
  const result = await query(db)
    .updateTable('notices')
    .set({ state: 'uncertain', reply: 'the service stopped between the hand-over and its reply' })
    .where('state', '=', 'claimed')
    .where((where) =>
      where.or([where('claimed_at', '<', claimedBefore), where('claimed_at', '>', claimedAfter)]),
    )
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}
