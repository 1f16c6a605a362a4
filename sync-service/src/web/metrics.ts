import { Gauge, Registry } from 'prom-client';
import { HEARTBEAT, LAST_CYCLE, readValue } from '../ledger/key-values.ts';
import { QUEUED_STATES } from '../cases/lifecycle.ts';
import {
  countByState,
  countNotices,
  countQuarantined,
  oldestByQueue,
} from '../ledger/repositories/statistics.ts';
import { readOutages } from '../reconciler/circuit-breaker.ts';
import type { WebContext } from './web-context.ts';
import { withTimeout } from './time-limit.ts';

/** What a monitor reads: counts and ages, never personal data. */
export function createMetrics({
  store,
  google,
  clock,
}: Pick<WebContext, 'store' | 'google' | 'clock'>): Registry {
  const registry = new Registry();
  const secondsSince = (instant: Date | string) =>
    (clock.now().getTime() - new Date(instant).getTime()) / 1000;
  const gauge = (
    name: string,
    help: string,
    labelNames: string[],
    collect: (self: Gauge) => Promise<void> | void,
  ) =>
    new Gauge({
      name: `budeng_${name}`,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        this.reset();
        // A store that is away or hangs hides its own numbers, not the others.
        await withTimeout(Promise.resolve(collect(this))).catch(() => this.reset());
      },
    });
  gauge('store_up', 'Whether the ledger answers', [], async (self) => {
    self.set(0);
    await withTimeout(readValue(store.db, LAST_CYCLE)).then(
      () => self.set(1),
      () => {},
    );
  });
  gauge('cases', 'Cases by state', ['state'], async (self) => {
    for (const [state, count] of await countByState(store.db)) self.set({ state }, count);
  });
  gauge('queue_oldest_seconds', 'Age of the oldest case by queue', ['queue'], async (self) => {
    for (const [queue, oldest] of await oldestByQueue(store.db, QUEUED_STATES))
      self.set({ queue }, secondsSince(oldest));
  });
  gauge('notices', 'Notices by state of the outbox', ['state'], async (self) => {
    for (const [state, count] of await countNotices(store.db)) self.set({ state }, count);
  });
  gauge('quarantined_rows', 'Intake rows that cannot be read', [], async (self) => {
    self.set(await countQuarantined(store.db));
  });
  gauge('google_calls', 'Calls to Google since the start', [], (self) => self.set(google.calls()));
  gauge('google_quota_left', 'Requests that the minute has room for', ['bucket'], (self) => {
    for (const bucket of ['reads', 'writes'] as const)
      if (Number.isFinite(google.left(bucket))) self.set({ bucket }, google.left(bucket));
  });
  gauge('outage_seconds', 'How long something outside has been failing', ['what'], async (self) => {
    for (const [what, { since }] of await readOutages(store)) self.set({ what }, secondsSince(since));
  });
  gauge('heartbeat_seconds', "Time since the script's last sweep", [], async (self) => {
    const last = await readValue(store.db, HEARTBEAT);
    if (last) self.set(secondsSince(last));
  });
  gauge('lag_seconds', 'Time since the last whole cycle', [], async (self) => {
    const last = await readValue(store.db, LAST_CYCLE);
    if (last) self.set(secondsSince(last));
  });
  return registry;
}
