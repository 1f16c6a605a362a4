import { type Kysely, sql } from 'kysely';

/** Tables and columns take the names that the code and the glossary use. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table parked rename to quarantined_rows`.execute(db);
  await sql`alter table cursors rename to key_values`.execute(db);
  await sql`alter table cases rename column turn to episode`.execute(db);
  await sql`alter table notices rename column turn to episode`.execute(db);
  // Left in place they would be read by nobody, and the tabs of a retired version would be let go too early.
  await sql`update key_values set name = 'retiring/' || substr(name, 11) where name like 'lingering/%'`.execute(
    db,
  );
  await sql`update key_values set name = 'drop-downs/' || substr(name, 9) where name like 'choices/%'`.execute(
    db,
  );
}
