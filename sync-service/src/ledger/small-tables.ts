import type { Kysely, Selectable } from 'kysely';
import type { Database } from './schema.ts';

/** Names of cursors that more than one place knows: the last whole cycle, the script's last sweep, the last digest, … */
export const LAST_CYCLE = 'cycle';
export const HEARTBEAT = 'heartbeat/script';
export const LAST_DIGEST = 'digest';
/** Stands while a lost ledger is being made anew: what it holds is not all. */
export const REBUILDING = 'rebuilding';

export async function readCursor(db: Kysely<Database>, name: string): Promise<string | null> {
  const row = await db.selectFrom('cursors').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value ?? null;
}

export async function writeCursor(db: Kysely<Database>, name: string, value: string): Promise<void> {
  await db
    .insertInto('cursors')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

/** Every cursor whose name begins so. */
export async function readCursors(db: Kysely<Database>, prefix: string): Promise<Map<string, string>> {
  const rows = await db.selectFrom('cursors').selectAll().where('name', 'like', `${prefix}%`).execute();
  return new Map(rows.map(({ name, value }) => [name, value]));
}

export async function deleteCursor(db: Kysely<Database>, name: string): Promise<void> {
  await db.deleteFrom('cursors').where('name', '=', name).execute();
}

/** Remembers a ping's nonce; false where it was seen before. Forgets those older than `oldest`. */
export async function rememberNonce(
  db: Kysely<Database>,
  nonce: string,
  at: Date,
  oldest: Date,
): Promise<boolean> {
  await db.deleteFrom('nonces').where('at', '<', oldest).execute();
  const row = await db
    .insertInto('nonces')
    .values({ nonce, at })
    .onConflict((conflict) => conflict.doNothing())
    .returning('nonce')
    .executeTakeFirst();
  return row !== undefined;
}

export interface GoogleDocument {
  role: string;
  id: string;
  data: Record<string, unknown>;
}

export async function listDocuments(db: Kysely<Database>): Promise<GoogleDocument[]> {
  return db.selectFrom('documents').selectAll().execute();
}

export async function saveDocument(db: Kysely<Database>, document: GoogleDocument): Promise<void> {
  const row = { ...document, data: JSON.stringify(document.data) };
  await db
    .insertInto('documents')
    .values(row)
    .onConflict((conflict) => conflict.column('role').doUpdateSet({ id: row.id, data: row.data }))
    .execute();
}

export async function forgetDocument(db: Kysely<Database>, role: string): Promise<void> {
  await db.deleteFrom('documents').where('role', '=', role).execute();
}

/** What the settings and wording tabs say of one key: the value in force, what was typed last, and what is wrong with it. */
export type StoredSetting = Selectable<Database['settings']>;

export async function listSettings(db: Kysely<Database>): Promise<Map<string, StoredSetting>> {
  const rows = await db.selectFrom('settings').selectAll().execute();
  return new Map(rows.map((row) => [row.key, row]));
}

export async function saveSetting(db: Kysely<Database>, { key, ...rest }: StoredSetting): Promise<void> {
  await db
    .insertInto('settings')
    .values({ key, ...rest })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(rest))
    .execute();
}
