import type { Clock } from '../../../contract/clock.ts';
import { deleteCursor, readCursor, readCursors, writeCursor } from '../ledger/small-tables.ts';
import type { Store } from '../ledger/store.ts';

interface BreakerParts {
  store: Pick<Store, 'db'>;
  clock: Clock;
}

/** A trouble with something outside, as long as it lasts. */
export interface Outage {
  /** How often in a row it failed. */
  failures: number;
  /** ISO instants: when it began, and until when it is left alone. */
  since: string;
  until: string;
  reason: string;
}

const MINUTE_MS = 60_000;
const LONGEST_MINUTES = 10;

const cursor = (what: string) => `outage/${what}`;

export async function outageOf({ store }: BreakerParts, what: string): Promise<Outage | null> {
  const value = await readCursor(store.db, cursor(what));
  return value === null ? null : (JSON.parse(value) as Outage);
}

/** Everything outside that is failing at present. */
export async function listOutages({ db }: Pick<Store, 'db'>): Promise<(Outage & { what: string })[]> {
  const prefix = cursor('');
  return [...(await readCursors(db, prefix))].map(([name, value]) => ({
    ...(JSON.parse(value) as Outage),
    what: name.slice(prefix.length),
  }));
}

/** Whether something that failed again and again is to be left alone for now. */
export async function isLeftAlone(parts: BreakerParts, what: string): Promise<boolean> {
  const outage = await outageOf(parts, what);
  if (outage === null) return false;
  const left = new Date(outage.until).getTime() - parts.clock.now().getTime();
  // Longer than ever meant: the clock was set back since.
  return left > 0 && left <= LONGEST_MINUTES * MINUTE_MS;
}

/**
 * Notes how it went. From the `patience`-th failure in a row it is left alone, for one minute, then two, at most ten;
 * then one attempt shows whether it is back.
 */
export async function noteOutcome(
  parts: BreakerParts,
  what: string,
  failure: string | null,
  patience: number,
): Promise<Outage | null> {
  const before = await outageOf(parts, what);
  if (failure === null) {
    if (before) await deleteCursor(parts.store.db, cursor(what));
    return null;
  }
  const now = parts.clock.now();
  const failures = (before?.failures ?? 0) + 1;
  const minutes = failures < patience ? 0 : Math.min(LONGEST_MINUTES, 2 ** (failures - patience));
  const outage: Outage = {
    failures,
    since: before?.since ?? now.toISOString(),
    until: new Date(now.getTime() + minutes * MINUTE_MS).toISOString(),
    reason: failure,
  };
  await writeCursor(parts.store.db, cursor(what), JSON.stringify(outage));
  return outage;
}
