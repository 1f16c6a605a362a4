import type { Clock } from '../../../contract/clock.ts';
import { deleteValue, readValues, writeValue } from '../ledger/key-values.ts';
import type { Store } from '../ledger/store.ts';

interface BreakerContext {
  store: Pick<Store, 'db'>;
  clock: Clock;
}

/** A trouble with something outside, as long as it lasts. */
export interface Outage {
  /** How often in a row it failed. */
  failures: number;
  /** When it began, and until when it is left alone, as ISO instants. */
  since: string;
  until: string;
  /** Says in zh-TW what is wrong, and what to do where that is known. It holds nothing that a person typed. */
  reason: string;
  remedy?: string;
}

type Failure = Pick<Outage, 'reason' | 'remedy'>;

const MINUTE_MS = 60_000;
const LONGEST_MINUTES = 10;

const keyOf = (what: string) => `outage/${what}`;

/** Everything outside that is failing at present, by its name. */
export async function readOutages({ db }: Pick<Store, 'db'>): Promise<Map<string, Outage>> {
  const prefix = keyOf('');
  return new Map(
    [...(await readValues(db, prefix))].map(([name, value]) => [
      name.slice(prefix.length),
      JSON.parse(value) as Outage,
    ]),
  );
}

/** Knows what fails outside. It is read once and kept up to date, since only the holder of the lease writes it. */
export interface CircuitBreaker {
  /** Everything that is failing at present. */
  outages: ReadonlyMap<string, Outage>;
  /** Whether something that failed again and again is to be left alone for now. */
  isOpen(what: string): boolean;
  /**
   * Notes how it went. From the `threshold`-th failure in a row it is left alone, for one minute, then two, at most ten;
   * then one attempt shows whether it is back.
   */
  note(what: string, failure: Failure | null, threshold: number): Promise<void>;
}

export async function openCircuitBreaker({ store, clock }: BreakerContext): Promise<CircuitBreaker> {
  const outages = await readOutages(store);
  return {
    outages,
    isOpen(what) {
      const outage = outages.get(what);
      if (outage === undefined) return false;
      const left = new Date(outage.until).getTime() - clock.now().getTime();
      // No pause is so long, so the clock was set back since; the attempt is made.
      return left > 0 && left <= LONGEST_MINUTES * MINUTE_MS;
    },
    async note(what, failure, threshold) {
      const before = outages.get(what);
      if (failure === null) {
        if (before) await deleteValue(store.db, keyOf(what));
        outages.delete(what);
        return;
      }
      const now = clock.now();
      const failures = (before?.failures ?? 0) + 1;
      const minutes = failures < threshold ? 0 : Math.min(LONGEST_MINUTES, 2 ** (failures - threshold));
      const outage: Outage = {
        failures,
        since: before?.since ?? now.toISOString(),
        until: new Date(now.getTime() + minutes * MINUTE_MS).toISOString(),
        ...failure,
      };
      await writeValue(store.db, keyOf(what), JSON.stringify(outage));
      outages.set(what, outage);
    },
  };
}
