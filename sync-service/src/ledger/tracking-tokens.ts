import { createHash, createHmac } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

/**
 * The token of a case's tracking page: 256 bits made from the service's secret and the case number, so that every
 * mail can bear the link though the ledger holds only its hash.
 */
export function trackingToken(secret: string, caseNumber: string): string {
  return createHmac('sha256', secret).update(`tracking/${caseNumber}`).digest('base64url');
}

export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Makes the case findable by its token. */
export async function rememberToken(
  db: Kysely<Database>,
  secret: string,
  caseId: number,
  caseNumber: string,
): Promise<void> {
  await db
    .insertInto('tokens')
    .values({ hash: tokenHash(trackingToken(secret, caseNumber)), case_id: caseId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
