import { createHash } from 'node:crypto';
import { formatRocDate } from '../cases/roc.ts';
import { readCursor, writeCursor } from '../ledger/small-tables.ts';
import { isoDay } from './deadlines.ts';
import { tellOffice } from './office-mail.ts';
import type { Parts } from './parts.ts';

/** A spreadsheet that fails so often in a row is told of; once is weather. */
const FAILURES_BEFORE_ALERT = 5;

/** One mail a day for each trouble, however often it comes up. */
export async function alert(
  parts: Parts,
  trouble: { title: string; sentence: string; action: string },
): Promise<void> {
  const digest = createHash('sha256')
    .update(`${trouble.title}/${trouble.sentence}`)
    .digest('hex')
    .slice(0, 12);
  await tellOffice(parts, parts.store.db, {
    kind: 'system-alert',
    about: `alert/${digest}/${isoDay(parts.clock.now())}`,
    data: { ...trouble, title: `${trouble.title}（${formatRocDate(parts.clock.now())}）` },
  });
}

/** Counts how often in a row a spreadsheet failed, and tells the office when it is no longer weather. */
export async function noteOutcome(parts: Parts, role: string, failure: string | null): Promise<void> {
  const name = `failures/${role}`;
  const before = Number((await readCursor(parts.store.db, name)) ?? 0);
  if (failure === null) {
    if (before > 0) await writeCursor(parts.store.db, name, '0');
    return;
  }
  await writeCursor(parts.store.db, name, String(before + 1));
  if (before + 1 < FAILURES_BEFORE_ALERT) return;
  await alert(parts, {
    title: '試算表連不上',
    sentence: `「${role}」的試算表連續 ${FAILURES_BEFORE_ALERT} 次以上無法讀寫：${failure}`,
    action: '請確認試算表仍分享給服務帳號、沒有移到垃圾桶；必要時執行 budeng doctor。',
  });
}
