import type { Program } from '../cases/program-rules.ts';
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { readValues, writeValue } from '../ledger/key-values.ts';
import type { Db } from '../ledger/store.ts';
import { FIRST_DATA_ROW } from '../../../contract/tabs.ts';
import { dropDownRequest } from '../google/layout.ts';
import type { Tab } from '../google/tab.ts';
import type { ManagedTab } from './registry.ts';

/** Which drop-downs each tab was given last, by its key in the ledger. */
export type KnownDropDowns = Map<string, string>;

const PREFIX = 'drop-downs/';
const keyOf = (role: string, { key }: ManagedTab) => `${PREFIX}${role}/${key}`;
const textOf = (managed: ManagedTab, program: Program) => JSON.stringify(managed.look(program).choices);

export function readDropDowns(db: Db): Promise<KnownDropDowns> {
  return readValues(db, PREFIX);
}

/** Writes down which drop-downs a tab has now. */
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
 * Renews the drop-downs of a changed program in place, since Google refuses a choice that no list has. Writing them
 * twice changes nothing.
 */
export function changedDropDowns(
  known: KnownDropDowns,
  { role, managed, program }: { role: string; managed: ManagedTab; program: Program },
  sheetId: number,
  tab: Tab<string>,
): sheets_v4.Schema$Request[] {
  if (known.get(keyOf(role, managed)) === textOf(managed, program)) return [];
  const rows = { from: FIRST_DATA_ROW - 1, to: tab.height };
  if (rows.to <= rows.from) return [];
  return Object.entries(managed.look(program).choices).flatMap(([key, choices]) =>
    choices ? [dropDownRequest(sheetId, tab.columns[key] ?? 0, choices, rows)] : [],
  );
}
