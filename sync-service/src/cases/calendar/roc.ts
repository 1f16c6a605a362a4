/** Reckons the ROC calendar in Asia/Taipei by arithmetic, since the machine's own time zone must not matter. */

import { quoted, squeeze } from '../reading/text.ts';

const TAIPEI_MS = 8 * 3600_000;
const DAY_MS = 24 * 3600_000;
/** Spreadsheets count their dates from this day. */
const SHEET_EPOCH = Date.UTC(1899, 11, 30);
const WEEKDAYS = '日一二三四五六';
export const ROC_OFFSET = 1911;

export interface TaipeiTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** 0 is Sunday. */
  weekday: number;
}

export function taipeiTime(instant: Date): TaipeiTime {
  const local = new Date(instant.getTime() + TAIPEI_MS);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    weekday: local.getUTCDay(),
  };
}

export interface Day {
  year: number;
  month: number;
  day: number;
}

/** Gives the instant of a Taipei wall time. */
export function taipeiInstant(day: Day, hour = 0, minute = 0, second = 0): Date {
  return new Date(Date.UTC(day.year, day.month - 1, day.day, hour, minute, second) - TAIPEI_MS);
}

/** Gives the first instant of a day such as `2020-07-31` in Taipei. */
export function startOfDay(isoDay: string): Date {
  return new Date(Date.parse(`${isoDay}T00:00:00Z`) - TAIPEI_MS);
}

/** The first instant after the day, so that 23:59:59.999 is still inside. */
export function endOfDay(isoDay: string): Date {
  return new Date(startOfDay(isoDay).getTime() + DAY_MS);
}

export function isRealDay({ year, month, day }: Day): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** School year N runs from (N+1911)-08-01 to (N+1912)-07-31. */
export function schoolYearOfDay(year: number, month: number): number {
  return year - ROC_OFFSET - (month < 8 ? 1 : 0);
}

export function schoolYearOf(instant: Date): number {
  const { year, month } = taipeiTime(instant);
  return schoolYearOfDay(year, month);
}

/** Writes `109年4月29日（三）`. The weekday is computed, since people who type it get it wrong. */
export function formatRocDate(instant: Date): string {
  const { year, month, day, weekday } = taipeiTime(instant);
  return `${year - ROC_OFFSET}年${month}月${day}日（${WEEKDAYS[weekday]}）`;
}

/** Writes `至109年4月29日（三）止（含當日）`: 止 alone leaves open whether the day itself counts. */
export function untilText(lastDay: Date): string {
  return `至${formatRocDate(lastDay)}止（含當日）`;
}

/** The same of a time that ends at this instant: its last day is the one before. */
export function untilEndText(end: Date): string {
  return untilText(new Date(end.getTime() - 1));
}

/** Writes `109年4月29日（三）下午3時15分`. */
export function formatRocDateTime(instant: Date): string {
  const { hour, minute } = taipeiTime(instant);
  return `${formatRocDate(instant)}${hour < 12 ? '上午' : '下午'}${hour % 12 || 12}時${minute}分`;
}

/** Writes `109/04/29（三）`, as cells hold days: sorted as texts they stand in the order of time. */
export function sortableRocDate(instant: Date): string {
  const { year, month, day, weekday } = taipeiTime(instant);
  const padded = [String(year - ROC_OFFSET).padStart(3, '0'), twoDigits(month), twoDigits(day)];
  return `${padded.join('/')}（${WEEKDAYS[weekday]}）`;
}

/** Writes `109/04/29（三）15:05`, likewise. */
export function sortableRocDateTime(instant: Date): string {
  return sortableRocDate(instant) + clockText(instant);
}

/** Writes `15:05`. */
export function clockText(instant: Date): string {
  const { hour, minute } = taipeiTime(instant);
  return `${twoDigits(hour)}:${twoDigits(minute)}`;
}

const twoDigits = (number: number) => String(number).padStart(2, '0');

const SORTABLE_TIME = /^(\d+)\/(\d+)\/(\d+)（.）(\d+):(\d+)$/u;
const WRITTEN_TIME = /^(\d+)年(\d+)月(\d+)日（.）(上午|下午)(\d+)時(\d+)分$/u;

/** What `sortableRocDateTime` wrote, or `formatRocDateTime`, to the minute; null where it is anything else. */
export function readRocDateTime(text: string): Date | null {
  const sortable = SORTABLE_TIME.exec(text);
  if (sortable) {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = sortable.slice(1).map(Number);
    return taipeiInstant({ year: year + ROC_OFFSET, month, day }, hour, minute);
  }
  const match = WRITTEN_TIME.exec(text);
  if (!match) return null;
  const [year = 0, month = 0, day = 0, , hour = 0, minute = 0] = match.slice(1).map(Number);
  const hours = (hour % 12) + (match[4] === '下午' ? 12 : 0);
  return taipeiInstant({ year: year + ROC_OFFSET, month, day }, hours, minute);
}

const WRITTEN_DAY = /^(?:民國)?(\d{2,4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\(.\))?$/u;
const PLAIN_DAY = /^(\d{3,4})(\d{2})(\d{2})$/u;
const SHEET_DAY = /^-?\d{5,6}$/u;

/**
 * `109-05-11`, `109/5/11`, `109.5.11`, `1090511`, `109年5月11日（一）` or with a western year → `2020-05-11`; null where
 * it is no day. A spreadsheet that took what was typed for a date hands over days since 1899-12-30.
 */
export function readRocDay(text: string): string | null {
  const typed = squeeze(text);
  const written = SHEET_DAY.test(typed)
    ? new Date(SHEET_EPOCH + Number(typed) * DAY_MS).toISOString().slice(0, 10).replace(/^0+/u, '')
    : typed;
  const match = WRITTEN_DAY.exec(written) ?? PLAIN_DAY.exec(written);
  if (!match) return null;
  const [named, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])] as const;
  const year = named < 1000 ? named + ROC_OFFSET : named;
  if (!isRealDay({ year, month, day })) return null;
  return `${year}-${twoDigits(month)}-${twoDigits(day)}`;
}

const YEARLESS_DAY = /^(\d{1,2})[-/.月](\d{1,2})日?(?:\(.\))?$/u;
/** A year of 366 days, for days of which no year is known. */
const LEAP_YEAR = 2020;

/** Tells a person why what was typed is no day for `readRocDay`: 4月沒有31日. */
export function dayProblem(text: string): string {
  const typed = squeeze(text);
  const dated = WRITTEN_DAY.exec(typed) ?? PLAIN_DAY.exec(typed);
  const yearless = dated ? null : YEARLESS_DAY.exec(typed);
  const [month = 0, day = 0] = (dated?.slice(2) ?? yearless?.slice(1) ?? []).map(Number);
  const example = '請寫成 109-07-31。';
  if (yearless && isRealDay({ year: LEAP_YEAR, month, day })) return `${quoted(text)}沒有寫年份，${example}`;
  if (!dated && !yearless) return `${quoted(text)}不是日期，${example}`;
  const why = month >= 1 && month <= 12 ? `${month}月沒有${day}日` : `沒有${month}月`;
  // Most years have no February 29: without its year the sentence would look wrong.
  const when = dated && month === 2 && day === 29 ? `${dated[1]}年` : '';
  return `${quoted(text)}不是日期（${when}${why}），${example}`;
}

/** Writes the day in Taipei, as `2020-04-21`. */
export function isoDay(instant: Date): string {
  const { year, month, day } = taipeiTime(instant);
  return `${year}-${twoDigits(month)}-${twoDigits(day)}`;
}
