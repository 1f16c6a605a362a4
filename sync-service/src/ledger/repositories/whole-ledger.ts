import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import * as deliveredRequests from '../migrations/006-deadlines-of-delivered-requests.ts';
import * as batchesInEvents from '../migrations/008-batches-in-events.ts';
import { type Db, query } from '../query.ts';
import type { Database } from '../schema.ts';

/** What a backup holds, in the order in which it can be put back. */
const KEPT_TABLES = [
  'program_versions',
  'batches',
  'cases',
  'erasures',
  'revisions',
  'events',
  'notices',
  'quarantined_rows',
  'counters',
  'documents',
  'key_values',
  'files',
  'tokens',
  'registered_elsewhere',
  'audit',
  'settings',
] as const satisfies (keyof Database)[];

/** Tables that only a running service needs; a backup leaves them out. */
const PASSING_TABLES = ['ticks', 'nonces', 'leases'] as const satisfies (keyof Database)[];

export const ALL_TABLES = [...KEPT_TABLES, ...PASSING_TABLES] as const;

/** Takes everything out of the ledger. */
export async function emptyLedger(db: Db): Promise<void> {
  await sql.raw(`truncate ${ALL_TABLES.join(', ')} restart identity cascade`).execute(query(db));
}

/** One row of one table, as a backup holds it: dates are ISO texts, what the database holds as JSON is parsed. */
export interface KeptRow {
  table: (typeof KEPT_TABLES)[number];
  row: Record<string, unknown>;
}

/** Every row of every table that is kept, in the order in which they can be put back. */
export async function* readKeptRows(db: Db): AsyncGenerator<KeptRow> {
  for (const table of KEPT_TABLES)
    for (const row of await query(db).selectFrom(table).selectAll().execute()) yield { table, row };
}

/** Looks at every kept table, since a ledger without cases may still hold documents and settings. */
export async function isEmptyLedger(db: Db): Promise<boolean> {
  for (const table of KEPT_TABLES)
    if (await query(db).selectFrom(table).selectAll().limit(1).executeTakeFirst()) return false;
  return true;
}

/** Identity columns keep their numbers: other tables name them. */
export async function putRowBack(db: Db, { table, row }: KeptRow): Promise<void> {
  const columns = Object.keys(row).map((column) => sql.ref(column));
  const values = Object.values(row).map((value) =>
    value !== null && typeof value === 'object' ? JSON.stringify(value) : value,
  );
  await sql`insert into ${sql.table(table)} (${sql.join(columns)})
    overriding system value values (${sql.join(values)})`.execute(query(db));
}

/** Runs the migrations that changed rows and not only tables. Done twice they change nothing. */
const ROW_MIGRATIONS: readonly Migration[] = [deliveredRequests, batchesInEvents];

/** Does to the rows of an earlier backup what the migrations since have done to a ledger. */
export async function carryOver(db: Db): Promise<void> {
  for (const migration of ROW_MIGRATIONS) await migration.up(query(db));
}

/** Continues the numbering after the rows that were put back. */
export async function continueNumbering(db: Db): Promise<void> {
  for (const table of ['cases', 'events', 'notices', 'audit'])
    await sql`select setval(
      pg_get_serial_sequence(${table}, 'id'),
      coalesce((select max(id) from ${sql.table(table)}), 0) + 1,
      false
    )`.execute(query(db));
}

/** What waited to be sent may have gone out since a backup was made: a person decides, nothing goes out a second time. */
export async function doubtWaitingNotices(db: Db): Promise<number> {
  const marked = await query(db)
    .updateTable('notices')
    .set({ state: 'uncertain', reply: 'restored from a backup: it may have gone out since' })
    .where('state', 'in', ['pending', 'claimed'])
    .executeTakeFirst();
  return Number(marked.numUpdatedRows);
}
