import { PublicError } from '../../../contract/public-error.ts';
import { formatRocDate, isoDay } from '../cases/calendar/roc.ts';
import { isStoreFault } from '../ledger/store-fault.ts';
import { shortHash } from '../platform/short-hash.ts';
import { queueOfficeNotice } from './office-notice.ts';
import type { OfficeContext, QuarantineContext } from './context.ts';

interface Trouble {
  title: string;
  sentence: string;
  action: string;
}

/** Tells the office of a trouble: one mail a day, or one mail at all, however often it comes up. */
export async function alert(
  context: OfficeContext,
  trouble: Trouble,
  { once = false }: { once?: boolean } = {},
): Promise<void> {
  const digest = shortHash(`${trouble.title}/${trouble.sentence}`);
  const now = context.clock.now();
  await queueOfficeNotice(context, context.store.db, {
    kind: 'system-alert',
    about: once ? `alert/${digest}` : `alert/${digest}/${isoDay(now)}`,
    data: { ...trouble, title: `${trouble.title}（${formatRocDate(now)}）` },
  });
}

/** Why something is quarantined, for the office. Any other error may quote what a teacher typed. */
function reasonOf(error: unknown): string {
  return error instanceof PublicError ? error.message : '發生未預期的錯誤，詳見服務記錄。';
}

/**
 * Works on one thing: a row, a decision, a setting, a case. Whatever goes wrong but a fault of the store quarantines that
 * one thing: it is logged, the office is told once, and the rest goes on. Without this one row would stop the whole office.
 * @returns the reason, in zh-TW, or null where the work was done
 */
export async function quarantine(
  context: QuarantineContext,
  what: string,
  work: () => Promise<void>,
): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (isStoreFault(error)) throw error;
    const reason = reasonOf(error);
    context.log.error({ err: error, what, outcome: 'quarantined' }, 'quarantined');
    await alert(
      context,
      {
        title: '有一項無法處理',
        sentence: `「${what}」無法處理：${reason}其他案件照常進行。`,
        action: '內容沒有遺失，系統每次巡檢都會再試。請依原因處理，或把服務記錄中這一項交給維護人員。',
      },
      { once: true },
    );
    return reason;
  }
}
