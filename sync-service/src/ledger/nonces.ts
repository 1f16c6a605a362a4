import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

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
