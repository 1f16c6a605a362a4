import type { Kysely } from 'kysely';
import { formatRocDate, startOfDay, taipeiTime } from '../cases/roc.ts';
import type { Database } from '../ledger/schema.ts';
import { QUEUED_STATES } from './queue-rows.ts';
import { expire } from './judge.ts';
import { tellOffice } from './office-mail.ts';
import type { Parts } from './parts.ts';
import { type Case, tell } from './steps.ts';
import { queuesIn, rulesOf } from './versions.ts';

const DAY_MS = 24 * 3600_000;

/** What falls due by itself: reminders and expiries for teachers, overdue lists and closing windows for the office. */
export async function watchDeadlines(parts: Parts): Promise<void> {
  await watchCorrections(parts);
  await watchReviews(parts);
  await watchWindows(parts);
}

async function watchCorrections(parts: Parts) {
  const { store, clock, program, versions } = parts;
  const now = clock.now();
  const reminderDays = Math.max(...versions.running.map(({ deadlines }) => deadlines.reminderDays));
  const soon = new Date(now.getTime() + reminderDays * DAY_MS);
  const open = await store.db
    .selectFrom('cases')
    .selectAll()
    .where('program', '=', program.key)
    .where('state', '=', 'needs-correction')
    .where('due_at', '<=', soon)
    .where('erased_at', 'is', null)
    .orderBy('id')
    .execute();
  for (const found of open) {
    const own = rulesOf(parts, found).deadlines.reminderDays * DAY_MS;
    if (found.due_at && found.due_at.getTime() - now.getTime() > own) continue;
    await store.db.transaction().execute(async (db) => {
      if (found.due_at && found.due_at < now) await expire(parts, db, found);
      // Unique by revision and turn: the second look reminds nobody again.
      else if (await isStill(db, found))
        await tell(parts, db, found, 'reminder', { reason: await returnReason(db, found.id) });
    });
  }
}

/** Held until the reminder is written: an erasure beside it must not leave an address behind. */
async function isStill(db: Kysely<Database>, found: Case): Promise<boolean> {
  const held = await db
    .selectFrom('cases')
    .select(['state', 'erased_at'])
    .where('id', '=', found.id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return held.state === found.state && held.erased_at === null;
}

/** What the reviewer wrote when returning it, for the reminder. */
async function returnReason(db: Kysely<Database>, caseId: number): Promise<string> {
  const event = await db
    .selectFrom('events')
    .select(['trigger', 'reason'])
    .where('case_id', '=', caseId)
    .orderBy('id', 'desc')
    .executeTakeFirst();
  return event?.trigger === 'returned' ? event.reason : '';
}

/** One mail a day names every case whose review is overdue. */
async function watchReviews(parts: Parts) {
  const { store, clock, program, versions } = parts;
  const now = clock.now();
  const overdue = await store.db
    .selectFrom('cases')
    .selectAll()
    .where('program', '=', program.key)
    .where('state', 'in', QUEUED_STATES)
    .where('due_at', '<', now)
    .where('erased_at', 'is', null)
    .orderBy('due_at')
    .execute();
  if (overdue.length === 0) return;
  const queueLabel = new Map(queuesIn(versions.running).map((queue) => [queue.key, queue.label]));
  await tellOffice(parts, store.db, {
    kind: 'overdue',
    about: `overdue/${isoDay(now)}`,
    data: {
      date: formatRocDate(now),
      count: overdue.length,
      cases: overdue.slice(0, 50).map((found) => ({
        number: found.number,
        queue: queueLabel.get(found.queue ?? '') ?? '',
        days: Math.floor((now.getTime() - found.changed_at.getTime()) / DAY_MS),
      })),
    },
  });
}

/** The office hears of a closing window three days before. */
async function watchWindows(parts: Parts) {
  const { store, clock, program } = parts;
  const now = clock.now();
  for (const form of program.forms) {
    const end = form.window?.to;
    if (!end || !form.window?.open) continue;
    const left = startOfDay(end).getTime() - now.getTime();
    if (left > 3 * DAY_MS || left < -DAY_MS) continue;
    const { count } = await store.db
      .selectFrom('cases')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('form', '=', form.key)
      .where('state', '=', 'needs-correction')
      .executeTakeFirstOrThrow();
    await tellOffice(parts, store.db, {
      kind: 'window-closing',
      about: `window/${form.key}/${end}`,
      data: { formTitle: form.title, windowEnd: formatRocDate(startOfDay(end)), waiting: Number(count) },
    });
  }
}

/** The day in Taipei, `2020-04-21`. */
export function isoDay(instant: Date): string {
  const { year, month, day } = taipeiTime(instant);
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
