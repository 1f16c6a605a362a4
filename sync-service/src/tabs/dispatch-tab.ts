import { renderRows, caseRow } from './desired-rows.ts';
import { mailRoster } from '../casework/dispatch/roster.ts';
import { BATCHES, type BatchKey, DISPATCH, type DispatchKey, SCOPES } from '../../../contract/tabs.ts';
import { nextStage } from '../cases/decision.ts';
import { nextState } from '../cases/lifecycle.ts';
import { trimmed } from '../cases/reading/text.ts';
import {
  dayProblem,
  formatRocDate,
  readRocDay,
  sortableRocDateTime,
  startOfDay,
} from '../cases/calendar/roc.ts';
import type { Db } from '../ledger/store.ts';
import {
  changeBatch,
  countMembers,
  listBatches,
  noteLeft,
  openBatch,
} from '../ledger/repositories/batches.ts';
import { listAwaitingDispatch, listBatch } from '../ledger/repositories/case-lists.ts';
import { changeCase, findCases } from '../ledger/repositories/cases.ts';
import type { Case, Batch, BatchState } from '../ledger/schema.ts';
import {
  type DesiredRow,
  personContent,
  markHandled,
  type HandledRow,
  type Observed,
} from '../google/reconcile.ts';
import { sameCell, type Tab, type TabRow } from '../google/tab.ts';
import { quarantine } from '../casework/alerts.ts';
import { rowMismatch } from './queue-tab.ts';
import type { TabContext, CaseContext } from '../casework/context.ts';
import { stagePositionOf } from '../casework/stage-position.ts';
import { certificateCells } from '../casework/queue-rows.ts';
import { addEvent, transition, MOVED_MEANWHILE, type Taken } from '../casework/transition.ts';
import { quarantineRow, readTicks, takeTicks, UNWORKABLE } from './ticks.ts';
import { quoted } from '../cases/reading/text.ts';
import { rulesOf } from '../casework/program-versions.ts';

/** Cells by which a row is known to be its batch's. */
const BATCH_IDENTITY = ['state', 'count', 'sent'] as const;
const BATCH_STATES: Record<BatchState, string> = {
  open: '草擬中',
  listed: '名冊已製作，待發文',
  changed: '名冊有變動，請重新製作',
  sent: '已發文',
};

/** Takes the ticks in the list of waiting cases: removes a case from its batch, or gives it back to the reviewers. */
export async function observeDispatch(
  context: TabContext,
  queue: string,
  tab: Tab<DispatchKey>,
): Promise<Observed> {
  const numberOf = (row: TabRow<DispatchKey>) => String(row.cells.case).trim();
  const cases = await findCases(context.store.db, tab.rows.map(numberOf));
  const waitsHere = (found: Case) => found.state === 'awaiting-dispatch' && found.queue === queue;
  const observed = await takeTicks(context, DISPATCH, tab, {
    place: `dispatch/${queue}`,
    checks: ['remove', 'back'],
    seen: ['name', 'certificateNumber'],
    cases,
    elsewhere: (found) => (waitsHere(found) ? null : '本案目前不在待函報清單，未採用。'),
    objection: rowMismatch,
    apply: (row, found) => (row.cells.back === true ? sendBack(context, found) : takeOut(context, found)),
  });
  // Clears the tick that chose a case that has left; a row with a tick is never deleted.
  for (const row of tab.rows) {
    const found = cases.get(numberOf(row));
    const asked = row.cells.remove === true || row.cells.back === true;
    if (found && !asked && !waitsHere(found))
      markHandled(observed.handled, found.number, { content: personContent(DISPATCH, row), refused: false });
  }
  return observed;
}

async function takeOut(context: TabContext, found: Case): Promise<Taken> {
  const { batch } = found;
  if (!batch) return { refused: '本案不在任何批次，不必移出。' };
  await context.store.transaction(async (db) => {
    await changeCase(db, found.id, { batch: null, result: '' });
    await noteLeft(db, batch, `${found.number} 已移出。`);
    await addEvent(context, db, found, {
      from: found.state,
      trigger: 'compiled',
      actor: 'administrator',
      reason: `移出${batch}`,
    });
  });
  return { state: found.state };
}

async function sendBack(context: TabContext, found: Case): Promise<Taken> {
  const next = nextState(found.state, 'reversed');
  if (!next.ok) return { refused: next.sentence };
  const moved = await context.store.transaction((db) =>
    transition(context, db, found, {
      to: { ...stagePositionOf(found), state: next.state },
      trigger: 'reversed',
      actor: 'administrator',
      reason: '退回重審',
      newEpisode: true,
    }),
  );
  return moved ? { state: moved.state } : { refused: MOVED_MEANWHILE };
}

/** Takes the ticks in the list of batches: makes the roster, or notes that the letter has gone out. */
export async function observeBatches(
  context: TabContext,
  queue: string,
  tab: Tab<BatchKey>,
  waitingTab: Tab<DispatchKey>,
): Promise<Observed> {
  await ensureOpenBatch(context, queue);
  const own = await batchesIn(context, queue);
  const batches = new Map(own.map((batch) => [batch.number, batch]));
  const expected = new Map((await rowsOf(context, own)).map((row) => [row.id, row.cells]));
  const { ready, refused, waiting } = await readTicks(context, BATCHES, tab, {
    place: `batches/${queue}`,
    checks: ['roster', 'send'],
    seen: BATCH_IDENTITY,
    objection(row) {
      const number = numberOf(row);
      if (!batches.has(number)) return `查無批次${quoted(number)}，未採用。`;
      // A number pasted over another batch's row would send that row's letter for this one.
      const cells = expected.get(number) ?? {};
      if (!BATCH_IDENTITY.every((key) => sameCell(row.cells[key], cells[key] ?? '')))
        return `此列與批次 ${number} 不符：資料剛更新，或批次被覆蓋，未採用。請核對後再勾選一次。`;
      const same = tab.rows.filter((other) => isAsked(other) && numberOf(other) === number);
      if (same.length > 1) return '這一批在表中勾選了不只一列，未採用任何一列。請只留一列勾選。';
      if (row.cells.roster === true && row.cells.send === true)
        return '「製作名冊」與「已發文」不能同時勾選。請先製作名冊，發文後再勾「已發文」。';
      return null;
    },
  });
  const handled = new Map<string, HandledRow[]>();
  const finish = (row: TabRow<BatchKey>, sentence: string) =>
    quarantineRow(context, BATCHES, row, async () => {
      const number = numberOf(row);
      if (batches.has(number)) await changeBatch(context.store.db, number, { result: sentence });
      markHandled(handled, number, { content: personContent(BATCHES, row), refused: true, sentence });
    });
  for (const { row, sentence } of refused) await finish(row, sentence);
  for (const row of ready) {
    const batch = batches.get(numberOf(row));
    if (!batch) continue;
    let sentence = UNWORKABLE;
    await quarantine(context, `批次 ${batch.number}`, async () => {
      sentence = await (row.cells.send === true
        ? send(context, batch, row)
        : makeRoster(context, batch, row, waitingTab));
    });
    await finish(row, sentence);
  }
  return { handled, waiting };
}

function numberOf(row: TabRow<BatchKey>): string {
  return String(row.cells.batch).trim();
}

function isAsked({ cells }: TabRow<BatchKey>): boolean {
  return cells.roster === true || cells.send === true;
}

async function batchesIn(
  { store, program }: Pick<CaseContext, 'store' | 'program'>,
  queue: string,
): Promise<Batch[]> {
  return (await listBatches(store.db, program.key)).filter((batch) => batch.queue === queue);
}

/** Opens a batch where none is open, so that there is always one to begin with. */
async function ensureOpenBatch(
  { store, program, clock }: Pick<CaseContext, 'store' | 'program' | 'clock'>,
  queue: string,
) {
  const own = await listBatches(store.db, program.key);
  if (own.some((batch) => batch.state === 'open' && batch.queue === queue)) return;
  const number = `${program.casePrefix}-函${own.length + 1}`;
  await openBatch(store.db, { number, program: program.key, queue, at: clock.now() });
}

/** @returns the sentence for the batch's row */
async function makeRoster(
  context: TabContext,
  batch: Batch,
  row: TabRow<BatchKey>,
  waitingTab: Tab<DispatchKey>,
): Promise<string> {
  if (batch.state === 'sent') return '本批已發文，名冊不再更動。';
  const scope = String(row.cells.scope).trim() || SCOPES.ticked;
  if (scope !== SCOPES.ticked && scope !== SCOPES.all) return `範圍${quoted(scope)}看不懂，請由選單挑選。`;
  return context.store.transaction(async (db) => {
    const waiting = await listAwaitingDispatch(db, context.program.key, batch.queue);
    const chosen = waitingTab.rows.filter((each) => each.cells.select === true);
    const isChosen = (found: Case) =>
      // A number pasted over another row's must not put the wrong person on the roster.
      chosen.some((each) => String(each.cells.case).trim() === found.number && !rowMismatch(each, found));
    const joining = waiting.filter(
      (found) => found.batch === null && (scope === SCOPES.all || isChosen(found)),
    );
    const members = [...waiting.filter((found) => found.batch === batch.number), ...joining];
    if (members.length === 0)
      return scope === SCOPES.all
        ? '目前沒有待函報的案件。'
        : '沒有勾選任何案件。請先在「函報」工作表勾選，或改選「全部待函報」。';
    for (const found of joining) {
      await changeCase(db, found.id, { batch: batch.number });
      await addEvent(context, db, found, {
        from: found.state,
        trigger: 'compiled',
        actor: 'administrator',
        reason: `列入${batch.number}`,
        data: { batch: batch.number },
      });
    }
    await changeBatch(db, batch.number, { state: 'listed' });
    await mailRoster(context, db, batch, members);
    const recipients = context.program.administrators.length;
    return `名冊共 ${members.length} 件${recipients > 0 ? '，已寄給承辦人' : '；設定檔沒有承辦人信箱，請用 budeng export 取得名冊'}。發文後請填字號與日期並勾選「已發文」。`;
  });
}

/**
 * Moves the cases of a batch whose letter has gone out, or corrects the letter's number.
 * @returns the sentence for the batch's row
 */
async function send(context: TabContext, batch: Batch, row: TabRow<BatchKey>): Promise<string> {
  const typed = readLetter(context, row);
  if ('refused' in typed) return typed.refused;
  if (batch.state === 'open') return '請先製作名冊，再發文。';
  const { letter, hint } = typed;
  return context.store.transaction(async (db) => {
    const members = await listBatch(db, batch.number);
    if (batch.state !== 'sent' && members.length === 0)
      return '本批已沒有案件，不能發文。請先選入案件並製作名冊。';
    let moved = 0;
    for (const found of members) {
      if (batch.state === 'sent') await correctLetter(context, db, found, letter);
      else if (await dispatchOne(context, db, found, letter)) moved += 1;
    }
    await changeBatch(db, batch.number, {
      ...letter,
      state: 'sent',
      sent_at: batch.sent_at ?? context.clock.now(),
    });
    if (batch.state === 'sent') return `文號已更正，${members.length} 件案件同步更正。${hint}`;
    const left = batch.state === 'changed' ? `但名冊製作後有變動：${batch.result}請核對公文所附名冊。` : '';
    return `已發文，${moved} 件移交下一單位並通知教師。${left}${hint}`;
  });
}

interface Letter {
  letter_number: string;
  letter_date: string;
}

const LETTER_LENGTH = 60;
const YEAR_MS = 366 * 24 * 3600_000;

function readLetter(
  { clock }: Pick<CaseContext, 'clock'>,
  { cells }: TabRow<BatchKey>,
): { letter: Letter; hint: string } | { refused: string } {
  const number = trimmed(String(cells.letterNumber).replace(/[\p{Cc}\p{Cf}\s]+/gu, ' '));
  const typedDate = trimmed(String(cells.letterDate));
  const date = readRocDay(typedDate);
  if (!number) return { refused: '請先填發文字號，例如 南市教專字第1090000001號。' };
  if ([...number].length > LETTER_LENGTH)
    return { refused: `發文字號太長（最多 ${LETTER_LENGTH} 字），請只填字號。` };
  if (!typedDate) return { refused: '請先填發文日期，例如 109-05-11。' };
  if (!date) return { refused: `發文日期${dayProblem(typedDate)}` };
  const ahead = startOfDay(date).getTime() - clock.now().getTime();
  if (Math.abs(ahead) > YEAR_MS)
    return { refused: `發文日期 ${formatRocDate(startOfDay(date))} 與今天相差一年以上，請核對。` };
  const hint = ahead > 0 ? '發文日期在今天之後，如有誤請改好再勾一次「已發文」。' : '';
  return { letter: { letter_number: number, letter_date: date }, hint };
}

async function correctLetter(context: TabContext, db: Db, found: Case, letter: Letter) {
  await changeCase(db, found.id, { ...letter });
  await addEvent(context, db, found, {
    from: found.state,
    trigger: 'dispatched',
    actor: 'administrator',
    reason: `更正文號為 ${labelOf(letter)}`,
  });
}

function labelOf({ letter_number, letter_date }: Letter): string {
  return `${formatRocDate(startOfDay(letter_date))} ${letter_number}`;
}

/** @returns null where the case is no longer what was listed, e.g. withdrawn this moment */
async function dispatchOne(context: TabContext, db: Db, found: Case, letter: Letter): Promise<Case | null> {
  const next = nextState(found.state, 'dispatched');
  if (!next.ok) return null;
  return transition(context, db, found, {
    to: { ...nextStage(rulesOf(context, found), stagePositionOf(found)), state: next.state },
    trigger: 'dispatched',
    actor: 'administrator',
    reason: labelOf(letter),
    set: letter,
    notice: 'dispatched',
  });
}

export async function dispatchRows(context: TabContext, queue: string): Promise<DesiredRow<DispatchKey>[]> {
  const cases = await listAwaitingDispatch(context.store.db, context.program.key, queue);
  return renderRows(context, cases, caseRow, (found) => ({
    id: found.number,
    cells: {
      batch: found.batch ?? '',
      ...certificateCells(found),
      approved: sortableRocDateTime(found.changed_at),
      result: found.result,
    },
  }));
}

export async function batchRows(
  context: Pick<CaseContext, 'store' | 'program'>,
  queue: string,
): Promise<DesiredRow<BatchKey>[]> {
  return rowsOf(context, await batchesIn(context, queue));
}

async function rowsOf(
  { store }: Pick<CaseContext, 'store'>,
  batches: readonly Batch[],
): Promise<DesiredRow<BatchKey>[]> {
  const countOf = await countMembers(store.db);
  return batches.map((batch) => ({
    id: batch.number,
    cells: {
      state: BATCH_STATES[batch.state],
      count: countOf.get(batch.number) ?? 0,
      sent: batch.letter_number ? labelOf(batch) : '',
      result: batch.result,
    },
    initial: { scope: SCOPES.ticked },
  }));
}
