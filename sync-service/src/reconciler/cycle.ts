import { readLayouts } from '../tabs/layouts.ts';
import { alert, quarantine } from '../casework/alerts.ts';
import { carryOutErasures } from '../casework/erasure/erase.ts';
import { eraseByTime } from '../casework/erasure/retention.ts';
import { keepRetiring } from '../casework/program-versions.ts';
import { type Lease, withLease } from '../ledger/lease.ts';
import { LAST_CYCLE, writeValue } from '../ledger/key-values.ts';
import { managedDocuments, type Office } from '../provisioning/office.ts';
import { readDropDowns } from '../tabs/drop-downs.ts';
import { type CircuitBreaker, openCircuitBreaker } from './circuit-breaker.ts';
import { createCycleContext, type CycleContext, type ProcessContext } from './cycle-context.ts';
import { type CycleResult, emptyResult, troubles } from './cycle-result.ts';
import { watchDeadlines } from './deadlines.ts';
import { sendDigests } from './digest.ts';
import { formRoles, keepFormDoors } from './form-doors.ts';
import { applyTabs, guardDocument, type ObservedDocument, readTabs, writeDocument } from './documents.ts';
import { alertOutages } from './outages.ts';
import { watchSilence } from './silence.ts';
import { relayOutbox } from './outbox-relay.ts';
import { markPauses } from './pause-marks.ts';

/** What the phases of one cycle share. */
interface Run {
  breaker: CircuitBreaker;
  lease: Lease;
  result: CycleResult;
}

/** What one spreadsheet may need: two reads, a read and a write to restore tabs, a write; some are left for the intake. */
const NEEDED = { reads: 6, writes: 4 };

function canAfford({ google }: Pick<CycleContext, 'google'>): boolean {
  return google.left('reads') >= NEEDED.reads && google.left('writes') >= NEEDED.writes;
}

/**
 * Runs one cycle: observe → apply → render → write → relay. It is safe to repeat at any point. A spreadsheet that
 * fails does not delay the others, and mail is relayed in any case.
 * @returns null where another instance runs a cycle of this program
 */
export async function runCycle(process: ProcessContext, office: Office): Promise<CycleResult | null> {
  await process.store.assertRoom();
  return withLease(process.store.db, `cycle/${process.baseProgram.key}`, process.instance, (lease) =>
    cycle(process, office, lease),
  );
}

async function cycle(process: ProcessContext, office: Office, lease: Lease): Promise<CycleResult> {
  const result = emptyResult();
  const run: Run = { breaker: await openCircuitBreaker(process), lease, result };
  let context = await createCycleContext(process);
  const documents = managedDocuments(context.versions.running, office);
  const dropDowns = await readDropDowns(context.store.db);
  const layouts = await readLayouts(context.store);
  const observed: ObservedDocument[] = [];
  for (const document of documents) {
    const found = await observe(context, run, { document, dropDowns, layouts });
    if (found?.complete) observed.push(found);
    // Later documents and phases work with what was typed into the settings tab, not with what stood there before.
    if (found?.newRules) context = await createCycleContext(process);
  }
  const intakeRead = observed.some(({ handled }) => handled.has('intake'));
  await applyTime(context, result, intakeRead);
  // Where no spreadsheet answers, Google as a whole is away: an outage of the forms of its own would be told once more.
  if (observed.length > 0)
    await quarantine(context, '表單的開放與關閉', () => keepFormDoors(context, office, run.breaker));
  for (const each of observed) await write(context, run, each);
  const roles = [...documents.map(({ role }) => role), ...formRoles(context.program)];
  await quarantine(context, '試算表連線的通報', () => alertOutages(context, run.breaker, roles));
  await quarantine(context, '工作表暫停的通報', () => alertPauses(context, result));
  const isQuiet = result.written + troubles(result) === 0;
  await quarantine(context, '舊版設定檔的收尾', () => keepRetiring(context, isQuiet));
  result.sent = (await relayOutbox(context)).sent;
  await writeValue(context.store.db, LAST_CYCLE, context.clock.now().toISOString());
  return result;
}

/**
 * Reads one spreadsheet and applies what people typed in it, so that as little time as possible lies between the two.
 * @returns null where it is skipped; not `complete` where Google failed
 */
async function observe(
  context: CycleContext,
  { breaker, lease, result }: Run,
  { document, dropDowns, layouts }: Pick<ObservedDocument, 'document' | 'dropDowns' | 'layouts'>,
): Promise<ObservedDocument | null> {
  // Reads the intake even when the quota is short: reviewers can wait better than teachers.
  if (breaker.isOpen(document.role) || (!document.intake && !canAfford(context))) {
    result.postponed.push(document.role);
    return null;
  }
  await lease.renew();
  const found: ObservedDocument = {
    document,
    tabs: new Map(),
    handled: new Map(),
    broken: new Set(),
    dropDowns,
    layouts,
    complete: false,
    newRules: false,
  };
  await guardDocument(context, breaker, document, result, async () => {
    const ranges = await readTabs(context, document);
    await applyTabs(context, found, ranges, result);
    found.complete = true;
  });
  return found;
}

async function alertPauses(context: CycleContext, { paused }: CycleResult): Promise<void> {
  for (const sentence of paused)
    await alert(context, {
      title: '工作表暫停',
      sentence,
      action: '請照上面所寫處理該欄（它的欄位鍵在隱藏的第 1 列）。其他工作表照常處理。',
    });
}

/** Applies what falls due by the clock: deadlines, digests, retention. */
async function applyTime(context: CycleContext, { paused }: CycleResult, intakeRead: boolean): Promise<void> {
  await quarantine(context, '期限', () => watchDeadlines(context, intakeRead));
  await quarantine(context, '收件中斷的檢查', () => watchSilence(context));
  await quarantine(context, '摘要', () => sendDigests(context, paused));
  await quarantine(context, '保存期限屆滿的個人資料', () => eraseByTime(context));
  await quarantine(context, '個人資料刪除', async () => void (await carryOutErasures(context)));
}

/** Renders the rows that one spreadsheet shall have and writes the difference. */
async function write(context: CycleContext, { breaker, lease, result }: Run, found: ObservedDocument) {
  const { document } = found;
  await guardDocument(context, breaker, document, result, async () => {
    await lease.renew();
    await markPauses(context, document, found.broken);
    result.written += await writeDocument(context, found, lease, result);
  });
}
