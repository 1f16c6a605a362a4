import { type Kysely, sql } from 'kysely';
import type { Database } from '../ledger/schema.ts';

/** Longer than any cycle; a dead holder's lease ends by itself. */
const LEASE = '5 minutes';

/**
 * Runs `work` while holding the lease `name`; null where another instance, or another cycle of this one, holds it. The database's own clock decides,
 * so that two machines need not agree on the time.
 */
export async function withLease<T>(
  db: Kysely<Database>,
  name: string,
  holder: string,
  work: () => Promise<T>,
): Promise<T | null> {
  const { rows } = await sql`
    insert into leases (name, holder, until) values (${name}, ${holder}, now() + ${LEASE}::interval)
    on conflict (name) do update set holder = excluded.holder, until = excluded.until
    where leases.until < now()
    returning name`.execute(db);
  if (rows.length === 0) return null;
  try {
    return await work();
  } finally {
    await db.deleteFrom('leases').where('name', '=', name).where('holder', '=', holder).execute();
  }
}
