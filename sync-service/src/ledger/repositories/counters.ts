import { sql } from 'kysely';
import { type Db, query } from '../query.ts';

/** Takes the next case number of a program, e.g. TN109-000123, inside the transaction that makes the case. */
export async function nextCaseNumber(db: Db, program: string, prefix: string): Promise<string> {
  const { last } = await query(db)
    .insertInto('counters')
    .values({ program, last: 1 })
    .onConflict((conflict) => conflict.column('program').doUpdateSet({ last: sql`counters.last + 1` }))
    .returning('last')
    .executeTakeFirstOrThrow();
  return `${prefix}-${String(last).padStart(6, '0')}`;
}

/** Makes the number after `last` the next case number. */
export async function setCounter(db: Db, program: string, last: number): Promise<void> {
  await query(db)
    .insertInto('counters')
    .values({ program, last })
    .onConflict((conflict) => conflict.column('program').doUpdateSet({ last }))
    .execute();
}
