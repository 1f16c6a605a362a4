import { type Db, query } from '../query.ts';
import type { Batch } from '../schema.ts';

export async function listBatches(db: Db, program: string): Promise<Batch[]> {
  return query(db)
    .selectFrom('batches')
    .selectAll()
    .where('program', '=', program)
    .orderBy('created_at')
    .orderBy('number')
    .execute();
}

export async function openBatch(
  db: Db,
  { number, program, queue, at }: Pick<Batch, 'number' | 'program' | 'queue'> & { at: Date },
): Promise<void> {
  await query(db)
    .insertInto('batches')
    .values({ number, program, queue, state: 'open', created_at: at, sent_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function changeBatch(
  db: Db,
  number: string,
  change: Partial<Pick<Batch, 'state' | 'result' | 'letter_number' | 'letter_date' | 'sent_at'>>,
): Promise<void> {
  await query(db).updateTable('batches').set(change).where('number', '=', number).execute();
}

/** The batch's roster is no longer what will be sent. */
export async function noteLeft(db: Db, number: string, sentence: string): Promise<void> {
  const { state, result } = await query(db)
    .selectFrom('batches')
    .select(['state', 'result'])
    .where('number', '=', number)
    .executeTakeFirstOrThrow();
  // Sentences are collected, so that whoever reads the row a week later sees every case that left.
  const before = state === 'changed' ? result : '';
  await changeBatch(db, number, { state: 'changed', result: before + sentence });
}

/** How many cases stand in each batch; one without any is left out. */
export async function countMembers(db: Db): Promise<Map<string, number>> {
  const counts = await query(db)
    .selectFrom('cases')
    .select(({ fn }) => ['batch', fn.countAll<number>().as('count')])
    .where('batch', 'is not', null)
    .groupBy('batch')
    .execute();
  return new Map(counts.map(({ batch, count }) => [batch ?? '', Number(count)]));
}
