import { quarantine } from '../casework/alerts.ts';
import { renderRows } from './desired-rows.ts';
import { listSettings, recordChange, saveSetting, type StoredSetting } from '../ledger/settings.ts';
import { SETTINGS, type SettingsKey } from '../../../contract/tabs.ts';
import type { TabContext } from '../casework/context.ts';
import {
  applySetting,
  readSettings,
  type Setting,
  settingsOf,
  withSettings,
} from '../casework/program-settings.ts';
import {
  type DesiredRow,
  type HandledRow,
  markHandled,
  type Observed,
  personContent,
} from '../google/reconcile.ts';
import { type Tab, wordless } from '../google/tab.ts';
import { refuseConflictingRows, rowsById } from './conflicting-rows.ts';

/** Takes what was typed. Each change is checked, written down with its before and after, and in force from now on. */
export async function observeSettings(context: TabContext, tab: Tab<SettingsKey>): Promise<Observed> {
  const settings = settingsOf(context.baseProgram);
  const rows = rowsById(SETTINGS, tab);
  const handled = new Map<string, HandledRow[]>();
  const typed = [...settings].flatMap(([key, setting]) => {
    const own = rows.get(key) ?? [];
    return own[0] ? [{ key, setting, own }] : [];
  });
  let newRules = false;
  let stored = await listSettings(context.store.db, context.baseProgram.key);
  // Goes over the rows twice: a value may fit only together with one that stands below it.
  for (const { key, setting, own } of [...typed, ...typed]) {
    const known = stored.get(key);
    let changed = false;
    await quarantine(context, `設定「${setting.label}」`, async () => {
      const texts = own.map((row) => {
        const text = String(row.cells.value).trim();
        if (known || !isFilledIn(context, setting, text)) return text;
        markHandled(handled, key, { content: personContent(SETTINGS, row), refused: false });
        return '';
      });
      const [text = ''] = texts;
      changed = texts.every((each) => each === text)
        ? await takeSetting(context, { key, typed: text, setting, known })
        : await refuseConflictingRows(
            context,
            known ?? { program: context.baseProgram.key, key, value: '', typed: '', problem: '' },
          );
    });
    if (!changed) continue;
    newRules = true;
    stored = await listSettings(context.store.db, context.baseProgram.key);
  }
  return { handled, waiting: 0, newRules };
}

/**
 * Whether a cell holds what 0.1 filled in by itself: the value of a program file. Such a cell is emptied: taken for
 * typed, it would outlast every later file, and next year's windows would never take effect.
 */
function isFilledIn({ versions }: TabContext, setting: Setting, text: string): boolean {
  return text !== '' && versions.files.some((file) => setting.show(file) === text);
}

interface Typed {
  key: string;
  typed: string;
  setting: Setting;
  known: StoredSetting | undefined;
}

/** @returns whether the ledger says something else now */
async function takeSetting(context: TabContext, { key, typed, setting, known }: Typed): Promise<boolean> {
  const { store, baseProgram, clock } = context;
  const original = setting.show(baseProgram);
  if (!known?.problem && (known?.typed ?? '') === typed) return false;
  const program = withSettings(baseProgram, await readSettings(store, baseProgram));
  // An emptied cell means the program file's value, which has to fit too; the file may have none.
  const wanted = typed || original;
  const noWords = wordless(SETTINGS, { value: typed });
  const applied = noWords ? { problem: noWords } : wanted ? applySetting(setting, program, wanted) : null;
  const problem = applied && 'problem' in applied ? applied.problem : '';
  const value = problem ? (known?.value ?? '') : typed;
  if (known?.typed === typed && known.problem === problem) return false;
  await store.transaction(async (db) => {
    await saveSetting(db, { program: baseProgram.key, key, value, typed, problem });
    const before = setting.show(program);
    if (problem || before === wanted) return;
    await recordChange(db, { at: clock.now(), actor: 'settings tab', subject: key, before, after: wanted });
  });
  return true;
}

export async function settingRows(context: TabContext): Promise<DesiredRow<SettingsKey>[]> {
  const known = await listSettings(context.store.db, context.baseProgram.key);
  const named = ([key, { label }]: [string, Setting]) => ({ id: key, what: `設定「${label}」` });
  return renderRows(context, [...settingsOf(context.baseProgram)], named, ([key, setting]) => ({
    id: key,
    cells: {
      label: setting.label,
      current: setting.show(context.program),
      problem: known.get(key)?.problem || (setting.remark?.(context.program) ?? ''),
    },
    initial: { value: known.get(key)?.typed ?? '' },
  }));
}
