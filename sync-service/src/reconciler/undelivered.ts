import { formatRocDate, isoDay } from '../cases/calendar/roc.ts';
import type { CaseContext } from '../casework/context.ts';
import { queueOfficeNotice } from '../casework/office-notice.ts';
import { type UndeliveredRequest, undeliveredRequests } from '../ledger/correction-requests.ts';
import { NOTICE_STATES } from '../notices/types.ts';

/** How many cases a sentence names. */
const NAMED = 20;

type Context = Pick<CaseContext, 'store' | 'clock' | 'program' | 'mailDomain'>;

/** Tells which requests for correction did not go out; null where all did. */
export async function undeliveredSentence({ store, program }: Context): Promise<string | null> {
  const found = await undeliveredRequests(store.db, program.key);
  return found.length > 0 ? sentenceOf(found) : null;
}

function sentenceOf(found: readonly UndeliveredRequest[]): string {
  const named = found
    .slice(0, NAMED)
    .map(({ number, state }) => `${number}（${state ? NOTICE_STATES[state] : '沒有通知'}）`);
  const more = found.length > NAMED ? '等' : '';
  return `${found.length} 件的補正通知沒有送達，補正期限都沒有起算：${named.join('、')}${more}。`;
}

/** Sends one mail on a day on which a request failed; after that the daily digest repeats it. */
export async function alertUndelivered(context: Context): Promise<void> {
  const { store, clock, program } = context;
  const today = isoDay(clock.now());
  const found = await undeliveredRequests(store.db, program.key);
  if (!found.some(({ at }) => isoDay(at) === today)) return;
  await queueOfficeNotice(context, store.db, {
    kind: 'system-alert',
    about: `undelivered/${program.key}/${today}`,
    data: {
      title: `補正通知沒有送達（${formatRocDate(clock.now())}）`,
      sentence: sentenceOf(found),
      action:
        '請以 budeng notices list 看原因。信箱可用時以 notices retry 或 resolve-uncertain 處理；改用電話告知後，以 notices told 起算期限。',
    },
  });
}
