import { type Kysely, type Selectable, sql } from 'kysely';
import type { NoticeState } from '../notices/types.ts';
import type { CaseTable, Database } from './schema.ts';

type Found = Pick<
  Selectable<CaseTable>,
  'id' | 'number' | 'form' | 'response_id' | 'batch' | 'name_key' | 'certificate_key'
>;

/** The batches whose rosters the case stands in, or stood in once. */
async function batchesOf(db: Kysely<Database>, { id, batch }: Found): Promise<string[]> {
  const listed = await db
    .selectFrom('batches')
    .innerJoin('events', (join) => join.on(sql<boolean>`events.reason = '列入' || batches.number`))
    .select('batches.number')
    .where('events.case_id', '=', id)
    .distinct()
    .execute();
  return [...new Set([...listed.map(({ number }) => number), ...(batch ? [batch] : [])])];
}

/** Mails with a roster of one of these batches. */
function rosterMails(db: Kysely<Database>, batches: readonly string[]) {
  return db
    .selectFrom('notices')
    .select(['id', 'state', 'attachments'])
    .where('kind', '=', 'batch-ready')
    .where((where) =>
      where.or(batches.map((number) => sql<boolean>`starts_with(scope, ${`office/batch/${number}/`})`)),
    );
}

/** Notices that speak of the case and are still on their way: what was promised is sent before its address is erased. */
export async function waitingNotices(db: Kysely<Database>, found: Found): Promise<number> {
  const own = await db
    .selectFrom('notices')
    .select('id')
    .where('case_id', '=', found.id)
    .where('state', 'in', ['pending', 'claimed'])
    .execute();
  const batches = await batchesOf(db, found);
  if (batches.length === 0) return own.length;
  const rosters = await rosterMails(db, batches).where('state', 'in', ['pending', 'claimed']).execute();
  return own.length + rosters.length;
}

/** Takes a person out of every table but cases, revisions and events. Before the latter lose what leads to the rosters. */
export async function eraseTraces(db: Kysely<Database>, found: Found): Promise<void> {
  await closeNotices(db, found.id);
  await eraseRosters(db, await batchesOf(db, found));
  await sql`delete from ticks where right(scope, ${found.number.length + 1}) = ${`/${found.number}`}`.execute(
    db,
  );
  await sql`delete from quarantined_rows where starts_with(key, ${`${found.form}/${found.response_id}/`})`.execute(
    db,
  );
  await db.deleteFrom('tokens').where('case_id', '=', found.id).execute();
  if (!found.name_key || !found.certificate_key) return;
  await db
    .deleteFrom('registered_elsewhere')
    .where('name_key', '=', found.name_key)
    .where('certificate_key', '=', found.certificate_key)
    .execute();
}

/** Nobody can be asked any more how an unclear or refused one went: it is done with. */
const DONE_WITH = sql<NoticeState>`case when state = 'sent' then 'sent' else 'erased' end`;

async function closeNotices(db: Kysely<Database>, caseId: number) {
  await db
    .updateTable('notices')
    .set({ recipient: '', data: '{}', attachments: '[]', state: DONE_WITH })
    .where('case_id', '=', caseId)
    .execute();
}

/** A roster names many: it goes as a whole. The administrators have it by mail, and can have a new one made. */
async function eraseRosters(db: Kysely<Database>, batches: readonly string[]) {
  if (batches.length === 0) return;
  const mails = await rosterMails(db, batches).execute();
  const files = mails.flatMap(({ attachments }) => attachments.map(({ file }) => file));
  if (files.length > 0) await db.deleteFrom('files').where('id', 'in', files).execute();
  const ids = mails.map(({ id }) => id);
  if (ids.length > 0)
    await db
      .updateTable('notices')
      .set({ attachments: '[]', state: DONE_WITH })
      .where('id', 'in', ids)
      .execute();
}

/** What no case leads to, once the last case of a program is erased: its announcements and lists of the registered. */
export async function eraseRemainders(db: Kysely<Database>, program: string): Promise<void> {
  await db
    .updateTable('notices')
    .set({ recipient: '', data: '{}', state: DONE_WITH })
    .where(sql<boolean>`starts_with(scope, ${`announce/${program}/`})`)
    .where('recipient', '!=', '')
    .where('state', 'not in', ['pending', 'claimed'])
    .execute();
  await db.deleteFrom('registered_elsewhere').where('program', '=', program).execute();
}
