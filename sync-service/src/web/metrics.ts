import { Gauge, Registry } from 'prom-client';
import { HEARTBEAT, LAST_CYCLE, readValue } from '../ledger/key-values.ts';
import { readOutages } from '../reconciler/circuit-breaker.ts';
import type { WebContext } from './web-context.ts';
import { within } from './patience.ts';

/** What a monitor reads: counts and ages, never personal data. */
export function createMetrics({
  store,
  google,
  clock,
}: Pick<WebContext, 'store' | 'google' | 'clock'>): Registry {
  const registry = new Registry();
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
        await within(Promise.resolve(collect(this))).catch(() => this.reset());
      },
    });
  gauge('store_up', 'Whether the ledger answers', [], async (self) => {
    self.set(0);
    const asked = store.db.selectFrom('key_values').select('name').limit(1).execute();
    await within(asked).then(
      () => self.set(1),
      () => {},
    );
  });
  const { countAll, min } = store.db.fn;
  gauge('cases', 'Cases by state', ['state'], async (self) => {
    const rows = await store.db
      .selectFrom('cases')
      .select(['state', countAll().as('n')])
      .groupBy('state')
      .execute();
    for (const row of rows) self.set({ state: row.state }, Number(row.n));
  });
  gauge('queue_oldest_seconds', 'Age of the oldest case by queue', ['queue'], async (self) => {
    const rows = await store.db
      .selectFrom('cases')
      .select(['queue', min('changed_at').as('oldest')])
      .where('state', 'in', ['in-review', 'dispatched'])
      .groupBy('queue')
      .execute();
    for (const row of rows)
      self.set({ queue: row.queue ?? '' }, (clock.now().getTime() - new Date(row.oldest).getTime()) / 1000);
  });
  gauge('notices', 'Notices by state of the outbox', ['state'], async (self) => {
    const rows = await store.db
      .selectFrom('notices')
      .select(['state', countAll().as('n')])
      .groupBy('state')
      .execute();
    for (const row of rows) self.set({ state: row.state }, Number(row.n));
  });
  gauge('quarantined_rows', 'Intake rows that cannot be read', [], async (self) => {
    const row = await store.db
      .selectFrom('quarantined_rows')
      .select(countAll().as('n'))
      .executeTakeFirstOrThrow();
    self.set(Number(row.n));
  });
  gauge('google_calls', 'Calls to Google since the start', [], (self) => self.set(google.calls()));
  gauge('google_quota_left', 'Requests that the minute has room for', ['bucket'], (self) => {
    for (const bucket of ['reads', 'writes'] as const)
      if (Number.isFinite(google.left(bucket))) self.set({ bucket }, google.left(bucket));
  });
  gauge('outage_seconds', 'How long something outside has been failing', ['what'], async (self) => {
    for (const [what, { since }] of await readOutages(store))
      self.set({ what }, (clock.now().getTime() - new Date(since).getTime()) / 1000);
  });
  gauge('heartbeat_seconds', "Time since the script's last sweep", [], async (self) => {
    const last = await readValue(store.db, HEARTBEAT);
    if (last) self.set((clock.now().getTime() - new Date(last).getTime()) / 1000);
  });
  gauge('lag_seconds', 'Time since the last whole cycle', [], async (self) => {
    const last = await readValue(store.db, LAST_CYCLE);
    if (last) self.set((clock.now().getTime() - new Date(last).getTime()) / 1000);
  });
  return registry;
}
