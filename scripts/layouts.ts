import { existsSync, readFileSync } from 'node:fs';
import type { Column } from '../contract/tabs.ts';
import type { RowRule } from '../sync-service/src/google/layout.ts';
import { loadProgram } from '../sync-service/src/program/load.ts';
import { type ManagedTab, officeTabs, queueTabs } from '../sync-service/src/tabs/registry.ts';

/** What a release made of a tab. */
export interface Layout {
  columns: Record<string, Omit<Column, 'since'>>;
  rules: readonly RowRule<string>[];
  frozen?: readonly string[];
}

/** Layouts by tab and number. Offices have them, so that one that has landed is never changed. */
export type RecordedLayouts = Record<string, Record<string, Layout>>;

export const LAYOUTS_FILE = 'test/fixtures/layouts.json';

const program = await loadProgram('programs/tainan-109.yaml');

/** Every kind of managed tab, each once. */
export const MANAGED_TABS: readonly ManagedTab[] = [
  ...new Map(
    [...program.queues.flatMap(({ key }) => queueTabs([program], key)), ...officeTabs([program])].map(
      (tab) => [tab.key, tab],
    ),
  ).values(),
];

/** The layout of a tab as the code has it now. */
export function layoutNow({ spec, look }: ManagedTab): Layout {
  return {
    columns: Object.fromEntries(
      Object.entries(spec.columns).map(([key, { since: _since, ...column }]) => [key, column]),
    ),
    rules: look(program).rules ?? [],
    ...(spec.frozen ? { frozen: spec.frozen } : {}),
  };
}

/** Writes down each layout that is not there yet; an earlier one stays as it was recorded. */
export function recordLayouts(): string {
  const recorded: RecordedLayouts = existsSync(LAYOUTS_FILE)
    ? JSON.parse(readFileSync(LAYOUTS_FILE, 'utf8'))
    : {};
  for (const tab of MANAGED_TABS) {
    const { title, layout } = tab.spec;
    recorded[title] = { [layout]: layoutNow(tab), ...recorded[title] };
  }
  return `${JSON.stringify(recorded, null, 2)}\n`;
}
