import { randomUUID } from 'node:crypto';
import { StoppingError } from './store-fault.ts';
import { sql } from 'kysely';
import { type Db, query } from './query.ts';

/** A dead holder's lease ends by itself; a live one renews it with every spreadsheet. */
const LEASE = '5 minutes';

/** Another instance has taken the lease over while this one stood still: what it knew is no longer true. */
export class LeaseLostError extends StoppingError {}

export interface Lease {
  /**
   * Renews the lease. Call it before each write to Google.
   * @throws LeaseLostError
   */
  renew(): Promise<void>;
}

/**
 * Runs `work` while holding the lease `name`; null where another instance, or another cycle of this one, holds it or
 * takes it over meanwhile. The database's own clock decides, so that two machines need not agree on the time.
 */
export async function withLease<T>(
  db: Db,
  name: string,
  instance: string,
  work: (lease: Lease) => Promise<T>,
): Promise<T | null> {
  const holder = `${instance}/${randomUUID()}`;
  const { rows } = await sql`
    insert into leases (name, holder, until) values (${name}, ${holder}, now() + ${LEASE}::interval)
    on conflict (name) do update set holder = excluded.holder, until = excluded.until
    where leases.until < now()
    returning name`.execute(query(db));
  if (rows.length === 0) return null;
  const renew = async () => {
    const held = await sql`
      update leases set until = now() + ${LEASE}::interval
      where name = ${name} and holder = ${holder}
      returning name`.execute(query(db));
    if (held.rows.length === 0) throw new LeaseLostError(`the lease ${name} was taken over`);
  };
  try {
    return await work({ renew });
  } catch (error) {
    if (error instanceof LeaseLostError) return null;
    throw error;
  } finally {
    await query(db).deleteFrom('leases').where('name', '=', name).where('holder', '=', holder).execute();
  }
}
