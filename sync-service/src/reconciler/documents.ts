import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { quarantine } from '../casework/alerts.ts';
import { type HandledRow, planTab } from '../google/reconcile.ts';
import { GoogleError } from '../google/error.ts';
import { REFUSALS } from '../google/refusals.ts';
import { decorate, readGrids } from '../google/spreadsheet.ts';
import { BrokenTabError, holdsNumbers, parseTab, type Tab, withShown } from '../google/tab.ts';
import type { Lease } from '../ledger/lease.ts';
import type { ManagedDocument } from '../provisioning/office.ts';
import { changedDropDowns, type KnownDropDowns, rememberDropDowns } from '../tabs/drop-downs.ts';
import { erasedRows } from '../tabs/erased-rows.ts';
import type { ManagedTab } from '../tabs/registry.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { CycleContext } from './cycle-context.ts';
import type { CycleResult } from './cycle-result.ts';
import { FAILURE_THRESHOLD } from './outages.ts';
import { restoreTabs } from './restore-tabs.ts';
import { type KnownLayouts, layoutOf, rememberLayout } from '../tabs/layouts.ts';
import { needsUpgrade, UPGRADE_FIELDS, upgradeTab } from '../google/layout-upgrade.ts';

/** One spreadsheet as a cycle found it. */
export interface ObservedDocument {
  document: ManagedDocument;
  tabs: Map<string, Tab<string>>;
  /** What people asked for in each tab, and what came of it. */
  handled: Map<string, Map<string, HandledRow[]>>;
  /** Keys of tabs whose columns cannot be told apart. */
  broken: Set<string>;
  dropDowns: KnownDropDowns;
  layouts: KnownLayouts;
  /** Whether everything in it was read and applied. */
  complete: boolean;
  /** Whether settings or wording were taken from it. */
  newRules: boolean;
}

/**
 * Counts a spreadsheet's failure and lets the cycle go on. Tabs that somebody deleted are restored on the way. What else
 * goes wrong with one spreadsheet is told of, and the others go on.
 */
export async function guardDocument(
  context: CycleContext,
  breaker: CircuitBreaker,
  document: ManagedDocument,
  result: CycleResult,
  work: () => Promise<void>,
) {
  const reason = await quarantine(context, `試算表（${document.role}）`, () =>
    countFailures(context, breaker, document, result, work),
  );
  if (reason !== null) result.failed.push(document.role);
}

async function countFailures(
  context: CycleContext,
  breaker: CircuitBreaker,
  document: ManagedDocument,
  result: CycleResult,
  work: () => Promise<void>,
) {
  try {
    await work().catch(async (error: unknown) => {
      if (!isMissingTab(error) || (await restoreTabs(context, document)) === 0) throw error;
      await work();
    });
    await breaker.note(document.role, null, FAILURE_THRESHOLD);
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error;
    context.log.warn(
      { spreadsheet: document.role, reason: error.reason, status: error.status },
      'spreadsheet failed',
    );
    result.failed.push(document.role);
    await breaker.note(document.role, outageOf(error), FAILURE_THRESHOLD);
  }
}

/** Is the same for all spreadsheets that fail for one cause, so that a mail names it once. */
export function outageOf({ kind, status, reason, remedy }: GoogleError) {
  return { reason: `${REFUSALS[kind].sentence}（${[status || '', reason].join(' ').trim()}）`, remedy };
}

function isMissingTab(error: unknown): boolean {
  return error instanceof GoogleError && error.kind === 'missing-tab';
}

/** Pauses a tab whose key row is damaged and lets the other tabs go on. */
async function guardTab(
  { log }: Pick<CycleContext, 'log'>,
  result: CycleResult,
  { broken }: Pick<ObservedDocument, 'broken'>,
  key: string,
  work: () => Promise<void>,
) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof BrokenTabError)) throw error;
    broken.add(key);
    log.warn({ outcome: 'paused', tab: key, fault: error.fault }, 'tab paused');
    if (!result.paused.includes(error.message)) result.paused.push(error.message);
  }
}

/** Reads all managed tabs of a spreadsheet, by their keys. */
export async function readTabs(
  { google }: Pick<CycleContext, 'google'>,
  { spreadsheetId, tabIds, tabs }: ManagedDocument,
) {
  const keys = Object.keys(tabIds);
  const grids = keys.map((key) => ({ sheetId: tabIds[key] ?? 0 }));
  const ranges = await readGrids(google, spreadsheetId, grids);
  const read = new Map(keys.map((key, index) => [key, ranges[index] ?? {}]));
  const typed = tabs.filter(({ key, spec }) => holdsNumbers(spec, read.get(key) ?? {}));
  if (typed.length === 0) return read;
  const shown = await readGrids(
    google,
    spreadsheetId,
    typed.map(({ key }) => ({ sheetId: tabIds[key] ?? 0 })),
    'FORMATTED_VALUE',
  );
  for (const [index, { key, spec }] of typed.entries())
    read.set(key, withShown(spec, read.get(key) ?? {}, shown[index] ?? {}));
  return read;
}

async function parseTabs(
  context: Pick<CycleContext, 'log'>,
  { document, broken }: Pick<ObservedDocument, 'document' | 'broken'>,
  ranges: ReadonlyMap<string, sheets_v4.Schema$ValueRange>,
  result: CycleResult,
): Promise<Map<string, Tab<string>>> {
  const tabs = new Map<string, Tab<string>>();
  for (const managed of document.tabs) {
    await guardTab(context, result, { broken }, managed.key, async () => {
      tabs.set(managed.key, parseTab(managed.spec, ranges.get(managed.key) ?? {}));
    });
  }
  return tabs;
}

/** Applies what people typed in every managed tab of one spreadsheet. */
export async function applyTabs(
  context: CycleContext,
  found: ObservedDocument,
  ranges: ReadonlyMap<string, sheets_v4.Schema$ValueRange>,
  result: CycleResult,
): Promise<void> {
  found.tabs = await parseTabs(context, found, ranges, result);
  const { tabs: managedTabs } = found.document;
  const inOrder = [...managedTabs.filter(({ first }) => first), ...managedTabs.filter(({ first }) => !first)];
  // A decision beside a column that is not there would be read wrongly, so the column comes back first.
  const whole = new Map([...found.tabs].filter(([, { missing }]) => missing.length === 0));
  for (const managed of inOrder) {
    const tab = whole.get(managed.key);
    if (!tab) continue;
    // Quarantines the tab as a whole, so that one tab's content does not stop the others.
    await quarantine(context, `工作表「${managed.spec.title}」`, async () => {
      const observed = await managed.observe(context, tab, whole);
      found.handled.set(managed.key, observed.handled);
      found.newRules ||= observed.newRules ?? false;
      result.waiting += observed.waiting;
      result.takenIn += observed.takenIn ?? 0;
    });
  }
}

/**
 * Writes the difference between desired and actual rows. Requests name rows by their index, so the tabs are read anew
 * just before: what a person sorted meanwhile is written where it lies now, and typed cells are cleared only where they
 * still say what was handled.
 * @returns how many requests were written
 */
export async function writeDocument(
  context: CycleContext,
  found: ObservedDocument,
  lease: Lease,
  result: CycleResult,
): Promise<number> {
  const { document } = found;
  const upgrades = document.tabs.some((managed) => isOlder(found, managed));
  if (!upgrades && (await renderDocument(context, found)).length === 0) return 0;
  const read = await parseTabs(context, found, await readTabs(context, document), result);
  const { requests: upgrade, decoration, tabs } = await upgradeDocument(context, { ...found, tabs: read });
  const requests = [...upgrade, ...(await renderDocument(context, { ...found, tabs }, upgrade.length > 0))];
  if (requests.length === 0) return 0;
  await lease.renew();
  await context.google.call(
    'sheets.batchUpdate',
    () =>
      context.google.sheets.spreadsheets.batchUpdate({
        spreadsheetId: document.spreadsheetId,
        requestBody: { requests },
      }),
    { unsafe: true },
  );
  for (const managed of document.tabs.filter(({ key }) => tabs.has(key))) {
    await rememberDropDowns(context.store.db, found.dropDowns, placeOf(context, document, managed));
    await rememberLayout(context.store, found.layouts, document.role, managed);
  }
  const refused = await decorate(context.google, document.spreadsheetId, decoration);
  if (refused) context.log.warn({ spreadsheet: document.role, err: refused }, 'not decorated');
  context.log.info({ spreadsheet: document.role, requests: requests.length }, 'pushed');
  return requests.length;
}

const placeOf = (
  { program }: Pick<CycleContext, 'program'>,
  { role }: ManagedDocument,
  managed: ManagedTab,
) => ({ role, managed, program });

function isOlder(
  found: Pick<ObservedDocument, 'document' | 'tabs' | 'layouts'>,
  managed: ManagedTab,
): boolean {
  const tab = found.tabs.get(managed.key);
  return (
    tab !== undefined &&
    needsUpgrade(managed.spec, tab, layoutOf(found.layouts, found.document.role, managed))
  );
}

/**
 * Makes the requests that bring tabs of an older layout, and tabs that lost a column, up to their layout.
 * @returns also the tabs as they are after them, so that rows are written where their columns lie then
 */
async function upgradeDocument(
  { google, program, log }: Pick<CycleContext, 'google' | 'program' | 'log'>,
  found: Pick<ObservedDocument, 'document' | 'tabs' | 'layouts'>,
): Promise<{
  requests: sheets_v4.Schema$Request[];
  decoration: sheets_v4.Schema$Request[];
  tabs: Map<string, Tab<string>>;
}> {
  const { document, layouts } = found;
  const tabs = new Map(found.tabs);
  const requests: sheets_v4.Schema$Request[] = [];
  const decoration: sheets_v4.Schema$Request[] = [];
  const older = document.tabs.filter((managed) => isOlder(found, managed));
  if (older.length === 0) return { requests, decoration, tabs };
  const { spreadsheetId, role, tabIds } = document;
  const { sheets } = await google.call('sheets.get', () =>
    google.sheets.spreadsheets.get({ spreadsheetId, fields: UPGRADE_FIELDS }),
  );
  for (const managed of older) {
    const tab = tabs.get(managed.key);
    const sheet = sheets?.find(({ properties }) => (properties?.sheetId ?? 0) === tabIds[managed.key]);
    tabs.delete(managed.key);
    // Somebody has deleted the tab this moment; the next cycle puts it back.
    if (!tab || !sheet) continue;
    const layout = layoutOf(layouts, role, managed);
    const upgraded = upgradeTab(managed.spec, sheet, managed.look(program), tab, layout);
    requests.push(...upgraded.requests);
    decoration.push(...upgraded.decoration);
    tabs.set(managed.key, upgraded.tab);
    log.info({ spreadsheet: role, tab: managed.key, layout, to: managed.spec.layout }, 'layout upgraded');
  }
  return { requests, decoration, tabs };
}

/** Makes the requests that turn the actual rows into the desired ones. */
async function renderDocument(
  context: CycleContext,
  found: ObservedDocument,
  upgraded = false,
): Promise<sheets_v4.Schema$Request[]> {
  const requests: sheets_v4.Schema$Request[] = [];
  for (const managed of found.document.tabs) {
    const tab = found.tabs.get(managed.key);
    if (!tab) continue;
    await quarantine(context, `工作表「${managed.spec.title}」的資料列`, async () => {
      requests.push(...(await renderTab(context, found, managed, tab, upgraded)));
    });
  }
  return requests;
}

async function renderTab(
  context: CycleContext,
  { document, handled, dropDowns }: ObservedDocument,
  managed: ManagedTab,
  tab: Tab<string>,
  upgraded: boolean,
): Promise<sheets_v4.Schema$Request[]> {
  const sheetId = document.tabIds[managed.key] ?? 0;
  const rows = await managed.desired(context);
  if (rows === null) return [];
  const read = handled.get(managed.key) ?? new Map<string, HandledRow[]>();
  // Drop-downs come before the rows, so that a value from the new list is allowed in them.
  const renewed = changedDropDowns(dropDowns, placeOf(context, document, managed), sheetId, tab);
  const { choices, choicesBy = [] } = managed.look(context.program);
  const plan = planTab(managed.spec, sheetId, tab, rows, read, {
    erased: await erasedRows(context, managed, tab, rows),
    choices,
    choicesBy,
    renewChoices: upgraded || renewed.length > 0,
  });
  return [...renewed, ...plan.requests];
}
