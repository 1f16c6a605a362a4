import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { keysOf } from '../../../contract/tabs.ts';
import { planTab, type Settled } from '../google/reconcile.ts';
import { LAST_CYCLE, writeCursor } from '../ledger/small-tables.ts';
import { GoogleError } from '../google/retry.ts';
import { BrokenTabError, parseTab, type Tab } from '../google/tab.ts';
import { alert, PATIENCE, setAside, tellOfOutages, tellOfSilence } from '../casework/alerts.ts';
import { type Breaker, openBreaker } from './circuit-breaker.ts';
import { watchDeadlines } from './deadlines.ts';
import { sendDigests } from './digest.ts';
import { takeIn } from '../tabs/intake-tab.ts';
import { carryOutErasures } from '../casework/erasure/erase.ts';
import { erasedRows } from '../tabs/erased-rows.ts';
import { type Lease, withLease } from '../ledger/lease.ts';
import { mendTabs } from './restore-tabs.ts';
import { notify } from './outbox-relay.ts';
import type { KeptDocument, Office } from '../provisioning/office.ts';
import { keptDocuments } from '../provisioning/office.ts';
import type { KeptTab } from '../tabs/registry.ts';
import type { Parts } from '../casework/context.ts';
import { markPauses } from './pause-marks.ts';
import { eraseByTime } from '../casework/erasure/retention.ts';
import { changedChoices, type KnownChoices, readChoices, rememberChoices } from '../tabs/drop-downs.ts';
import { keepLingering, useVersions } from '../casework/program-versions.ts';

export interface CycleResult {
  takenIn: number;
  sent: number;
  /** Ticks whose grace time is not over. */
  waiting: number;
  /** Sentences about tabs that are paused. */
  paused: string[];
  /** How many requests were written, over all spreadsheets. */
  written: number;
  /** Roles of spreadsheets that could not be read or written. */
  failed: string[];
  /** Roles of spreadsheets that were left alone: their outage lasts, or the minute's quota is used up. */
  postponed: string[];
}

interface Look {
  document: KeptDocument;
  tabs: Map<string, Tab<string>>;
  settled: Map<string, Map<string, Settled[]>>;
  /** Keys of tabs whose columns cannot be told. */
  broken: Set<string>;
  choices: KnownChoices;
  hold: Lease['hold'];
}

/** What one spreadsheet may need at most: two reads, a read and a write to mend, a write; and some left for the intake. */
const NEEDED = { reads: 6, writes: 4 };

function canAfford({ google }: Parts): boolean {
  return google.left('reads') >= NEEDED.reads && google.left('writes') >= NEEDED.writes;
}

/**
 * One look at everything: pull → decide → push → notify. Safe to repeat at any point. Null where another instance is
 * looking. A spreadsheet that fails does not hold up the others, and mail goes out in any case.
 */
export async function runCycle(parts: Parts, office: Office): Promise<CycleResult | null> {
  await parts.store.assertRoom();
  return withLease(parts.store.db, `cycle/${parts.program.key}`, parts.instance, (lease) =>
    look(parts, office, lease),
  );
}

async function look(parts: Parts, office: Office, lease: Lease): Promise<CycleResult> {
  const result: CycleResult = {
    takenIn: 0,
    sent: 0,
    waiting: 0,
    paused: [],
    written: 0,
    failed: [],
    postponed: [],
  };
  const looks: Look[] = [];
  const breaker = await openBreaker(parts);
  await useVersions(parts);
  const choices = await readChoices(parts.store.db);
  const documents = keptDocuments(parts.versions.running, office);
  for (const document of documents) {
    // The intake comes first and is read whatever is left: the queues wait before a teacher does.
    if (breaker.isLeftAlone(document.role) || (!document.intake && !canAfford(parts))) {
      result.postponed.push(document.role);
      continue;
    }
    await lease.hold();
    await guardDocument(parts, breaker, document, result, async () => {
      const look: Look = {
        document,
        tabs: new Map(),
        settled: new Map(),
        broken: new Set(),
        choices,
        hold: () => lease.hold(),
      };
      const ranges = await readTabs(parts, document);
      if (document.intake) {
        await guardTab(parts, result, look, 'intake', async () => {
          result.takenIn = await takeIn(parts, ranges.get('intake') ?? {});
        });
      }
      await pullDocument(parts, look, ranges, result);
      looks.push(look);
    });
  }
  const intakeRead = looks.some(({ document, broken }) => document.intake && !broken.has('intake'));
  await setAside(parts, '期限', () => watchDeadlines(parts, intakeRead));
  await setAside(parts, '摘要', () => sendDigests(parts, result.paused));
  await setAside(parts, '個人資料刪除', async () => {
    await eraseByTime(parts);
    await carryOutErasures(parts);
  });
  for (const each of looks) {
    await guardDocument(parts, breaker, each.document, result, async () => {
      await lease.hold();
      await markPauses(parts, each.document, each.broken);
      result.written += await pushDocument(parts, each, result);
    });
  }
  await tellOfOutages(
    parts,
    breaker,
    documents.map(({ role }) => role),
  );
  await tellOfSilence(parts);
  for (const sentence of result.paused)
    await alert(parts, {
      title: '工作表暫停',
      sentence,
      action: '用「復原」或版本記錄還原第 1 列（隱藏列），其他工作表照常處理。',
    });
  await keepLingering(parts, result.written + troubles(result) === 0);
  result.sent = (await notify(parts)).sent;
  await writeCursor(parts.store.db, LAST_CYCLE, parts.clock.now().toISOString());
  return result;
}

function troubles({ failed, postponed, paused, waiting }: CycleResult): number {
  return failed.length + postponed.length + paused.length + waiting;
}

/** Notes a spreadsheet's failure and goes on; a deleted tab is put back on the way. */
async function guardDocument(
  parts: Parts,
  breaker: Breaker,
  document: KeptDocument,
  result: CycleResult,
  work: () => Promise<void>,
) {
  try {
    await work().catch(async (error: unknown) => {
      if (!isMissingTab(error) || (await mendTabs(parts, document)) === 0) throw error;
      await work();
    });
    await breaker.note(document.role, null, PATIENCE);
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error;
    parts.log.warn(
      { spreadsheet: document.role, reason: error.reason, status: error.status },
      'spreadsheet failed',
    );
    result.failed.push(document.role);
    await breaker.note(document.role, `${error.status || '沒有回應'} ${error.reason}`, PATIENCE);
  }
}

function isMissingTab(error: unknown): boolean {
  return error instanceof GoogleError && error.status === 400 && /No grid with id/u.test(error.detail);
}

async function guardTab(
  parts: Parts,
  result: CycleResult,
  { broken }: Pick<Look, 'broken'>,
  key: string,
  work: () => Promise<void>,
) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof BrokenTabError)) throw error;
    broken.add(key);
    parts.log.warn({ outcome: 'paused', missing: error.missing, doubled: error.doubled }, 'tab paused');
    if (!result.paused.includes(error.message)) result.paused.push(error.message);
  }
}

/** All kept tabs of a spreadsheet in one call, by their ids: they may have been renamed or moved. */
async function readTabs({ google }: Parts, { spreadsheetId, tabIds }: KeptDocument) {
  const keys = Object.keys(tabIds);
  const { valueRanges } = await google.call('sheets.values.batchGetByDataFilter', () =>
    google.sheets.spreadsheets.values.batchGetByDataFilter({
      spreadsheetId,
      requestBody: {
        dataFilters: keys.map((key) => ({ gridRange: { sheetId: tabIds[key] ?? 0 } })),
        valueRenderOption: 'UNFORMATTED_VALUE',
      },
    }),
  );
  return new Map(keys.map((key, index) => [key, valueRanges?.[index]?.valueRange ?? {}]));
}

async function parseTabs(
  parts: Parts,
  { document, broken }: Pick<Look, 'document' | 'broken'>,
  ranges: ReadonlyMap<string, sheets_v4.Schema$ValueRange>,
  result: CycleResult,
): Promise<Map<string, Tab<string>>> {
  const tabs = new Map<string, Tab<string>>();
  for (const kept of document.tabs) {
    await guardTab(parts, result, { broken }, kept.key, async () => {
      tabs.set(kept.key, parseTab(kept.spec.title, keysOf(kept.spec), ranges.get(kept.key) ?? {}));
    });
  }
  return tabs;
}

async function pullDocument(
  parts: Parts,
  look: Look,
  ranges: ReadonlyMap<string, sheets_v4.Schema$ValueRange>,
  result: CycleResult,
): Promise<void> {
  look.tabs = await parseTabs(parts, look, ranges, result);
  for (const kept of look.document.tabs) {
    const tab = look.tabs.get(kept.key);
    if (!tab) continue;
    // What one tab holds must not stop the others.
    await setAside(parts, `工作表「${kept.spec.title}」`, async () => {
      const pulled = await kept.pull(parts, tab, look.tabs);
      look.settled.set(kept.key, pulled.settled);
      result.waiting += pulled.waiting;
    });
  }
}

/**
 * Writes what differs. Rows are named by their index, so the tabs are read anew just before: what a person sorted
 * meanwhile is written where it lies now, and typed cells are cleared only where they still say what was settled.
 */
async function pushDocument(parts: Parts, look: Look, result: CycleResult): Promise<number> {
  const { document } = look;
  if ((await planDocument(parts, look)).length === 0) return 0;
  const tabs = await parseTabs(parts, look, await readTabs(parts, document), result);
  const requests = await planDocument(parts, { ...look, tabs });
  if (requests.length === 0) return 0;
  await look.hold();
  await parts.google.call(
    'sheets.batchUpdate',
    () =>
      parts.google.sheets.spreadsheets.batchUpdate({
        spreadsheetId: document.spreadsheetId,
        requestBody: { requests },
      }),
    { unsafe: true },
  );
  for (const kept of document.tabs.filter(({ key }) => tabs.has(key)))
    await rememberChoices(parts.store.db, look.choices, placeOf(parts, document, kept));
  parts.log.info({ spreadsheet: document.role, requests: requests.length }, 'pushed');
  return requests.length;
}

const placeOf = ({ program }: Parts, { role }: KeptDocument, kept: KeptTab) => ({ role, kept, program });

async function planDocument(
  parts: Parts,
  { document, tabs, settled, choices }: Pick<Look, 'document' | 'tabs' | 'settled' | 'choices'>,
): Promise<sheets_v4.Schema$Request[]> {
  const requests: sheets_v4.Schema$Request[] = [];
  for (const kept of document.tabs) {
    const tab = tabs.get(kept.key);
    if (!tab) continue;
    const sheetId = document.tabIds[kept.key] ?? 0;
    const rows = await kept.rows(parts);
    const read = settled.get(kept.key) ?? new Map<string, Settled[]>();
    const plan = planTab(kept.spec, sheetId, tab, rows, read, await erasedRows(parts, kept, tab, rows));
    // Before the rows: what a person picks from the new list is then allowed there.
    const place = placeOf(parts, document, kept);
    requests.push(...changedChoices(choices, place, sheetId, tab), ...plan.requests);
  }
  return requests;
}
