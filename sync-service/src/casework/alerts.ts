import { createHash } from 'node:crypto';
import { formatRocDate, formatRocDateTime } from '../cases/calendar/roc.ts';
import { isPoison } from '../ledger/poison.ts';
import { HEARTBEAT, readCursor } from '../ledger/small-tables.ts';
import type { Breaker } from '../reconciler/circuit-breaker.ts';
import { isoDay } from '../reconciler/deadlines.ts';
import { tellOffice } from './office-notice.ts';
import type { Parts } from './context.ts';

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
export async function tellOfOutages(parts: Parts, breaker: Breaker, roles: readonly string[]): Promise<void> {
  const outages = [...breaker.outages].filter(
    ([what, { failures }]) => roles.includes(what) && failures >= PATIENCE,
  );
  const [first] = outages.map(([, outage]) => outage).toSorted((a, b) => a.since.localeCompare(b.since));
  if (!first) return;
  await tellOffice(parts, parts.store.db, {
    kind: 'system-alert',
    about: `outage/${first.since}`,
    data: {
      title: `試算表連不上（${formatRocDate(parts.clock.now())}）`,
      sentence: `連續 ${PATIENCE} 次以上無法讀寫：${outages.map(([what, { reason }]) => `${what}（${reason}）`).join('、')}。`,
      action:
        '請確認試算表仍分享給服務帳號、沒有移到垃圾桶；必要時執行 budeng doctor，已永久刪除時重跑 budeng setup 另建。恢復以前不再重複通知，系統會自動重試。',
    },
  });
}

/** A sweep comes every ten minutes; two hours without one are no accident. */
const SILENCE_MS = 2 * 3600_000;

/** One mail for each time that the forms' script falls silent: nobody else sees that its triggers are gone. */
export async function tellOfSilence(parts: Parts): Promise<void> {
  const last = await readCursor(parts.store.db, HEARTBEAT);
  if (last === null) return;
  const heard = Math.max(new Date(last).getTime(), parts.startedAt.getTime());
  if (parts.clock.now().getTime() - heard < SILENCE_MS) return;
  await tellOffice(parts, parts.store.db, {
    kind: 'system-alert',
    about: `silence/${last}`,
    data: {
      title: `表單的觸發器沒有回報（${formatRocDate(parts.clock.now())}）`,
      sentence: `Apps Script 自${formatRocDateTime(new Date(last))}起沒有回報，應每 10 分鐘一次。新的填報可能收不進來。`,
      action:
        '請開啟 Apps Script 專案，看「執行項目」裡的錯誤，並以安裝時的帳號重新執行 install。恢復後會補收這段期間的填報。',
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
