import { keysIn } from '../../../contract/records.ts';
import { QUEUED_STATES, STATES } from '../cases/lifecycle.ts';
import type { DashboardKey } from '../../../contract/tabs.ts';
import type { DesiredRow } from '../google/reconcile.ts';
import { countByState, listWaits } from '../ledger/repositories/statistics.ts';
import type { CaseContext } from './context.ts';
import { queuesIn } from './program-versions.ts';

const DAY_MS = 24 * 3600_000;

export interface QueueLoad {
  label: string;
  waiting: number;
  oldestDays: number;
  overdue: number;
}

/** What waits at each desk, and for how long. */
export async function queueLoads({
  store,
  program,
  versions,
  clock,
}: Pick<CaseContext, 'store' | 'program' | 'versions' | 'clock'>): Promise<QueueLoad[]> {
  const now = clock.now();
  const cases = await listWaits(store.db, program.key, QUEUED_STATES);
  return queuesIn(versions.running).map(({ key, label }) => {
    const own = cases.filter((found) => found.queue === key);
    const ages = own.map((found) => Math.floor((now.getTime() - found.changed_at.getTime()) / DAY_MS));
    const overdue = own.filter((found) => found.due_at !== null && found.due_at < now).length;
    return { label, waiting: own.length, oldestDays: Math.max(0, ...ages), overdue };
  });
}

/** Queues come first, since the chart shows these rows. */
export async function dashboardRows(context: CaseContext): Promise<DesiredRow<DashboardKey>[]> {
  const loads = await queueLoads(context);
  const states = await countByState(context.store.db, context.program.key);
  return [
    ...loads.map((load) => ({
      id: `待審：${load.label}`,
      cells: { count: load.waiting, overdue: load.overdue },
    })),
    ...keysIn(STATES).map((state) => ({
      id: STATES[state],
      cells: { count: states.get(state) ?? 0 },
    })),
  ];
}
