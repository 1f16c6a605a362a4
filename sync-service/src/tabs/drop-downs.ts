import type { Program } from '../cases/program-rules.ts';
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { readValues, writeValue } from '../ledger/key-values.ts';
import type { Db } from '../ledger/store.ts';
import { FIRST_DATA_ROW } from '../../../contract/tabs.ts';
import { dropDownRequest, hidingRequests } from '../google/layout.ts';
import type { Tab } from '../google/tab.ts';
import type { ManagedTab } from './registry.ts';

/** Which drop-downs and hidden columns each tab was given last, by its key in the ledger. */
export type KnownDropDowns = Map<string, string>;

const PREFIX = 'drop-downs/';
const keyOf = (role: string, { key }: ManagedTab) => `${PREFIX}${role}/${key}`;
function textOf(managed: ManagedTab, program: Program): string {
  const { choices, hidden } = managed.look(program);
  return JSON.stringify(hidden ? { choices, hidden } : choices);
}

export function readDropDowns(db: Db): Promise<KnownDropDowns> {
  return readValues(db, PREFIX);
}

/** The columns that a tab hid; releases before layout 5 of the queue noted the drop-downs alone. */
function hiddenBefore(text: string | undefined): string[] {
  const noted: { hidden?: string[] } = JSON.parse(text ?? '{}');
  return noted.hidden ?? [];
}

/** Writes down which drop-downs and hidden columns a tab has now. */
export async function rememberDropDowns(
  db: Db,
  known: KnownDropDowns,
  place: { role: string; managed: ManagedTab; program: Program },
): Promise<void> {
  const [name, text] = [keyOf(place.role, place.managed), textOf(place.managed, place.program)];
  if (known.get(name) === text) return;
  await writeValue(db, name, text);
  known.set(name, text);
}

/**
 * Renews the drop-downs and hidden columns of a changed program in place, since Google refuses a choice that no list
 * has. Writing them twice changes nothing.
 */
export function changedDropDowns(
  known: KnownDropDowns,
  { role, managed, program }: { role: string; managed: ManagedTab; program: Program },
  sheetId: number,
  tab: Tab<string>,
): sheets_v4.Schema$Request[] {
  const before = known.get(keyOf(role, managed));
  if (before === textOf(managed, program)) return [];
  const { choices, hidden = [] } = managed.look(program);
  const rows = { from: FIRST_DATA_ROW - 1, to: tab.height };
  const lists = Object.entries(choices).flatMap(([key, list]) =>
    list && rows.to > rows.from ? [dropDownRequest(sheetId, tab.columns[key] ?? 0, list, rows)] : [],
  );
  const shown = hiddenBefore(before).filter((key) => !hidden.includes(key) && key in tab.columns);
  return [
    ...lists,
    ...hidingRequests(sheetId, tab.columns, shown, false),
    ...hidingRequests(sheetId, tab.columns, hidden),
  ];
}
