import { formatRocDate, startOfDay, taipeiTime, isoDay } from '../cases/calendar/roc.ts';
import { drawQueueChart, drawTrendChart } from '../exports/chart.ts';
import { LAST_DIGEST, readValue, writeValue } from '../ledger/key-values.ts';
import { saveFile } from '../ledger/repositories/notices.ts';
import {
  countByState,
  countEvents,
  countNotices,
  countQuarantined,
} from '../ledger/repositories/statistics.ts';
import type { Store } from '../ledger/store.ts';
import { queueOfficeNotice } from '../casework/office-notice.ts';
import type { CaseContext } from '../casework/context.ts';
import type { Google } from '../google/client.ts';
import { announceRetention, unerasedIntake } from '../casework/erasure/retention.ts';
import type { ProcessContext } from './cycle-context.ts';
import { intakeTroubles } from './silence.ts';
import { undeliveredSentence } from './undelivered.ts';
import { queueLoads } from '../casework/statistics.ts';

const DAY_MS = 24 * 3600_000;
/** Weeks that the weekly chart shows. */
const WEEKS = 8;
/** Taipei hour from which the digest of the day before goes out. */
const DIGEST_HOUR = 8;
const MONDAY = 1;

/** The digest also says how many calls to Google were made. */
type DigestContext = CaseContext &
  Pick<ProcessContext, 'startedAt'> & { readonly google: Pick<Google, 'calls'> };

/** Tells the office once a day, and on Mondays for the week, what came, what waits and what needs a hand. */
export async function sendDigests(context: DigestContext, paused: readonly string[]): Promise<void> {
  const now = context.clock.now();
  const today = isoDay(now);
  const { hour, weekday } = taipeiTime(now);
  if (hour < DIGEST_HOUR || (await readValue(context.store.db, LAST_DIGEST)) === today) return;
  await sendDigest(context, { today, days: 1, paused });
  if (weekday === MONDAY) await sendDigest(context, { today, days: 7, paused });
  await writeValue(context.store.db, LAST_DIGEST, today);
}

async function sendDigest(
  context: DigestContext,
  span: { today: string; days: number; paused: readonly string[] },
) {
  const { store, program, google } = context;
  const end = startOfDay(span.today);
  const start = new Date(end.getTime() - span.days * DAY_MS);
  const queues = await queueLoads(context);
  const states = await countByState(store.db, program.key);
  const mail = await countNotices(store.db);
  const arrived = await countEvents(store.db, { from: start, to: end }, 'arrived');
  const weekly = span.days > 1;
  const weeks = weekly ? await countWeeks(store, end) : [];
  const before = weeks.at(-2)?.arrived ?? null;
  const chart = await saveFile(store.db, {
    name: 'queues.png',
    type: 'image/png',
    content: drawQueueChart(queues),
    inline: true,
  });
  const trendChart = weekly
    ? await saveFile(store.db, {
        name: 'weeks.png',
        type: 'image/png',
        content: drawTrendChart(weeks),
        inline: true,
      })
    : null;
  await queueOfficeNotice(context, store.db, {
    kind: 'daily-digest',
    about: `digest/${weekly ? 'week' : 'day'}/${span.today}`,
    attachments: trendChart ? [chart, trendChart] : [chart],
    data: {
      date: formatRocDate(context.clock.now()),
      weekly,
      arrived,
      ended: await countEvents(store.db, { from: start, to: end }, 'ended'),
      trend: before === null ? null : `再前一週新收 ${before} 件，這週${trendOf(arrived - before)}。`,
      queues,
      corrections: states.get('needs-correction') ?? 0,
      awaitingDispatch: states.get('awaiting-dispatch') ?? 0,
      failedMail: mail.get('refused') ?? 0,
      uncertainMail: mail.get('uncertain') ?? 0,
      paused: [...span.paused],
      intake: await intakeTroubles(context),
      undelivered: await undeliveredSentence(context),
      parked: await countQuarantined(store.db),
      erasure: await erasureSentences(context),
      googleCalls: google.calls(),
      chartText: `待審件數：${queues.map((load) => `${load.label} ${load.waiting}（逾期 ${load.overdue}）`).join('、')}。`,
      chartCid: `${chart.file}@budeng`,
      trendText: weekly
        ? `最近${WEEKS}週：${weeks.map(({ label, arrived: came, ended }) => `${label} 新收 ${came} 件、結案 ${ended} 件`).join('；')}。`
        : null,
      trendCid: trendChart && `${trendChart.file}@budeng`,
    },
  });
}

async function erasureSentences(context: CaseContext): Promise<string[]> {
  const announced = await announceRetention(context);
  const waiting = await unerasedIntake(context);
  return [
    ...(announced ? [announced] : []),
    ...(waiting > 0
      ? [`已刪除個人資料的案件中，有 ${waiting} 件的收件列與表單回應還在：請確認 Apps Script 的觸發器正常。`]
      : []),
  ];
}

/** The last weeks before `end`, the oldest first, each named by its first day. */
async function countWeeks({ db }: Pick<Store, 'db'>, end: Date) {
  const weeks = [];
  for (let back = WEEKS; back > 0; back -= 1) {
    const from = new Date(end.getTime() - back * 7 * DAY_MS);
    const to = new Date(from.getTime() + 7 * DAY_MS);
    const { month, day } = taipeiTime(from);
    weeks.push({
      label: `${month}/${day}`,
      arrived: await countEvents(db, { from, to }, 'arrived'),
      ended: await countEvents(db, { from, to }, 'ended'),
    });
  }
  return weeks;
}

function trendOf(difference: number): string {
  if (difference === 0) return '持平';
  return difference > 0 ? `增加 ${difference} 件` : `減少 ${-difference} 件`;
}
