import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { sql } from 'kysely';
import { openStore, type Store } from '../ledger/store.ts';
import { countCases, type LedgerOptions, storeFor } from './ledger.ts';
import { UserError } from './user-error.ts';

/** In the order in which they can be put back. */
const TABLES = [
  'program_versions',
  'batches',
  'cases',
  'erasures',
  'revisions',
  'events',
  'notices',
  'parked',
  'counters',
  'documents',
  'cursors',
  'files',
  'tokens',
  'registered_elsewhere',
  'audit',
  'settings',
] as const;
const FORMAT = 'budeng-backup-1';

/** `budeng backup`: the whole ledger as gzipped JSON lines, of one instant. */
export async function backup(file: string, options: LedgerOptions): Promise<void> {
  const store = await openStore(storeFor(options.data));
  try {
    const gzip = createGzip();
    const out = gzip.pipe(createWriteStream(file, { mode: 0o600 }));
    let rows = 0;
    await store.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (db) => {
        gzip.write(`${JSON.stringify({ format: FORMAT })}\n`);
        for (const table of TABLES)
          for (const row of await db.selectFrom(table).selectAll().execute()) {
            gzip.write(`${JSON.stringify({ table, row })}\n`);
            rows += 1;
          }
      });
    gzip.end();
    await finished(out);
    process.stdout.write(`已備份 ${rows} 筆到 ${file}。檔案含個人資料，請妥善保存。\n`);
  } finally {
    await store.close();
  }
}

/** `budeng restore`: into an empty ledger only. The sheets follow with the service's next look. */
export async function restore(file: string, options: LedgerOptions & { into?: string }): Promise<void> {
  const store = await openStore(options.into ? { folder: options.into } : storeFor(options.data));
  try {
    if ((await countCases(store)) > 0)
      throw new UserError('目的資料庫已有案件，未還原。請還原到空的資料庫。 (The ledger is not empty.)');
    process.stdout.write(`已還原 ${await putBack(store, file)} 筆。啟動服務後，試算表會依資料庫補齊。\n`);
  } finally {
    await store.close();
  }
}

async function putBack(store: Store, file: string): Promise<number> {
  const lines = createInterface({ input: createReadStream(file).pipe(createGunzip()) });
  let rows = 0;
  let checked = false;
  await store.db.transaction().execute(async (db) => {
    for await (const line of lines) {
      const entry = JSON.parse(line) as {
        format?: string;
        table: (typeof TABLES)[number];
        row: Record<string, unknown>;
      };
      if (!checked) {
        if (entry.format !== FORMAT) throw new UserError(`${file} 不是 budeng 的備份。`);
        checked = true;
        continue;
      }
      const values = Object.fromEntries(
        Object.entries(entry.row).map(([key, value]) => [
          key,
          value !== null && typeof value === 'object' ? JSON.stringify(value) : value,
        ]),
      );
      const columns = Object.keys(values);
      // Identity columns keep their numbers: other tables name them.
      await sql`insert into ${sql.table(entry.table)} (${sql.join(columns.map((column) => sql.ref(column)))})
        overriding system value values (${sql.join(Object.values(values))})`.execute(db);
      rows += 1;
    }
    for (const table of ['cases', 'events', 'notices', 'audit'])
      await sql`select setval(pg_get_serial_sequence(${table}, 'id'), coalesce((select max(id) from ${sql.table(table)}), 0) + 1, false)`.execute(
        db,
      );
  });
  return rows;
}
