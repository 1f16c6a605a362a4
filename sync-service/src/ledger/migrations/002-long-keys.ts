import { type Kysely, sql } from 'kysely';

/** People type without end, and a page of a B-tree does not: a name of some thousand characters stopped every cycle. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`drop index cases_name`,
    sql`create index cases_name on cases using hash (name_key)`,
    sql`drop index cases_certificate`,
    sql`create index cases_certificate on cases using hash (certificate_key)`,
    sql`drop index registered_elsewhere_certificate`,
    sql`create index registered_elsewhere_certificate on registered_elsewhere using hash (certificate_key)`,
  ])
    await statement.execute(db);
}
