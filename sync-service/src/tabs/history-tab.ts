import type { HistoryKey } from '../../../contract/tabs.ts';
import { answersText, historyText } from '../casework/history.ts';
import type { TabContext } from '../casework/context.ts';
import { rulesOf } from '../casework/program-versions.ts';
import { QUEUED_STATES } from '../cases/lifecycle.ts';
import type { DesiredRow } from '../google/reconcile.ts';
import { listAwaitingDispatch, listOpenOrClosedSince, listQueue } from '../ledger/repositories/case-lists.ts';
import { listEventsOf } from '../ledger/repositories/events.ts';
import type { Case } from '../ledger/schema.ts';
import { caseRow, renderRows } from './desired-rows.ts';

/** So long the office sees the history of a closed case beside the list of all cases. */
const KEPT_MS = 30 * 24 * 3600_000;

/** What happened to the cases that lie in a queue now, and to no others. */
export async function queueHistory(context: TabContext, queue: string): Promise<DesiredRow<HistoryKey>[]> {
  const { store, program } = context;
  return historyRows(context, [
    ...(await listQueue(store.db, program.key, queue, QUEUED_STATES)),
    ...(await listAwaitingDispatch(store.db, program.key, queue)),
  ]);
}

/** Lists in the restricted office spreadsheet all open cases and those that closed lately, not all that ever were. */
export async function officeHistory(context: TabContext): Promise<DesiredRow<HistoryKey>[]> {
  const { store, program, clock } = context;
  const since = new Date(clock.now().getTime() - KEPT_MS);
  return historyRows(context, await listOpenOrClosedSince(store.db, program.key, since));
}

async function historyRows(context: TabContext, cases: readonly Case[]): Promise<DesiredRow<HistoryKey>[]> {
  const events = await listEventsOf(
    context.store.db,
    cases.map(({ id }) => id),
  );
  return renderRows(context, cases, caseRow, (found) => ({
    id: found.number,
    cells: {
      answers: answersText(rulesOf(context, found), found),
      events: historyText(events.get(found.id) ?? []),
    },
  }));
}
