import type { Selectable } from 'kysely';
import { QUEUE_COLUMNS, type QueueColumnKey } from '../../../contract/columns.ts';
import type { CaseTable } from '../ledger/schema.ts';
import { reviewerContent } from '../sheets/reconcile.ts';
import type { Tab, TabRow } from '../sheets/tab.ts';
import { decide } from './decide.ts';
import type { Parts } from './parts.ts';
import { QUEUED_STATES, queueRow } from './queue-rows.ts';

type Row = TabRow<QueueColumnKey>;
type Case = Selectable<CaseTable>;

/**
 * Reads the ticked rows of one queue and applies each decision whose grace time is over, to the case whose number
 * stands in the row, at the revision the reviewer saw, or not at all.
 * @returns what reviewers typed that is now settled, by case number (their cells may be cleared or deleted), and how
 *   many ticks still wait
 */
export async function takeDecisions(parts: Parts, queue: string, tab: Tab<QueueColumnKey>) {
  const settled = new Map<string, string>();
  const ticked = tab.rows.filter((row) => row.cells.ready === true);
  const cases = await casesOf(parts, tab.rows);
  const stillTicked = new Set<number>();
  let waiting = 0;
  for (const row of ticked) {
    const found = cases.get(numberOf(row));
    if (!found) continue;
    const objection = objectionTo(parts, row, found, queue, ticked);
    stillTicked.add(found.id);
    if (!(await graceIsOver(parts, found.id, row))) {
      waiting += 1;
      continue;
    }
    const outcome = objection
      ? { refused: objection }
      : await decide(parts, found, {
          label: String(row.cells.decision).trim(),
          reason: String(row.cells.reason).trim(),
          reviewer: String(row.cells.reviewer).trim(),
        });
    if ('refused' in outcome) await explain(parts, found.id, outcome.refused);
    else settled.set(found.number, reviewerContent(row));
  }
  await forgetTicks(parts, [...cases.values()], stillTicked);
  return { settled, waiting };
}

function numberOf(row: Row): string {
  return String(row.cells.case).trim();
}

async function casesOf({ store }: Parts, rows: readonly Row[]): Promise<Map<string, Case>> {
  const numbers = [...new Set(rows.map(numberOf).filter(Boolean))];
  if (numbers.length === 0) return new Map();
  const found = await store.db.selectFrom('cases').selectAll().where('number', 'in', numbers).execute();
  return new Map(found.map((row) => [row.number, row]));
}

/** Why this row cannot speak for this case, as a sentence for the reviewer; null where it can. */
function objectionTo(
  parts: Parts,
  row: Row,
  found: Case,
  queue: string,
  ticked: readonly Row[],
): string | null {
  if (ticked.filter((other) => numberOf(other) === found.number).length > 1)
    return `案號 ${found.number} 在表中勾選了不只一列，未採用任何一列。請只留一列勾選。`;
  if (found.queue !== queue || !QUEUED_STATES.includes(found.state))
    return `本案目前不在此待審清單審核中，決定未採用。`;
  if (Number(row.cells.revision) !== found.revision)
    return `教師已送出第 ${found.revision} 版，您看到的是第 ${String(row.cells.revision)} 版。請看過新版後再決定。`;
  // A number pasted over another row's would carry that row's decision to the wrong person.
  const expected = queueRow(parts.program, found).cells;
  const strange = (['name', 'certificateNumber'] as const).filter(
    (key) => String(row.cells[key]) !== String(expected[key] ?? ''),
  );
  if (strange.length > 0)
    return `此列的${strange.map((key) => QUEUE_COLUMNS[key].label).join('、')}與案號 ${found.number} 不符，可能是案號被覆蓋。已還原，請核對後再決定。`;
  return null;
}

/** True once the same content has stood ticked for the grace time; unticking or editing begins anew. */
async function graceIsOver({ store, clock, graceMs }: Parts, caseId: number, row: Row): Promise<boolean> {
  const content = reviewerContent(row);
  const now = clock.now();
  const tick = await store.db
    .insertInto('ticks')
    .values({ case_id: caseId, content, seen_at: now })
    .onConflict((conflict) =>
      conflict.column('case_id').doUpdateSet((eb) => ({
        seen_at: eb
          .case()
          .when('ticks.content', '=', content)
          .then(eb.ref('ticks.seen_at'))
          .else(eb.ref('excluded.seen_at'))
          .end(),
        content,
      })),
    )
    .returning('seen_at')
    .executeTakeFirstOrThrow();
  return now.getTime() - tick.seen_at.getTime() >= graceMs;
}

async function forgetTicks({ store }: Parts, cases: readonly Case[], stillTicked: ReadonlySet<number>) {
  const gone = cases.filter((found) => !stillTicked.has(found.id)).map((found) => found.id);
  if (gone.length > 0) await store.db.deleteFrom('ticks').where('case_id', 'in', gone).execute();
}

async function explain({ store }: Parts, caseId: number, sentence: string) {
  await store.db.updateTable('cases').set({ result: sentence }).where('id', '=', caseId).execute();
}
