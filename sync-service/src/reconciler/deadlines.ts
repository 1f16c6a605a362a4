import { STATES, WAITING_STATES } from '../cases/lifecycle.ts';
import { formatRocDate, startOfDay, isoDay } from '../cases/calendar/roc.ts';
import { endsOf } from '../cases/calendar/window.ts';
import {
  isOfficeHour,
  isReminderTime,
  lastRemindedDeadline,
  workingDaysBefore,
} from '../cases/calendar/working-days.ts';
import type { Db } from '../ledger/store.ts';
import { listCorrectionsDue, listOverdue } from '../ledger/repositories/case-lists.ts';
import { lockCase } from '../ledger/repositories/cases.ts';
import { findLastEvent } from '../ledger/repositories/events.ts';
import { countCorrections } from '../ledger/repositories/statistics.ts';
import type { Case } from '../ledger/schema.ts';
import { expire } from '../casework/intake/receive.ts';
import { queueOfficeNotice } from '../casework/office-notice.ts';
import { quarantine } from '../casework/alerts.ts';
import type { CaseContext, QuarantineContext } from '../casework/context.ts';
import { queueNotice } from '../casework/transition.ts';
import { alertUndelivered } from './undelivered.ts';
import { queuesIn, rulesOf } from '../casework/program-versions.ts';

const DAY_MS = 24 * 3600_000;

/**
 * Sends and moves what falls due by itself: reminders and expiries for teachers, overdue lists and closing windows for
 * the office.
 */
export async function watchDeadlines(
  context: CaseContext & QuarantineContext,
  intakeRead: boolean,
): Promise<void> {
  // Lets no deadline pass while the intake cannot be read, since it may hold a correction that came in time.
  if (intakeRead) await watchCorrections(context);
  await quarantine(context, '沒有送達的補正通知', () => alertUndelivered(context));
  await quarantine(context, '逾期案件提醒', () => watchReviews(context));
  await watchWindows(context);
}

async function watchCorrections(context: CaseContext & QuarantineContext) {
  const { store, clock, program, versions } = context;
  const now = clock.now();
  const last = Math.max(...versions.running.map((rules) => lastRemindedDeadline(rules, now).getTime()));
  for (const found of await listCorrectionsDue(store.db, program.key, new Date(last)))
    await quarantine(context, `案件 ${found.number} 的補正期限`, () => remindOrExpire(context, found));
}

async function remindOrExpire(context: CaseContext, found: Case): Promise<void> {
  const now = context.clock.now();
  if (!found.due_at) return;
  const { due_at: due } = found;
  if (due >= now && !isReminderTime(rulesOf(context, found), due, found.changed_at, now)) return;
  await context.store.transaction(async (db) => {
    if (due < now) await expire(context, db, found);
    // The reminder is unique by revision and episode, so the next cycle reminds nobody again.
    else if (await isStill(db, found))
      await queueNotice(context, db, found, 'reminder', { reason: await returnReason(db, found.id) });
  });
}

/** Locks the case until the reminder is written, so that an erasure meanwhile leaves no address behind. */
async function isStill(db: Db, found: Case): Promise<boolean> {
  const held = await lockCase(db, found.id);
  return held.state === found.state && held.erased_at === null;
}

/** What the reviewer wrote when returning it, for the reminder. */
async function returnReason(db: Db, caseId: number): Promise<string> {
  const event = await findLastEvent(db, caseId);
  return event?.trigger === 'returned' ? event.reason : '';
}

/** How many cases the mail names. */
const NAMED = 50;

/** One mail a day names what nobody has touched for too long, longest first, and whose desk it lies on. */
async function watchReviews(context: CaseContext) {
  const { store, clock, program, versions } = context;
  const now = clock.now();
  if (!isOfficeHour(program.calendar, now)) return;
  const overdue = await listOverdue(store.db, program.key, WAITING_STATES, now);
  if (overdue.length === 0) return;
  const queues = queuesIn(versions.running);
  await queueOfficeNotice(context, store.db, {
    kind: 'overdue',
    about: `overdue/${isoDay(now)}`,
    data: {
      date: formatRocDate(now),
      count: overdue.length,
      unnamed: Math.max(0, overdue.length - NAMED),
      desks: queues.flatMap(({ key, label }) => {
        const count = overdue.filter((found) => found.queue === key).length;
        return count > 0 ? [{ label, count }] : [];
      }),
      cases: overdue.slice(0, NAMED).map((found) => ({
        number: found.number,
        queue: queues.find(({ key }) => key === found.queue)?.label ?? '',
        state: STATES[found.state],
        days: Math.floor((now.getTime() - found.changed_at.getTime()) / DAY_MS),
      })),
    },
  });
}

/** So many working days before its end the office hears that a window closes. */
const CLOSING_DAYS = 3;

/** Tells the office early enough that it can still extend a window. */
async function watchWindows(context: CaseContext & QuarantineContext) {
  const { store, clock, program } = context;
  const now = clock.now();
  if (!isOfficeHour(program.calendar, now)) return;
  const closing = program.forms.flatMap((form) =>
    form.window?.open ? endsOf(form.window, program.rounds).map((end) => ({ form, end })) : [],
  );
  for (const { form, end } of closing) {
    const lastDay = new Date(end.getTime() - 1);
    if (now >= end || now < workingDaysBefore(program.calendar, startOfDay(isoDay(lastDay)), CLOSING_DAYS))
      continue;
    await quarantine(context, `「${form.title}」受理期間將截止的提醒`, async () => {
      const waiting = await countCorrections(store.db, form.key);
      await queueOfficeNotice(context, store.db, {
        kind: 'window-closing',
        about: `window/${form.key}/${isoDay(lastDay)}`,
        data: { formTitle: form.title, windowEnd: formatRocDate(lastDay), waiting },
      });
    });
  }
}
