import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import type { Kysely } from 'kysely';
import { readCursors, writeCursor } from '../ledger/small-tables.ts';
import type { Database } from '../ledger/schema.ts';
import { choiceRequest } from '../google/layout.ts';
import type { Tab } from '../google/tab.ts';
import type { Program } from '../casework/context.ts';
import type { KeptTab } from './registry.ts';

/** Which drop-downs each tab was given last, by cursor. */
export type KnownChoices = Map<string, string>;

const PREFIX = 'choices/';
const cursorOf = (role: string, { key }: KeptTab) => `${PREFIX}${role}/${key}`;
const textOf = (kept: KeptTab, program: Program) => JSON.stringify(kept.look(program).choices);

export function readChoices(db: Kysely<Database>): Promise<KnownChoices> {
  return readCursors(db, PREFIX);
}

/** Writes down which drop-downs a tab has now. */
export async function rememberChoices(
  db: Kysely<Database>,
  known: KnownChoices,
  place: { role: string; kept: KeptTab; program: Program },
): Promise<void> {
  const [cursor, text] = [cursorOf(place.role, place.kept), textOf(place.kept, place.program)];
  if (known.get(cursor) === text) return;
  await writeCursor(db, cursor, text);
  known.set(cursor, text);
}

/**
 * The drop-downs that a changed program asks for: Google refuses what stands in no list. The tab's own columns say
 * where. Writing them twice changes nothing.
 */
export function changedChoices(
  known: KnownChoices,
  { role, kept, program }: { role: string; kept: KeptTab; program: Program },
  sheetId: number,
  tab: Tab<string>,
): sheets_v4.Schema$Request[] {
  if (known.get(cursorOf(role, kept)) === textOf(kept, program)) return [];
  return Object.entries(kept.look(program).choices).flatMap(([key, choices]) =>
    choices ? [choiceRequest(sheetId, tab.columns[key] ?? 0, choices)] : [],
  );
}
