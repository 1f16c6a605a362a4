import type { Program } from '../cases/program-rules.ts';
import type { Case } from '../ledger/schema.ts';
import type { QueueKey } from '../../../contract/tabs.ts';
import { sentenceFor } from '../cases/codes.ts';
import { stageOf } from '../cases/decision.ts';
import { STATES } from '../cases/lifecycle.ts';
import { formatRocDate, formatRocDateTime } from '../cases/calendar/roc.ts';
import { LEVELS } from '../cases/types.ts';
import type { DesiredRow } from '../google/reconcile.ts';
import { stagePositionOf } from './stage-position.ts';

export const OVERDUE = '（逾期）';

/** The row that a case under review has in its queue. The full name stands here: reviewers register by it. */
export function queueRow(program: Program, found: Case, now: Date): DesiredRow<QueueKey> {
  const overdue = found.due_at !== null && found.due_at < now;
  const { facts } = found;
  return {
    id: found.number,
    cells: {
      revision: found.revision,
      state: STATES[found.state] + (overdue ? OVERDUE : ''),
      stage: stageOf(program, stagePositionOf(found))?.label ?? '',
      received: formatRocDateTime(found.received_at),
      due: found.due_at ? formatRocDate(found.due_at) : '',
      ...certificateCells(found),
      description: facts.description ?? '',
      findings: found.findings.map((code) => sentenceFor(code, program)).join('\n'),
      evidence: facts.evidence.join('\n'),
      letter: found.letter_number,
      handover: found.handover,
      changed: found.changed.join('、'),
      result: found.result,
    },
  };
}

export function certificateCells({ facts }: Pick<Case, 'facts'>) {
  return {
    name: facts.name ?? '',
    school: facts.school?.name ?? '',
    level: facts.level ? LEVELS[facts.level] : '',
    schoolYear: facts.schoolYear ?? '',
    certificateNumber: facts.certificateNumber ?? '',
  };
}
