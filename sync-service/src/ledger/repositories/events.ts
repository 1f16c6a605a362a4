import type { Selectable } from 'kysely';
import type { State, Trigger } from '../../cases/lifecycle.ts';
import { type Db, query } from '../query.ts';
import type { Case, EventData, EventTable } from '../schema.ts';

/** One thing that happened to a case. */
export type Event = Selectable<EventTable>;

export interface NewEvent {
  /** The case as it is after the event. */
  found: Pick<Case, 'id' | 'revision' | 'state'>;
  at: Date;
  /** Null where the case has just been opened. */
  from: State | null;
  trigger: Trigger;
  actor: string;
  reason?: string | undefined;
  data?: EventData | undefined;
}

export async function insertEvent(
  db: Db,
  { found, at, from, trigger, actor, reason = '', data = {} }: NewEvent,
): Promise<void> {
  await query(db)
    .insertInto('events')
    .values({
      case_id: found.id,
      revision: found.revision,
      at,
      actor,
      trigger,
      from_state: from,
      to_state: found.state,
      reason,
      data: JSON.stringify(data),
    })
    .execute();
}

/** Lists everything that happened to the case of this number, oldest first; empty where there is none. */
export async function listEvents(db: Db, caseNumber: string): Promise<Event[]> {
  return query(db)
    .selectFrom('events')
    .innerJoin('cases', 'cases.id', 'events.case_id')
    .selectAll('events')
    .where('cases.number', '=', caseNumber)
    .orderBy('events.id')
    .execute();
}

/** Everything that happened to these cases, oldest first, by case. */
export async function listEventsOf(db: Db, caseIds: readonly number[]): Promise<Map<number, Event[]>> {
  const byCase = new Map<number, Event[]>(caseIds.map((id) => [id, []]));
  if (caseIds.length === 0) return byCase;
  const events = await query(db)
    .selectFrom('events')
    .selectAll()
    .where('case_id', 'in', caseIds)
    .orderBy('id')
    .execute();
  for (const event of events) byCase.get(event.case_id)?.push(event);
  return byCase;
}

/** What happened to a case last; of one trigger or one revision only, where they are given. */
export async function findLastEvent(
  db: Db,
  caseId: number,
  only: { trigger?: Trigger; revision?: number } = {},
): Promise<Event | null> {
  let events = query(db).selectFrom('events').selectAll().where('case_id', '=', caseId);
  if (only.trigger !== undefined) events = events.where('trigger', '=', only.trigger);
  if (only.revision !== undefined) events = events.where('revision', '=', only.revision);
  return (await events.orderBy('id', 'desc').limit(1).executeTakeFirst()) ?? null;
}

/**
 * The event that brought a case to where it is. Being listed in a batch, a corrected letter and an edit that was only
 * kept are events too, but none that moved it.
 */
export async function findLastMove(
  db: Db,
  { id, revision }: Pick<Case, 'id' | 'revision'>,
): Promise<Event | null> {
  const event = await query(db)
    .selectFrom('events')
    .selectAll()
    .where('case_id', '=', id)
    .where('revision', '<=', revision)
    .where((where) =>
      where.or([
        where('trigger', '=', 'resubmitted'),
        where('from_state', 'is', null),
        where('from_state', '!=', where.ref('to_state')),
      ]),
    )
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return event ?? null;
}
