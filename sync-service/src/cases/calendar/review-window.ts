import type { Program } from '../program-rules.ts';
import { formatRocDate, untilEndText } from './roc.ts';
import { endsOf, openingAfter, windowState } from './window.ts';
import { deadlineAfter } from './working-days.ts';

type Rules = Pick<Program, 'queues' | 'rounds' | 'deadlines' | 'calendar'>;

/** Says when the people of a queue may decide. A queue without a window may decide at any time. */
function windowOf(program: Rules, queue: string | null) {
  return program.queues.find((each) => each.key === queue)?.window;
}

/** Why nothing can be decided in this queue now, as a sentence for the row; null where it can. */
export function outsideReview(program: Rules, queue: string, now: Date): string | null {
  const window = windowOf(program, queue);
  const state = window ? windowState(window, program.rounds, now) : 'open';
  if (!window || state === 'open') return null;
  const label = program.queues.find((each) => each.key === queue)?.label ?? queue;
  if (state === 'closed') return `「${label}」目前未開放審核，決定未採用。`;
  if (state === 'early') {
    const opening = openingAfter(window, program.rounds, now);
    return `「${label}」的審核期間${opening ? `自${formatRocDate(opening)}起，` : ''}尚未開始，決定未採用。`;
  }
  const last = endsOf(window, program.rounds).at(-1);
  const until = last ? `${untilEndText(last)}，` : '';
  return `「${label}」的審核期間${until}已過，決定未採用。如須延長，請承辦人在「設定」分頁修改審核迄日。`;
}

/**
 * The last second in which a case that came to the queue at `from` is to be decided: so many days after that, or after
 * the window opens, or on the working day that follows, and in any case before the window closes.
 */
export function reviewDueAt(program: Rules, queue: string | null, from: Date): Date {
  const window = windowOf(program, queue);
  const perCase = window?.notice === undefined ? window?.daysAfterNotice : undefined;
  const start = (window && openingAfter(window, program.rounds, from)) ?? from;
  const due = deadlineAfter(program, start, perCase ?? program.deadlines.reviewDays);
  const close = window && endsOf(window, program.rounds).find((end) => end > start);
  // The last second of the last day, so that the date shown is the day meant.
  return close && close <= due ? new Date(close.getTime() - 1000) : due;
}
