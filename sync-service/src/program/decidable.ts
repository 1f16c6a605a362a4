import type { DecisionTrigger } from '../cases/lifecycle.ts';
import type { ProgramFile } from '../cases/program-rules.ts';
import { outcomesFor } from '../cases/routing.ts';
import type { ProgramFault } from './error.ts';

/** Outcomes that only send a case round: with these alone nobody could ever finish it. */
const ROUND: readonly DecisionTrigger[] = ['returned', 'forwarded'];

/** Every queue of every stage that a route uses must be able to bring a case further. */
export function decidableFaults(file: ProgramFile): ProgramFault[] {
  const used = new Set(file.routes.flatMap((route) => route.stages));
  return Object.entries(file.stages).flatMap(([key, stage]) => {
    const queues = [stage.queue, stage.secondQueue].filter((queue) => queue !== undefined);
    return used.has(key) ? queues.flatMap((queue) => faultsOf(file, key, stage, queue)) : [];
  });
}

function faultsOf(
  file: ProgramFile,
  key: string,
  stage: ProgramFile['stages'][string],
  queue: string,
): ProgramFault[] {
  const forward = outcomesFor(file, stage, queue).filter(({ trigger }) => !ROUND.includes(trigger));
  if (forward.length > 0) return [];
  return [
    {
      path: 'outcomes',
      wrong: `在階段「${key}」（${stage.kind}）的佇列「${queue}」，沒有任何結果能讓案件往前`,
      example: `{ key: approve, label: 通過登錄, trigger: approved, stages: [${stage.kind}] }`,
    },
  ];
}
