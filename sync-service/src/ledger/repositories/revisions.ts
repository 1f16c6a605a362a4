import { type IntakeRow, withoutDigest } from '../../../../contract/intake-key.ts';
import type { Verdict } from '../../cases/types.ts';
import { type Db, query } from '../query.ts';
import { contentOf, fingerprintOf } from '../known-responses.ts';

export async function hasRevision(db: Db, key: string): Promise<boolean> {
  const known = await query(db)
    .selectFrom('revisions')
    .select('key')
    .where('key', '=', key)
    .executeTakeFirst();
  return known !== undefined;
}

export async function nextRevision(db: Db, caseId: number): Promise<number> {
  const { latest } = await query(db)
    .selectFrom('revisions')
    .select((eb) => eb.fn.max('revision').as('latest'))
    .where('case_id', '=', caseId)
    .executeTakeFirstOrThrow();
  return Number(latest) + 1;
}

type Received = Pick<IntakeRow, 'key' | 'receivedAt' | 'answers' | 'email'>;

/** Which revision of which case. */
interface Place {
  caseId: number;
  revision: number;
}

function insertInto(
  db: Db,
  { caseId, revision }: Place,
  { key, receivedAt }: Pick<Received, 'key' | 'receivedAt'>,
  content: { answers: string; verdict: string; fingerprint?: string },
) {
  return query(db)
    .insertInto('revisions')
    .values({ key, case_id: caseId, revision, received_at: receivedAt, ...content });
}

/** The content of a revision whose answers are erased, or lost. */
const EMPTY = { answers: '{}', verdict: '{}' };

export async function insertRevision(db: Db, of: Place, row: Received, verdict: Verdict): Promise<void> {
  const content = { answers: JSON.stringify(row.answers), verdict: JSON.stringify(verdict) };
  await insertInto(db, of, row, content).execute();
}

/** Keeps a revision of an erased case, with only a fingerprint of what was answered. */
export async function insertErasedRevision(db: Db, of: Place, row: Received): Promise<void> {
  const fingerprint = fingerprintOf(contentOf(row.answers, row.email));
  await insertInto(db, of, row, { ...EMPTY, fingerprint }).execute();
}

/** Inserts a revision of which only the key is known any more. */
export async function insertEmptyRevision(
  db: Db,
  of: Place,
  row: Pick<Received, 'key' | 'receivedAt'>,
): Promise<void> {
  await insertInto(db, of, row, EMPTY)
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
}

/** The keys of this response's revisions. */
export async function listKeysOf(db: Db, caseId: number): Promise<string[]> {
  const rows = await query(db).selectFrom('revisions').select('key').where('case_id', '=', caseId).execute();
  return rows.map(({ key }) => key);
}

export async function renameRevision(db: Db, from: string, to: string): Promise<void> {
  await query(db).updateTable('revisions').set({ key: to }).where('key', '=', from).execute();
}

/** The revision that its teacher sent last, whenever it was read. */
export async function findLastSent(
  db: Db,
  caseId: number,
): Promise<{ key: string; revision: number; answers: Record<string, string>; verdict: Verdict }> {
  return query(db)
    .selectFrom('revisions')
    .select(['key', 'revision', 'answers', 'verdict'])
    .where('case_id', '=', caseId)
    .orderBy('received_at', 'desc')
    .orderBy('revision', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
}

/**
 * Every intake key that the ledger knows, with the case of those that were erased. A key is known without its digest
 * too: a row of a release before 0.2 may be restored beside the one that took its place.
 */
export async function listKnownKeys(db: Db): Promise<Map<string, number | null>> {
  const rows = await query(db)
    .selectFrom('revisions')
    .innerJoin('cases', 'cases.id', 'revisions.case_id')
    .select(['key', 'case_id', 'erased_at'])
    .execute();
  return new Map(
    rows.flatMap(({ key, case_id, erased_at }) =>
      [withoutDigest(key), key].map((name) => [name, erased_at ? case_id : null] as const),
    ),
  );
}

/** Lists the verdict on every revision. */
export async function listVerdicts(db: Db): Promise<Verdict[]> {
  const rows = await query(db).selectFrom('revisions').select('verdict').execute();
  return rows.map(({ verdict }) => verdict);
}

/** What was answered in each revision of a case, the first one first. */
export async function listRevisions(db: Db, caseId: number) {
  return query(db)
    .selectFrom('revisions')
    .select(['revision', 'received_at', 'answers'])
    .where('case_id', '=', caseId)
    .orderBy('revision')
    .execute();
}
