import { type Kysely, sql } from 'kysely';
import type { Database } from './schema.ts';

/** What a backup holds, in the order in which it can be put back. */
export const KEPT_TABLES = [
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

/** What only a running service knows: of no use to another one. */
const PASSING_TABLES = ['ticks', 'nonces', 'leases'] as const satisfies (keyof Database)[];

export const ALL_TABLES = [...KEPT_TABLES, ...PASSING_TABLES] as const;

/** Takes everything out of the ledger. */
export async function emptyLedger(db: Kysely<Database>): Promise<void> {
  await sql.raw(`truncate ${ALL_TABLES.join(', ')} restart identity cascade`).execute(db);
}
