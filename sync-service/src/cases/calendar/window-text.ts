import type { Program } from '../program-rules.ts';
import { endOfDay, formatRocDate, startOfDay, untilEndText } from './roc.ts';
import { endsOf, type Window } from './window.ts';

/** 109年4月20日（一）起至109年7月3日（五）止（含當日）, round by round where there are rounds. */
export function windowText(window: Window | undefined, rounds: Program['rounds']): string {
  const named = rounds.filter(({ key }) => window?.rounds?.includes(key));
  if (named.length > 0)
    return named
      .map(({ title, from, to }) => title + spanText(from, to ? endOfDay(to) : undefined))
      .join('、');
  return window ? spanText(window.from, endsOf(window, rounds).at(-1)) || '不限期' : '不限期';
}

function spanText(from: string | undefined, end: Date | undefined): string {
  const first = from ? `${formatRocDate(startOfDay(from))}起` : '';
  return first + (end ? untilEndText(end) : '');
}
