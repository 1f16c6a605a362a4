import { TEMPLATES, type TemplatesKey } from '../../../contract/tabs.ts';
import { TemplateError } from '../notices/render.ts';
import { NOTICE_KINDS, NOTICE_LABELS, type NoticeKind } from '../notices/types.ts';
import { listSettings, saveSetting, type StoredSetting } from '../ledger/small-tables.ts';
import type { DesiredRow } from '../google/reconcile.ts';
import type { Tab } from '../google/tab.ts';
import type { Pulled } from './ticks.ts';
import { refuseTwins, rowsById, TWINS } from './conflicting-rows.ts';
import type { Parts } from '../casework/context.ts';

interface Wording {
  subject: string;
  body: string;
}

const keyOf = (kind: NoticeKind) => `template/${kind}`;

/** Takes the office's own words: a template must render its sample before it is used. */
export async function pullWording(parts: Parts, tab: Tab<TemplatesKey>): Promise<Pulled> {
  const rows = rowsById(TEMPLATES, tab);
  const stored = await listSettings(parts.store.db);
  for (const kind of NOTICE_KINDS) {
    const original = parts.renderer.original(kind);
    const typed = (rows.get(kind) ?? []).map((row) => ({
      subject: String(row.cells.subject).trim() || original.subject,
      body: String(row.cells.body).trim() || original.body,
    }));
    const [first] = typed;
    if (!first) continue;
    const key = keyOf(kind);
    const known = stored.get(key);
    if (typed.every((each) => JSON.stringify(each) === JSON.stringify(first)))
      await takeWording(parts, kind, first, known);
    else await refuseTwins(parts, known ?? { key, value: '', typed: JSON.stringify(original), problem: '' });
  }
  await useWordings(parts);
  return { settled: new Map(), waiting: 0 };
}

async function takeWording(parts: Parts, kind: NoticeKind, typed: Wording, known: StoredSetting | undefined) {
  const { store, clock, renderer } = parts;
  const original = renderer.original(kind);
  const key = keyOf(kind);
  const text = JSON.stringify(typed);
  if (known?.problem !== TWINS && (known?.typed ?? JSON.stringify(original)) === text) return;
  const problem = problemOf(() => renderer.check(kind, typed));
  const value = problem ? (known?.value ?? '') : text === JSON.stringify(original) ? '' : text;
  await store.db.transaction().execute(async (db) => {
    await saveSetting(db, { key, value, typed: text, problem });
    const before = known?.value || JSON.stringify(original);
    if (problem || before === text) return;
    await db
      .insertInto('audit')
      .values({ at: clock.now(), actor: 'templates tab', subject: key, before, after: text })
      .execute();
  });
}

function problemOf(work: () => void): string {
  try {
    work();
    return '';
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return `範本無法使用，仍沿用原來的。原因：${error.message}`;
  }
}

/** Puts the words in force into the renderer. */
export async function useWordings({ store, renderer }: Pick<Parts, 'store' | 'renderer'>): Promise<void> {
  const rows = await store.db.selectFrom('settings').selectAll().where('key', 'like', 'template/%').execute();
  for (const { key, value } of rows)
    renderer.use(key.slice('template/'.length) as NoticeKind, value ? (JSON.parse(value) as Wording) : null);
}

export async function wordingRows({
  store,
  renderer,
  publicUrl,
}: Parts): Promise<DesiredRow<TemplatesKey>[]> {
  const known = await listSettings(store.db);
  return NOTICE_KINDS.map((kind) => {
    const row = known.get(keyOf(kind));
    const words = row ? (JSON.parse(row.typed) as Wording) : renderer.original(kind);
    return {
      id: kind,
      cells: {
        label: NOTICE_LABELS[kind],
        preview: `${publicUrl ?? ''}/preview/${kind}`,
        problem: row?.problem ?? '',
      },
      initial: { subject: words.subject, body: words.body },
    };
  });
}
