import { ACTIONS, CASES, type CasesKey } from '../../../contract/tabs.ts';
import { nextState, type State, STATES } from '../cases/lifecycle.ts';
import { formatRocDate, formatRocDateTime } from '../cases/calendar/roc.ts';
import type { DesiredRow } from '../google/reconcile.ts';
import type { Tab, TabRow } from '../google/tab.ts';
import { MOVED_MEANWHILE, type Taken } from '../casework/review/decide.ts';
import { IDENTITY, readCases, strangeness } from './queue-tab.ts';
import { reopen } from '../casework/intake/receive.ts';
import { ERASED_NOTE } from '../casework/erasure/erase.ts';
import type { Parts, Program, StepParts } from '../casework/context.ts';
import { positionOf } from '../casework/position.ts';
import { certificateCells } from '../casework/queue-rows.ts';
import { type Case, takeStep } from '../casework/transition.ts';
import { type Pulled, takeTicks } from './ticks.ts';
import { rulesOf } from '../casework/program-versions.ts';

/** Ticks in the list of all cases: undo a decision, take a closed case up again, withdraw for a teacher. */
export async function pullActions(parts: Parts, tab: Tab<CasesKey>): Promise<Pulled> {
  const numberOf = (row: TabRow<CasesKey>) => String(row.cells.case).trim();
  const ticked = tab.rows.filter((row) => row.cells.ready === true);
  const cases = await readCases(parts, ticked.map(numberOf));
  return takeTicks(parts, CASES, tab, {
    place: 'cases',
    checks: ['ready'],
    seen: ['state', ...IDENTITY],
    cases,
    objection: strangeness,
    apply: (row, found) =>
      act(parts, found, String(row.cells.action).trim(), {
        actor: String(row.cells.actor).trim() || 'administrator',
        reason: String(row.cells.reason).trim(),
      }),
  });
}

interface By {
  actor: string;
  reason: string;
}

async function act(parts: Parts, found: Case, action: string, by: By): Promise<Taken> {
  if (action === ACTIONS.reverse) return reverse(parts, found, by);
  if (action === ACTIONS.withdraw) return withdraw(parts, found, by);
  if (action !== ACTIONS.reopen)
    return {
      refused: action ? `「${action}」不是可用的動作，請由選單挑選。` : '已勾選送出，但尚未挑選動作。',
    };
  const next = nextState(found.state as State, 'reopened');
  if (!next.ok) return { refused: next.sentence };
  const reopened = await parts.store.db.transaction().execute((db) => reopen(parts, db, found, by));
  return { state: reopened.state };
}

/** Undoes the last decision with a correcting notice; the case goes back to the desk that took it. */
export async function reverse(parts: Parts, found: Case, by: By): Promise<Taken> {
  const next = nextState(found.state as State, 'reversed');
  if (!next.ok) return { refused: next.sentence };
  const decision = await lastDecision(parts, found);
  if (!decision)
    return { refused: `本案目前是「${STATES[found.state as State]}」，沒有審核人員的決定可以撤銷。` };
  if (!by.reason) return { refused: '撤銷決定必須填寫理由，理由會寄給教師。' };
  const moved = await parts.store.db.transaction().execute((db) =>
    takeStep(parts, db, found, {
      to: { ...positionOf(found), state: next.state },
      trigger: 'reversed',
      ...by,
      newTurn: true,
      notice: 'reversed',
      context: {
        earlierDecision: decision,
        next: `本案由${queueLabel(parts, found)}重新審核，您不必做任何事，結果會再通知您。`,
      },
    }),
  );
  return moved ? { state: moved.state } : { refused: MOVED_MEANWHILE };
}

function queueLabel(parts: Parts, found: Case): string {
  return rulesOf(parts, found).queues.find(({ key }) => key === found.queue)?.label ?? '';
}

/**
 * The label of the decision that brought the case to where it is. Being listed in a batch, a corrected letter and an
 * edit that was only kept are events too, but none that moved it.
 */
async function lastDecision(parts: Parts, found: Case): Promise<string | null> {
  const event = await parts.store.db
    .selectFrom('events')
    .select('data')
    .where('case_id', '=', found.id)
    .where('revision', '<=', found.revision)
    .where((where) =>
      where.or([
        where('trigger', '=', 'resubmitted'),
        where('from_state', 'is', null),
        where('from_state', '!=', where.ref('to_state')),
      ]),
    )
    .orderBy('id', 'desc')
    .executeTakeFirst();
  const key = event?.data.decision;
  return rulesOf(parts, found).outcomes.find((outcome) => outcome.key === key)?.label ?? null;
}

/** Ends a case at the teacher's wish. */
export async function withdraw(parts: StepParts, found: Case, by: By): Promise<Taken> {
  const next = nextState(found.state as State, 'withdrawn');
  if (!next.ok) return { refused: next.sentence };
  const moved = await parts.store.db.transaction().execute((db) =>
    takeStep(parts, db, found, {
      to: { ...positionOf(found), state: next.state },
      trigger: 'withdrawn',
      ...by,
      notice: 'withdrawn',
    }),
  );
  return moved ? { state: moved.state } : { refused: MOVED_MEANWHILE };
}

function placeCells(rules: Program, { queue, form }: Case) {
  return {
    queue: rules.queues.find((each) => each.key === queue)?.label ?? '',
    form: rules.forms.find((each) => each.key === form)?.title ?? form,
  };
}

export async function caseRows(parts: Parts): Promise<DesiredRow<CasesKey>[]> {
  const { store, program } = parts;
  const cases = await store.db
    .selectFrom('cases')
    .selectAll()
    .where('program', '=', program.key)
    .orderBy('id')
    .execute();
  return cases.map((found) => ({
    id: found.number,
    cells: {
      state: STATES[found.state as State],
      ...placeCells(rulesOf(parts, found), found),
      received: formatRocDateTime(found.received_at),
      due: found.due_at ? formatRocDate(found.due_at) : '',
      ...certificateCells(found),
      email: found.email,
      letter: found.letter_number,
      latest: formatRocDateTime(found.changed_at),
      result: found.erased_at ? ERASED_NOTE : found.result,
      response: found.response_id,
    },
  }));
}
