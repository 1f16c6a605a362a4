import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { openStore } from '../../sync-service/src/ledger/store.ts';

const MIGRATIONS = 'sync-service/src/ledger/migrations';
const CACHE = 'node_modules/.cache/budeng';
let whole: Promise<Blob> | null = null;

/**
 * An empty, migrated ledger as a PGlite dump. To make one from nothing takes PGlite five times as long as to
 * load one, so it is kept on disk until the migrations or PGlite change.
 */
export function templateStore(): Promise<Blob> {
  whole ??= readTemplate();
  return whole;
}

async function readTemplate(): Promise<Blob> {
  const file = join(CACHE, `ledger-${fingerprint()}.tar`);
  if (!existsSync(file)) await makeTemplate(file);
  return new Blob([readFileSync(file)]);
}

function fingerprint(): string {
  const hash = createHash('sha256').update(readFileSync('node_modules/@electric-sql/pglite/package.json'));
  for (const name of readdirSync(MIGRATIONS).toSorted()) hash.update(readFileSync(join(MIGRATIONS, name)));
  return hash.digest('hex').slice(0, 16);
}

async function makeTemplate(file: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'budeng-template-'));
  try {
    await (await openStore({ folder })).close();
    const pglite = await PGlite.create(join(folder, 'ledger'));
    const dump = await pglite.dumpDataDir('none');
    await pglite.close();
    mkdirSync(CACHE, { recursive: true });
    // Two workers may make it at the same time: each renames a whole file into its place.
    const own = `${file}.${randomUUID()}`;
    await writeFile(own, dump.stream());
    renameSync(own, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
