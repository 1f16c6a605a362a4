import { type DecisionTrigger, nextState, type State } from './lifecycle.ts';
import type { Program, ProgramOutcome, ProgramStage } from './program-rules.ts';
import { outcomesFor, stagesOf } from './routing.ts';

/** Where a case stands. */
export interface StagePosition {
  state: State;
  route: string | null;
  /** Index in the route's stages. */
  stage: number;
  queue: string | null;
}

export type Move = { ok: true; to: StagePosition } | { ok: false; sentence: string };

type Rules = Pick<Program, 'routes' | 'stages' | 'outcomes'>;

export function stageOf(program: Rules, { route, stage }: StagePosition): ProgramStage | null {
  const found = program.routes.find((each) => each.key === route);
  return found ? (stagesOf(program, found)[stage] ?? null) : null;
}

/** What a reviewer may choose for the case where it stands. */
export function outcomesAt(program: Rules, position: StagePosition): ProgramOutcome[] {
  const stage = stageOf(program, position);
  if (!stage) return [];
  // A case cannot be forwarded to the queue that it lies in.
  return outcomesFor(program, stage, position.queue ?? '').filter(({ to }) => to !== position.queue);
}

/** Where a reviewer's decision takes the case, or the sentence for the row. */
export function decideMove(
  program: Rules,
  from: StagePosition,
  outcome: ProgramOutcome,
  reason: string,
): Move {
  const allowed = outcomesAt(program, from);
  if (!allowed.includes(outcome)) {
    const labels = allowed.map((each) => `「${each.label}」`).join('');
    const stage = stageOf(program, from)?.label ?? '目前的階段';
    return {
      ok: false,
      sentence: `本案在「${stage}」，不能選「${outcome.label}」；可選${labels || '的決定已無'}。`,
    };
  }
  if (outcome.reasonRequired && reason === '')
    return { ok: false, sentence: `「${outcome.label}」必須填寫理由，理由會原文寄給教師。` };
  const next = nextState(from.state, outcome.trigger);
  if (!next.ok) return next;
  return { ok: true, to: PLACES[outcome.trigger](program, { ...from, state: next.state }, outcome) };
}

type Place = (program: Rules, position: StagePosition, outcome: ProgramOutcome) => StagePosition;

const stay: Place = (_program, position) => position;

/** The stage and the queue that each decision takes the case to. */
const PLACES: Record<DecisionTrigger, Place> = {
  approved: stay,
  rejected: stay,
  answered: stay,
  passed: passOn,
  // The case waits in the queue that writes the letters, whoever approved it: no other tab lists it.
  compiled: (program, position) => ({
    ...position,
    queue: stageOf(program, position)?.queue ?? position.queue,
  }),
  returned: resumeAt,
  forwarded: (_program, position, { to }) => ({ ...position, queue: to ?? position.queue }),
};

/** A route without that stage leaves the case where it is. */
function resumeAt(program: Rules, position: StagePosition, outcome: ProgramOutcome): StagePosition {
  const route = program.routes.find((each) => each.key === position.route);
  const stage = route?.stages.findIndex((key) => key === outcome.resumeAt) ?? -1;
  const queue = program.stages[outcome.resumeAt ?? '']?.queue;
  return stage < 0 || !queue ? position : { ...position, stage, queue };
}

/** Goes to the second review of the stage, or to the next stage where there is none. */
function passOn(program: Rules, position: StagePosition): StagePosition {
  const stage = stageOf(program, position);
  if (stage?.secondQueue && position.queue !== stage.secondQueue)
    return { ...position, queue: stage.secondQueue };
  return nextStage(program, position);
}

/** Goes to the next stage of the route; a case in the last stage stays there. */
export function nextStage(program: Rules, position: StagePosition): StagePosition {
  const next = stageOf(program, { ...position, stage: position.stage + 1 });
  return next?.queue ? { ...position, stage: position.stage + 1, queue: next.queue } : position;
}
