import { formatRocDate, formatRocDateTime } from '../cases/calendar/roc.ts';
import type { OfficeContext } from '../casework/context.ts';
import type { ProcessContext } from './cycle-context.ts';
import { alert } from '../casework/alerts.ts';
import { queueOfficeNotice } from '../casework/office-notice.ts';
import { HEARTBEAT, readValue, SCRIPT_PROBLEMS } from '../ledger/key-values.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';

/**
 * A spreadsheet that fails so often in a row is reported and left alone for a while; fewer failures pass by themselves.
 */
export const FAILURE_THRESHOLD = 5;

/** Sends one mail for a whole outage, however many spreadsheets and cycles it takes. */
export async function alertOutages(
  context: OfficeContext,
  breaker: CircuitBreaker,
  roles: readonly string[],
): Promise<void> {
  const outages = [...breaker.outages].filter(
    ([what, { failures }]) => roles.includes(what) && failures >= FAILURE_THRESHOLD,
  );
  const [first] = outages.map(([, outage]) => outage).toSorted((a, b) => a.since.localeCompare(b.since));
  if (!first) return;
  const byReason = Map.groupBy(outages, ([, { reason }]) => reason);
  const causes = [...byReason].map(
    ([reason, failing]) => `${failing.map(([what]) => what).join('、')}：${reason}`,
  );
  const remedies = new Set(outages.flatMap(([, { remedy }]) => remedy ?? []));
  await queueOfficeNotice(context, context.store.db, {
    kind: 'system-alert',
    about: `outage/${first.since}`,
    data: {
      title: `試算表連不上（${formatRocDate(context.clock.now())}）`,
      sentence: `連續 ${FAILURE_THRESHOLD} 次以上無法讀寫：${causes.join('；')}。`,
      action: `${[...remedies].join('')}其他情形請執行 budeng doctor。恢復以前不再重複通知，系統會自動重試。`,
    },
  });
}

/**
 * Reports what the forms' script cannot repair by itself, such as a trigger that is refused, in one mail a day until it
 * is repaired.
 */
export async function alertScriptProblems(context: OfficeContext): Promise<void> {
  const problems = JSON.parse((await readValue(context.store.db, SCRIPT_PROBLEMS)) ?? '[]') as string[];
  if (problems.length === 0) return;
  await alert(context, {
    title: '表單的 Apps Script 有事要處理',
    sentence: `Apps Script 連續兩次巡檢都沒能做到：${problems.join('；')}。`,
    action:
      '請以安裝時的帳號開啟 Apps Script 專案，看「執行項目」裡的錯誤並依原因處理；觸發器可再執行一次 install。沒做到的部分 Apps Script 每 10 分鐘會再試，填報不會遺失。',
  });
}

/** A sweep comes every ten minutes, so after two hours without one the triggers must be gone. */
const SILENCE_MS = 2 * 3600_000;

/** Sends one mail each time the forms' script falls silent, since nobody else sees that its triggers are gone. */
export async function alertSilence(
  context: OfficeContext & Pick<ProcessContext, 'startedAt'>,
): Promise<void> {
  const last = await readValue(context.store.db, HEARTBEAT);
  if (last === null) return;
  const heard = Math.max(new Date(last).getTime(), context.startedAt.getTime());
  if (context.clock.now().getTime() - heard < SILENCE_MS) return;
  await queueOfficeNotice(context, context.store.db, {
    kind: 'system-alert',
    about: `silence/${last}`,
    data: {
      title: `表單的觸發器沒有回報（${formatRocDate(context.clock.now())}）`,
      sentence: `Apps Script 自${formatRocDateTime(new Date(last))}起沒有回報，應每 10 分鐘一次。新的填報可能收不進來。`,
      action:
        '請開啟 Apps Script 專案，看「執行項目」裡的錯誤，並以安裝時的帳號重新執行 install。恢復後會補收這段期間的填報。',
    },
  });
}
