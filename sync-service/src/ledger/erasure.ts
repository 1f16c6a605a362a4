import { sql } from 'kysely';
import type { NoticeState } from '../notices/types.ts';
import { type Db, query } from './query.ts';
import { contentOf, fingerprintOf } from './known-responses.ts';
import { changeCase } from './repositories/cases.ts';
import type { Case } from './schema.ts';

type Found = Pick<Case, 'id' | 'number' | 'form' | 'response_id' | 'batch' | 'name_key' | 'certificate_key'>;

/** The batches whose rosters the case stands in, or stood in once. */
async function batchesOf(db: Db, { id, batch }: Found): Promise<string[]> {
  const listed = await query(db)
    .selectFrom('events')
    .select(sql<string>`data->>'batch'`.as('number'))
    .where('case_id', '=', id)
    .where(sql<boolean>`data->'batch' is not null`)
    .execute();
  return [...new Set([...listed.map(({ number }) => number), ...(batch ? [batch] : [])])];
}

/** Mails with a roster of one of these batches. */
function rosterMails(db: Db, batches: readonly string[]) {
  return query(db)
    .selectFrom('notices')
    .select(['id', 'state', 'attachments'])
    .where('kind', '=', 'batch-ready')
    .where((where) =>
      where.or(batches.map((number) => sql<boolean>`starts_with(scope, ${`office/batch/${number}/`})`)),
    );
}

/** Notices that speak of the case and are still on their way: what was promised is sent before its address is erased. */
export async function waitingNotices(db: Db, found: Found): Promise<number> {
  const own = await query(db)
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

/** What is left of a case. */
export type Remains = Pick<Case, 'state' | 'facts'> & { erased_at: Date };

/** Replaces the personal data of one case in every table. */
export async function eraseCase(db: Db, found: Case, remains: Remains): Promise<Case> {
  // First, while the history still leads to the rosters.
  await eraseTraces(db, found);
  await eraseRevisions(db, found);
  const erased = await changeCase(db, found.id, {
    ...remains,
    email: '',
    edit_url: '',
    answers: {},
    changed: [],
    handover: '',
    result: '',
    name_key: null,
    school_key: null,
    certificate_key: null,
  });
  await blankEvents(db, found.id);
  return erased;
}

/** Takes the answers out of every revision; a fingerprint is left, so that an old export brings none of them back. */
async function eraseRevisions(db: Db, { id, email }: Case) {
  const revisions = await query(db)
    .selectFrom('revisions')
    .select(['key', 'answers'])
    .where('case_id', '=', id)
    .execute();
  for (const { key, answers } of revisions)
    await query(db)
      .updateTable('revisions')
      .set({ answers: '{}', verdict: '{}', fingerprint: fingerprintOf(contentOf(answers, email)) })
      .where('key', '=', key)
      .execute();
}

/** The one change of the history that the database lets through; see migration 004. */
async function blankEvents(db: Db, caseId: number) {
  await sql`
    update events set
      reason = '',
      actor = case
        when actor in ('teacher', 'service', 'administrator', 'import-registered') then actor
        else 'reviewer' end,
      data = case
        when data->'decision' is null then '{}'::jsonb
        else jsonb_build_object('decision', data->'decision') end
    where case_id = ${caseId} and trigger <> 'erased'`.execute(query(db));
}

/** Takes a person out of every table but cases, revisions and events. */
async function eraseTraces(db: Db, found: Found): Promise<void> {
  await closeNotices(db, found.id);
  await eraseRosters(db, await batchesOf(db, found));
  await sql`delete from ticks where right(scope, ${found.number.length + 1}) = ${`/${found.number}`}`.execute(
    query(db),
  );
  await sql`delete from quarantined_rows where starts_with(key, ${`${found.form}/${found.response_id}/`})`.execute(
    query(db),
  );
  await query(db).deleteFrom('tokens').where('case_id', '=', found.id).execute();
  if (!found.name_key || !found.certificate_key) return;
  await query(db)
    .deleteFrom('registered_elsewhere')
    .where('name_key', '=', found.name_key)
    .where('certificate_key', '=', found.certificate_key)
    .execute();
}

/** Nobody can be asked any more how an unclear or refused one went: it is done with. */
const DONE_WITH = sql<NoticeState>`case when state = 'sent' then 'sent' else 'erased' end`;

async function closeNotices(db: Db, caseId: number) {
  await query(db)
    .updateTable('notices')
    .set({ recipient: '', data: '{}', attachments: '[]', state: DONE_WITH })
    .where('case_id', '=', caseId)
    .execute();
}

/** A roster names many: it goes as a whole. The administrators have it by mail, and can have a new one made. */
async function eraseRosters(db: Db, batches: readonly string[]) {
  if (batches.length === 0) return;
  const mails = await rosterMails(db, batches).execute();
  const files = mails.flatMap(({ attachments }) => attachments.map(({ file }) => file));
  if (files.length > 0) await query(db).deleteFrom('files').where('id', 'in', files).execute();
  const ids = mails.map(({ id }) => id);
  if (ids.length > 0)
    await query(db)
      .updateTable('notices')
      .set({ attachments: '[]', state: DONE_WITH })
      .where('id', 'in', ids)
      .execute();
}

/** What no case leads to, once the last case of a program is erased: its announcements and lists of the registered. */
export async function eraseRemainders(db: Db, program: string): Promise<void> {
  await query(db)
    .updateTable('notices')
    .set({ recipient: '', data: '{}', state: DONE_WITH })
    .where(sql<boolean>`starts_with(scope, ${`announce/${program}/`})`)
    .where('recipient', '!=', '')
    .where('state', 'not in', ['pending', 'claimed'])
    .execute();
  await query(db).deleteFrom('registered_elsewhere').where('program', '=', program).execute();
}
