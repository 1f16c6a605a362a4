import type { Insertable } from 'kysely';
import { type Db, query } from '../query.ts';
import type { Database } from '../schema.ts';
import type { PersonKeys } from './earlier-cases.ts';

/** Where a list of certificates already registered names this one: the list's name, or null. */
export async function findRegisteredElsewhere(
  db: Db,
  { nameKey, certificateKey }: PersonKeys,
): Promise<string | null> {
  if (!nameKey || !certificateKey) return null;
  const found = await query(db)
    .selectFrom('registered_elsewhere')
    .select('source')
    .where('certificate_key', '=', certificateKey)
    .where('name_key', '=', nameKey)
    .executeTakeFirst();
  return found?.source ?? null;
}

/** Remembers a certificate that another body has on record. Naming it again changes nothing. */
export async function rememberRegistered(
  db: Db,
  entry: Omit<Insertable<Database['registered_elsewhere']>, 'key'>,
): Promise<void> {
  await query(db)
    .insertInto('registered_elsewhere')
    .values({ ...entry, key: `${entry.name_key}/${entry.certificate_key}` })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
}
