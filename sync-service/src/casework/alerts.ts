import { createHash } from 'node:crypto';
import { formatRocDate, isoDay } from '../cases/calendar/roc.ts';
import { isRowFault } from '../ledger/poison.ts';
import { queueOfficeNotice } from './office-notice.ts';
import type { OfficeContext, QuarantineContext } from './context.ts';

/** One mail a day for each trouble, however often it comes up. */
export async function alert(
  context: OfficeContext,
  trouble: { title: string; sentence: string; action: string },
): Promise<void> {
  const digest = createHash('sha256')
    .update(`${trouble.title}/${trouble.sentence}`)
    .digest('hex')
    .slice(0, 12);
  await queueOfficeNotice(context, context.store.db, {
    kind: 'system-alert',
    about: `alert/${digest}/${isoDay(context.clock.now())}`,
    data: { ...trouble, title: `${trouble.title}（${formatRocDate(context.clock.now())}）` },
  });
}

/** Sets one thing aside that cannot be worked on, says so once, and lets the rest go on. */
export async function quarantine(
  context: QuarantineContext,
  what: string,
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!isRowFault(error)) throw error;
    context.log.error({ err: error as Error, what }, 'set aside');
    await alert(context, {
      title: '有一項無法處理',
      sentence: `「${what}」無法處理，其他案件照常進行。`,
      action: '內容沒有遺失。請把服務記錄中這一項的錯誤訊息交給維護人員。',
    });
    return false;
  }
}
