import { type Db, query } from '../query.ts';

/** Remembers a ping's nonce; false where it was seen before. Forgets those older than `oldest`. */
export async function rememberNonce(db: Db, nonce: string, at: Date, oldest: Date): Promise<boolean> {
  await query(db).deleteFrom('nonces').where('at', '<', oldest).execute();
  const row = await query(db)
    .insertInto('nonces')
    .values({ nonce, at })
    .onConflict((conflict) => conflict.doNothing())
    .returning('nonce')
    .executeTakeFirst();
  return row !== undefined;
}
