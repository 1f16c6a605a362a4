import { type Kysely, sql } from 'kysely';

/** Settings and wording belong to a program. What a ledger holds so far belongs to the one that it was made for. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table settings add column program text not null default ''`.execute(db);
  await sql`update settings set program = coalesce(
    (select program from program_versions order by first_seen desc limit 1), '')`.execute(db);
  await sql`alter table settings alter column program drop default`.execute(db);
  await sql`alter table settings drop constraint settings_pkey`.execute(db);
  await sql`alter table settings add primary key (program, key)`.execute(db);
}
