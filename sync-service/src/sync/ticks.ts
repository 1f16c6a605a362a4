import type { TabSpec } from '../../../contract/tabs.ts';
import { personContent } from '../sheets/reconcile.ts';
import type { Tab, TabRow } from '../sheets/tab.ts';
import type { Parts } from './parts.ts';

export interface Ticked<K extends string> {
  /** Ticked rows whose grace time is over. */
  ready: TabRow<K>[];
  /** How many still wait. */
  waiting: number;
}

/**
 * The rows in which one of `checks` is ticked. A tick counts once the same content has stood for the grace time;
 * unticking or editing begins anew.
 * @param place tells this tab from all others
 */
export async function readTicks<K extends string>(
  parts: Parts,
  place: string,
  spec: TabSpec<K>,
  tab: Tab<K>,
  checks: readonly K[],
): Promise<Ticked<K>> {
  const { store, clock, graceMs } = parts;
  const now = clock.now();
  const known = new Map(
    (await store.db.selectFrom('ticks').selectAll().where('scope', 'like', `${place}/%`).execute()).map(
      (tick) => [tick.scope, tick],
    ),
  );
  const ready: TabRow<K>[] = [];
  let waiting = 0;
  const standing = new Set<string>();
  for (const row of tab.rows) {
    if (!checks.some((key) => row.cells[key] === true)) continue;
    const scope = `${place}/${String(row.cells[spec.id]).trim()}`;
    const content = personContent(spec, row);
    standing.add(scope);
    const tick = known.get(scope);
    if (tick?.content !== content) {
      const values = { content, seen_at: now };
      await store.db
        .insertInto('ticks')
        .values({ scope, ...values })
        .onConflict((conflict) => conflict.column('scope').doUpdateSet(values))
        .execute();
    }
    const since = tick?.content === content ? tick.seen_at : now;
    if (now.getTime() - since.getTime() >= graceMs) ready.push(row);
    else waiting += 1;
  }
  const gone = [...known.keys()].filter((scope) => !standing.has(scope));
  if (gone.length > 0) await store.db.deleteFrom('ticks').where('scope', 'in', gone).execute();
  return { ready, waiting };
}
