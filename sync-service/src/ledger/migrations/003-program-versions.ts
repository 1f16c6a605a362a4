import { type Kysely, sql } from 'kysely';

/** Every distinct program file with its roster, and the one that a case began under. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const statements = [
    // Text, not jsonb: the order of keys says which contact is the first one.
    sql`create table program_versions (
      hash text primary key,
      program text not null,
      version text not null,
      content text not null,
      first_seen timestamptz not null
    )`,
    // Null: begun before versions were kept; the next start of the service writes the version in force there.
    sql`alter table cases add column program_version text references program_versions`,
    sql`create index cases_program_version on cases (program_version)`,
  ];
  for (const statement of statements) await statement.execute(db);
}
