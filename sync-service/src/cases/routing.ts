import { certificateKey } from './reading/certificate-number.ts';
import type { Condition, Program, ProgramOutcome, ProgramRoute, ProgramStage } from './program-rules.ts';
import { squeeze } from './reading/text.ts';
import type { Level, School } from './types.ts';
import { windowState } from './calendar/window.ts';

/** The facts that a route may ask about. */
export interface RouteFacts {
  form: string;
  purpose: string;
  level: Level | null;
  schoolYear: number | null;
  schoolLevel: School['level'] | null;
  issuer: string | null;
  submittedAt: Date;
  /** Forms that the person has sent before, and rosters the person stands in. */
  sent?: ReadonlySet<string>;
  listed?: ReadonlySet<string>;
  answers: Readonly<Record<string, string>>;
}

/** First match wins. */
export function routeFor(program: Pick<Program, 'routes'>, facts: RouteFacts): ProgramRoute | null {
  return program.routes.find((route) => matches(route.when, facts)) ?? null;
}

export function matches(when: Condition, facts: RouteFacts): boolean {
  return (
    isOne(when.level, facts.level) &&
    isYear(when.schoolYear, facts.schoolYear) &&
    isOne(when.schoolLevel, facts.schoolLevel) &&
    isOne(when.form, facts.form) &&
    isOne(when.purpose, facts.purpose) &&
    isIssuer(when.issuer, facts) &&
    isAnswer(when.role, facts.answers.role) &&
    isAmong(when.sent, facts.sent) &&
    isAmong(when.listed, facts.listed) &&
    (!when.submitted || windowState({ open: true, ...when.submitted }, [], facts.submittedAt) === 'open') &&
    Object.entries(when.field ?? {}).every(([key, wanted]) => isAnswer(wanted, facts.answers[key]))
  );
}

export function listOf<T>(wanted: T | readonly T[]): readonly T[] {
  return Array.isArray(wanted) ? (wanted as readonly T[]) : [wanted as T];
}

function isOne<T>(wanted: T | readonly T[] | undefined, value: T | null): boolean {
  return wanted === undefined || (value !== null && listOf(wanted).includes(value));
}

function isAmong(wanted: string | readonly string[] | undefined, found: ReadonlySet<string> | undefined) {
  return wanted === undefined || listOf<string>(wanted).some((each) => found?.has(each));
}

function isYear(wanted: Condition['schoolYear'], year: number | null): boolean {
  if (wanted === undefined) return true;
  if (year === null) return false;
  if (typeof wanted === 'number') return year === wanted;
  if (Array.isArray(wanted)) return wanted.includes(year);
  return (wanted.from ?? year) <= year && year <= (wanted.to ?? year);
}

function isIssuer(wanted: Condition['issuer'], facts: RouteFacts): boolean {
  if (wanted === undefined) return true;
  const issuer = certificateKey(facts.answers.issuer) || facts.issuer;
  return issuer !== null && listOf(wanted).some((each) => issuer.startsWith(certificateKey(each)));
}

function isAnswer(wanted: string | readonly string[] | undefined, answer: string | undefined): boolean {
  if (wanted === undefined) return true;
  return listOf<string>(wanted).some((each) => squeeze(each) === squeeze(answer ?? ''));
}

/** The stages of a route in order; those that `src/program` has checked exist. */
export function stagesOf(program: Pick<Program, 'stages'>, route: ProgramRoute): ProgramStage[] {
  return route.stages.flatMap((key) => program.stages[key] ?? []);
}

/** The queues that a case on this route passes, in order. */
export function queuesOf(program: Pick<Program, 'stages'>, route: ProgramRoute): string[] {
  return stagesOf(program, route).flatMap((stage) =>
    [stage.queue, stage.secondQueue].filter((q) => q !== undefined),
  );
}

/** What a reviewer of this queue may decide about a case in this stage. */
export function outcomesFor(
  program: Pick<Program, 'outcomes'>,
  stage: Pick<ProgramStage, 'kind'>,
  queue: string,
): ProgramOutcome[] {
  return program.outcomes.filter(
    (outcome) => (outcome.stages?.includes(stage.kind) ?? true) && (outcome.queues?.includes(queue) ?? true),
  );
}
