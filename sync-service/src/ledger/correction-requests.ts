import { sql } from 'kysely';
import { type Db, query } from './query.ts';
import type { Case, NoticeTable } from './schema.ts';

/** The notice that asks a teacher for a correction; the deadline of the correction counts from its hand-over. */
const REQUEST = 'correction-request';

/** The case that waits for the correction which this notice asks for; undefined where it has moved on since. */
export async function findAwaitingCorrection(
  db: Db,
  noticeId: number,
): Promise<Pick<Case, 'id' | 'program_version'> | undefined> {
  return query(db)
    .selectFrom('notices')
    .innerJoin('cases', 'cases.id', 'notices.case_id')
    .select(['cases.id', 'cases.program_version'])
    .where('notices.id', '=', noticeId)
    .where('notices.kind', '=', REQUEST)
    .where('cases.state', '=', 'needs-correction')
    .whereRef('cases.revision', '=', 'notices.revision')
    .whereRef('cases.episode', '=', 'notices.episode')
    .where('cases.erased_at', 'is', null)
    .executeTakeFirst();
}

/** The request has gone out: the case that it was about has a deadline from now on, if it still waits. */
export async function startDeadline(db: Db, noticeId: number, due: Date): Promise<void> {
  const found = await findAwaitingCorrection(db, noticeId);
  if (found) await query(db).updateTable('cases').set({ due_at: due }).where('id', '=', found.id).execute();
}

export interface UndeliveredRequest {
  /** Number of the case. */
  number: string;
  /** Of its request; null where there is none, as after a rebuilding of the ledger. */
  state: NoticeTable['state'] | null;
  /** When it was tried last, or put aside for want of an address. */
  at: Date;
}

/** Cases whose teachers cannot know that a correction is asked for: no deadline runs, and nothing is on its way. */
export async function undeliveredRequests(db: Db, program: string): Promise<UndeliveredRequest[]> {
  return query(db)
    .selectFrom('cases')
    .leftJoin('notices', (join) =>
      join
        .onRef('notices.case_id', '=', 'cases.id')
        .onRef('notices.revision', '=', 'cases.revision')
        .onRef('notices.episode', '=', 'cases.episode')
        .on('notices.kind', '=', REQUEST),
    )
    .select([
      'cases.number',
      'notices.state',
      sql<Date>`coalesce(claimed_at, created_at, changed_at)`.as('at'),
    ])
    .where('cases.program', '=', program)
    .where('cases.state', '=', 'needs-correction')
    .where('cases.due_at', 'is', null)
    .where('cases.erased_at', 'is', null)
    .where((where) =>
      where.or([
        where('notices.state', 'is', null),
        where('notices.state', 'not in', ['pending', 'claimed']),
      ]),
    )
    .orderBy('cases.id')
    .execute();
}
