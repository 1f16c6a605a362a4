import { keysIn } from '../../../contract/records.ts';
import { PublicError } from '../../../contract/public-error.ts';
import { saveDocument } from '../ledger/documents.ts';
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { INTAKE_TAB, intakeKey, type IntakeRow } from '../../../contract/intake-key.ts';
import { CASES, INTAKE, NOT_ASKED_YET } from '../../../contract/tabs.ts';
import { STATES } from '../cases/lifecycle.ts';
import { readRocDateTime, isoDay } from '../cases/calendar/roc.ts';
import { deleteValue, LAST_DIGEST, readValue, REBUILDING, writeValue } from '../ledger/key-values.ts';
import { changeCase, findCase, hasCaseOf } from '../ledger/repositories/cases.ts';
import { setCounter } from '../ledger/repositories/counters.ts';
import { settleWaiting } from '../ledger/repositories/notices.ts';
import { countCases } from '../ledger/repositories/statistics.ts';
import type { Store } from '../ledger/store.ts';
import { emptyLedger } from '../ledger/repositories/whole-ledger.ts';
import { listTabs, readGrids } from '../google/spreadsheet.ts';
import { parseTab } from '../google/tab.ts';
import { formFile, readForm } from './forms.ts';
import { type AskWhetherOwn, describeUnmarked } from './own-files.ts';
import { findByTitle, type UnmarkedFile } from '../google/files.ts';
import { readRow } from '../tabs/intake-tab.ts';
import { isListedErased, rebuildErased, type RebuildContext, type CaseRow } from './rebuild-erased.ts';
import { receive } from '../casework/intake/receive.ts';
import { documentPlans, spreadsheetFile } from './office.ts';
import {
  contentOf,
  isEditOf,
  isImportedId,
  type KnownResponse,
  listedAt,
} from '../ledger/known-responses.ts';
import { correctionDueAt } from '../casework/correction-deadline.ts';
import { addEvent, dueAt } from '../casework/transition.ts';
import { rememberProgram } from '../casework/program-versions.ts';

export interface Rebuilt {
  cases: number;
  /** Intake rows that cannot be read: the service's first cycle quarantines them. */
  unreadable: number;
  /** Responses that the list of all cases does not know: they are told what they were never told. */
  unknown: number;
  /** Cases of which only their row in the list of all cases is left. */
  listedOnly: number;
}

/** What a rebuilding is told. */
export interface Elsewhere {
  /** Without it no file is taken that bears no mark. */
  isOwn?: AskWhetherOwn;
  /** The responses that came by an export, beyond those that the intake holds. */
  importsBeside?(intake: readonly KnownResponse[]): IntakeRow[];
  /** Cases without any response are made of their rows in the list of all cases, as far as those tell. */
  fromList?: boolean;
}

/** Whether a rebuilding of this ledger was cut short. */
export async function isHalfRebuilt({ db }: Pick<Store, 'db'>): Promise<boolean> {
  return (await readValue(db, REBUILDING)) !== null;
}

/**
 * To be asked before a ledger is worked with.
 * @throws PublicError where a rebuilding of it was cut short
 */
export async function refuseHalfRebuilt(store: Pick<Store, 'db'>): Promise<void> {
  if (await isHalfRebuilt(store))
    throw new PublicError({
      sentence: '這個資料庫的重建沒有做完，內容不全。',
      remedy: '請再執行一次 budeng rebuild，會從頭重建。',
      english: 'A rebuilding of this ledger was cut short; run budeng rebuild again.',
    });
}

/**
 * Makes a lost ledger anew from what lies in Google: the documents by their titles, marks and keys, each response of the
 * intake triaged once more, case numbers and states from the list of all cases. What was decided why, and official
 * letters' batches, were in the ledger only. Nobody is told anything twice. What an attempt that was cut short has left
 * is thrown away first.
 * @throws PublicError where a document cannot be found or told from another, and where a case would be lost
 */
export async function rebuildLedger(
  context: RebuildContext,
  { importsBeside = () => [], fromList = false, isOwn = async () => false }: Elsewhere = {},
): Promise<Rebuilt> {
  const { store, program } = context;
  const documents = await findDocuments(context, isOwn);
  if (await isHalfRebuilt(store)) await emptyLedger(store.db);
  await writeValue(store.db, REBUILDING, context.clock.now().toISOString());
  const ranges = await adoptDocuments(context, documents);
  await rememberProgram(context);
  const intake = parseTab(INTAKE, ranges.get('office/intake') ?? {});
  const listed = parseTab(CASES, ranges.get('office/cases') ?? {});
  const rowOf = new Map(listed.rows.map((row) => [String(row.cells.response), row]));
  const read = intake.rows.map(readRow);
  const inside = read.flatMap((each) => ('row' in each ? [each.row] : []));
  const imports = importsBeside(inside.map(asKnown));
  const lost = orphansIn(context, listed.rows, [...inside, ...imports]);
  const rows = [...inside, ...asListed(context, rowOf, lost, imports)];
  const orphans = orphansIn(context, listed.rows, rows);
  if (orphans.length > 0 && !fromList) {
    await emptyLedger(context.store.db);
    const numbers = orphans.slice(0, 5).map(({ cells }) => String(cells.case));
    throw new PublicError({
      sentence: `「${CASES.title}」裡有 ${orphans.length} 案的填報內容不在「${INTAKE_TAB}」（${numbers.join('、')}${orphans.length > 5 ? '…' : ''}），例如由舊表單匯入的，因此沒有重建。`,
      remedy: `請加 --responses <當初匯入的 CSV 資料夾>；內容已找不到時，加 --from-list 只依「${CASES.title}」那一列重建。`,
      english:
        'Some cases have no response in the intake, so nothing was rebuilt; add --responses with the exports that were imported, or --from-list.',
    });
  }
  const ordered = [...rows, ...orphans.map((row) => listedResponse(context, row))]
    .filter(({ responseId }) => !isListedErased(rowOf.get(responseId)))
    .toSorted((a, b) => a.receivedAt.localeCompare(b.receivedAt) || a.revision.localeCompare(b.revision));
  const highest = Math.max(0, ...listed.rows.map(serialOf));
  let unknown = 0;
  for (const row of ordered) {
    const known = rowOf.get(row.responseId);
    await setCounter(store.db, program.key, known ? serialOf(known) - 1 : highest + unknown);
    const isNew = !(await hasCaseOf(store.db, program.key, { responseId: row.responseId }));
    if (isNew && !known) unknown += 1;
    await receive(context, row);
  }
  await setCounter(store.db, program.key, highest + unknown);
  for (const row of listed.rows)
    await (isListedErased(row) ? rebuildErased(context, row, intake.rows) : alignCase(context, row));
  // The day's digest may be out already.
  await writeValue(context.store.db, LAST_DIGEST, isoDay(context.clock.now()));
  const cases = await countCases(store.db);
  // The very last: whatever fails before it, the ledger is rebuilt from the start.
  await deleteValue(context.store.db, REBUILDING);
  return {
    cases,
    unreadable: read.filter((each) => 'reason' in each).length,
    unknown,
    listedOnly: orphans.length,
  };
}

/** Rows of the list of all cases whose response nothing holds any more, each case once. */
function orphansIn(
  { program }: RebuildContext,
  listed: readonly CaseRow[],
  rows: readonly IntakeRow[],
): CaseRow[] {
  const held = new Set(rows.map(({ responseId }) => responseId));
  const found = new Map<string, CaseRow>();
  for (const row of listed) {
    const [number, response] = [String(row.cells.case), String(row.cells.response)];
    if (!number.startsWith(`${program.casePrefix}-`) || !response || held.has(response)) continue;
    if (!isListedErased(row) && !found.has(response)) found.set(response, row);
  }
  return [...found.values()];
}

function asKnown({ key, form, responseId, revision, receivedAt, answers, email }: IntakeRow): KnownResponse {
  const content = contentOf(answers, email);
  return {
    form,
    receivedAt: new Date(receivedAt),
    ...listedAt(revision),
    answers,
    content,
    caseId: 0,
    responseId,
    revisionKey: key,
  };
}

/** An exported row that its teacher edited after the import continues the case of the row that it was then. */
function asListed(
  context: RebuildContext,
  rowOf: ReadonlyMap<string, CaseRow>,
  lost: readonly CaseRow[],
  imports: readonly IntakeRow[],
): IntakeRow[] {
  const waiting = lost
    .map((row) => listedResponse(context, row))
    .filter(({ responseId }) => isImportedId(responseId));
  return imports.map((row) => {
    if (rowOf.has(row.responseId)) return row;
    const at = waiting.findIndex(({ form, answers }) => form === row.form && isEditOf(answers, row.answers));
    const [earlier] = at < 0 ? [] : waiting.splice(at, 1);
    if (!earlier) return row;
    const { responseId } = earlier;
    return { ...row, responseId, key: intakeKey(row.form, responseId, row.revision) };
  });
}

/** A response as far as its case's row in the list tells of it. */
function listedResponse({ program, clock }: RebuildContext, { cells }: CaseRow): IntakeRow {
  const form = program.forms.find(({ title }) => title === cells.form) ?? program.forms[0];
  const key = form?.key ?? '';
  const responseId = String(cells.response);
  const revision = (readRocDateTime(String(cells.received)) ?? clock.now()).toISOString();
  return {
    key: intakeKey(key, responseId, revision),
    form: key,
    responseId,
    revision,
    receivedAt: revision,
    email: String(cells.email),
    answers: {
      email: String(cells.email),
      name: String(cells.name),
      school: String(cells.school),
      level: String(cells.level),
      'school-year': String(cells.schoolYear),
      'certificate-number': String(cells.certificateNumber),
    },
    editUrl: '',
    source: 'import',
  };
}

function serialOf(row: CaseRow): number {
  return Number(/(\d+)$/u.exec(String(row.cells.case))?.[1] ?? 0);
}

/** Puts one case where the list says that it was, and marks as told what its teacher was told. */
async function alignCase(context: RebuildContext, row: CaseRow) {
  const { store, program, clock } = context;
  const found = await findCase(store.db, String(row.cells.case));
  if (!found) return;
  const state = keysIn(STATES).find((key) => STATES[key] === row.cells.state);
  const label = String(row.cells.queue);
  // A label that the file no longer has: the case stays where triage has just put it.
  const queue = label ? (program.queues.find((each) => each.label === label)?.key ?? found.queue) : null;
  const asked = row.cells.due !== NOT_ASKED_YET;
  const place = { state: state ?? found.state, queue };
  const due =
    place.state === 'needs-correction' && asked
      ? correctionDueAt(program, clock.now())
      : dueAt(program, place, clock.now());
  await store.transaction(async (db) => {
    await settleWaiting(
      db,
      found.id,
      asked
        ? { state: 'sent', at: clock.now(), reply: 'sent before the ledger was rebuilt' }
        : { state: 'uncertain', reply: 'not sent, or on its way, when the ledger was lost' },
    );
    if (!state || (state === found.state && queue === found.queue)) {
      await changeCase(db, found.id, { due_at: due });
      return;
    }
    const moved = await changeCase(db, found.id, {
      state,
      queue,
      due_at: due,
      letter_number: String(row.cells.letter),
      changed_at: clock.now(),
    });
    await addEvent(context, db, moved, { from: found.state, trigger: 'rebuilt', actor: 'service' });
  });
}

/**
 * Finds each document of the office in Drive: by its title and mark. Where none bears the mark, one of the title is taken
 * only where somebody says that it is the office's own.
 * @returns their ids by role
 * @throws PublicError where a document is not there, or cannot be told from another
 */
async function findDocuments(
  { google, program }: RebuildContext,
  isOwn: AskWhetherOwn,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const doubtful: UnmarkedFile[] = [];
  const files = [
    ...documentPlans(program).map((plan) => spreadsheetFile(program, plan)),
    ...program.forms.map((form) => formFile(program, form)),
  ];
  for (const file of files) {
    const { own, unmarked } = await findByTitle(google, file);
    const ids = own.length > 0 ? own : unmarked.map(({ id }) => id);
    const [only] = ids;
    if (only === undefined || ids.length > 1)
      throw new PublicError({
        sentence: `雲端硬碟裡名為「${file.title}」的檔案有 ${ids.length} 個，應恰有 1 個。`,
        remedy: '請把其他的改名或移到垃圾桶，或改回原來的名稱。',
        english: 'There must be exactly one file of this name in Drive; rename the others.',
      });
    found.set(file.role, only);
    if (own.length === 0) doubtful.push(...unmarked);
  }
  if (doubtful.length > 0 && !(await isOwn(doubtful)))
    throw new PublicError({
      sentence: `這些檔案的名稱相符，但沒有本系統的標記，可能是 0.1 版建立的，也可能是別人的，因此沒有採用：${doubtful.map(describeUnmarked).join('；')}。`,
      remedy: '確認都是這個辦公室的檔案後，請加 --take-unmarked 再執行一次。',
      english:
        'Files of the right titles bear no mark of ours and were not taken; where they are the office’s, add --take-unmarked.',
    });
  return found;
}

/**
 * Remembers each document of the office.
 * @returns every tab's values by `role/key`
 */
async function adoptDocuments(
  context: RebuildContext,
  found: ReadonlyMap<string, string>,
): Promise<Map<string, sheets_v4.Schema$ValueRange>> {
  const ranges = new Map<string, sheets_v4.Schema$ValueRange>();
  for (const plan of documentPlans(context.program)) {
    const spreadsheetId = found.get(plan.role) as string;
    const tabIds: Record<string, number> = {};
    for (const [sheetId, range] of await readSheets(context, spreadsheetId)) {
      const header = new Set((range.values?.[0] ?? []).map((cell) => String(cell).trim()));
      const key = [...plan.keys].find(
        ([name, keys]) => !(name in tabIds) && keys.every((each) => header.has(each)),
      )?.[0];
      if (key === undefined) continue;
      tabIds[key] = sheetId;
      ranges.set(`${plan.role}/${key}`, range);
    }
    const missing = [...plan.keys.keys()].filter((key) => !(key in tabIds) && !plan.derived.has(key));
    if (missing.length > 0)
      throw new PublicError({
        sentence: `試算表「${plan.title}」裡認不出這些工作表：${missing.join('、')}。`,
        remedy: '請以版本記錄還原它們的第 1 列後再試。',
        english: 'Some tabs cannot be told apart; restore their row 1 from the version history.',
      });
    await saveDocument(context.store.db, { role: plan.role, id: spreadsheetId, data: { tabIds } });
  }
  for (const form of context.program.forms) {
    const role = `form:${form.key}`;
    const id = found.get(role) as string;
    await saveDocument(context.store.db, { role, id, data: await readForm(context.google, form, id) });
  }
  return ranges;
}

async function readSheets(
  { google }: RebuildContext,
  spreadsheetId: string,
): Promise<Map<number, sheets_v4.Schema$ValueRange>> {
  const ids = (await listTabs(google, spreadsheetId)).map(({ sheetId }) => sheetId);
  const ranges = await readGrids(
    google,
    spreadsheetId,
    ids.map((sheetId) => ({ sheetId })),
  );
  return new Map(ids.map((id, index) => [id, ranges[index] ?? {}]));
}
