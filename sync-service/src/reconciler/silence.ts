import { formatRocDate, formatRocDateTime, isoDay, startOfDay } from '../cases/calendar/roc.ts';
import type { Program } from '../cases/program-rules.ts';
import { alert } from '../casework/alerts.ts';
import type { OfficeContext } from '../casework/context.ts';
import { queueOfficeNotice } from '../casework/office-notice.ts';
import { queuesIn } from '../casework/program-versions.ts';
import { GoogleError } from '../google/error.ts';
import { isTrashed } from '../google/files.ts';
import { documentsByRole } from '../ledger/documents.ts';
import {
  FILES_LOOKED_AFTER,
  HEARTBEAT,
  OFFICE_SINCE,
  readValue,
  SCRIPT_PROBLEMS,
  writeValue,
} from '../ledger/key-values.ts';
import type { CycleContext, ProcessContext } from './cycle-context.ts';

/** A sweep comes every ten minutes; two hours without one are no accident. */
const SILENCE_MS = 2 * 3600_000;
const DAY_MS = 24 * 3600_000;
/** A look that Google did not answer is repeated then: an outage must not be asked every minute. */
const RETRY_MS = 3600_000;

/**
 * Looks for what makes an office believe that nothing comes in: a script that never ran or fell silent, a trigger that
 * cannot be made, a file in the trash. Each is told by mail, and stands in the digest as long as it lasts.
 */
export async function watchSilence(context: CycleContext): Promise<void> {
  await alertSilence(context);
  await alertScriptProblems(context);
  await watchFiles(context);
}

type SilenceContext = OfficeContext & Pick<ProcessContext, 'startedAt'>;

/** What keeps submissions from coming in at present, in sentences for the digest. */
export async function intakeTroubles(context: SilenceContext): Promise<string[]> {
  const silence = await silenceOf(context);
  return [
    ...(silence ? [silence.sentence] : []),
    ...(await scriptProblems(context)),
    ...(await filesFound(context)).sentences,
  ];
}

/** Since when the forms' script has been silent; null where it speaks. */
async function silenceOf({
  store: { db },
  clock,
  startedAt,
}: SilenceContext): Promise<{ since: string; sentence: string } | null> {
  const now = clock.now();
  const last = await readValue(db, HEARTBEAT);
  if (last === null) {
    // Counted from set-up and not from this start: a service that restarts every hour must tell it too.
    const since = await officeSince({ db, now });
    if (now.getTime() - new Date(since).getTime() < SILENCE_MS) return null;
    const sentence = `Apps Script 從${formatRocDateTime(new Date(since))}啟用至今沒有回報過，應每 10 分鐘一次。填報很可能都沒有收進來。`;
    return { since, sentence };
  }
  const heard = Math.max(new Date(last).getTime(), startedAt.getTime());
  if (now.getTime() - heard < SILENCE_MS) return null;
  const sentence = `Apps Script 自${formatRocDateTime(new Date(last))}起沒有回報，應每 10 分鐘一次。新的填報可能收不進來。`;
  return { since: last, sentence };
}

async function officeSince({ db, now }: { db: OfficeContext['store']['db']; now: Date }): Promise<string> {
  const known = await readValue(db, OFFICE_SINCE);
  if (known) return known;
  await writeValue(db, OFFICE_SINCE, now.toISOString());
  return now.toISOString();
}

/** One mail for each time that the forms' script falls silent: nobody else sees that its triggers are gone. */
async function alertSilence(context: SilenceContext): Promise<void> {
  const silence = await silenceOf(context);
  if (!silence) return;
  await queueOfficeNotice(context, context.store.db, {
    kind: 'system-alert',
    about: `silence/${silence.since}`,
    data: {
      title: `表單的觸發器沒有回報（${formatRocDate(context.clock.now())}）`,
      sentence: silence.sentence,
      action:
        '請開啟 Apps Script 專案，看「執行項目」裡的錯誤，並以安裝時的帳號重新執行 install；從未執行過時，請重跑 budeng setup。恢復後會補收這段期間的填報。',
    },
  });
}

async function scriptProblems({ store: { db } }: Pick<OfficeContext, 'store'>): Promise<string[]> {
  return JSON.parse((await readValue(db, SCRIPT_PROBLEMS)) ?? '[]') as string[];
}

/** What the forms' script cannot mend by itself, such as a trigger that is refused: one mail a day until it is mended. */
async function alertScriptProblems(context: OfficeContext): Promise<void> {
  const problems = await scriptProblems(context);
  if (problems.length === 0) return;
  await alert(context, {
    title: '表單的 Apps Script 有事要處理',
    sentence: `Apps Script 連續兩次巡檢都沒能做到：${problems.join('；')}。`,
    action:
      '請以安裝時的帳號開啟 Apps Script 專案，看「執行項目」裡的錯誤並依原因處理；觸發器可再執行一次 install。沒做到的部分 Apps Script 每 10 分鐘會再試，填報不會遺失。',
  });
}

interface FilesFound {
  /** ISO instant before which nobody looks again. */
  next: string;
  sentences: string[];
}

async function filesFound({ store: { db } }: Pick<OfficeContext, 'store'>): Promise<FilesFound> {
  const known = await readValue(db, FILES_LOOKED_AFTER);
  return known ? (JSON.parse(known) as FilesFound) : { next: '', sentences: [] };
}

type FilesContext = Pick<CycleContext, 'google' | 'log' | 'versions'> & OfficeContext;

/**
 * Looks once a day, since Google still reads and writes a file in the trash, and a form there takes no more responses,
 * so that nothing else would notice before it is gone for good.
 */
async function watchFiles(context: FilesContext): Promise<void> {
  const now = context.clock.now().getTime();
  const before = await filesFound(context);
  const wait = new Date(before.next || 0).getTime() - now;
  // No pause is so long, so the clock was set back since.
  if (wait > 0 && wait <= DAY_MS) return tellFiles(context, before);
  const sentences = await lookAfterFiles(context);
  const next = sentences ? startOfDay(isoDay(new Date(now + DAY_MS))) : new Date(now + RETRY_MS);
  const found = { next: next.toISOString(), sentences: sentences ?? before.sentences };
  await writeValue(context.store.db, FILES_LOOKED_AFTER, JSON.stringify(found));
  await tellFiles(context, found);
}

async function tellFiles(context: OfficeContext, { sentences }: FilesFound): Promise<void> {
  if (sentences.length === 0) return;
  await alert(context, {
    title: '檔案在垃圾桶裡，或找不到',
    sentence: sentences.join(''),
    action:
      '請由擁有者移出垃圾桶（https://drive.google.com/drive/trash）；已永久刪除時重跑 budeng setup 另建。在那之前，那裡的填報或審核可能收不到。',
  });
}

/** Null where Google did not answer. */
async function lookAfterFiles({ google, store, log, versions }: FilesContext): Promise<string[] | null> {
  const known = await documentsByRole(store.db);
  const sentences: string[] = [];
  for (const [role, name] of filesInUse(versions.running)) {
    const fileId = known.get(role)?.id;
    if (!fileId) continue;
    try {
      const trashed = await isTrashed(google, fileId);
      if (trashed === null) sentences.push(`Google 找不到${name}：已永久刪除，或不再屬於這個帳號。`);
      else if (trashed) sentences.push(`${name}在垃圾桶裡，30 天後會永久刪除。`);
    } catch (error) {
      if (!(error instanceof GoogleError)) throw error;
      log.warn({ err: error, file: role }, 'files not looked after');
      return null;
    }
  }
  return sentences;
}

/** What the running programs need, by role, as people call it. The script is not asked for: its silence tells as much. */
function filesInUse(programs: readonly Program[]): [role: string, name: string][] {
  return [
    ['office', '承辦（限閱）試算表'],
    ...queuesIn(programs).map(({ key, label }): [string, string] => [`queue:${key}`, `「${label}」的試算表`]),
    ...(programs[0]?.forms ?? []).map(({ key, title }): [string, string] => [
      `form:${key}`,
      `表單「${title}」`,
    ]),
  ];
}
