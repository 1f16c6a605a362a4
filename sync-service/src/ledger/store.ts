import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { fromPglite, PgBoss } from 'pg-boss';
import { lockFolder } from './folder-lock.ts';
import * as cases from './migrations/001-cases.ts';
import * as programVersions from './migrations/002-program-versions.ts';
import * as erasure from './migrations/003-erasure.ts';
import type { Database } from './schema.ts';

/** Both engines behind one door: PGlite for trial and tests, PostgreSQL for an office. */
export interface Store {
  engine: 'pglite' | 'postgres';
  db: Kysely<Database>;
  /** A pg-boss on the same database. The caller starts and stops it. */
  createBoss(): PgBoss;
  close(): Promise<void>;
}

const migrations = { '001-cases': cases, '002-program-versions': programVersions, '003-erasure': erasure };

export type StoreOptions = { databaseUrl: string } | { folder: string } | { memory: true };

/**
 * Opens and migrates the store.
 * @throws FolderInUseError where another process holds the PGlite folder
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const store = 'databaseUrl' in options ? openPostgres(options.databaseUrl) : await openPglite(options);
  try {
    await migrate(store.db);
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

async function migrate(db: Kysely<Database>) {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

async function openPglite(options: { folder: string } | { memory: true }): Promise<Store> {
  const folder = 'folder' in options ? options.folder : null;
  const unlock = folder ? lockFolder(folder) : () => {};
  let pglite: PGlite;
  try {
    pglite = await PGlite.create(folder ? join(folder, 'ledger') : 'memory://');
  } catch (error) {
    unlock();
    throw error;
  }
  // PGlite never fsyncs by itself; a checkpoint now and then bounds what a crash has to replay.
  const checkpoint = setInterval(() => void pglite.exec('checkpoint').catch(() => {}), 5 * 60_000);
  checkpoint.unref();
  return {
    engine: 'pglite',
    db: new Kysely<Database>({ dialect: new PGliteDialect({ pglite }) }),
    createBoss: () => new PgBoss({ db: fromPglite(pglite), backend: 'pglite', ...bossOptions }),
    async close() {
      clearInterval(checkpoint);
      await pglite.close();
      unlock();
    },
  };
}

function openPostgres(databaseUrl: string): Store {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 8 });
  // An idle connection that the server drops must not end the process; the next query reconnects.
  pool.on('error', () => {});
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  return {
    engine: 'postgres',
    db,
    createBoss: () => new PgBoss({ connectionString: databaseUrl, max: 4, ...bossOptions }),
    close: () => db.destroy(),
  };
}

const bossOptions = { schema: 'jobs', schedule: false, persistWarnings: false };
