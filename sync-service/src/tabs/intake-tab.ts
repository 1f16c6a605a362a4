import { createHash } from 'node:crypto';
import { cutText } from '../../../contract/cell-text.ts';
import { keysIn } from '../../../contract/records.ts';
import { intakeRowSchema } from '../../../contract/intake.ts';
import {
  digestIn,
  digestOf,
  INTAKE_COLUMNS,
  type IntakeColumn,
  type IntakeRow,
  isKeyOf,
} from '../../../contract/intake-key.ts';
import type { Tab, TabRow } from '../google/tab.ts';
import { quarantine } from '../casework/alerts.ts';
import { isEmptied, watchErasureConfirmations } from '../casework/erasure/intake-watch.ts';
import { hasCaseOf } from '../ledger/repositories/cases.ts';
import {
  listQuarantined,
  releaseQuarantined,
  saveQuarantined,
} from '../ledger/repositories/quarantined-rows.ts';
import { listKnownKeys } from '../ledger/repositories/revisions.ts';
import { receive } from '../casework/intake/receive.ts';
import type { TabContext, CaseContext } from '../casework/context.ts';

const KEY_LENGTH = 200;
const KEYS = keysIn(INTAKE_COLUMNS);

/**
 * Takes in every intake row that the ledger does not know yet, in the order of receipt. A row that cannot be read or
 * received is quarantined with its reason, holds up no other, and is tried again in each cycle until it is whole or gone.
 */
export async function takeIn(context: TabContext, tab: Tab<IntakeColumn>): Promise<number> {
  const known = await listKnownKeys(context.store.db);
  const fresh: IntakeRow[] = [];
  const quarantined = new Map<string, string>();
  const erased = watchErasureConfirmations();
  for (const row of tab.rows) {
    const key = String(row.cells.key);
    const caseId = known.get(key);
    if (caseId !== undefined) {
      if (caseId !== null) erased.see(caseId, key, isEmptied(row));
      continue;
    }
    const read = readRow(row);
    // A person may have pasted a text of any length over the key.
    const cell = cutText(key, KEY_LENGTH) || `row ${row.index + 1}`;
    if ('emptied' in read) quarantined.set(cell, '已清空，但沒有這樣一件刪除過個人資料的案件。');
    else if ('reason' in read) quarantined.set(cell, read.reason);
    else fresh.push(read.row);
  }
  const ordered = fresh.toSorted(
    (a, b) => a.receivedAt.localeCompare(b.receivedAt) || a.revision.localeCompare(b.revision),
  );
  let taken = 0;
  for (const row of ordered) {
    if (!(await hasForm(context, row))) {
      quarantined.set(row.key, `設定檔沒有表單 ${row.form}。`);
      continue;
    }
    let isNew = false;
    const reason = await quarantine(context, row.key, async () => {
      isNew = await receive(context, row);
    });
    if (reason !== null) quarantined.set(row.key, reason);
    else {
      taken += Number(isNew);
      // Another row with the same key may be whole.
      quarantined.delete(row.key);
    }
  }
  await keepQuarantined(context, quarantined);
  await erased.note(context);
  return taken;
}

/** A form that left the program file takes no new entries; those under way may still be corrected. */
async function hasForm(
  { store, program }: Pick<CaseContext, 'store' | 'program'>,
  { form, responseId }: IntakeRow,
): Promise<boolean> {
  if (program.forms.some(({ key }) => key === form)) return true;
  return hasCaseOf(store.db, program.key, { form, responseId });
}

/** Reads one row of the tab, or says why it cannot be read. */
export function readRow(
  row: TabRow<IntakeColumn>,
): { row: IntakeRow } | { emptied: true } | { reason: string } {
  if (isEmptied(row)) return { emptied: true };
  const cells: Record<string, unknown> = { ...row.cells };
  for (const key of KEYS) cells[key] = String(row.cells[key]);
  try {
    cells.answers = JSON.parse(String(row.cells.answers));
  } catch {
    return { reason: '填報內容不是 JSON。' };
  }
  const parsed = intakeRowSchema.safeParse(cells);
  if (!parsed.success)
    return { reason: `格式不符：${parsed.error.issues.map((issue) => issue.path.join('.')).join('、')}。` };
  // A key cell that a person changed would make a second revision of the same response.
  if (!isOwnKey(parsed.data)) return { reason: '收件鍵與該列的內容不符。' };
  return { row: parsed.data };
}

const sha256 = (ascii: string) => createHash('sha256').update(ascii).digest('hex');

function isOwnKey(row: IntakeRow): boolean {
  const digest = digestIn(row.key);
  return isKeyOf(row.key, row) && (digest === '' || digest === digestOf(row, sha256));
}

/** Keeps just the rows that cannot be read now. */
async function keepQuarantined(
  { store, clock, log }: Pick<TabContext, 'store' | 'clock' | 'log'>,
  quarantined: ReadonlyMap<string, string>,
) {
  const before = new Map((await listQuarantined(store.db)).map(({ key, reason }) => [key, reason]));
  for (const [key, reason] of quarantined) {
    if (before.get(key) === reason) continue;
    log.warn({ outcome: 'quarantined', reason }, 'intake row cannot be read');
    await saveQuarantined(store.db, { key, reason, at: clock.now() });
  }
  const gone = [...before.keys()].filter((key) => !quarantined.has(key));
  if (gone.length === 0) return;
  log.info({ outcome: 'released', count: gone.length }, 'quarantined rows are whole or gone');
  await releaseQuarantined(store.db, gone);
}
