import { FINAL_STATES } from '../cases/lifecycle.ts';
import { type Db, query } from './query.ts';

export interface ProgramVersion {
  hash: string;
  program: string;
  /** The file's own count of changes. */
  version: string;
  content: string;
}

/**
 * Keeps a version where it is new, and gives it to the cases that were begun before versions were kept. A start with
 * nothing new writes nothing.
 */
export async function keepVersion(db: Db, version: ProgramVersion, at: Date): Promise<void> {
  const known = await query(db)
    .selectFrom('program_versions')
    .select('hash')
    .where('hash', '=', version.hash)
    .executeTakeFirst();
  if (!known)
    await query(db)
      .insertInto('program_versions')
      .values({ ...version, first_seen: at })
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .execute();
  const without = await query(db)
    .selectFrom('cases')
    .select('id')
    .where('program', '=', version.program)
    .where('program_version', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (without)
    await query(db)
      .updateTable('cases')
      .set({ program_version: version.hash })
      .where('program', '=', version.program)
      .where('program_version', 'is', null)
      .execute();
}

/** Two ways of writing the same rules become the later one. */
export async function mergeVersion(db: Db, earlier: string, later: string): Promise<void> {
  await query(db)
    .transaction()
    .execute(async (trx) => {
      await trx
        .updateTable('cases')
        .set({ program_version: later })
        .where('program_version', '=', earlier)
        .execute();
      const gone = await trx
        .deleteFrom('program_versions')
        .where('hash', '=', earlier)
        .returning('first_seen')
        .executeTakeFirst();
      if (gone)
        await trx
          .updateTable('program_versions')
          .set({ first_seen: gone.first_seen })
          .where('hash', '=', later)
          .execute();
    });
}

/** Newest first. */
export async function listVersions(db: Db, program: string) {
  return query(db)
    .selectFrom('program_versions')
    .select(['hash', 'version', 'first_seen'])
    .where('program', '=', program)
    .orderBy('first_seen', 'desc')
    .execute();
}

export async function readContents(db: Db, hashes: readonly string[]): Promise<Map<string, string>> {
  if (hashes.length === 0) return new Map();
  const rows = await query(db)
    .selectFrom('program_versions')
    .select(['hash', 'content'])
    .where('hash', 'in', hashes)
    .execute();
  return new Map(rows.map((row) => [row.hash, row.content]));
}

/** How many open cases the ledger holds of other programs, by their keys. */
export async function countOpenOfOthers(db: Db, program: string): Promise<Map<string, number>> {
  const rows = await query(db)
    .selectFrom('cases')
    .select(({ fn }) => ['program', fn.countAll<number>().as('count')])
    .where('program', '!=', program)
    .where('state', 'not in', FINAL_STATES)
    .groupBy('program')
    .orderBy('program')
    .execute();
  return new Map(rows.map(({ program: key, count }) => [key, Number(count)]));
}
