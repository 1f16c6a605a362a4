import { once } from 'node:events';
import { accessSync, createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { sql } from 'kysely';
import { openStore, type Store } from '../ledger/store.ts';
import { countCases, type LedgerOptions, storeFor } from './ledger.ts';
import { reasonOf } from './failure.ts';
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
const FIRST_LINE = JSON.stringify({ format: 'budeng-backup-1' });

interface Entry {
  table: (typeof TABLES)[number];
  row: Record<string, unknown>;
}

/** `budeng backup`: the whole ledger as gzipped JSON lines, of one instant. */
export async function backup(file: string, options: LedgerOptions): Promise<void> {
  const store = await openStore(storeFor(options.data));
  try {
    const target = createWriteStream(file, { mode: 0o600 });
    await once(target, 'open');
    const gzip = createGzip();
    const out = gzip.pipe(target);
    let rows = 0;
    await store.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (db) => {
        gzip.write(`${FIRST_LINE}\n`);
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
  accessSync(file);
  const store = await openStore(options.into ? { folder: options.into } : storeFor(options.data));
  try {
    if ((await countCases(store)) > 0)
      throw new UserError('目的資料庫已有案件，未還原。請還原到空的資料庫。 (The ledger is not empty.)');
    process.stdout.write(`已還原 ${await putBack(store, file)} 筆。啟動服務後，試算表會依資料庫補齊。\n`);
  } finally {
    await store.close();
  }
}

function gzipReason(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  return code.startsWith('Z_') ? '檔案損毀，或不是備份檔' : reasonOf(error);
}

/** @throws UserError where the file is no whole gzip */
async function* linesOf(file: string): AsyncGenerator<string> {
  const unzipped = createGunzip();
  pipeline(createReadStream(file), unzipped, () => {});
  let rest = '';
  try {
    for await (const chunk of unzipped.setEncoding('utf8')) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    throw new UserError(`${file} 不是完整的 budeng 備份，未還原：${gzipReason(error)}。`);
  }
}

async function putBack(store: Store, file: string): Promise<number> {
  let rows = 0;
  let checked = false;
  await store.db.transaction().execute(async (db) => {
    for await (const line of linesOf(file)) {
      if (!checked) {
        if (line !== FIRST_LINE) break;
        checked = true;
        continue;
      }
      const entry = JSON.parse(line) as Entry;
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
    if (!checked) throw new UserError(`${file} 不是 budeng 的備份，未還原。`);
    for (const table of ['cases', 'events', 'notices', 'audit'])
      await sql`select setval(pg_get_serial_sequence(${table}, 'id'), coalesce((select max(id) from ${sql.table(table)}), 0) + 1, false)`.execute(
        db,
      );
  });
  return rows;
}
