import { certificateKey } from '../cases/reading/certificate-number.ts';
import { readLevel } from '../cases/reading/level.ts';
import type { Condition, ProgramFile } from '../cases/program-rules.ts';
import { endOfDay, schoolYearOf, startOfDay } from '../cases/calendar/roc.ts';
import { listOf, type RouteFacts, routeFor } from '../cases/routing.ts';
import { EARLIEST_SCHOOL_YEAR } from '../cases/reading/school-year.ts';
import { LEVELS, type Level } from '../cases/types.ts';
import type { Span } from '../cases/calendar/window.ts';
import type { ProgramFault } from './error.ts';

/** More combinations than this are not enumerated one by one: the file is then too clever to be checked. */
const MOST_COMBINATIONS = 500_000;

/**
 * Walks every combination of facts that the conditions tell apart, and names the routes that none reaches and the
 * combinations that no route takes.
 */
export function coverageFaults(file: ProgramFile): ProgramFault[] {
  const reached = new Set<string>();
  const gaps = new Map<string, { form: string; level: Level | null; note: string; years: number[] }>();
  const points = file.forms.flatMap((form) => [...factsOfForm(file, form)]);
  if (points.length > MOST_COMBINATIONS)
    return [
      {
        path: 'routes',
        wrong: `條件組合超過 ${MOST_COMBINATIONS} 種，無法逐一檢查，請減少條件`,
        example: 'when: { level: initial }',
      },
    ];
  for (const { facts, note } of points) {
    const route = routeFor(file, facts);
    if (route) reached.add(route.key);
    else {
      const id = [facts.form, facts.level, note].join('|');
      const gap = gaps.get(id) ?? { form: facts.form, level: facts.level, note, years: [] };
      if (facts.schoolYear !== null) gap.years.push(facts.schoolYear);
      gaps.set(id, gap);
    }
  }
  const unreachable = file.routes.flatMap((route, i): ProgramFault[] =>
    reached.has(route.key)
      ? []
      : [
          {
            path: `routes[${i}]`,
            wrong: `路徑「${route.key}」永遠用不到：${shadow(file, i)}`,
            example: '把條件較窄的路徑移到前面，或刪去這一條',
          },
        ],
  );
  return [...unreachable, ...[...gaps.values()].map((gap) => gapFault(gap))];
}

function gapFault(gap: { form: string; level: Level | null; note: string; years: number[] }): ProgramFault {
  const subject = [gap.level ?? 'any level', yearsText(gap.years), gap.note].filter(Boolean).join(', ');
  return {
    path: 'routes',
    wrong: `${subject}: no route（表單 ${gap.form} 的這種填報沒有路徑可走）`,
    example: '{ key: the-rest, when: {}, form: null, stages: [center-review] }',
  };
}

function shadow(file: ProgramFile, index: number): string {
  const earlier = file.routes.slice(0, index).map((route) => route.key);
  return earlier.length > 0
    ? `前面的 ${earlier.join('、')} 已涵蓋，或沒有表單會產生這種填報`
    : '沒有表單會產生這種填報';
}

function yearsText(years: number[]): string {
  const sorted = [...new Set(years)].toSorted((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const year of sorted) {
    const last = runs.at(-1);
    if (last && last[1] === year - 1) last[1] = year;
    else runs.push([year, year]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
}

interface Point {
  facts: RouteFacts;
  note: string;
}

function* factsOfForm(file: ProgramFile, form: ProgramFile['forms'][number]): Generator<Point> {
  const conditions = file.routes.map((route) => route.when);
  const has = (key: string) => form.fields.some((field) => field.key === key);
  const levels = levelsOf(form);
  const issuers = has('certificate-number') || has('issuer') ? issuersOf(conditions) : [null];
  const schoolLevels = conditions.some((when) => when.schoolLevel)
    ? (['elementary', 'junior', 'senior'] as const)
    : [null];
  for (const submittedAt of instantsOf(file, form, conditions))
    for (const schoolYear of has('school-year') ? yearsUpTo(schoolYearOf(submittedAt)) : [null])
      for (const level of levels)
        for (const issuer of issuers)
          for (const schoolLevel of schoolLevels)
            for (const answers of answersOf(form, conditions))
              for (const known of knownOf(conditions))
                yield {
                  facts: {
                    form: form.key,
                    purpose: form.purpose,
                    level,
                    schoolYear,
                    schoolLevel,
                    issuer,
                    submittedAt,
                    answers,
                    ...known,
                  },
                  note: noteOf(conditions, { issuer, schoolLevel, answers, submittedAt, ...known }),
                };
}

function levelsOf(form: ProgramFile['forms'][number]): (Level | null)[] {
  const field = form.fields.find((each) => each.key === 'level');
  if (!field) return [form.level ?? null];
  // The facts decide: a form that leaves the class to free text may be sent with any.
  const offered = (field.options ?? []).map((option) => readLevel(option.value));
  const levels = offered.filter((level) => level !== null && level !== 'missing');
  return levels.length > 0 ? [...new Set(levels)] : (Object.keys(LEVELS) as Level[]);
}

function yearsUpTo(last: number): number[] {
  return Array.from({ length: last - EARLIEST_SCHOOL_YEAR + 1 }, (_, i) => EARLIEST_SCHOOL_YEAR + i);
}

function issuersOf(conditions: Condition[]): (string | null)[] {
  const named = conditions.flatMap((when) => listOf<string>(when.issuer ?? [])).map(certificateKey);
  // Any other issuer, and a number that names none.
  return named.length > 0 ? [...new Set(named), '其他機關', null] : [null];
}

const YEAR_MS = 366 * 24 * 3600_000;

/**
 * One instant of each stretch of time that the conditions tell apart, inside the form's window. Where the window has no
 * beginning or no end, a year before the first and after the last day that the file names.
 */
function instantsOf(file: ProgramFile, form: ProgramFile['forms'][number], conditions: Condition[]): Date[] {
  const rounds = file.rounds.filter((round) => form.window?.rounds?.includes(round.key));
  const spans: Span[] = rounds.length > 0 ? rounds : [form.window ?? {}];
  const edges = daysOf(conditions.flatMap(({ submitted }) => submitted ?? []));
  const windows = file.forms.flatMap(({ window }) => window ?? []);
  const known = [...edges, ...daysOf([...file.rounds, ...windows]), startOfDay('2020-08-01').getTime()];
  const instants = spans.flatMap(({ from, to }) => {
    const first = from ? startOfDay(from).getTime() : Math.min(...known) - YEAR_MS;
    const last = to ? endOfDay(to).getTime() - 1000 : Math.max(...known) + YEAR_MS;
    return [first, ...edges.filter((edge) => edge > first && edge <= last), last];
  });
  return [...new Set(instants)].toSorted((one, other) => one - other).map((instant) => new Date(instant));
}

function daysOf(spans: Span[]): number[] {
  return spans.flatMap(({ from, to }) => [
    ...(from ? [startOfDay(from).getTime()] : []),
    ...(to ? [endOfDay(to).getTime()] : []),
  ]);
}

type KnownOfPerson = Required<Pick<RouteFacts, 'sent' | 'listed'>>;

/** Every combination of forms sent before and rosters that conditions ask about. */
function knownOf(conditions: Condition[]): KnownOfPerson[] {
  const subsets = (keys: string[]) =>
    [...new Set(keys)].reduce<string[][]>((all, key) => [...all, ...all.map((each) => [...each, key])], [[]]);
  const sent = subsets(conditions.flatMap((when) => listOf<string>(when.sent ?? [])));
  const listed = subsets(conditions.flatMap((when) => listOf<string>(when.listed ?? [])));
  return sent.flatMap((forms) =>
    listed.map((rosters) => ({ sent: new Set(forms), listed: new Set(rosters) })),
  );
}

/** Every combination of the answers that conditions ask about, and for each one other answer. */
function answersOf(form: ProgramFile['forms'][number], conditions: Condition[]): Record<string, string>[] {
  const wanted = new Map<string, Set<string>>();
  for (const when of conditions) {
    const asked = { ...when.field, ...(when.role === undefined ? {} : { role: when.role }) };
    for (const [key, values] of Object.entries(asked))
      for (const value of listOf<string>(values)) wanted.set(key, (wanted.get(key) ?? new Set()).add(value));
  }
  let combinations: Record<string, string>[] = [{}];
  for (const [key, values] of wanted) {
    const field = form.fields.find((each) => each.key === key);
    if (!field) continue;
    const options = field.options?.map((option) => option.value);
    const answers = options ?? [...values, '（其他）'];
    combinations = combinations.flatMap((each) => answers.map((answer) => ({ ...each, [key]: answer })));
  }
  return combinations;
}

function noteOf(
  conditions: Condition[],
  facts: Pick<RouteFacts, 'issuer' | 'schoolLevel' | 'answers' | 'submittedAt'> & KnownOfPerson,
): string {
  const notes = [
    conditions.some((when) => when.issuer) ? `issuer ${facts.issuer ?? 'unknown'}` : '',
    facts.schoolLevel ?? '',
    ...Object.entries(facts.answers).map(([key, value]) => `${key} ${value}`),
    conditions.some((when) => when.submitted)
      ? `submitted ${facts.submittedAt.toISOString().slice(0, 10)}`
      : '',
    conditions.some((when) => when.sent) ? `sent ${[...facts.sent].join('+') || 'nothing'} before` : '',
    conditions.some((when) => when.listed) ? `listed in ${[...facts.listed].join('+') || 'no roster'}` : '',
  ];
  return notes.filter(Boolean).join(', ');
}
