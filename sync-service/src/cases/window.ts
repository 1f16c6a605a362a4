import { endOfDay, startOfDay, taipeiInstant, taipeiTime, type Day } from './roc.ts';

export interface Span {
  from?: string | undefined;
  /** Last day, inclusive: up to its last second in Taipei. */
  to?: string | undefined;
}

export interface Window extends Span {
  /** The switch beside the dates: an office may keep a form closed although its window is open. */
  open: boolean;
  /** Keys of rounds; inside any of them is inside. */
  rounds?: string[] | undefined;
  /** n calendar days after the notice, counted from the day after it. */
  daysAfterNotice?: number | undefined;
  /** n months after the date on the certificate. */
  monthsAfterCertificate?: number | undefined;
}

export type WindowState = 'open' | 'closed' | 'early' | 'late';

/** What relative windows count from. Where it is not known, that part of the window does not bind. */
export interface Anchors {
  noticeAt?: Date;
  certificateDay?: Day;
}

/** Judged by the time of receipt alone. */
export function windowState(
  window: Window,
  rounds: readonly (Span & { key: string })[],
  at: Date,
  anchors: Anchors = {},
): WindowState {
  if (!window.open) return 'closed';
  const absolute = spanState(window, at);
  if (absolute !== 'open') return absolute;
  if (relativeEnds(window, anchors).some((end) => at >= end)) return 'late';
  if (!window.rounds?.length) return 'open';
  const states = rounds
    .filter((round) => window.rounds?.includes(round.key))
    .map((round) => spanState(round, at));
  if (states.includes('open')) return 'open';
  // Between two rounds the next one is still to come.
  return states.includes('early') ? 'early' : 'late';
}

function spanState(span: Span, at: Date): WindowState {
  if (span.from && at < startOfDay(span.from)) return 'early';
  if (span.to && at >= endOfDay(span.to)) return 'late';
  return 'open';
}

function relativeEnds(window: Window, { noticeAt, certificateDay }: Anchors): Date[] {
  const ends: Date[] = [];
  if (window.daysAfterNotice !== undefined && noticeAt)
    ends.push(endOfDaysAfter(noticeAt, window.daysAfterNotice));
  if (window.monthsAfterCertificate !== undefined && certificateDay)
    ends.push(endOfMonthsAfter(certificateDay, window.monthsAfterCertificate));
  return ends;
}

/** The first instant after the n-th calendar day after `from`: the day of the notice itself does not count. */
export function endOfDaysAfter(from: Date, days: number): Date {
  const { year, month, day } = taipeiTime(from);
  return taipeiInstant({ year, month, day: day + days + 1 });
}

/** The first instant after the same day n months on, or after that month's last day where it has no such day. */
export function endOfMonthsAfter(from: Day, months: number): Date {
  const lastDay = new Date(Date.UTC(from.year, from.month - 1 + months + 1, 0)).getUTCDate();
  return taipeiInstant({ year: from.year, month: from.month + months, day: Math.min(from.day, lastDay) + 1 });
}
