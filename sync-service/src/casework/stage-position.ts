import type { StagePosition } from '../cases/decision.ts';
import type { Case } from '../ledger/schema.ts';

/** Where the ledger says that a case stands. */
export function stagePositionOf({ state, route, stage, queue }: Case): StagePosition {
  return { state, route, stage, queue };
}
