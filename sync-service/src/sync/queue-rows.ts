import type { Selectable } from 'kysely';
import { FINDINGS } from '../cases/codes.ts';
import { stageOf } from '../cases/decision.ts';
import { STATES } from '../cases/lifecycle.ts';
import { formatRocDateTime } from '../cases/roc.ts';
import { LEVELS } from '../cases/types.ts';
import type { CaseTable } from '../ledger/schema.ts';
import type { DesiredRow } from '../sheets/reconcile.ts';
import { positionOf } from './position.ts';
import type { Parts, Program } from './parts.ts';

/** States in which a case has a row in its queue's tab. */
export const QUEUED_STATES: readonly string[] = ['in-review', 'dispatched'];

/** The row that a case under review has in its queue. The full name stands here: reviewers register by it. */
export function queueRow(program: Program, found: Selectable<CaseTable>): DesiredRow {
  const { facts } = found;
  return {
    caseNumber: found.number,
    cells: {
      case: found.number,
      revision: found.revision,
      state: STATES[found.state as keyof typeof STATES],
      stage: stageOf(program, positionOf(found))?.label ?? '',
      received: formatRocDateTime(found.received_at),
      due: found.due_at ? formatRocDateTime(found.due_at) : '',
      name: facts.name ?? '',
      school: facts.school?.name ?? '',
      level: facts.level ? LEVELS[facts.level] : '',
      schoolYear: facts.schoolYear ?? '',
      certificateNumber: facts.certificateNumber ?? '',
      description: facts.description ?? '',
      findings: found.findings.map((code) => FINDINGS[code as keyof typeof FINDINGS]).join('\n'),
      evidence: facts.evidence.join('\n'),
      changed: found.changed.join('、'),
      result: found.result,
    },
  };
}

export async function queueRows({ store, program }: Parts, queue: string): Promise<DesiredRow[]> {
  const rows = await store.db
    .selectFrom('cases')
    .selectAll()
    .where('program', '=', program.key)
    .where('queue', '=', queue)
    .where('state', 'in', QUEUED_STATES)
    .orderBy('received_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => queueRow(program, row));
}
