import { accessSync, createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { pipeline as finish } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Db } from '../../ledger/store.ts';
import {
  carryOver,
  continueNumbering,
  doubtWaitingNotices,
  isEmptyLedger,
  type KeptRow,
  putRowBack,
  readKeptRows,
} from '../../ledger/repositories/whole-ledger.ts';
import { openStore, type Store } from '../../ledger/store.ts';
import { type LedgerOptions, storeFor } from '../ledger.ts';
import { reasonOf } from '../output/failure.ts';
import { PublicError } from '../../../../contract/public-error.ts';

const FORMAT = 'budeng-backup-3';
/** Backups in these formats precede migrations that changed rows; the first is that of version 0.1. */
const FORMATS = [FORMAT, 'budeng-backup-2', 'budeng-backup-1'];
const firstLine = (format: string) => JSON.stringify({ format });

/** `budeng backup` writes the whole ledger as gzipped JSON lines, as it is at one instant. */
export async function backup(file: string, options: LedgerOptions): Promise<void> {
  const store = await openStore(storeFor(options.data));
  try {
    // The file gets its name only once it is whole, so that a backup that was cut short is never taken for one.
    const half = `${file}.part`;
    let rows = 0;
    try {
      await store.snapshot((db) =>
        finish(
          linesIn(db, () => (rows += 1)),
          createGzip(),
          createWriteStream(half, { mode: 0o600, flush: true }),
        ),
      );
      await rename(half, file);
    } finally {
      await rm(half, { force: true });
    }
    process.stdout.write(`已備份 ${rows} 筆到 ${file}。檔案含個人資料，請妥善保存。\n`);
  } finally {
    await store.close();
  }
}

async function* linesIn(db: Db, count: () => void): AsyncGenerator<string> {
  yield `${firstLine(FORMAT)}\n`;
  for await (const kept of readKeptRows(db)) {
    yield `${JSON.stringify(kept)}\n`;
    count();
  }
}

/**
 * `budeng restore` fills an empty ledger, and refuses any other. The service's next cycle brings the sheets up to it.
 */
export async function restore(
  file: string,
  options: LedgerOptions & { into?: string; moved?: boolean },
): Promise<void> {
  accessSync(file);
  const store = await openStore(options.into ? { folder: options.into } : storeFor(options.data));
  try {
    if (!(await isEmptyLedger(store.db)))
      throw new PublicError({
        sentence: '目的資料庫已有案件或設定，未還原。',
        remedy: '請還原到空的資料庫。',
        english: 'The ledger is not empty; restore into an empty one.',
      });
    const { rows, uncertain } = await putBack(store, file, options.moved ?? false);
    process.stdout.write(
      `已還原 ${rows} 筆。啟動服務後，試算表會依資料庫補齊。\n` +
        (uncertain > 0
          ? `備份時尚未寄出的通知有 ${uncertain} 封，可能在備份之後寄出過，已列為「結果不明」：請以 budeng notices list 查看。\n`
          : ''),
    );
  } finally {
    await store.close();
  }
}

function gzipReason(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  return code.startsWith('Z_') ? '檔案損毀，或不是備份檔' : reasonOf(error).zh;
}

/** @throws PublicError where the file is no whole gzip */
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
    throw new PublicError({
      sentence: `${file} 不是完整的 budeng 備份，未還原：${gzipReason(error)}。`,
      remedy: '請換用另一份備份。',
      english: `${file} is no whole backup; nothing was restored.`,
    });
  }
}

const TABLES_RENAMED: Record<string, KeptRow['table']> = {
  parked: 'quarantined_rows',
  cursors: 'key_values',
};

/** Does to one row of an earlier backup what migrations 005 and 007 did to a ledger. */
function withPresentNames({ table, row }: KeptRow, program: string): KeptRow {
  const { turn, ...rest } = row;
  const name = String(row.name ?? '')
    .replace(/^lingering\//u, 'retiring/')
    .replace(/^choices\//u, 'drop-downs/');
  return {
    table: TABLES_RENAMED[table] ?? table,
    row: {
      ...rest,
      ...(turn === undefined ? {} : { episode: turn }),
      ...(String(table) === 'cursors' ? { name } : {}),
      ...(table === 'settings' && row.program === undefined ? { program } : {}),
    },
  };
}

async function putBack(
  store: Store,
  file: string,
  moved: boolean,
): Promise<{ rows: number; uncertain: number }> {
  let rows = 0;
  let uncertain = 0;
  let format: string | null = null;
  let program = '';
  await store.transaction(async (db) => {
    for await (const line of linesOf(file)) {
      if (format === null) {
        format = FORMATS.find((each) => line === firstLine(each)) ?? null;
        if (format === null) break;
        continue;
      }
      const kept: KeptRow = JSON.parse(line);
      if (kept.table === 'program_versions') program = String(kept.row.program);
      await putRowBack(db, format === FORMAT ? kept : withPresentNames(kept, program));
      rows += 1;
    }
    if (format === null)
      throw new PublicError({
        sentence: `${file} 不是 budeng 的備份，未還原。`,
        remedy: '請換用 budeng backup 所寫的檔案。',
        english: `${file} was not written by budeng backup; nothing was restored.`,
      });
    if (format !== FORMAT) await carryOver(db);
    await continueNumbering(db);
    if (!moved) uncertain = await doubtWaitingNotices(db);
  });
  return { rows, uncertain };
}
