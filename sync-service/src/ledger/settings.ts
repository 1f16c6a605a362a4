import type { Selectable } from 'kysely';
import { type Db, query } from './query.ts';
import type { Database } from './schema.ts';

/** What the settings and wording tabs say of one key: the value in force, what was typed last, and what is wrong with it. */
export type StoredSetting = Selectable<Database['settings']>;

/** Everything that a program's tabs say, by key. */
export async function listSettings(db: Db, program: string): Promise<Map<string, StoredSetting>> {
  const rows = await query(db).selectFrom('settings').selectAll().where('program', '=', program).execute();
  return new Map(rows.map((row) => [row.key, row]));
}

/** The values in force of the settings whose key begins so, by key; what the program file says is not among them. */
export async function listValues(
  db: Db,
  program: string,
  prefix = '',
): Promise<{ key: string; value: string }[]> {
  return query(db)
    .selectFrom('settings')
    .select(['key', 'value'])
    .where('program', '=', program)
    .where('key', 'like', `${prefix}%`)
    .where('value', '!=', '')
    .orderBy('key')
    .execute();
}

export async function saveSetting(db: Db, { program, key, ...rest }: StoredSetting): Promise<void> {
  await query(db)
    .insertInto('settings')
    .values({ program, key, ...rest })
    .onConflict((conflict) => conflict.columns(['program', 'key']).doUpdateSet(rest))
    .execute();
}

/** Writes down that somebody changed a setting or a wording. */
export async function recordChange(
  db: Db,
  change: { at: Date; actor: string; subject: string; before: string; after: string },
): Promise<void> {
  await query(db).insertInto('audit').values(change).execute();
}
