import { endOfDay, startOfDay, taipeiInstant, taipeiTime, type Day } from './roc.ts';

export interface Span {
  from?: string | undefined;
  /** Last day, inclusive: up to its last second in Taipei. */
  to?: string | undefined;
}

export interface Window extends Span {
  /** The switch beside the dates: an office may keep a form closed although its window is open. */
  open: boolean;
  /** Keys of rounds: the window is open while any of them is. */
  rounds?: string[] | undefined;
  /** The day of the notice that `daysAfterNotice` counts from. */
  notice?: string | undefined;
  /** n calendar days after the notice, counted from the day after it. */
  daysAfterNotice?: number | undefined;
  /** n months after the date on the certificate. */
  monthsAfterCertificate?: number | undefined;
}

export type WindowState = 'open' | 'closed' | 'early' | 'late';

/** Dates that the entry states about itself. A part of the window whose date is not stated does not bind. */
export interface Anchors {
  certificateDay?: Day;
}

/** Gives the state of a window, by the time of receipt alone. */
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
  // Between two rounds an entry is early, since the next round is still to come.
  return states.includes('early') ? 'early' : 'late';
}

function spanState(span: Span, at: Date): WindowState {
  if (span.from && at < startOfDay(span.from)) return 'early';
  if (span.to && at >= endOfDay(span.to)) return 'late';
  return 'open';
}

function relativeEnds(window: Window, { certificateDay }: Anchors): Date[] {
  const ends = noticeEnds(window);
  if (window.monthsAfterCertificate !== undefined && certificateDay)
    ends.push(endOfMonthsAfter(certificateDay, window.monthsAfterCertificate));
  return ends;
}

function noticeEnds({ notice, daysAfterNotice }: Window): Date[] {
  return notice === undefined || daysAfterNotice === undefined
    ? []
    : [endOfDaysAfter(startOfDay(notice), daysAfterNotice)];
}

type Rounds = readonly (Span & { key: string })[];

function roundsOf(window: Window, rounds: Rounds): Rounds {
  return rounds.filter((round) => window.rounds?.includes(round.key));
}

/** The instants at which the window closes, its rounds' included, in their order. */
export function endsOf(window: Window, rounds: Rounds): Date[] {
  const whole = [...(window.to ? [endOfDay(window.to)] : []), ...noticeEnds(window)];
  const parts = roundsOf(window, rounds).flatMap(({ to }) => (to ? [endOfDay(to)] : []));
  const last = Math.min(...whole.map((end) => end.getTime()));
  const times = [
    ...parts.map((end) => end.getTime()).filter((end) => end < last),
    ...(whole.length > 0 ? [last] : []),
  ];
  return times.toSorted((a, b) => a - b).map((time) => new Date(time));
}

/** The first instant from `at` on in which the window is open, whatever its switch says; null where none is left. */
export function openingAfter(window: Window, rounds: Rounds, at: Date): Date | null {
  const starts = [window, ...roundsOf(window, rounds)].flatMap(({ from }) =>
    from ? [startOfDay(from)] : [],
  );
  return (
    [at, ...starts.filter((start) => start > at)]
      .toSorted((a, b) => a.getTime() - b.getTime())
      .find((each) => windowState({ ...window, open: true }, rounds, each) === 'open') ?? null
  );
}

/** Gives the first instant after the n-th calendar day after `from`. The day of the notice itself does not count. */
export function endOfDaysAfter(from: Date, days: number): Date {
  const { year, month, day } = taipeiTime(from);
  return taipeiInstant({ year, month, day: day + days + 1 });
}

/** The last second of the n-th calendar day after `from`, so that the date shown is the day meant. */
export function lastSecondAfter(from: Date, days: number): Date {
  return new Date(endOfDaysAfter(from, days).getTime() - 1000);
}

/** The first instant after the same day n months on, or after that month's last day where it has no such day. */
export function endOfMonthsAfter(from: Day, months: number): Date {
  const lastDay = new Date(Date.UTC(from.year, from.month - 1 + months + 1, 0)).getUTCDate();
  return taipeiInstant({ year: from.year, month: from.month + months, day: Math.min(from.day, lastDay) + 1 });
}
