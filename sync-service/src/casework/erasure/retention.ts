import { FINAL_STATES, type State } from '../../cases/lifecycle.ts';
import { formatRocDate } from '../../cases/calendar/roc.ts';
import { retentionEnd } from '../../cases/calendar/retention.ts';
import { eraseRemainders } from '../../ledger/erasure.ts';
import { deleteValue, readValue, writeValue } from '../../ledger/key-values.ts';
import { hasUnerased, listKept } from '../../ledger/repositories/case-lists.ts';
import { countUnconfirmed } from '../../ledger/repositories/erasures.ts';
import { askErasure } from './erase.ts';
import { quarantine } from '../alerts.ts';
import type { CaseContext, QuarantineContext } from '../context.ts';
import { rulesOf } from '../program-versions.ts';

const DAY_MS = 24 * 3600_000;
/** The office is told this long before. Nothing is erased by itself until as much time has passed since it was first told. */
const NOTICE_DAYS = 30;
const BATCH = 200;
const EXPIRED = '保存期限屆滿';

const announcedOf = (program: { key: string }) => `retention/${program.key}`;

export interface Kept {
  id: number;
  state: State;
  /** When its personal data are no longer kept. */
  until: Date;
}

/** Cases whose retention ends before an instant, the earliest first. Asks the ledger nothing while that is far off. */
export async function endingBefore(
  context: Pick<CaseContext, 'store' | 'program' | 'versions'>,
  at: Date,
): Promise<Kept[]> {
  const { store, program, versions } = context;
  const ends = [...versions.byHash.values()].flatMap((each) => retentionEnd(each, new Date(0)) ?? []);
  if (!ends.some((end) => end <= at)) return [];
  const cases = await listKept(store.db, program.key);
  return cases
    .flatMap((found) => {
      const until = retentionEnd(rulesOf(context, found), found.changed_at);
      return until && until <= at ? [{ id: found.id, state: found.state, until }] : [];
    })
    .toSorted((a, b) => a.until.getTime() - b.until.getTime());
}

/** Asks for the erasure of what need not be kept any more, some at a time; one that cannot be asked for holds up no other. */
export async function askExpired(
  context: CaseContext & QuarantineContext,
  { limit = BATCH, by }: { limit?: number; by?: { actor: string; reason?: string | undefined } } = {},
): Promise<void> {
  const due = (await endingBefore(context, context.clock.now())).slice(0, limit);
  const { actor, reason = EXPIRED } = by ?? { actor: 'service' };
  for (const { id } of due)
    await quarantine(context, `第 ${id} 號案件的保存期限`, () =>
      askErasure(context, id, { actor, reason, evenOpen: true }),
    );
}

/** What the service does by itself, once the office has had time to say otherwise. */
export async function eraseByTime(context: CaseContext & QuarantineContext): Promise<void> {
  const { store, program, clock } = context;
  await eraseLeftovers(context);
  const announced = await readValue(store.db, announcedOf(program));
  if (!announced || clock.now().getTime() < new Date(announced).getTime() + NOTICE_DAYS * DAY_MS) return;
  await askExpired(context);
}

/** Erases what belongs to no case, once the last case is erased. */
export async function eraseLeftovers({
  store,
  program,
  clock,
}: Pick<CaseContext, 'store' | 'program' | 'clock'>): Promise<void> {
  const end = retentionEnd(program, new Date(0));
  if (!end || end > clock.now()) return;
  if (!(await hasUnerased(store.db, program.key))) await eraseRemainders(store.db, program.key);
}

/** The sentence of the digest about what will be erased; it also starts the time that the office has. */
export async function announceRetention(context: CaseContext): Promise<string | null> {
  const { store, program, clock } = context;
  const key = announcedOf(program);
  const now = clock.now();
  const ending = await endingBefore(context, new Date(now.getTime() + NOTICE_DAYS * DAY_MS));
  const [first] = ending;
  if (!first) {
    await deleteValue(store.db, key);
    return null;
  }
  const since = (await readValue(store.db, key)) ?? now.toISOString();
  await writeValue(store.db, key, since);
  const earliest = new Date(new Date(since).getTime() + NOTICE_DAYS * DAY_MS);
  const day = first.until > earliest ? first.until : earliest;
  const open = ending.filter(({ state }) => !FINAL_STATES.includes(state)).length;
  return (
    `有 ${ending.length} 件的個人資料保存期限將屆（${program.retentionMonths} 個月），${formatRocDate(day)}起自動刪除` +
    `${open > 0 ? `，其中 ${open} 件尚未結案` : ''}。要延長，請改「設定」的個人資料保存月數；要留存的紀錄請先匯出。`
  );
}

/** How many erased cases still have their rows and responses after a day: the script sees to those. */
export async function unerasedIntake({
  store,
  clock,
}: Pick<CaseContext, 'store' | 'clock'>): Promise<number> {
  return countUnconfirmed(store.db, new Date(clock.now().getTime() - DAY_MS));
}
