import { type Kysely, sql } from 'kysely';

/**
 * A case's events name the batches that it was listed in as data. Until now an erasure told them by the sentence of
 * the event, so that rewording it would have left a person's rosters behind. Adding a fact is the one change here that
 * the append-only history has to let through.
 */
export async function up<T>(db: Kysely<T>): Promise<void> {
  await sql`alter table events disable trigger events_append_only`.execute(db);
  await sql`update events set data = data || jsonb_build_object('batch', batches.number)
    from batches
    where events.trigger = 'compiled' and events.reason = '列入' || batches.number`.execute(db);
  await sql`alter table events enable trigger events_append_only`.execute(db);
}
