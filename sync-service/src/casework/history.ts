import type { HistoryEntry } from '../../../contract/history-shape.ts';
import { STATES, TRIGGERS } from '../cases/lifecycle.ts';
import { formatRocDateTime } from '../cases/calendar/roc.ts';
import type { Store } from '../ledger/store.ts';

const ACTORS: Record<string, string> = {
  teacher: '教師',
  service: '系統',
  reviewer: '審核者',
  administrator: '承辦人',
};

/** Everything that happened to a case, in words, oldest first; empty where there is no such case. */
export async function historyOf({ db }: Pick<Store, 'db'>, caseNumber: string): Promise<HistoryEntry[]> {
  const events = await db
    .selectFrom('events')
    .innerJoin('cases', 'cases.id', 'events.case_id')
    .select(['events.at', 'events.trigger', 'events.to_state', 'events.actor', 'events.reason'])
    .where('cases.number', '=', caseNumber)
    .orderBy('events.id')
    .execute();
  return events.map((event) => ({
    at: formatRocDateTime(event.at),
    what: TRIGGERS[event.trigger],
    state: STATES[event.to_state],
    actor: ACTORS[event.actor] ?? event.actor,
    reason: event.reason,
  }));
}
