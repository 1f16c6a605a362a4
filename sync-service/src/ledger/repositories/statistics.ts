import { FINAL_STATES, type State } from '../../cases/lifecycle.ts';
import type { NoticeKind, NoticeState } from '../../notices/types.ts';
import { countOf, type Db, query } from '../query.ts';
import type { Case } from '../schema.ts';

export async function countCases(db: Db): Promise<number> {
  return countOf(query(db).selectFrom('cases'));
}

/** How many cases are in each state, of one program or of all; a state without any is left out. */
export async function countByState(db: Db, program?: string): Promise<Map<State, number>> {
  const rows = await query(db)
    .selectFrom('cases')
    .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
    .$if(program !== undefined, (only) => only.where('program', '=', program ?? ''))
    .groupBy('state')
    .execute();
  return new Map(rows.map(({ state, count }) => [state, Number(count)]));
}

export async function countByForm(db: Db): Promise<Map<string, number>> {
  const rows = await query(db)
    .selectFrom('cases')
    .select(({ fn }) => ['form', fn.countAll<number>().as('count')])
    .groupBy('form')
    .execute();
  return new Map(rows.map(({ form, count }) => [form, Number(count)]));
}

/** How many open cases lie in a queue. */
export async function countOpen(db: Db, program: string, queue: string): Promise<number> {
  return countOf(
    query(db)
      .selectFrom('cases')
      .where('program', '=', program)
      .where('queue', '=', queue)
      .where('state', 'not in', FINAL_STATES),
  );
}

/** How many cases of a form wait for their teachers. */
export async function countCorrections(db: Db, form: string): Promise<number> {
  return countOf(
    query(db).selectFrom('cases').where('form', '=', form).where('state', '=', 'needs-correction'),
  );
}

/** Since when, and until when, each case in these states waits. */
export async function listWaits(
  db: Db,
  program: string,
  states: readonly State[],
): Promise<Pick<Case, 'queue' | 'changed_at' | 'due_at'>[]> {
  return query(db)
    .selectFrom('cases')
    .select(['queue', 'changed_at', 'due_at'])
    .where('program', '=', program)
    .where('state', 'in', states)
    .where('erased_at', 'is', null)
    .execute();
}

/** Since when the oldest case in these states waits, by queue. */
export async function oldestByQueue(db: Db, states: readonly State[]): Promise<Map<string, Date>> {
  const rows = await query(db)
    .selectFrom('cases')
    .select(({ fn }) => ['queue', fn.min('changed_at').as('oldest')])
    .where('state', 'in', states)
    .groupBy('queue')
    .execute();
  return new Map(rows.map(({ queue, oldest }) => [queue ?? '', new Date(oldest)]));
}

/** How many open cases go by an earlier program file, the earliest first. */
export async function countByEarlierVersion(
  db: Db,
  program: string,
  newest: string,
): Promise<{ version: string; first_seen: Date; count: number }[]> {
  const rows = await query(db)
    .selectFrom('cases')
    .innerJoin('program_versions', 'program_versions.hash', 'cases.program_version')
    .select(({ fn }) => ['hash', 'version', 'first_seen', fn.countAll<number>().as('count')])
    .where('cases.program', '=', program)
    .where('hash', '!=', newest)
    .where('state', 'not in', FINAL_STATES)
    .groupBy(['hash', 'version', 'first_seen'])
    .orderBy('first_seen')
    .execute();
  return rows.map(({ version, first_seen, count }) => ({ version, first_seen, count: Number(count) }));
}

/** How many submissions arrived in a time, or how often a case came to its end. */
export async function countEvents(
  db: Db,
  { from, to }: { from: Date; to: Date },
  what: 'arrived' | 'ended',
): Promise<number> {
  const events = query(db).selectFrom('events').where('at', '>=', from).where('at', '<', to);
  return countOf(
    what === 'arrived'
      ? events.where('trigger', '=', 'submitted')
      : events.where('to_state', 'in', FINAL_STATES),
  );
}

/** How many notices are in each state; a state without any is left out. */
export async function countNotices(db: Db): Promise<Map<NoticeState, number>> {
  const rows = await query(db)
    .selectFrom('notices')
    .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute();
  return new Map(rows.map(({ state, count }) => [state, Number(count)]));
}

/** How many notices of each kind were sent. */
export async function countSent(db: Db): Promise<Map<NoticeKind, number>> {
  const rows = await query(db)
    .selectFrom('notices')
    .select(({ fn }) => ['kind', fn.countAll<number>().as('count')])
    .where('state', '=', 'sent')
    .groupBy('kind')
    .execute();
  return new Map(rows.map(({ kind, count }) => [kind, Number(count)]));
}

export async function countQuarantined(db: Db): Promise<number> {
  return countOf(query(db).selectFrom('quarantined_rows'));
}
