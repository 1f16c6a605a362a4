import { randomUUID } from 'node:crypto';
import type { NoticeKind, NoticeState } from '../../notices/types.ts';
import { countOf, type Db, query } from '../query.ts';
import type { Attachment } from '../schema.ts';

/** A notice as a person looks for it: what it is, and how far it has come. */
export interface ListedNotice {
  id: number;
  /** Null where it is about no case. */
  caseNumber: string | null;
  kind: NoticeKind;
  revision: number;
  state: NoticeState;
  recipient: string;
  attempts: number;
  reply: string;
}

export interface NoticeFilter {
  states?: readonly NoticeState[];
  kind?: NoticeKind;
  /** Number of the case that it is about. */
  caseNumber?: string;
}

/** Notices that fit every given condition, in the order in which they were written. */
export async function listNotices(db: Db, only: NoticeFilter = {}): Promise<ListedNotice[]> {
  let notices = query(db)
    .selectFrom('notices')
    .leftJoin('cases', 'cases.id', 'notices.case_id')
    .select(['notices.id', 'cases.number as caseNumber', 'notices.kind', 'notices.revision'])
    .select(['notices.state', 'notices.recipient', 'notices.attempts', 'notices.reply'])
    .orderBy('notices.id');
  if (only.states) notices = notices.where('notices.state', 'in', only.states);
  if (only.kind) notices = notices.where('notices.kind', '=', only.kind);
  if (only.caseNumber) notices = notices.where('cases.number', '=', only.caseNumber);
  return notices.execute();
}

/** The mails about some cases, and those about none to some addresses, such as announcements. */
export async function listMailsOfPerson(
  db: Db,
  { caseIds, addresses }: { caseIds: readonly number[]; addresses: readonly string[] },
) {
  return query(db)
    .selectFrom('notices')
    .select(['case_id', 'kind', 'revision', 'recipient', 'state', 'data', 'created_at', 'sent_at', 'reply'])
    .where((where) =>
      where.or([
        where('case_id', 'in', caseIds),
        where.and([
          where('case_id', 'is', null),
          where(({ fn }) => fn<string>('lower', ['recipient']), 'in', addresses),
          where('kind', 'in', ['announcement', 'announcement-reminder']),
        ]),
      ]),
    )
    .orderBy('id')
    .execute();
}

/** How many notices of a kind could be sent at an instant. */
export async function countWaiting(db: Db, kind: NoticeKind, at: Date): Promise<number> {
  return countOf(
    query(db)
      .selectFrom('notices')
      .where('state', '=', 'pending')
      .where('kind', '=', kind)
      .where('due_at', '<=', at),
  );
}

/** Nothing that waits about a case is sent any more; `at` is when it was sent, for the state `sent`. */
export async function settleWaiting(
  db: Db,
  caseId: number,
  { reply, ...settled }: { reply: string } & ({ state: 'sent'; at: Date } | { state: 'uncertain' }),
): Promise<void> {
  await query(db)
    .updateTable('notices')
    .set({ state: settled.state, reply, ...(settled.state === 'sent' ? { sent_at: settled.at } : {}) })
    .where('case_id', '=', caseId)
    .where('state', '=', 'pending')
    .execute();
}

export async function saveFile(
  db: Db,
  file: { name: string; type: string; content: Uint8Array; inline?: boolean },
): Promise<Attachment> {
  const id = randomUUID();
  const { name, type } = file;
  await query(db)
    .insertInto('files')
    .values({ id, name, type, content: Buffer.from(file.content).toString('base64') })
    .execute();
  return { file: id, name, type, ...(file.inline ? { inline: true } : {}) };
}

/** The contents of files by their ids; one that was erased is left out. */
export async function readFiles(db: Db, ids: readonly string[]): Promise<Map<string, Buffer>> {
  if (ids.length === 0) return new Map();
  const files = await query(db)
    .selectFrom('files')
    .select(['id', 'content'])
    .where('id', 'in', ids)
    .execute();
  return new Map(files.map((file) => [file.id, Buffer.from(file.content, 'base64')]));
}
