import { renderRows, caseRow } from './desired-rows.ts';
import type { Program } from '../cases/program-rules.ts';
import { listCases } from '../ledger/repositories/case-lists.ts';
import { findCases } from '../ledger/repositories/cases.ts';
import type { Case } from '../ledger/schema.ts';
import {
  ACTIONS,
  type AnswerKey,
  CASES,
  type CasesKey,
  ERASED_NOTE,
  NOT_ASKED_YET,
} from '../../../contract/tabs.ts';
import { nextState, STATES } from '../cases/lifecycle.ts';
import { sortableRocDate, sortableRocDateTime } from '../cases/calendar/roc.ts';
import type { DesiredRow, Observed } from '../google/reconcile.ts';
import type { Tab, TabRow } from '../google/tab.ts';
import { IDENTITY, rowMismatch } from './queue-tab.ts';
import { reopen } from '../casework/intake/receive.ts';
import type { TabContext, CaseContext } from '../casework/context.ts';
import { type By, reverse, withdraw } from '../casework/review/undo.ts';
import { reservedName } from '../casework/history.ts';
import { answerCells, answerColumns, certificateCells } from '../casework/queue-rows.ts';
import type { Taken } from '../casework/transition.ts';
import { takeTicks, writtenIn } from './ticks.ts';
import { LONGEST_ACTOR, LONGEST_REASON } from '../cases/reading/sizes.ts';
import { quoted } from '../cases/reading/text.ts';
import { rulesOf } from '../casework/program-versions.ts';

/**
 * Takes the ticks in the list of all cases: undoes a decision, takes a closed case up again, withdraws for a teacher.
 */
export async function observeActions(context: TabContext, tab: Tab<CasesKey>): Promise<Observed> {
  const numberOf = (row: TabRow<CasesKey>) => String(row.cells.case).trim();
  const ticked = tab.rows.filter((row) => row.cells.ready === true);
  const cases = await findCases(context.store.db, ticked.map(numberOf));
  return takeTicks(context, CASES, tab, {
    place: 'cases',
    checks: ['ready'],
    seen: ['state', ...IDENTITY],
    longest: { reason: LONGEST_REASON, actor: LONGEST_ACTOR },
    cases,
    objection: (row, found) => reservedName(writtenIn(row.cells.actor)) ?? rowMismatch(row, found),
    apply: (row, found) =>
      act(context, found, String(row.cells.action).trim(), {
        actor: writtenIn(row.cells.actor) || 'administrator',
        reason: writtenIn(row.cells.reason),
      }),
  });
}

async function act(context: CaseContext, found: Case, action: string, by: By): Promise<Taken> {
  if (action === ACTIONS.reverse) return reverse(context, found, by);
  if (action === ACTIONS.withdraw) return withdraw(context, found, by);
  if (action !== ACTIONS.reopen)
    return {
      refused: action ? `${quoted(action)}不是可用的動作，請由選單挑選。` : '已勾選送出，但尚未挑選動作。',
    };
  const next = nextState(found.state, 'reopened');
  if (!next.ok) return { refused: next.sentence };
  const reopened = await context.store.transaction((db) => reopen(context, db, found, by));
  return { state: reopened.state };
}

const isAsked = ({ state, erased_at }: Case) => state === 'needs-correction' && erased_at === null;

function placeCells(rules: Program, { queue, form }: Case) {
  return {
    queue: rules.queues.find((each) => each.key === queue)?.label ?? '',
    form: rules.forms.find((each) => each.key === form)?.title ?? form,
  };
}

export async function caseRows(context: TabContext): Promise<DesiredRow<CasesKey | AnswerKey>[]> {
  const { store, program } = context;
  const cases = await listCases(store.db, program.key);
  const columns = answerColumns(context.versions.running);
  return renderRows(context, cases, caseRow, (found) => ({
    id: found.number,
    cells: {
      state: STATES[found.state],
      ...placeCells(rulesOf(context, found), found),
      received: sortableRocDateTime(found.received_at),
      due: found.due_at ? sortableRocDate(found.due_at) : isAsked(found) ? NOT_ASKED_YET : '',
      ...certificateCells(found),
      ...answerCells(found.answers, columns),
      email: found.email,
      letter: found.letter_number,
      latest: sortableRocDateTime(found.changed_at),
      result: found.erased_at ? ERASED_NOTE : found.result,
      response: found.response_id,
    },
  }));
}
