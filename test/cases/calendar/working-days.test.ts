import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoDay, startOfDay, taipeiTime } from '../../../sync-service/src/cases/calendar/roc.ts';
import { endOfDaysAfter } from '../../../sync-service/src/cases/calendar/window.ts';
import {
  deadlineAfter,
  isOfficeHour,
  isReminderTime,
  isWorkingDay,
  lastRemindedDeadline,
  workingDaysBefore,
} from '../../../sync-service/src/cases/calendar/working-days.ts';
import type { WorkCalendar } from '../../../sync-service/src/cases/types.ts';
import { taipei, tainan } from '../helpers.ts';

const DAY_MS = 24 * 3600_000;
const { calendar } = tainan;
const rules = (deadlines: Partial<typeof tainan.deadlines> = {}, days: WorkCalendar = calendar) => ({
  calendar: days,
  deadlines: { ...tainan.deadlines, ...deadlines },
});

const instant = fc.date({
  min: taipei('2020-01-01 00:00:00'),
  max: taipei('2020-12-20 00:00:00'),
  noInvalidDate: true,
});
const isoDays = fc.uniqueArray(instant.map(isoDay), { maxLength: 20 });
/** Any calendar, also one that an office typed wrongly: a day may be named as off and as working. */
const calendars = fc.record({ daysOff: isoDays, workingDays: isoDays, closed: isoDays });

describe('the calendar of 109', () => {
  it.each([
    ['2020-06-24', true, 'a Wednesday'],
    ['2020-06-25', false, 'the dragon boats'],
    ['2020-06-26', false, 'a bridge day'],
    ['2020-06-20', true, 'the Saturday that is worked for it'],
    ['2020-06-27', false, 'a Saturday'],
    ['2021-02-12', true, 'a year without a file goes by the week'],
  ])('%s: %s, %s', (day, working) => {
    expect(isWorkingDay(calendar, startOfDay(day))).toBe(working);
    expect(isWorkingDay(calendar, new Date(startOfDay(day).getTime() + DAY_MS - 1))).toBe(working);
  });

  it('has as many working days as the government counts', () => {
    const days = Array.from(
      { length: 366 },
      (_, index) => startOfDay('2020-01-01').getTime() + index * DAY_MS,
    );
    expect(days.filter((day) => isWorkingDay(calendar, new Date(day)))).toHaveLength(366 - 115);
  });

  it('is overruled by a day that the office has typed, also a Saturday that is worked', () => {
    const closed = { ...calendar, closed: ['2020-06-20', '2020-06-24'] };
    expect(isWorkingDay(closed, startOfDay('2020-06-20'))).toBe(false);
    expect(isWorkingDay(closed, startOfDay('2020-06-24'))).toBe(false);
  });
});

describe('a deadline', () => {
  it.each([
    ['2020-06-20 10:00:00', 5, '2020-06-29', 'moves over the long weekend'],
    ['2020-06-20 10:00:00', 4, '2020-06-24', 'stays on a working day'],
    ['2020-06-15 10:00:00', 5, '2020-06-20', 'stays on a Saturday that is worked'],
  ])('from %s, %s days: %s', (from, days, last) => {
    expect(deadlineAfter(rules(), taipei(from), days)).toEqual(taipei(`${last} 23:59:59`));
  });

  it('counts on where the program says so', () => {
    expect(deadlineAfter(rules({ nextWorkingDay: false }), taipei('2020-06-20 10:00:00'), 5)).toEqual(
      taipei('2020-06-25 23:59:59'),
    );
  });

  it('is never earlier than its days, always a last second, and on a working day', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 40 }), calendars, (from, days, own) => {
        const due = deadlineAfter(rules({}, own), from, days);
        expect(due.getTime()).toBeGreaterThanOrEqual(endOfDaysAfter(from, days).getTime() - 1000);
        expect(isWorkingDay(own, due)).toBe(true);
        expect(taipeiTime(due)).toMatchObject({ hour: 23, minute: 59, second: 59 });
      }),
    );
  });
});

describe('a reminder', () => {
  const due = (day: string) => taipei(`${day} 23:59:59`);
  const asked = taipei('2020-06-20 10:00:00');
  it.each([
    ['2020-06-23', '2020-06-22 08:59:59', false],
    ['2020-06-23', '2020-06-22 09:00:00', true],
    ['2020-06-23', '2020-06-23 00:00:00', false],
    ['2020-06-23', '2020-06-23 09:00:00', true],
    // The day before a Monday after a long weekend is four days earlier.
    ['2020-06-29', '2020-06-24 08:59:00', false],
    ['2020-06-29', '2020-06-24 09:00:00', true],
  ])('of %s at %s: %s', (day, now, reminded) => {
    expect(isReminderTime(rules(), due(day), asked, taipei(now))).toBe(reminded);
  });

  it('never follows its request on the same day', () => {
    const on = (now: string) =>
      isReminderTime(rules(), due('2020-06-29'), taipei('2020-06-26 15:00:00'), taipei(now));
    expect(on('2020-06-26 16:00:00')).toBe(false);
    expect(on('2020-06-27 08:59:00')).toBe(false);
    expect(on('2020-06-27 09:00:00')).toBe(true);
  });

  it('is looked for in every case whose time has come', () => {
    fc.assert(
      fc.property(
        instant,
        instant,
        fc.integer({ min: 0, max: 10 }),
        calendars,
        (day, now, reminderDays, own) => {
          const last = new Date(endOfDaysAfter(day, 0).getTime() - 1000);
          const these = rules({ reminderDays }, own);
          if (last >= now && isReminderTime(these, last, new Date(0), now))
            expect(last.getTime()).toBeLessThanOrEqual(lastRemindedDeadline(these, now).getTime());
        },
      ),
    );
  });
});

describe("the office's own mail", () => {
  it('goes out from eight on working days', () => {
    expect(isOfficeHour(calendar, taipei('2020-06-24 07:59:59'))).toBe(false);
    expect(isOfficeHour(calendar, taipei('2020-06-24 08:00:00'))).toBe(true);
    expect(isOfficeHour(calendar, taipei('2020-06-25 10:00:00'))).toBe(false);
  });

  it('counts back over days off', () => {
    expect(workingDaysBefore(calendar, startOfDay('2020-06-30'), 3)).toEqual(startOfDay('2020-06-23'));
  });
});
