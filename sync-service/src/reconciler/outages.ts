import { formatRocDate } from '../cases/calendar/roc.ts';
import type { OfficeContext } from '../casework/context.ts';
import { queueOfficeNotice } from '../casework/office-notice.ts';
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
