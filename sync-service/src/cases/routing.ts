import type { Program, ProgramOutcome, ProgramRoute, ProgramStage } from './program-rules.ts';
import { matches, type RouteFacts } from './routes/conditions.ts';

/** First match wins. */
export function routeFor(program: Pick<Program, 'routes'>, facts: RouteFacts): ProgramRoute | null {
  return program.routes.find((route) => matches(route.when, facts)) ?? null;
}

/** Gives the stages of a route in order. `src/program` has checked that they exist. */
export function stagesOf(program: Pick<Program, 'stages'>, route: ProgramRoute): ProgramStage[] {
  return route.stages.flatMap((key) => program.stages[key] ?? []);
}

/** The queues that a case on this route passes, in order. */
export function queuesOf(program: Pick<Program, 'stages'>, route: ProgramRoute): string[] {
  return stagesOf(program, route).flatMap((stage) =>
    [stage.queue, stage.secondQueue].filter((q) => q !== undefined),
  );
}

/** What a teacher calls the queue; empty where the program has no such. */
export function queueNameInMails({ queues }: Pick<Program, 'queues'>, key: string | null): string {
  const queue = queues.find((each) => each.key === key);
  return queue?.title || queue?.label || '';
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
