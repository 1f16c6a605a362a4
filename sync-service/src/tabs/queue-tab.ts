import { QUEUED_STATES } from '../cases/lifecycle.ts';
import { renderRows, caseRow } from './desired-rows.ts';
import type { Observed, DesiredRow } from '../google/reconcile.ts';
import { listQueue } from '../ledger/repositories/case-lists.ts';
import { findCases } from '../ledger/repositories/cases.ts';
import type { Case } from '../ledger/schema.ts';
import { type AnswerKey, QUEUE, type QueueKey } from '../../../contract/tabs.ts';
import { outsideReview } from '../cases/calendar/review-window.ts';
import { readRocDateTime, sortableRocDateTime } from '../cases/calendar/roc.ts';
import { type Cell, sameCell, type Tab, type TabRow } from '../google/tab.ts';
import { decide } from '../casework/review/decide.ts';
import { reservedName } from '../casework/history.ts';
import { answerColumns, certificateCells, queueRow } from '../casework/queue-rows.ts';
import type { TabContext } from '../casework/context.ts';
import { takeTicks, waitingTicks, writtenIn } from './ticks.ts';
import { LONGEST_ACTOR, LONGEST_REASON } from '../cases/reading/sizes.ts';
import { rulesOf } from '../casework/program-versions.ts';

type Row = TabRow<QueueKey>;

const placeOf = (queue: string) => `queue/${queue}`;

/**
 * Applies each ticked decision whose grace time is over: to the case whose number stands in the row, at the revision
 * the reviewer saw, or not at all.
 */
export async function takeDecisions(
  context: TabContext,
  queue: string,
  tab: Tab<QueueKey>,
): Promise<Observed> {
  const cases = await findCases(
    context.store.db,
    tab.rows.filter((row) => row.cells.ready === true).map(numberOf),
  );
  return takeTicks(context, QUEUE, tab, {
    place: placeOf(queue),
    checks: ['ready'],
    seen: ['revision', ...IDENTITY],
    longest: { reason: LONGEST_REASON, reviewer: LONGEST_ACTOR },
    cases,
    elsewhere: (found) =>
      found.queue === queue && QUEUED_STATES.includes(found.state)
        ? null
        : '本案目前不在此待審清單審核中，決定未採用。',
    objection: (row, found) =>
      outsideReview(rulesOf(context, found), queue, context.clock.now()) ??
      reservedName(writtenIn(row.cells.reviewer)) ??
      objectionTo(row, found),
    apply: (row, found) =>
      decide(context, found, {
        label: String(row.cells.decision).trim(),
        reason: writtenIn(row.cells.reason),
        reviewer: writtenIn(row.cells.reviewer),
      }),
  });
}

function numberOf(row: Row): string {
  return String(row.cells.case).trim();
}

/** Says to the reviewer why this row cannot decide about this case; null where it can. */
function objectionTo(row: Row, found: Case): string | null {
  if (Number(row.cells.revision) !== found.revision)
    return `教師已送出第 ${found.revision} 版，您看到的是第 ${String(row.cells.revision)} 版。請看過新版後再決定。`;
  return rowMismatch(row, found);
}

/**
 * By these cells a row is known to be its case's. The name is not enough, since one teacher may have several
 * certificates and enquiries.
 */
export const IDENTITY = [
  'name',
  'school',
  'level',
  'schoolYear',
  'certificateNumber',
  'received',
] as const satisfies QueueKey[];

/** Without this a number pasted over another row's would carry that row's decision to the wrong person. */
export function rowMismatch(
  { cells }: { cells: Partial<Pick<Row['cells'], (typeof IDENTITY)[number]>> },
  found: Case,
): string | null {
  const expected = { ...certificateCells(found), received: sortableRocDateTime(found.received_at) };
  const mismatched = IDENTITY.filter(
    (key) =>
      cells[key] !== undefined &&
      !sameCell(key === 'received' ? receivedIn(cells[key]) : cells[key], expected[key]),
  );
  if (mismatched.length === 0) return null;
  const columns = mismatched.map((key) => QUEUE.columns[key].label).join('、');
  return `此列的${columns}與案號 ${found.number} 不符，可能是案號被覆蓋。已還原，請核對後再決定。`;
}

/** As this release writes it, also where an earlier one wrote it: 109年4月21日（二）上午9時30分. */
function receivedIn(cell: Cell): string {
  const read = readRocDateTime(String(cell));
  return read ? sortableRocDateTime(read) : String(cell);
}

/** The rows that one queue shall have. */
export async function queueRows(
  context: TabContext,
  queue: string,
): Promise<DesiredRow<QueueKey | AnswerKey>[]> {
  const { store, program, versions, clock } = context;
  const rows = await listQueue(store.db, program.key, queue, QUEUED_STATES);
  const waiting = await waitingTicks(context, placeOf(queue));
  const [columns, now] = [answerColumns(versions.running), clock.now()];
  return renderRows(context, rows, caseRow, (row) =>
    queueRow(rulesOf(context, row), row, { columns, now, waitsFor: waiting.get(row.number) }),
  );
}
