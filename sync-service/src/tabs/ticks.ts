import { keysIn } from '../../../contract/records.ts';
import type { Taken } from '../casework/transition.ts';
import { noteResult } from '../ledger/repositories/cases.ts';
import { forgetTicks, listTicks, rememberTick } from '../ledger/repositories/ticks.ts';
import type { Case } from '../ledger/schema.ts';
import { createHash } from 'node:crypto';
import { ownedBy, type TabSpec, ERASED_NOTE } from '../../../contract/tabs.ts';
import { personContent, markHandled, type HandledRow, type Observed } from '../google/reconcile.ts';
import { type Cell, type Tab, type TabRow, wordless } from '../google/tab.ts';
import { withoutFilling } from '../cases/reading/sizes.ts';
import { quoted } from '../cases/reading/text.ts';
import { quarantine } from '../casework/alerts.ts';
import type { TabContext, CaseContext } from '../casework/context.ts';

export interface Ticked<K extends string> {
  /** Ticked rows whose grace time is over. */
  ready: TabRow<K>[];
  /** Ticked rows that may not be acted on, with the sentence for the row. */
  refused: { row: TabRow<K>; sentence: string }[];
  /** How many still wait. */
  waiting: number;
}

export interface TickRules<K extends string> {
  /** Tells this tab from all others. */
  place: string;
  checks: readonly K[];
  /** The service's cells that say what the person had before their eyes. */
  seen: readonly K[];
  /** Why a row cannot be acted on, at once and not only after the grace time; null where it can. */
  objection(row: TabRow<K>): string | null;
}

/** What a person wrote beside a tick, without blanks that only fill the cell. */
export function writtenIn(cell: Cell): string {
  return withoutFilling(String(cell)).trim();
}

/** When each tick that stands in a tab takes effect, by the id of its row. */
export async function waitingTicks(
  { store, program }: Pick<TabContext, 'store' | 'program'>,
  place: string,
): Promise<Map<string, Date>> {
  const graceMs = program.graceSeconds * 1000;
  const ticks = await listTicks(store.db, place);
  return new Map(
    [...ticks].map(([scope, { seen_at }]) => [
      scope.slice(place.length + 1),
      new Date(seen_at.getTime() + graceMs),
    ]),
  );
}

const RETYPED = '勾選之後，本列又有人改了填寫的內容，決定未採用。請確認內容後再勾選一次。';
const CHANGED = '勾選之後，本列的案件資料已更新，決定未採用。請看過最新內容後再勾選一次。';

export const UNWORKABLE = '系統無法處理這個決定，已通知承辦人。您填的內容保留在此列。';

/**
 * The rows in which a check is ticked. A tick counts once the same content has stood for the grace time beside the
 * same case data; a signature or a note that is added begins it anew. What a person or the service has changed of the
 * case or of what is asked for since the tick was first seen, whoever ticked has not seen: the tick is refused.
 */
export async function readTicks<K extends string>(
  context: TabContext,
  spec: TabSpec<K>,
  tab: Tab<K>,
  rules: TickRules<K>,
): Promise<Ticked<K>> {
  const { store, clock, program } = context;
  const graceMs = program.graceSeconds * 1000;
  const now = clock.now();
  const known = await listTicks(store.db, rules.place);
  const result: Ticked<K> = { ready: [], refused: [], waiting: 0 };
  const standing = new Set<string>();
  const see = async (row: TabRow<K>) => {
    const scope = `${rules.place}/${String(row.cells[spec.id]).trim()}`;
    // Keeps a hash, since it is only compared and what a person typed must not be stored once more. A newer layout may
    // show more: the grace time begins anew instead of a refusal that nobody caused.
    const asked = `${spec.layout}/${digest(askedIn(spec, row))}/`;
    const content = asked + digest(personContent(spec, row));
    const seen = digest(JSON.stringify(rules.seen.map((key) => row.cells[key])));
    const tick = known.get(scope);
    const same = tick?.content === content;
    const retyped = tick?.content.startsWith(`${spec.layout}/`) && !tick.content.startsWith(asked);
    const sentence =
      rules.objection(row) ??
      wordless(spec, row.cells) ??
      (same && tick.seen !== seen ? CHANGED : retyped ? RETYPED : null);
    if (sentence !== null) {
      result.refused.push({ row, sentence });
      return;
    }
    if (!same) await rememberTick(store.db, { scope, content, seen, seen_at: now });
    // A tick from the future was noted before the clock was set back, so its grace time begins anew.
    const stands = same && tick.seen_at <= now;
    if (same && !stands) await rememberTick(store.db, { scope, content, seen, seen_at: now });
    const since = stands ? tick.seen_at : now;
    if (now.getTime() - since.getTime() >= graceMs) {
      // It is acted on and forgotten: what the row asks for next is no change of it.
      result.ready.push(row);
      return;
    }
    standing.add(scope);
    result.waiting += 1;
  };
  for (const row of tab.rows)
    if (rules.checks.some((key) => row.cells[key] === true))
      await quarantineRow(context, spec, row, () => see(row));
  await forgetTicks(
    store.db,
    [...known.keys()].filter((scope) => !standing.has(scope)),
  );
  return result;
}

/** Works on one row by itself, so that one that goes wrong does not stop the others. */
export function quarantineRow(
  context: TabContext,
  { title }: Pick<TabSpec, 'title'>,
  { index }: Pick<TabRow<string>, 'index'>,
  work: () => Promise<void>,
): Promise<string | null> {
  return quarantine(context, `工作表「${title}」第 ${index + 1} 列`, work);
}

/** What a person asks for in a row, without signature and notes, which the script or a colleague may add later. */
function askedIn<K extends string>(spec: TabSpec<K>, row: TabRow<K>): string {
  const asks = ownedBy(spec, 'person').filter((key) => !spec.remarks?.includes(key));
  return JSON.stringify(asks.map((key) => row.cells[key]));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/**
 * Takes the ticks of a tab whose rows are cases: each is applied, or refused with a sentence that is written into
 * its row.
 */
export async function takeTicks<K extends string>(
  context: TabContext,
  spec: TabSpec<K>,
  tab: Tab<K>,
  rules: Omit<TickRules<K>, 'objection'> & {
    cases: ReadonlyMap<string, Case>;
    /** The sentence for a row of a case that this tab does not list; null where it does. */
    elsewhere?(found: Case): string | null;
    /** How many characters a person may write in a cell that is read. */
    longest?: Partial<Record<K, number>>;
    /** Gives any other reason why a row is refused; null where there is none. */
    objection(row: TabRow<K>, found: Case): string | null;
    apply(row: TabRow<K>, found: Case): Promise<Taken>;
  },
): Promise<Observed> {
  const numberOf = (row: TabRow<K>) => String(row.cells[spec.id]).trim();
  const caseOf = (row: TabRow<K>) => rules.cases.get(numberOf(row));
  const ticked = tab.rows.filter((row) => rules.checks.some((key) => row.cells[key] === true));
  const objection = (row: TabRow<K>) => {
    const found = caseOf(row);
    const number = numberOf(row);
    if (!found) return number ? `查無案號${quoted(number)}，未採用。` : '此列沒有案號，未採用。';
    if (found.erased_at) return ERASED_NOTE;
    const elsewhere = rules.elsewhere?.(found) ?? null;
    if (elsewhere !== null) return elsewhere;
    if (ticked.filter((other) => numberOf(other) === number).length > 1)
      return `案號 ${number} 在表中勾選了不只一列，未採用任何一列。請只留一列勾選。`;
    const tooLong = keysIn(spec.columns).find(
      (key) => writtenIn(row.cells[key]).length > (rules.longest?.[key] ?? Infinity),
    );
    if (tooLong !== undefined)
      return `「${spec.columns[tooLong].label}」最多 ${rules.longest?.[tooLong]} 字，未採用。請縮短後再勾選一次。`;
    return rules.objection(row, found);
  };
  const { ready, refused, waiting } = await readTicks(context, spec, tab, { ...rules, objection });
  const handled = new Map<string, HandledRow[]>();
  const finish = (row: TabRow<K>, sentence: string | null) =>
    quarantineRow(context, spec, row, async () => {
      const found = caseOf(row);
      // Writes the refusal into the row that was ticked, not where the case really lies.
      if (sentence !== null && found && !rules.elsewhere?.(found)) await explain(context, found, sentence);
      markHandled(handled, numberOf(row), {
        content: personContent(spec, row),
        refused: sentence !== null,
        ...(sentence === null ? {} : { sentence }),
      });
    });
  for (const { row, sentence } of refused) await finish(row, sentence);
  for (const row of ready) {
    const found = caseOf(row);
    if (!found) continue;
    let refused: string | null = UNWORKABLE;
    await quarantine(context, `案件 ${found.number} 的決定`, async () => {
      const taken = await rules.apply(row, found);
      refused = 'refused' in taken ? taken.refused : null;
    });
    await finish(row, refused);
  }
  return { handled, waiting };
}

/**
 * Writes into the case's row why nothing was done, unless it says so already, so that no row is rewritten in every
 * cycle.
 */
async function explain({ store }: Pick<CaseContext, 'store'>, found: Case, sentence: string): Promise<void> {
  if (found.result === sentence || found.erased_at) return;
  await noteResult(store.db, found.id, sentence);
}
