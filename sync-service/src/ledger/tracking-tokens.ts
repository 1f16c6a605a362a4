import { createHash, createHmac } from 'node:crypto';
import { type Db, query } from './query.ts';
import type { Case } from './schema.ts';

/**
 * Makes the token of a case's tracking page from the service's secret and the case number, so that every mail can bear
 * the link although the ledger holds only its hash.
 */
export function trackingToken(secret: string, caseNumber: string): string {
  return createHmac('sha256', secret).update(`tracking/${caseNumber}`).digest('base64url');
}

export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Makes the case findable by its token. */
export async function rememberToken(
  db: Db,
  secret: string,
  caseId: number,
  caseNumber: string,
): Promise<void> {
  await query(db)
    .insertInto('tokens')
    .values({ hash: tokenHash(trackingToken(secret, caseNumber)), case_id: caseId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Finds the case that a token leads to; null where there is none. */
export async function findCaseByToken(db: Db, token: string): Promise<Case | null> {
  const found = await query(db)
    .selectFrom('tokens')
    .innerJoin('cases', 'cases.id', 'tokens.case_id')
    .selectAll('cases')
    .where('tokens.hash', '=', tokenHash(token))
    .executeTakeFirst();
  return found ?? null;
}
