import { createHash } from 'node:crypto';
import { formatRocDate } from '../cases/roc.ts';
import { isPoison } from '../ledger/poison.ts';
import { type Outage, outageOf } from './breaker.ts';
import { isoDay } from './deadlines.ts';
import { tellOffice } from './office-mail.ts';
import type { Parts } from './parts.ts';

/** A spreadsheet that fails so often in a row is told of and left alone for a while; once is weather. */
export const PATIENCE = 5;

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

/** One mail for a whole outage, however many spreadsheets and cycles it takes. */
export async function tellOfOutages(parts: Parts, roles: readonly string[]): Promise<void> {
  const outages: (Outage & { role: string })[] = [];
  for (const role of roles) {
    const outage = await outageOf(parts, role);
    if (outage && outage.failures >= PATIENCE) outages.push({ ...outage, role });
  }
  const [first] = outages.toSorted((a, b) => a.since.localeCompare(b.since));
  if (!first) return;
  await tellOffice(parts, parts.store.db, {
    kind: 'system-alert',
    about: `outage/${first.since}`,
    data: {
      title: `試算表連不上（${formatRocDate(parts.clock.now())}）`,
      sentence: `連續 ${PATIENCE} 次以上無法讀寫：${outages.map(({ role, reason }) => `${role}（${reason}）`).join('、')}。`,
      action:
        '請確認試算表仍分享給服務帳號、沒有移到垃圾桶；必要時執行 budeng doctor。恢復以前不再重複通知，系統會自動重試。',
    },
  });
}

/** Sets one thing aside that cannot be worked on, says so once, and lets the rest go on. */
export async function setAside(parts: Parts, what: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!isPoison(error)) throw error;
    parts.log.error({ err: error as Error, what }, 'set aside');
    await alert(parts, {
      title: '有一項無法處理',
      sentence: `「${what}」無法處理，其他案件照常進行。`,
      action: '內容沒有遺失。請把服務記錄中這一項的錯誤訊息交給維護人員。',
    });
    return false;
  }
}
