import type { HistoryEntry } from '../../../contract/history-shape.ts';
import { STATES, TRIGGERS } from '../cases/lifecycle.ts';
import { formatRocDateTime } from '../cases/calendar/roc.ts';
import { listEvents } from '../ledger/repositories/events.ts';
import type { Store } from '../ledger/store.ts';

const ACTORS: Record<string, string> = {
  teacher: '教師',
  service: '系統',
  reviewer: '審核者',
  administrator: '承辦人',
};

/** Tells everything that happened to a case, in words and oldest first; empty where there is no such case. */
export async function historyOf({ db }: Pick<Store, 'db'>, caseNumber: string): Promise<HistoryEntry[]> {
  const events = await listEvents(db, caseNumber);
  return events.map((event) => ({
    at: formatRocDateTime(event.at),
    what: TRIGGERS[event.trigger],
    state: STATES[event.to_state],
    actor: ACTORS[event.actor] ?? event.actor,
    reason: event.reason,
  }));
}
