import type { Program } from '../cases/program-rules.ts';
import type { Case } from '../ledger/schema.ts';
import { type AnswerKey, answerKey, type QueueKey } from '../../../contract/tabs.ts';
import { READ_AS_FACTS } from '../cases/facts.ts';
import { sentenceFor } from '../cases/codes.ts';
import { outcomesAt, stageOf } from '../cases/decision.ts';
import { STATES } from '../cases/lifecycle.ts';
import { clockText, sortableRocDate, sortableRocDateTime } from '../cases/calendar/roc.ts';
import { LEVELS } from '../cases/types.ts';
import type { DesiredRow } from '../google/reconcile.ts';
import { isForReview } from './history.ts';
import { stagePositionOf } from './stage-position.ts';

export const OVERDUE = '（逾期）';
/** A row's answer to a tick begins with it. */
export const WAITING_WORD = '已收到，';

/** What a row says while a tick waits for its grace time. */
export function waitingText(from: Date): string {
  return `${WAITING_WORD}${clockText(from)} 生效；取消勾選即復原`;
}

/** Questions that have a column of their own: those that no other column shows, of all running versions. */
export function answerColumns(programs: readonly Program[]): { field: string; title: string }[] {
  const fields = programs.flatMap(({ forms }) => forms.flatMap((form) => form.fields));
  const shown = fields.filter((field) => field.show && isForReview(field) && !READ_AS_FACTS.has(field.key));
  return [
    ...new Map(shown.toReversed().map(({ key, title }) => [key, { field: key, title }])).values(),
  ].toReversed();
}

/** What was answered to the questions that have these columns. */
export function answerCells(
  answers: Case['answers'],
  columns: ReturnType<typeof answerColumns>,
): Partial<Record<AnswerKey, string>> {
  return Object.fromEntries(columns.map(({ field }) => [answerKey(field), answers[field] ?? '']));
}

/**
 * The row that a case under review has in its queue. The full name stands here: reviewers register by it.
 * @param program the rules of the case
 * @param waitsFor when the tick that stands in the row takes effect
 */
export function queueRow(
  program: Program,
  found: Case,
  {
    columns,
    now,
    waitsFor,
  }: { columns: ReturnType<typeof answerColumns>; now: Date; waitsFor: Date | undefined },
): DesiredRow<QueueKey | AnswerKey> {
  const overdue = found.due_at !== null && found.due_at < now;
  const { facts } = found;
  return {
    id: found.number,
    cells: {
      revision: found.revision,
      state: STATES[found.state] + (overdue ? OVERDUE : ''),
      stage: stageOf(program, stagePositionOf(found))?.label ?? '',
      received: sortableRocDateTime(found.received_at),
      due: found.due_at ? sortableRocDate(found.due_at) : '',
      ...certificateCells(found),
      description: facts.description ?? '',
      ...answerCells(found.answers, columns),
      findings: found.findings.map((code) => sentenceFor(code, program)).join('\n'),
      evidence: facts.evidence.join('\n'),
      letter: found.letter_number,
      handover: found.handover,
      changed: found.changed.join('、'),
      result: waitsFor ? waitingText(waitsFor) : found.result,
    },
    choices: { decision: outcomesAt(program, stagePositionOf(found)).map(({ label }) => label) },
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
