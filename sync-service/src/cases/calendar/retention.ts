import type { Program } from '../program-rules.ts';
import { taipeiTime, startOfDay } from './roc.ts';
import { endOfMonthsAfter } from './window.ts';

type Windows = Pick<Program, 'forms' | 'queues' | 'rounds' | 'retentionMonths'>;

/** The last day of all windows of forms and queues, extensions and rounds included; null where none of them ends. */
export function programEnd({ forms, queues, rounds }: Windows): string | null {
  const windows = [...forms, ...queues].flatMap(({ window }) => window ?? []);
  const named = new Set(windows.flatMap((window) => window.rounds ?? []));
  const ends = [...windows, ...rounds.filter(({ key }) => named.has(key))].flatMap(({ to }) => to ?? []);
  return ends.toSorted().at(-1) ?? null;
}

/**
 * The first instant at which a case's personal data are no longer kept: so many months after the end of the program,
 * or after the case last moved where that is later. Null where the program has no end.
 */
export function retentionEnd(program: Windows, lastMove: Date): Date | null {
  const end = programEnd(program);
  if (end === null) return null;
  const from = new Date(Math.max(startOfDay(end).getTime(), lastMove.getTime()));
  return endOfMonthsAfter(taipeiTime(from), program.retentionMonths);
}
