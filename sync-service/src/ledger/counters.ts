import { type Kysely, sql } from 'kysely';
import type { Database } from './schema.ts';

/** The next case number of a program, e.g. TN109-000123. Taken inside the transaction that makes the case. */
export async function nextCaseNumber(db: Kysely<Database>, program: string, prefix: string): Promise<string> {
  const { last } = await db
    .insertInto('counters')
    .values({ program, last: 1 })
    .onConflict((conflict) => conflict.column('program').doUpdateSet({ last: sql`counters.last + 1` }))
    .returning('last')
    .executeTakeFirstOrThrow();
  return `${prefix}-${String(last).padStart(6, '0')}`;
}
