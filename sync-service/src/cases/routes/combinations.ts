import { keysIn } from '../../../../contract/records.ts';
import { endOfDay, startOfDay } from '../calendar/roc.ts';
import type { Span } from '../calendar/window.ts';
import { EARLIEST_SCHOOL_YEAR } from '../reading/school-year.ts';
import { LEVELS, type Level } from '../types.ts';
import type { RouteForm, RouteWalk } from './condition.ts';

/** Which facts an entry of a form can have, as far as routes tell them apart. */

export function hasField(form: RouteForm, key: string): boolean {
  return form.fields.some((field) => field.key === key);
}

export function levelsOf(form: RouteForm): (Level | null)[] {
  const field = form.fields.find(({ key }) => key === 'level');
  if (!field) return [form.level ?? null];
  // Whatever the form offers, a file that is imported, or a form rebuilt by hand, may say any class.
  const all = keysIn(LEVELS);
  return mayBeBlank(form, 'level') ? [...all, null] : all;
}

/** Whether an entry of this form can be routed without an answer: a required one is asked for before. */
export function mayBeBlank(form: RouteForm, key: string): boolean {
  return !form.fields.some((field) => field.key === key && field.required !== false);
}

export function yearsUpTo(last: number): number[] {
  return Array.from({ length: last - EARLIEST_SCHOOL_YEAR + 1 }, (_, i) => EARLIEST_SCHOOL_YEAR + i);
}

const YEAR_MS = 366 * 24 * 3600_000;

/**
 * One instant of each stretch of time that the conditions tell apart, inside the form's window unless the walk goes
 * beyond it. Where the window has no beginning or no end, a year before the first and after the last day that the file names.
 */
export function instantsOf(
  { form, forms, rounds, outsideWindow }: RouteWalk,
  asked: readonly Span[],
): Date[] {
  const own = rounds.filter((round) => form.window?.rounds?.includes(round.key));
  const inside: Span[] = own.length > 0 ? own : [form.window ?? {}];
  const spans = outsideWindow ? [{}] : inside;
  const edges = daysOf(asked);
  const windows = forms.flatMap(({ window }) => window ?? []);
  const known = [...edges, ...daysOf([...rounds, ...windows]), startOfDay('2020-08-01').getTime()];
  const instants = spans.flatMap(({ from, to }) => {
    const first = from ? startOfDay(from).getTime() : Math.min(...known) - YEAR_MS;
    const last = to ? endOfDay(to).getTime() - 1000 : Math.max(...known) + YEAR_MS;
    return [first, ...edges.filter((edge) => edge > first && edge <= last), last];
  });
  return [...new Set(instants)].toSorted((one, other) => one - other).map((instant) => new Date(instant));
}

function daysOf(spans: readonly Span[]): number[] {
  return spans.flatMap(({ from, to }) => [
    ...(from ? [startOfDay(from).getTime()] : []),
    ...(to ? [endOfDay(to).getTime()] : []),
  ]);
}

/** Every set of the keys, the empty one first. */
export function subsetsOf(keys: readonly string[]): Set<string>[] {
  const sets = [...new Set(keys)].reduce<string[][]>(
    (all, key) => [...all, ...all.map((each) => [...each, key])],
    [[]],
  );
  return sets.map((set) => new Set(set));
}

export type Answers = Readonly<Record<string, string>>;

const OTHER = '（其他）';

/**
 * Every combination of the answers that conditions ask about. Each question has one other answer besides, as an
 * imported or rebuilt form offers what it likes, and a blank one where the question may be left out.
 */
export function answersOf(
  form: RouteForm,
  asked: readonly Readonly<Record<string, readonly string[]>>[],
  known: Answers = {},
): Answers[] {
  const wanted = new Map<string, Set<string>>();
  for (const [key, values] of asked.flatMap((each) => Object.entries(each)))
    wanted.set(key, new Set([...(wanted.get(key) ?? []), ...values]));
  let combinations: Answers[] = [known];
  for (const [key, values] of wanted) {
    const field = form.fields.find((each) => each.key === key);
    if (!field) continue;
    const offered = field.options?.map((option) => option.value) ?? [];
    const blank = mayBeBlank(form, key) ? [''] : [];
    const answers = new Set([...offered, ...values, known[key] ?? OTHER, ...blank]);
    combinations = combinations.flatMap((each) => [...answers].map((answer) => ({ ...each, [key]: answer })));
  }
  return combinations;
}
