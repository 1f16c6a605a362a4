import type { Selectable } from 'kysely';
import type { StagePosition } from '../cases/decision.ts';
import type { State } from '../cases/lifecycle.ts';
import type { CaseTable } from '../ledger/schema.ts';

/** Where the ledger says that a case stands. */
export function stagePositionOf({ state, route, stage, queue }: Selectable<CaseTable>): StagePosition {
  return { state: state as State, route, stage, queue };
}
