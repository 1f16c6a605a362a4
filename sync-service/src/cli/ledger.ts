import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemClock } from '../../../contract/clock.ts';
import { openStore, type StoreOptions } from '../ledger/store.ts';
import { loadProgram } from '../program/load.ts';
import { remark } from './output/remark.ts';
import type { CaseContext, TabContext } from '../casework/context.ts';
import { mailDomainOf, secretOf } from './setup/environment.ts';
import { refuseHalfRebuilt } from '../provisioning/rebuild.ts';
import { readVersions } from '../casework/program-versions.ts';
import { readOfficeTime } from './trial/office-time.ts';
import { PublicError } from '../../../contract/public-error.ts';

export interface LedgerOptions {
  program: string;
  data: string;
}

/** Picks PostgreSQL where DATABASE_URL names one, else the trial store in the data folder. */
export function storeFor(data: string): StoreOptions {
  const url = process.env.DATABASE_URL;
  if (url) return { databaseUrl: url };
  const folder = join(resolve(data), 'service');
  if (existsSync(folder)) return { folder };
  throw new PublicError({
    sentence: `${data} 裡沒有資料。`,
    remedy: '請先執行 npm start，或以 DATABASE_URL 指定 PostgreSQL。',
    english: `There is no ledger in ${data}; run npm start first or set DATABASE_URL.`,
  });
}

/** What a command works with; what the office has changed in its settings tab holds for commands too. */
export type Ledger = Pick<TabContext, 'store' | 'baseProgram' | 'program' | 'versions' | 'clock'>;

/** Runs `work` on the ledger and closes it again. The service must not hold the same trial folder meanwhile. */
export async function withLedger<T>(
  options: LedgerOptions,
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  const baseProgram = await loadProgram(options.program, remark);
  const store = await openStore(storeFor(options.data));
  try {
    await refuseHalfRebuilt(store);
    const clock = readOfficeTime(options.data) ?? systemClock;
    return await work({ store, baseProgram, clock, ...(await readVersions({ store, baseProgram })) });
  } finally {
    await store.close();
  }
}

/** What cases are taken in and moved with; no Google, no mail server. */
export function caseContextOf(
  ledger: Ledger,
  { data, secret }: LedgerOptions & { secret?: string },
): CaseContext {
  // Looks for the secret only once the ledger is open, since a mistyped folder would be given a new one.
  return {
    ...ledger,
    mailDomain: mailDomainOf(process.env.MAIL_FROM ?? ''),
    secret: secret ?? secretOf(data),
  };
}
