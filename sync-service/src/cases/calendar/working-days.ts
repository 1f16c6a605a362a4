import type { Program } from '../program-rules.ts';
import type { WorkCalendar } from '../types.ts';
import { isoDay, taipeiInstant, taipeiTime } from './roc.ts';
import { lastSecondAfter } from './window.ts';

/** Monday to Friday, without any holiday. */
export const PLAIN_WEEKS: WorkCalendar = { daysOff: [], workingDays: [], closed: [] };

type Rules = Pick<Program, 'calendar' | 'deadlines'>;

const DAY_MS = 24 * 3600_000;
/** A calendar that has no working day for so long is wrong; deadlines must not wait for it. */
const MOST_DAYS_OFF = 60;
/** Taipei hour from which teachers are reminded. */
const REMINDER_HOUR = 9;
/** Taipei hour from which the office's own mail goes out. */
const OFFICE_HOUR = 8;

/** Saturday or Sunday. `weekday`: 0 is Sunday. */
export function isWeekend(weekday: number): boolean {
  return weekday === 0 || weekday === 6;
}

/** Whether offices work on the day of this instant in Taipei. */
export function isWorkingDay({ daysOff, workingDays, closed }: WorkCalendar, at: Date): boolean {
  const day = isoDay(at);
  if (closed.includes(day) || daysOff.includes(day)) return false;
  return workingDays.includes(day) || !isWeekend(taipeiTime(at).weekday);
}

/** The same time of day on the nearest working day: that day itself, or the first one after or before it. */
function toWorkingDay(calendar: WorkCalendar, at: Date, step: 1 | -1): Date {
  for (let days = 0; days < MOST_DAYS_OFF; days += 1) {
    const moved = new Date(at.getTime() + step * days * DAY_MS);
    if (isWorkingDay(calendar, moved)) return moved;
  }
  return at;
}

/** The same time of day on the n-th working day before. */
export function workingDaysBefore(calendar: WorkCalendar, at: Date, days: number): Date {
  let moved = at;
  for (let left = days; left > 0; left -= 1)
    moved = toWorkingDay(calendar, new Date(moved.getTime() - DAY_MS), -1);
  return moved;
}

/** The last second of the n-th calendar day after `from`, or of the working day that follows where the program says so. */
export function deadlineAfter({ calendar, deadlines }: Rules, from: Date, days: number): Date {
  const due = lastSecondAfter(from, days);
  return deadlines.nextWorkingDay ? toWorkingDay(calendar, due, 1) : due;
}

/** When a teacher is reminded of a deadline: at nine, so many days before, or on the working day before that. */
function reminderAt({ calendar, deadlines }: Rules, due: Date): Date {
  const { year, month, day } = taipeiTime(due);
  return toWorkingDay(
    calendar,
    taipeiInstant({ year, month, day: day - deadlines.reminderDays }, REMINDER_HOUR),
    -1,
  );
}

/** Whether a teacher is reminded now of a deadline whose request went out at `asked`: never on that same day. */
export function isReminderTime(rules: Rules, due: Date, asked: Date, now: Date): boolean {
  return (
    now >= reminderAt(rules, due) && taipeiTime(now).hour >= REMINDER_HOUR && isoDay(now) !== isoDay(asked)
  );
}

/** The latest deadline of which teachers may be reminded by now. */
export function lastRemindedDeadline(rules: Rules, now: Date): Date {
  let last = lastSecondAfter(now, 0);
  for (let next = last; reminderAt(rules, next) <= now; next = new Date(next.getTime() + DAY_MS)) last = next;
  return last;
}

/** Whether the office's own mail goes out at this hour of this day. */
export function isOfficeHour(calendar: WorkCalendar, now: Date): boolean {
  return isWorkingDay(calendar, now) && taipeiTime(now).hour >= OFFICE_HOUR;
}
