import { formatRocDate, startOfDay, taipeiTime, isoDay } from '../cases/calendar/roc.ts';
import { isOfficeHour } from '../cases/calendar/working-days.ts';
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
/** After a longer silence the digest tells of these days only. */
const MOST_DAYS = 31;

/** The digest also says how many calls to Google were made. */
type DigestContext = CaseContext &
  Pick<ProcessContext, 'startedAt'> & { readonly google: Pick<Google, 'calls'> };

/**
 * Tells the office on each working day what came since the last digest, what waits and what needs a hand; on the first
 * one of a week also of the week before.
 */
export async function sendDigests(context: DigestContext, paused: readonly string[]): Promise<void> {
  const now = context.clock.now();
  const today = isoDay(now);
  const last = await readValue(context.store.db, LAST_DIGEST);
  if (!isOfficeHour(context.program.calendar, now) || last === today) return;
  const days = last === null ? 1 : daysBetween(last, today);
  await sendDigest(context, {
    today,
    end: startOfDay(today),
    days: Math.min(days, MOST_DAYS),
    weekly: false,
    paused,
  });
  const monday = mondayOf(now);
  if (last === null ? isoDay(monday) === today : startOfDay(last) < monday)
    await sendDigest(context, { today, end: monday, days: 7, weekly: true, paused });
  await writeValue(context.store.db, LAST_DIGEST, today);
}

function daysBetween(from: string, to: string): number {
  return Math.round((startOfDay(to).getTime() - startOfDay(from).getTime()) / DAY_MS);
}

/** The first instant of the week in Taipei. */
function mondayOf(at: Date): Date {
  const { weekday } = taipeiTime(at);
  return new Date(startOfDay(isoDay(at)).getTime() - ((weekday + 6) % 7) * DAY_MS);
}

async function sendDigest(
  context: DigestContext,
  span: { today: string; end: Date; days: number; weekly: boolean; paused: readonly string[] },
) {
  const { store, program, google } = context;
  const { end, weekly } = span;
  const start = new Date(end.getTime() - span.days * DAY_MS);
  const queues = await queueLoads(context);
  const states = await countByState(store.db, program.key);
  const mail = await countNotices(store.db);
  const arrived = await countEvents(store.db, { from: start, to: end }, 'arrived');
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
      period: periodText(span),
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

/** 昨日, 上週, or the days since the last one: 6月24日至6月28日. */
function periodText({ end, days, weekly }: { end: Date; days: number; weekly: boolean }): string {
  if (weekly) return '上週';
  if (days === 1) return '昨日';
  const dayText = (back: number) => {
    const { month, day } = taipeiTime(new Date(end.getTime() - back * DAY_MS));
    return `${month}月${day}日`;
  };
  return `${dayText(days)}至${dayText(1)}`;
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
