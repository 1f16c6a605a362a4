import { PublicError } from '../../../contract/public-error.ts';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { fromPglite, PgBoss } from 'pg-boss';
import { lockFolder } from '../platform/folder-lock.ts';
import * as cases from './migrations/001-cases.ts';
import * as longKeys from './migrations/002-long-keys.ts';
import * as programVersions from './migrations/003-program-versions.ts';
import * as erasure from './migrations/004-erasure.ts';
import * as plainNames from './migrations/005-plain-names.ts';
import * as deadlinesOfDelivered from './migrations/006-deadlines-of-delivered-requests.ts';
import * as settingsOfAProgram from './migrations/007-settings-of-a-program.ts';
import * as batchesInEvents from './migrations/008-batches-in-events.ts';
import { ledgerFailure } from './failure.ts';
import { type Db, type Doors, doorsTo, query } from './query.ts';
import type { Database } from './schema.ts';

export type { Db };

/** Is the ledger's database: PGlite for trial and tests, PostgreSQL for an office. */
export interface Store extends Doors {
  engine: 'pglite' | 'postgres';
  /**
   * Whether the ledger may be written to.
   * @throws PublicError where its disk is almost full
   */
  assertRoom(): Promise<void>;
  /** Makes a pg-boss on the same database. The caller starts and stops it. */
  createBoss(): PgBoss;
  close(): Promise<void>;
}

const migrations = {
  '001-cases': cases,
  '002-long-keys': longKeys,
  '003-program-versions': programVersions,
  '004-erasure': erasure,
  '005-plain-names': plainNames,
  '006-deadlines-of-delivered-requests': deadlinesOfDelivered,
  '007-settings-of-a-program': settingsOfAProgram,
  '008-batches-in-events': batchesInEvents,
};

/** `reserveMb`: with less room left on its disk nothing is begun. `from`: a PGlite folder as a tar file, to begin from. */
export type StoreOptions =
  | { databaseUrl: string }
  | { folder: string; reserveMb?: number }
  | { memory: true; from?: Blob };

/** A PGlite that meets a full disk never comes back from the call, and takes the whole process along. */
const RESERVE_MB = 64;

async function assertRoom(folder: string, reserveMb: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = Math.floor((bavail * bsize) / 2 ** 20);
  if (free < reserveMb)
    throw new PublicError({
      sentence: `「${folder}」所在的磁碟只剩 ${free} MB，已暫停寫入；資料不會遺失。`,
      remedy: '請清出空間。',
      english: `The disk is almost full (${free} MB left); nothing is written until there is room.`,
    });
}

/**
 * Opens and migrates the store.
 * @throws PublicError where another process holds the PGlite folder, or the server cannot be reached
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const store = 'databaseUrl' in options ? openPostgres(options.databaseUrl) : await openPglite(options);
  try {
    await migrate(store.db);
  } catch (error) {
    await store.close();
    throw ledgerFailure(error) ?? error;
  }
  return store;
}

async function migrate(db: Db) {
  const migrator = new Migrator({ db: query(db), provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

async function openPglite(options: Exclude<StoreOptions, { databaseUrl: string }>): Promise<Store> {
  const folder = 'folder' in options ? options.folder : null;
  const from = 'from' in options && options.from ? { loadDataDir: options.from } : {};
  const unlock = folder ? lockFolder(folder) : () => {};
  let pglite: PGlite;
  try {
    pglite = await PGlite.create(folder ? join(folder, 'ledger') : 'memory://', from);
  } catch (error) {
    unlock();
    throw error;
  }
  // PGlite never fsyncs by itself; a checkpoint now and then bounds what a crash has to replay.
  const checkpoint = setInterval(() => void pglite.exec('checkpoint').catch(() => {}), 5 * 60_000);
  checkpoint.unref();
  return {
    engine: 'pglite',
    ...doorsTo(new Kysely<Database>({ dialect: new PGliteDialect({ pglite }) })),
    assertRoom: async () => {
      if ('folder' in options) await assertRoom(options.folder, options.reserveMb ?? RESERVE_MB);
    },
    createBoss: () => new PgBoss({ db: fromPglite(pglite), backend: 'pglite', ...bossOptions }),
    async close() {
      clearInterval(checkpoint);
      await pglite.close();
      unlock();
    },
  };
}

/** A server that does not answer is away; a process that stands still in a transaction must not hold up the others. */
const TIMEOUTS = {
  connectionTimeoutMillis: 10_000,
  keepAlive: true,
  query_timeout: 120_000,
  idle_in_transaction_session_timeout: 120_000,
};

function openPostgres(databaseUrl: string): Store {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 8, ...TIMEOUTS });
  // A connection that the server drops must not end the process, idle or in the middle of a transaction: whoever
  // waits for an answer gets the error, and the next query reconnects.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  return {
    engine: 'postgres',
    ...doorsTo(db),
    // PostgreSQL itself refuses a write that finds no room, and nothing is lost by that.
    assertRoom: async () => {},
    createBoss: () => new PgBoss({ connectionString: databaseUrl, max: 4, ...bossOptions }),
    close: () => db.destroy(),
  };
}

const bossOptions = { schema: 'jobs', schedule: false, persistWarnings: false };
