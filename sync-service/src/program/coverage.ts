import type { ProgramFile } from '../cases/program-rules.ts';
import { combinationsOf, type ConditionKey, notesOf, type RouteFacts } from '../cases/routes/conditions.ts';
import { routeFor } from '../cases/routing.ts';
import type { ProgramFault } from './error.ts';

/** More combinations than this are not enumerated one by one: the file is then too clever to be checked. */
const MOST_COMBINATIONS = 500_000;

type Rules = Pick<ProgramFile, 'forms' | 'routes' | 'rounds'> & { rosterMustMatch: boolean };

/**
 * Walks every combination of facts that the conditions tell apart, blank answers and answers that no option offers
 * included, and names the routes that none reaches and the combinations that no route takes.
 */
export function coverageFaults(file: ProgramFile): ProgramFault[] {
  const walked = walk({ ...file, rosterMustMatch: file.schools.mustMatch }, false);
  if (!walked)
    return [
      {
        path: 'routes',
        wrong: `條件組合超過 ${MOST_COMBINATIONS} 種，無法逐一檢查，請減少條件`,
        example: 'when: { level: initial }',
      },
    ];
  const unreachable = file.routes.flatMap((route, i): ProgramFault[] =>
    walked.reached.has(route.key) || isLastResort(file, i)
      ? []
      : [
          {
            path: `routes[${i}]`,
            wrong: `路徑「${route.key}」永遠用不到：${shadow(file, i)}`,
            example: '把條件較窄的路徑移到前面，或刪去這一條',
          },
        ],
  );
  return [...unreachable, ...walked.gaps.map((gap) => gapFault(gap))];
}

/**
 * What no route takes though it can come: a late case that is reopened, or an entry in a window whose end was moved in
 * the settings, is routed by its day of receipt, which lies outside the file's windows.
 * @returns zh-TW sentences for the operator
 */
export function coverageWarnings(program: Rules): string[] {
  const inside = new Set(walk(program, false)?.gaps.map((gap) => gapText(gap)));
  const all = walk(program, true)?.gaps.map((gap) => gapText(gap)) ?? [];
  return all.flatMap((text) =>
    inside.has(text)
      ? []
      : [
          `受理期間外收件的填報（例如重新開案、在「設定」延長期限）沒有路徑可走：${text}。請在最後加一條 when: {}。`,
        ],
  );
}

/** A last route without conditions catches what nobody thought of. It is right also where nothing reaches it today. */
function isLastResort({ routes }: Pick<ProgramFile, 'routes'>, index: number): boolean {
  return index === routes.length - 1 && Object.keys(routes[index]?.when ?? {}).length === 0;
}

/** @returns null where there are too many combinations */
function walk(rules: Rules, outsideWindow: boolean): { reached: Set<string>; gaps: Gap[] } | null {
  const reached = new Set<string>();
  const gaps = new Map<string, Gap>();
  const conditions = rules.routes.map((route) => route.when);
  for (const form of rules.forms) {
    const combinations = combinationsOf(conditions, { ...rules, form, outsideWindow }, MOST_COMBINATIONS);
    if (!combinations) return null;
    for (const facts of combinations) {
      const route = routeFor(rules, facts);
      if (route) reached.add(route.key);
      else noteGap(gaps, notesOf(conditions, facts), facts);
    }
  }
  return { reached, gaps: [...gaps.values()] };
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

function gapText({ form, level, rest, years }: Gap): string {
  const subject = [level, yearsText(years), ...rest].filter(Boolean).join(', ');
  return `${subject}: no route（表單 ${form} 的這種填報沒有路徑可走）`;
}

function gapFault(gap: Gap): ProgramFault {
  return {
    path: 'routes',
    wrong: gapText(gap),
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
