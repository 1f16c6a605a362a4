import type { ProgramFile } from '../cases/program-rules.ts';
import { combinationsOf, type ConditionKey, notesOf, type RouteFacts } from '../cases/routes/conditions.ts';
import { routeFor } from '../cases/routing.ts';
import type { ProgramFault } from './error.ts';

/** More combinations than this are not enumerated one by one: the file is then too clever to be checked. */
const MOST_COMBINATIONS = 500_000;

/**
 * Walks every combination of facts that the conditions tell apart, and names the routes that none reaches and the
 * combinations that no route takes.
 */
export function coverageFaults(file: ProgramFile): ProgramFault[] {
  const reached = new Set<string>();
  const gaps = new Map<string, Gap>();
  const conditions = file.routes.map((route) => route.when);
  for (const form of file.forms) {
    const combinations = combinationsOf(conditions, { ...file, form }, MOST_COMBINATIONS);
    if (!combinations)
      return [
        {
          path: 'routes',
          wrong: `條件組合超過 ${MOST_COMBINATIONS} 種，無法逐一檢查，請減少條件`,
          example: 'when: { level: initial }',
        },
      ];
    for (const facts of combinations) {
      const route = routeFor(file, facts);
      if (route) reached.add(route.key);
      else noteGap(gaps, notesOf(conditions, facts), facts);
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

/** Entries of one form that no route takes and that differ only by their school years. */
interface Gap {
  form: string;
  level: string;
  rest: string[];
  years: number[];
}

function noteGap(
  gaps: Map<string, Gap>,
  notes: ReadonlyMap<ConditionKey, string>,
  { form, schoolYear }: Pick<RouteFacts, 'form' | 'schoolYear'>,
) {
  const { level = '', schoolYear: _year, ...others } = Object.fromEntries(notes);
  const rest = Object.values(others).filter(Boolean);
  const id = JSON.stringify([form, level, rest]);
  const gap = gaps.get(id) ?? { form, level, rest, years: [] };
  if (schoolYear !== null) gap.years.push(schoolYear);
  gaps.set(id, gap);
}

function gapFault({ form, level, rest, years }: Gap): ProgramFault {
  const subject = [level, yearsText(years), ...rest].filter(Boolean).join(', ');
  return {
    path: 'routes',
    wrong: `${subject}: no route（表單 ${form} 的這種填報沒有路徑可走）`,
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
