import { rememberLayout } from '../tabs/layouts.ts';
import { countOpenOfOthers } from '../ledger/program-versions.ts';
import { PublicError } from '../../../contract/public-error.ts';
import { documentsByRole, saveDocument } from '../ledger/documents.ts';
import type { Google } from '../google/client.ts';
import type { GoogleError } from '../google/error.ts';
import { isBlank } from '../google/tab.ts';
import type { Store } from '../ledger/store.ts';
import type { Program } from '../cases/program-rules.ts';
import { randomBytes } from 'node:crypto';
import { keysOf, sinceOf } from '../../../contract/tabs.ts';
import { decorationRequests, tabRequests } from '../google/layout.ts';
import { decorate, type ListedTab, listTabs, readGrids } from '../google/spreadsheet.ts';
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { createMarked, findByTitle, markFile, type OwnFile, type UnmarkedFile } from '../google/files.ts';
import { createForm } from './forms.ts';
import {
  type AskWhetherOwn,
  describeUnmarked,
  firstOwn,
  markKnownFiles,
  rememberMarked,
} from './own-files.ts';
import { rememberDropDowns } from '../tabs/drop-downs.ts';
import { type ManagedTab, officeTabs, queueTabs } from '../tabs/registry.ts';
import { queuesIn } from '../casework/program-versions.ts';

export interface OfficeDocument {
  spreadsheetId: string;
  /** Google's sheet id by tab key. */
  tabIds: Record<string, number>;
}

/** The office's Google documents. */
export interface Office {
  /** The restricted spreadsheet: intake, all cases. */
  office: OfficeDocument;
  queues: Record<string, OfficeDocument>;
  /** Per form key: Google's form id and which item asks for which field. */
  forms: Record<string, { formId: string; fields: Record<string, string> }>;
}

/** A spreadsheet with the tabs that the service keeps in it. */
export interface ManagedDocument extends OfficeDocument {
  /** `office`, `queue:platform`. */
  role: string;
  /** It holds the intake too. */
  intake: boolean;
  tabs: ManagedTab[];
}

/** @param programs the newest version first, then the others that are still kept */
export function managedDocuments(programs: readonly Program[], office: Office): ManagedDocument[] {
  return [
    { ...office.office, role: 'office', intake: true, tabs: officeTabs(programs) },
    ...queuesIn(programs).map((queue) => {
      const document = office.queues[queue.key];
      if (!document) throw new Error(`queue ${queue.key} has no spreadsheet: run set-up`);
      return { ...document, role: `queue:${queue.key}`, intake: false, tabs: queueTabs(programs, queue.key) };
    }),
  ];
}

/** The documents that the ledger knows, without asking Google; null before set-up. */
export async function knownOffice(
  programs: readonly Program[],
  { db }: Pick<Store, 'db'>,
): Promise<Office | null> {
  const known = await documentsByRole(db);
  const spreadsheet = (role: string) => {
    const found = known.get(role);
    return found && { spreadsheetId: found.id, tabIds: found.data.tabIds as Record<string, number> };
  };
  const office = spreadsheet('office');
  if (!office) return null;
  const wanted = queuesIn(programs);
  const queues = wanted.flatMap(({ key }) => {
    const found = spreadsheet(`queue:${key}`);
    return found ? [[key, found] as const] : [];
  });
  if (queues.length < wanted.length) return null;
  const forms = (programs[0]?.forms ?? []).flatMap(({ key }) => {
    const found = known.get(`form:${key}`);
    return found
      ? [[key, { formId: found.id, fields: found.data.fields as Record<string, string> }] as const]
      : [];
  });
  return { office, queues: Object.fromEntries(queues), forms: Object.fromEntries(forms) };
}

interface SetUpContext {
  store: Store;
  google: Google;
  /** The newest version first: its forms are made, and every version's queues. */
  programs: readonly [Program, ...Program[]];
  /** Without it a spreadsheet that bears no mark is left alone, and one is made beside it. */
  isOwn?: AskWhetherOwn | undefined;
  /** Is told what went wrong and holds nothing up. */
  warn(about: PublicError): void;
}

/**
 * Finds or creates the office's spreadsheets and forms, and remembers each as soon as it is whole. Repeating it
 * creates nothing twice: what the ledger does not know is looked for in Drive by title and mark first, because the reply
 * to a creation may have been lost. Files of an earlier release are marked.
 */
export async function setUpOffice(context: SetUpContext): Promise<Office> {
  const known = await documentsByRole(context.store.db);
  const ensure = async <T extends Record<string, unknown>>(
    role: string,
    create: () => Promise<{ id: string; data: T; marked: boolean }>,
  ) => {
    const found = known.get(role);
    if (found) return { id: found.id, data: found.data as T };
    const { id, data, marked } = await create();
    await saveDocument(context.store.db, { role, id, data });
    if (marked) await rememberMarked(context.store, id);
    return { id, data };
  };
  const spreadsheet = async (role: string, title: string, tabs: ManagedTab[]) => {
    const made = await ensure(role, () => createSpreadsheet(context, role, title, tabs));
    const document = { spreadsheetId: made.id, tabIds: made.data.tabIds };
    return { ...document, tabIds: await addTabs(context, role, document, tabs) };
  };
  const [program] = context.programs;
  const office = await spreadsheet('office', officeTitle(program), officeTabs(context.programs));
  const queues: Office['queues'] = {};
  for (const { key, label } of queuesIn(context.programs))
    queues[key] = await spreadsheet(
      `queue:${key}`,
      queueTitle(program, label),
      queueTabs(context.programs, key),
    );
  const forms: Office['forms'] = {};
  for (const form of program.forms) {
    const made = await ensure(`form:${form.key}`, () =>
      createForm({ google: context.google, program }, form),
    );
    forms[form.key] = { formId: made.id, fields: made.data.fields };
  }
  await markKnownFiles({ ...context, program: program.key });
  return { office, queues, forms };
}

function officeTitle(program: Program): string {
  return `${program.title}－承辦（限閱）`;
}

function queueTitle(program: Program, label: string): string {
  return `${program.title}－${label}待審清單`;
}

/**
 * Every spreadsheet of the office by its title, with the machine keys by which each of its tabs is known: those that it
 * has had in every layout. `derived` ones need not be there.
 */
export function documentPlans(program: Program): DocumentPlan[] {
  return [
    planOf('office', officeTitle(program), officeTabs([program])),
    ...program.queues.map(({ key, label }) =>
      planOf(`queue:${key}`, queueTitle(program, label), queueTabs([program], key)),
    ),
  ];
}

interface DocumentPlan {
  role: string;
  title: string;
  keys: Map<string, string[]>;
  derived: Set<string>;
}

function planOf(role: string, title: string, tabs: readonly ManagedTab[]): DocumentPlan {
  return {
    role,
    title,
    keys: new Map(
      tabs.map(({ key, spec }) => [key, keysOf(spec).filter((each) => sinceOf(spec, each) === 1)]),
    ),
    derived: new Set(tabs.filter(({ derived }) => derived).map(({ key }) => key)),
  };
}

/**
 * A key that was changed by mistake would leave every open case to nobody, and take over the spreadsheets of the program
 * that they belong to.
 * @throws PublicError where the ledger holds open cases of another program
 */
export async function refuseOtherPrograms(
  { db }: Pick<Store, 'db'>,
  { key }: Pick<Program, 'key'>,
): Promise<void> {
  const others = await countOpenOfOthers(db, key);
  if (others.size === 0) return;
  const counts = [...others].map(([other, count]) => `「${other}」${count} 件`).join('、');
  throw new PublicError({
    sentence: `資料庫裡還有其他計畫未結案的案件（${counts}），設定檔的 key 卻是「${key}」，因此沒有啟動。`,
    remedy:
      '若只是要改設定，請把 key 改回原來的；若是新的計畫，請先辦結舊案，或另用一個資料庫（--data 或 DATABASE_URL）。',
    english: `The ledger holds open cases of another program than ${key}; take the old key again, or use another ledger.`,
  });
}

async function createSpreadsheet(context: SetUpContext, role: string, title: string, tabs: ManagedTab[]) {
  const titles = tabs.map((managed) => managed.spec.title);
  const file = spreadsheetFile(context.programs[0], { role, title });
  const { spreadsheetId, sheetIds, marked } = await findOrCreate(context, file, titles);
  const tabIds = await dressTabs(context, { role, spreadsheetId, sheetIds }, tabs);
  return { id: spreadsheetId, data: { tabIds }, marked };
}

/** What the spreadsheet is to its office in Drive. */
export function spreadsheetFile(
  { key: program }: Pick<Program, 'key'>,
  { role, title }: Pick<OwnFile, 'role' | 'title'>,
): OwnFile {
  return { program, role, title, kind: 'spreadsheet' };
}

/** Makes fresh tabs what they are to be, and notes which layout and drop-downs they have. @returns their ids by key */
async function dressTabs(
  { google, store, programs: [program], warn }: SetUpContext,
  { role, spreadsheetId, sheetIds }: { role: string; spreadsheetId: string; sheetIds: readonly number[] },
  tabs: ManagedTab[],
): Promise<Record<string, number>> {
  const requests = tabs.flatMap((managed, index) =>
    tabRequests(managed.spec, sheetIds[index] ?? 0, managed.look(program)),
  );
  await google.call('sheets.batchUpdate', () =>
    google.sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } }),
  );
  for (const managed of tabs) {
    await rememberDropDowns(store.db, new Map(), { role, managed, program });
    await rememberLayout(store, new Map(), role, managed);
  }
  const refused = await decorate(
    google,
    spreadsheetId,
    tabs.flatMap((managed, index) =>
      decorationRequests(managed.spec, sheetIds[index] ?? 0, managed.look(program)),
    ),
  );
  if (refused) warn(undecorated(tabs, refused));
  return Object.fromEntries(tabs.map((managed, index) => [managed.key, sheetIds[index] ?? 0]));
}

function undecorated(tabs: readonly ManagedTab[], refused: GoogleError): PublicError {
  const titles = tabs.map(({ spec }) => `「${spec.title}」`).join('');
  return new PublicError({
    sentence: `工作表${titles}的顏色、篩選檢視或圖表沒有做成：${refused.detail || refused.message}`,
    remedy: '收件與審核不受影響；需要時可在試算表裡自行加上。',
    english: `Colours, filter views or charts could not be made: ${refused.logMessage}. Everything else works.`,
  });
}

/** A changed program file may need a tab that the spreadsheet was made without. */
async function addTabs(
  context: SetUpContext,
  role: string,
  { spreadsheetId, tabIds }: OfficeDocument,
  tabs: ManagedTab[],
): Promise<Record<string, number>> {
  const missing = tabs.filter(({ key }) => !(key in tabIds));
  if (missing.length === 0) return tabIds;
  const sheetIds = await freshTabs(
    context.google,
    spreadsheetId,
    await listTabs(context.google, spreadsheetId),
    missing.map((managed) => managed.spec.title),
  );
  const added = await dressTabs(context, { role, spreadsheetId, sheetIds }, missing);
  const all = { ...tabIds, ...added };
  await saveDocument(context.store.db, { role, id: spreadsheetId, data: { tabIds: all } });
  return all;
}

/**
 * Makes a spreadsheet with fresh tabs of these titles; one that an earlier attempt left half-made is given fresh ones.
 */
async function findOrCreate({ google, isOwn }: SetUpContext, file: OwnFile, tabTitles: string[]) {
  const { own, unmarked } = await findByTitle(google, file);
  for (const id of own) await refuseUsedTabs(google, id, tabTitles);
  for (const each of unmarked) await refuseUsedTabs(google, each.id, tabTitles, each);
  const spreadsheetId = own[0] ?? (await firstOwn(unmarked, isOwn)) ?? (await createMarked(google, file));
  const tabs = await listTabs(google, spreadsheetId);
  const [first, ...others] = tabs;
  const isBorn = first !== undefined && others.length === 0 && !tabTitles.includes(first.title);
  const useless = isBorn && (await usedTabs(google, spreadsheetId, [first], 0)).length === 0 ? [first] : [];
  const sheetIds = await freshTabs(google, spreadsheetId, tabs, tabTitles, [
    {
      updateSpreadsheetProperties: {
        properties: { locale: 'zh_TW', timeZone: 'Asia/Taipei' },
        fields: 'locale,timeZone',
      },
    },
    // The blank tab that Google makes with each file.
    ...useless.map(({ sheetId }) => ({ deleteSheet: { sheetId } })),
  ]);
  const isUnmarked = unmarked.some(({ id }) => id === spreadsheetId);
  const marked = !isUnmarked || (await markFile(google, spreadsheetId, file)) === null;
  return { spreadsheetId, sheetIds, marked };
}

/** Those of the tabs in which something stands from this row on. */
async function usedTabs(google: Google, spreadsheetId: string, tabs: readonly ListedTab[], from: number) {
  if (tabs.length === 0) return [];
  const bodies = tabs.map(({ sheetId }) => ({ sheetId, startRowIndex: from }));
  const ranges = await readGrids(google, spreadsheetId, bodies);
  return tabs.filter((_, index) => ranges[index]?.values?.some((row) => !row.every(isBlank)));
}

/**
 * A ledger that knows nothing, beside spreadsheets with cases in them, is a ledger that was lost.
 * @param file where it bears no mark: it may be a stranger's
 * @throws PublicError
 */
async function refuseUsedTabs(
  google: Google,
  spreadsheetId: string,
  titles: readonly string[],
  file?: UnmarkedFile,
) {
  const tabs = (await listTabs(google, spreadsheetId)).filter(({ title }) => titles.includes(title));
  const used = await usedTabs(google, spreadsheetId, tabs, 2);
  if (used.length === 0) return;
  const named = file ? `它沒有本系統的標記：${describeUnmarked(file)}。` : '';
  throw new PublicError({
    sentence: `雲端硬碟裡已有這個辦公室的試算表，而且有資料（${used.map(({ title }) => title).join('、')}），但資料庫是空的。${named}`,
    remedy:
      '請以 budeng restore 還原備份，或以 budeng rebuild 由試算表重建；若確定不要舊資料，請先把舊的試算表與表單改名。',
    english:
      'The spreadsheets hold cases and the ledger is empty; restore a backup, rebuild, or rename the old spreadsheets and forms.',
  });
}

/**
 * Adds tabs of these titles; tabs that bear them already are renamed.
 * @param tabs what the spreadsheet has now
 * @param others are asked for in the same batch
 */
async function freshTabs(
  google: Google,
  spreadsheetId: string,
  tabs: readonly ListedTab[],
  titles: string[],
  others: sheets_v4.Schema$Request[] = [],
): Promise<number[]> {
  const suffix = randomBytes(2).toString('hex');
  const earlier = tabs.filter(({ title }) => titles.includes(title));
  const renames = earlier.map(({ sheetId, title }) => ({
    updateSheetProperties: {
      properties: { sheetId, title: `${title}（舊 ${suffix}）` },
      fields: 'title',
    },
  }));
  const additions = titles.map((title) => ({ addSheet: { properties: { title } } }));
  const requests = [...renames, ...additions, ...others];
  const { replies } = await google.call('sheets.batchUpdate', () =>
    google.sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } }),
  );
  return (replies ?? [])
    .slice(renames.length, renames.length + titles.length)
    .map((reply) => reply.addSheet?.properties?.sheetId ?? 0);
}
