import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { Database } from './schema.ts';

/**
 * Is a handle on the ledger, or on one transaction of it. Other rooms pass it around and cannot query it: every
 * statement stands in this room, so that whoever changes a table finds all that reads or writes it.
 */
export class Db {
  readonly #kysely: Kysely<Database>;

  constructor(kysely: Kysely<Database>) {
    this.#kysely = kysely;
  }

  static kyselyOf(db: Db): Kysely<Database> {
    return db.#kysely;
  }
}

/** What a handle stands for. Lint lets nobody outside the ledger import this. */
export function query(db: Db): Kysely<Database> {
  return Db.kyselyOf(db);
}

/** How many rows a query finds. A count comes from PostgreSQL as text. */
export async function countOf<T extends keyof Database>(
  rows: SelectQueryBuilder<Database, T, object>,
): Promise<number> {
  const { count } = await rows.select(({ fn }) => fn.countAll().as('count')).executeTakeFirstOrThrow();
  return Number(count);
}

/** The ways to a database that other rooms are given. */
export interface Doors {
  db: Db;
  /** Does all of `work` or nothing of it; nobody sees any of it before it is done. */
  transaction<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /** Reads of one instant, whatever others write meanwhile. */
  snapshot<T>(work: (db: Db) => Promise<T>): Promise<T>;
}

export function doorsTo(kysely: Kysely<Database>): Doors {
  const inside =
    <T>(work: (db: Db) => Promise<T>) =>
    (transaction: Kysely<Database>) =>
      work(new Db(transaction));
  return {
    db: new Db(kysely),
    transaction: (work) => kysely.transaction().execute(inside(work)),
    snapshot: (work) => kysely.transaction().setIsolationLevel('repeatable read').execute(inside(work)),
  };
}
