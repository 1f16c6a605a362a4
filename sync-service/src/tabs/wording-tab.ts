import { addressOf } from '../../../contract/paths.ts';
import { listSettings, recordChange, saveSetting, type StoredSetting } from '../ledger/settings.ts';
import { TEMPLATES, type TemplatesKey } from '../../../contract/tabs.ts';
import { wordingKey } from '../casework/wording.ts';
import type { Wording } from '../notices/render.ts';
import { NOTICE_KINDS, NOTICE_LABELS, type NoticeKind } from '../notices/types.ts';
import type { DesiredRow, Observed } from '../google/reconcile.ts';
import type { Tab } from '../google/tab.ts';
import { refuseConflictingRows, rowsById } from './conflicting-rows.ts';
import type { TabContext } from '../casework/context.ts';

/** Takes the office's own words: a template must render its sample before it is used. */
export async function observeWording(context: TabContext, tab: Tab<TemplatesKey>): Promise<Observed> {
  const rows = rowsById(TEMPLATES, tab);
  const stored = await listSettings(context.store.db, context.baseProgram.key);
  let newRules = false;
  for (const kind of NOTICE_KINDS) {
    const original = context.renderer.original(kind);
    const typed = (rows.get(kind) ?? []).map((row) => ({
      subject: String(row.cells.subject).trim() || original.subject,
      body: String(row.cells.body).trim() || original.body,
    }));
    const [first] = typed;
    if (!first) continue;
    const key = wordingKey(kind);
    const known = stored.get(key);
    if (typed.every((each) => JSON.stringify(each) === JSON.stringify(first)))
      newRules = (await takeWording(context, kind, first, known)) || newRules;
    else
      await refuseConflictingRows(
        context,
        known ?? {
          program: context.baseProgram.key,
          key,
          value: '',
          typed: JSON.stringify(original),
          problem: '',
        },
      );
  }
  return { handled: new Map(), waiting: 0, newRules };
}

/** @returns whether other words are in force now */
async function takeWording(
  context: TabContext,
  kind: NoticeKind,
  typed: Wording,
  known: StoredSetting | undefined,
): Promise<boolean> {
  const { store, clock, renderer } = context;
  const original = renderer.original(kind);
  const key = wordingKey(kind);
  const text = JSON.stringify(typed);
  if (!known?.problem && (known?.typed ?? JSON.stringify(original)) === text) return false;
  const { problem: reason } = renderer.check(kind, typed);
  const problem = reason && `範本無法使用，仍沿用原來的。${reason}`;
  const value = problem ? (known?.value ?? '') : text === JSON.stringify(original) ? '' : text;
  if (known?.typed === text && known.problem === problem) return false;
  await store.transaction(async (db) => {
    await saveSetting(db, { program: context.baseProgram.key, key, value, typed: text, problem });
    const before = known?.value || JSON.stringify(original);
    if (problem || before === text) return;
    await recordChange(db, { at: clock.now(), actor: 'templates tab', subject: key, before, after: text });
  });
  return value !== (known?.value ?? '');
}

export async function wordingRows({
  store,
  renderer,
  publicUrl,
  baseProgram,
}: Pick<TabContext, 'store' | 'renderer' | 'publicUrl' | 'baseProgram'>): Promise<
  DesiredRow<TemplatesKey>[]
> {
  const known = await listSettings(store.db, baseProgram.key);
  return NOTICE_KINDS.map((kind) => {
    const row = known.get(wordingKey(kind));
    const words = row ? (JSON.parse(row.typed) as Wording) : renderer.original(kind);
    return {
      id: kind,
      cells: {
        label: NOTICE_LABELS[kind],
        preview: addressOf(publicUrl, 'preview', kind),
        problem: row?.problem ?? '',
      },
      initial: { subject: words.subject, body: words.body },
    };
  });
}
