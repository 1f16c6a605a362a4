import type { Selectable } from 'kysely';
import { type Db, query } from '../query.ts';
import type { Database } from '../schema.ts';

/** An intake row that could not be read, with the reason. */
export type QuarantinedRow = Selectable<Database['quarantined_rows']>;

/** Lists those first that were quarantined first. */
export async function listQuarantined(db: Db): Promise<QuarantinedRow[]> {
  return query(db).selectFrom('quarantined_rows').selectAll().orderBy('at').execute();
}

/** A row that stands in quarantine already gets the new reason and keeps its time. */
export async function saveQuarantined(db: Db, { key, reason, at }: QuarantinedRow): Promise<void> {
  await query(db)
    .insertInto('quarantined_rows')
    .values({ key, reason, at })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ reason }))
    .execute();
}

export async function releaseQuarantined(db: Db, keys: readonly string[]): Promise<void> {
  if (keys.length > 0) await query(db).deleteFrom('quarantined_rows').where('key', 'in', keys).execute();
}
