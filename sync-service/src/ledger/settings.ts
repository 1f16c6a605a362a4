import type { Kysely, Selectable } from 'kysely';
import type { Database } from './schema.ts';

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
