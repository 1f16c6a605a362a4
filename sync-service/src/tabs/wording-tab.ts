import { addressOf } from '../../../contract/paths.ts';
import { recordOf } from '../../../contract/records.ts';
import { TEMPLATES, type TemplatesKey } from '../../../contract/tabs.ts';
import { quarantine } from '../casework/alerts.ts';
import type { TabContext } from '../casework/context.ts';
import { wordingKey } from '../casework/wording.ts';
import {
  type DesiredRow,
  type HandledRow,
  markHandled,
  type Observed,
  personContent,
} from '../google/reconcile.ts';
import { type Tab, type TabRow, wordless } from '../google/tab.ts';
import { readValue, writeValue } from '../ledger/key-values.ts';
import { listSettings, recordChange, saveSetting, type StoredSetting } from '../ledger/settings.ts';
import { type Wording, WORDING_PARTS } from '../notices/render.ts';
import { NOTICE_KINDS, NOTICE_LABELS, type NoticeKind } from '../notices/types.ts';
import { refuseConflictingRows, rowsById } from './conflicting-rows.ts';
import { renderRows } from './desired-rows.ts';

const NOTHING: Wording = { subject: '', body: '' };
const isSame = (one: Wording, other: Wording) => WORDING_PARTS.every((part) => one[part] === other[part]);
const whatOf = (kind: NoticeKind) => `通知範本「${NOTICE_LABELS[kind]}」`;

/** Takes the office's own words. A cell that is blank, or says what any release says by itself, words nothing. */
export async function observeWording(context: TabContext, tab: Tab<TemplatesKey>): Promise<Observed> {
  const { store, baseProgram, renderer } = context;
  const rows = rowsById(TEMPLATES, tab);
  const stored = await listSettings(store.db, baseProgram.key);
  const handled = await emptyFilledIn(context, rows);
  let newRules = false;
  for (const kind of NOTICE_KINDS) {
    const typed = (rows.get(kind) ?? []).map((row) => renderer.ownPart(kind, cellsOf(row)));
    const [first] = typed;
    if (!first) continue;
    const key = wordingKey(kind);
    const known = stored.get(key) ?? {
      program: baseProgram.key,
      key,
      value: '',
      typed: JSON.stringify(NOTHING),
      problem: '',
    };
    await quarantine(context, whatOf(kind), async () => {
      const changed = typed.every((each) => isSame(each, first))
        ? await takeWording(context, kind, first, known)
        : await refuseConflictingRows(context, known);
      newRules ||= changed;
    });
  }
  return { handled, waiting: 0, newRules };
}

const cellsOf = ({ cells }: TabRow<TemplatesKey>): Wording =>
  recordOf(WORDING_PARTS, (part) => String(cells[part]).trimEnd());

/**
 * Earlier releases wrote their words into the office's cells. Such cells are emptied once: what is copied there later,
 * to be changed, is left alone.
 */
async function emptyFilledIn(
  { store, clock, baseProgram, renderer }: TabContext,
  rows: ReadonlyMap<string, TabRow<TemplatesKey>[]>,
): Promise<Map<string, HandledRow[]>> {
  const handled = new Map<string, HandledRow[]>();
  const done = `wording/emptied/${baseProgram.key}`;
  if ((await readValue(store.db, done)) !== null) return handled;
  for (const kind of NOTICE_KINDS)
    for (const row of rows.get(kind) ?? []) {
      const [cells, own] = [cellsOf(row), renderer.ownPart(kind, cellsOf(row))];
      const clears = WORDING_PARTS.filter((part) => cells[part].trim() !== '' && own[part] === '');
      if (clears.length === 0) continue;
      const isAll = WORDING_PARTS.every((part) => own[part] === '');
      const content = personContent(TEMPLATES, row);
      markHandled(handled, kind, { content, refused: false, ...(isAll ? {} : { clears }) });
    }
  // A cycle that could not write them empty does it again.
  if (handled.size === 0) await writeValue(store.db, done, clock.now().toISOString());
  return handled;
}

/** @returns whether the ledger says something else now */
async function takeWording(
  context: TabContext,
  kind: NoticeKind,
  typed: Wording,
  known: StoredSetting,
): Promise<boolean> {
  const { store, clock, renderer } = context;
  // Also of words that stand there unchanged: a newer release may take fewer.
  const reason = wordless(TEMPLATES, typed) ?? renderer.check(kind, typed).problem;
  const problem = reason && `範本無法使用，信仍照「目前主旨」「目前內文」寄出。${reason}`;
  const before = inWords(context, kind, known.value);
  if (isSame(typed, inWords(context, kind, known.typed)) && problem === known.problem) return false;
  const value = problem ? known.value : isSame(typed, NOTHING) ? '' : JSON.stringify(typed);
  await store.transaction(async (db) => {
    await saveSetting(db, { ...known, value, typed: JSON.stringify(typed), problem });
    if (problem || isSame(before, typed)) return;
    const whole = (own: Wording) => {
      const original = renderer.original(kind);
      return JSON.stringify(recordOf(WORDING_PARTS, (part) => own[part] || original[part]));
    };
    await recordChange(db, {
      at: clock.now(),
      actor: 'templates tab',
      subject: known.key,
      before: whole(before),
      after: whole(typed),
    });
  });
  return true;
}

/** What the ledger keeps of a wording. Earlier releases kept the original words for what was not worded. */
function inWords({ renderer }: Pick<TabContext, 'renderer'>, kind: NoticeKind, kept: string): Wording {
  return kept ? renderer.ownPart(kind, JSON.parse(kept) as Wording) : NOTHING;
}

export async function wordingRows(context: TabContext): Promise<DesiredRow<TemplatesKey>[]> {
  const { store, renderer, publicUrl, baseProgram } = context;
  const known = await listSettings(store.db, baseProgram.key);
  const named = (kind: NoticeKind) => ({ id: kind, what: whatOf(kind) });
  return renderRows(context, NOTICE_KINDS, named, (kind) => {
    const row = known.get(wordingKey(kind));
    const current = renderer.inForce(kind);
    return {
      id: kind,
      cells: {
        label: NOTICE_LABELS[kind],
        preview: addressOf(publicUrl, 'preview', kind),
        problem: row?.problem || renderer.check(kind, inWords(context, kind, row?.value ?? '')).warning,
        currentSubject: current.subject,
        currentBody: current.body,
      },
      initial: { ...inWords(context, kind, row?.typed ?? '') },
    };
  });
}
