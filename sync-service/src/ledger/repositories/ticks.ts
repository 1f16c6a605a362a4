import { type Db, query } from '../query.ts';
import type { TickTable } from '../schema.ts';
import type { Selectable } from 'kysely';

/** A tick that stands in a tab and waits for its grace time. */
export type Tick = Selectable<TickTable>;

/** The ticks of one tab, by scope: the tab's place and the id of the row. */
export async function listTicks(db: Db, place: string): Promise<Map<string, Tick>> {
  const rows = await query(db).selectFrom('ticks').selectAll().where('scope', 'like', `${place}/%`).execute();
  return new Map(rows.map((tick) => [tick.scope, tick]));
}

/** Begins the grace time of a tick, or begins it anew. */
export async function rememberTick(db: Db, tick: Tick): Promise<void> {
  await query(db)
    .insertInto('ticks')
    .values(tick)
    .onConflict((conflict) => conflict.column('scope').doUpdateSet(tick))
    .execute();
}

export async function forgetTicks(db: Db, scopes: readonly string[]): Promise<void> {
  if (scopes.length > 0) await query(db).deleteFrom('ticks').where('scope', 'in', scopes).execute();
}
