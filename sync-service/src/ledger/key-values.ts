import { type Db, query } from './query.ts';

/** Names that more than one place knows: the last whole cycle, the script's last sweep, the last digest, … */
export const LAST_CYCLE = 'cycle';
export const HEARTBEAT = 'heartbeat/script';
/** What the script's last sweep could not mend, as a JSON list of sentences. */
export const SCRIPT_PROBLEMS = 'problems/script';
/** When the service first looked at this office. */
export const OFFICE_SINCE = 'office-since';
/** The daily look for files in the trash: its day and what it found. */
export const FILES_LOOKED_AFTER = 'files';
/** Keys of the forms that the script's last sweep left as set-up wants them, as a JSON list. */
export const FORMS_IN_ORDER = 'forms/script';
export const LAST_DIGEST = 'digest';
/** Ids of the files that bear the office's mark in Drive, as a JSON list. */
export const MARKED_FILES = 'files/marked';
/** Stands while a lost ledger is being made anew: what it holds is not all. */
export const REBUILDING = 'rebuilding';

export async function readValue(db: Db, name: string): Promise<string | null> {
  const row = await query(db)
    .selectFrom('key_values')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.value ?? null;
}

export async function writeValue(db: Db, name: string, value: string): Promise<void> {
  await query(db)
    .insertInto('key_values')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

/** Every value whose name begins so. */
export async function readValues(db: Db, prefix: string): Promise<Map<string, string>> {
  const rows = await query(db)
    .selectFrom('key_values')
    .selectAll()
    .where('name', 'like', `${prefix}%`)
    .execute();
  return new Map(rows.map(({ name, value }) => [name, value]));
}

export async function deleteValue(db: Db, name: string): Promise<void> {
  await query(db).deleteFrom('key_values').where('name', '=', name).execute();
}
