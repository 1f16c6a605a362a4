import { FINAL_STATES } from '../cases/lifecycle.ts';
import { formatRocDate, startOfDay, taipeiTime } from '../cases/calendar/roc.ts';
import { drawQueueChart, drawTrendChart } from '../exports/chart.ts';
import { LAST_DIGEST, readCursor, writeCursor } from '../ledger/small-tables.ts';
import { isoDay } from './deadlines.ts';
import { saveFile, tellOffice } from '../casework/office-notice.ts';
import type { Parts } from '../casework/context.ts';
import { announceRetention, unerasedIntake } from '../casework/erasure/retention.ts';
import { countByState, queueLoads } from '../casework/statistics.ts';

const DAY_MS = 24 * 3600_000;
/** Weeks that the weekly chart shows. */
const WEEKS = 8;
/** Taipei hour from which the digest of the day before goes out. */
const DIGEST_HOUR = 8;
const MONDAY = 1;

/** Once a day, and on Mondays once more for the week: what came, what waits, what needs a hand. */
export async function sendDigests(parts: Parts, paused: readonly string[]): Promise<void> {
  const now = parts.clock.now();
  const today = isoDay(now);
  const { hour, weekday } = taipeiTime(now);
  if (hour < DIGEST_HOUR || (await readCursor(parts.store.db, LAST_DIGEST)) === today) return;
  await sendDigest(parts, { today, days: 1, paused });
  if (weekday === MONDAY) await sendDigest(parts, { today, days: 7, paused });
  await writeCursor(parts.store.db, LAST_DIGEST, today);
}

async function sendDigest(parts: Parts, span: { today: string; days: number; paused: readonly string[] }) {
  const { store, google } = parts;
  const end = startOfDay(span.today);
  const start = new Date(end.getTime() - span.days * DAY_MS);
  const queues = await queueLoads(parts);
  const states = await countByState(parts);
  const mail = await countNotices(parts);
  const arrived = await countEvents(parts, start, end, 'arrived');
  const weekly = span.days > 1;
  const weeks = weekly ? await countWeeks(parts, end) : [];
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
  const parked = await store.db
    .selectFrom('parked')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  await tellOffice(parts, store.db, {
    kind: 'daily-digest',
    about: `digest/${weekly ? 'week' : 'day'}/${span.today}`,
    attachments: trendChart ? [chart, trendChart] : [chart],
    data: {
      date: formatRocDate(parts.clock.now()),
      weekly,
      arrived,
      ended: await countEvents(parts, start, end, 'ended'),
      trend: before === null ? null : `再前一週新收 ${before} 件，這週${trendOf(arrived - before)}。`,
      queues,
      corrections: states['needs-correction'] ?? 0,
      awaitingDispatch: states['awaiting-dispatch'] ?? 0,
      failedMail: mail.refused ?? 0,
      uncertainMail: mail.uncertain ?? 0,
      paused: [...span.paused],
      parked: Number(parked.count),
      erasure: await erasureSentences(parts),
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

async function erasureSentences(parts: Parts): Promise<string[]> {
  const announced = await announceRetention(parts);
  const waiting = await unerasedIntake(parts);
  return [
    ...(announced ? [announced] : []),
    ...(waiting > 0
      ? [`已刪除個人資料的案件中，有 ${waiting} 件的收件列與表單回應還在：請確認 Apps Script 的觸發器正常。`]
      : []),
  ];
}

/** The last weeks before `end`, the oldest first, each named by its first day. */
async function countWeeks(parts: Parts, end: Date) {
  const weeks = [];
  for (let back = WEEKS; back > 0; back -= 1) {
    const from = new Date(end.getTime() - back * 7 * DAY_MS);
    const to = new Date(from.getTime() + 7 * DAY_MS);
    const { month, day } = taipeiTime(from);
    weeks.push({
      label: `${month}/${day}`,
      arrived: await countEvents(parts, from, to, 'arrived'),
      ended: await countEvents(parts, from, to, 'ended'),
    });
  }
  return weeks;
}

function trendOf(difference: number): string {
  if (difference === 0) return '持平';
  return difference > 0 ? `增加 ${difference} 件` : `減少 ${-difference} 件`;
}

async function countEvents(
  { store }: Parts,
  start: Date,
  end: Date,
  what: 'arrived' | 'ended',
): Promise<number> {
  let query = store.db
    .selectFrom('events')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('at', '>=', start)
    .where('at', '<', end);
  query =
    what === 'arrived'
      ? query.where('trigger', '=', 'submitted')
      : query.where('to_state', 'in', FINAL_STATES);
  return Number((await query.executeTakeFirstOrThrow()).count);
}

async function countNotices({ store }: Parts): Promise<Record<string, number>> {
  const rows = await store.db
    .selectFrom('notices')
    .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
    .where('state', 'in', ['refused', 'uncertain'])
    .groupBy('state')
    .execute();
  return Object.fromEntries(rows.map((row) => [row.state, Number(row.count)]));
}
