import { listedEmails } from '../cases/reading/email.ts';
import { listedParts, normalized } from '../cases/reading/text.ts';
import { MOST_GRACE_SECONDS, type Program } from '../cases/program-rules.ts';
import { dayProblem, readRocDay, ROC_OFFSET } from '../cases/calendar/roc.ts';
import type { Span } from '../cases/calendar/window.ts';
import { listValues } from '../ledger/settings.ts';
import type { CaseContext } from './context.ts';

/** One thing that an administrator may change. */
export interface Setting {
  label: string;
  /** The value as people write it. */
  show(program: Program): string;
  /** What else is to be known of the value in force. */
  remark?(program: Program): string;
  /** Returns the program with the typed value, or the sentence that says why it does not fit. */
  apply(program: Program, typed: string): Program | { problem: string };
}

type Window = NonNullable<Program['forms'][number]['window']>;

/** The contact stands in every mail, in one line. */
const CONTACT_LENGTH = 100;
const MOST_DAYS = 365;
const MOST_MONTHS = 240;

/** Longer than any list of addresses. */
const LONGEST_VALUE = 2000;

/** The program with the typed value, or the sentence that says why it does not fit. */
export function applySetting(
  setting: Setting,
  program: Program,
  typed: string,
): ReturnType<Setting['apply']> {
  return typed.length > LONGEST_VALUE
    ? { problem: `太長了，請寫成 ${LONGEST_VALUE} 字以內。` }
    : setting.apply(program, typed);
}

/** Lists every setting of a program, by key. */
export function settingsOf(program: Program): Map<string, Setting> {
  const settings = new Map<string, Setting>();
  for (const form of program.forms) {
    settings.set(`form/${form.key}/open`, switchSetting('forms', form, '開放填報'));
    settings.set(`form/${form.key}/from`, daySetting('forms', form, 'from', '受理起日'));
    settings.set(`form/${form.key}/to`, daySetting('forms', form, 'to', '受理迄日'));
  }
  // A queue without a window may always review. A window that the file gives can be moved here.
  for (const queue of program.queues.filter(({ window }) => window)) {
    settings.set(`queue/${queue.key}/open`, switchSetting('queues', queue, '開放審核'));
    settings.set(`queue/${queue.key}/from`, daySetting('queues', queue, 'from', '審核起日'));
    settings.set(`queue/${queue.key}/to`, daySetting('queues', queue, 'to', '審核迄日'));
  }
  // A form or a queue that goes by rounds is open in them: whoever extends one, extends the round.
  for (const round of program.rounds) {
    settings.set(`round/${round.key}/from`, daySetting('rounds', round, 'from', '起日'));
    settings.set(`round/${round.key}/to`, daySetting('rounds', round, 'to', '迄日'));
  }
  settings.set('deadlines/correctionDays', daysSetting('correctionDays', '補件期限（日曆天）', 1));
  settings.set('deadlines/reminderDays', daysSetting('reminderDays', '補件期限前幾天提醒', 0));
  settings.set('deadlines/reviewDays', daysSetting('reviewDays', '審核超過幾天算逾期', 1));
  settings.set('deadlines/nextWorkingDay', nextWorkingDaySetting());
  settings.set('closedDays', closedDaysSetting());
  settings.set('graceSeconds', graceSetting());
  settings.set('retentionMonths', retentionSetting());
  settings.set('administrators', addressesSetting());
  settings.set('discouragedDomains', domainsSetting());
  for (const [key, { office }] of Object.entries(program.contacts)) {
    settings.set(`contact/${key}/office`, contactSetting(key, 'office', `聯絡窗口（${office}）名稱`));
    settings.set(`contact/${key}/phone`, contactSetting(key, 'phone', `聯絡窗口（${office}）電話`));
  }
  return settings;
}

/** Forms have windows, and so have the queues of those who review. Rounds are spans of days without a switch. */
type Owner = 'forms' | 'queues';
type SpanOwner = Owner | 'rounds';
interface Named {
  key: string;
  title?: string | undefined;
  label?: string;
}

function windowOf(program: Program, owner: Owner, key: string): Window | undefined {
  return program[owner].find((each) => each.key === key)?.window;
}

function withWindow(program: Program, owner: Owner, key: string, change: Partial<Window>): Program {
  const moved = <T extends { key: string; window?: Window | undefined }>(each: T): T =>
    each.key === key ? { ...each, window: { open: true, extensions: [], ...each.window, ...change } } : each;
  return owner === 'forms'
    ? { ...program, forms: program.forms.map(moved) }
    : { ...program, queues: program.queues.map(moved) };
}

function spanOf(program: Program, owner: SpanOwner, key: string): Span | undefined {
  return owner === 'rounds' ? program.rounds.find((each) => each.key === key) : windowOf(program, owner, key);
}

function withSpan(program: Program, owner: SpanOwner, key: string, change: Span): Program {
  if (owner !== 'rounds') return withWindow(program, owner, key, change);
  const rounds = program.rounds.map((round) => (round.key === key ? { ...round, ...change } : round));
  return { ...program, rounds };
}

function switchSetting(owner: Owner, { key, title, label }: Named, what: string): Setting {
  return {
    label: `${title ?? label}：${what}（是／否）`,
    show: (program) => ((windowOf(program, owner, key)?.open ?? true) ? '是' : '否'),
    apply(program, typed) {
      const open = yesOrNo(typed);
      return typeof open === 'boolean' ? withWindow(program, owner, key, { open }) : open;
    },
  };
}

function yesOrNo(typed: string): boolean | { problem: string } {
  if (typed === '是' || typed === '否') return typed === '是';
  return { problem: `「${typed}」看不懂，請填「是」或「否」。` };
}

function daySetting(
  owner: SpanOwner,
  { key, title, label }: Named,
  edge: 'from' | 'to',
  what: string,
): Setting {
  return {
    label: `${title ?? label}：${what}`,
    show: (program) => rocDay(spanOf(program, owner, key)?.[edge]),
    ...(edge === 'to' && owner !== 'rounds'
      ? { remark: (program: Program) => extensionsText(windowOf(program, owner, key)) }
      : {}),
    apply(program, typed) {
      const day = readRocDay(typed);
      if (!day) return { problem: dayProblem(typed) };
      const other = spanOf(program, owner, key)?.[edge === 'from' ? 'to' : 'from'];
      if (other && (edge === 'from' ? day > other : day < other))
        return { problem: `起日不可晚於迄日（${edge === 'from' ? '迄日' : '起日'}是 ${rocDay(other)}）。` };
      return withSpan(program, owner, key, { [edge]: day });
    },
  };
}

/** Who has moved the end, and why. */
function extensionsText(window: Window | undefined): string {
  return (window?.extensions ?? [])
    .map(({ to, reason }) => `展延至 ${rocDay(to)}${reason ? `：${reason}` : ''}`)
    .join('\n');
}

function wholeNumber(typed: string, what: string, least: number, most: number): number | { problem: string } {
  const number = Number(normalized(typed));
  return Number.isInteger(number) && number >= least && number <= most
    ? number
    : { problem: `「${typed}」不是${what}，請填 ${least} 到 ${most} 的整數。` };
}

function daysSetting(
  key: 'correctionDays' | 'reminderDays' | 'reviewDays',
  label: string,
  least: number,
): Setting {
  return {
    label,
    show: (program) => String(program.deadlines[key]),
    apply(program, typed) {
      const days = wholeNumber(typed, '天數', least, MOST_DAYS);
      if (typeof days !== 'number') return days;
      const deadlines = { ...program.deadlines, [key]: days };
      if (deadlines.reminderDays >= deadlines.correctionDays)
        return {
          problem: `提醒要在補件通知之後：提醒天數（${deadlines.reminderDays}）要小於補件期限（${deadlines.correctionDays}）。`,
        };
      return { ...program, deadlines };
    },
  };
}

function nextWorkingDaySetting(): Setting {
  return {
    label: '期限遇假日順延至次一上班日（是／否）',
    show: (program) => (program.deadlines.nextWorkingDay ? '是' : '否'),
    apply(program, typed) {
      const nextWorkingDay = yesOrNo(typed);
      return typeof nextWorkingDay === 'boolean'
        ? { ...program, deadlines: { ...program.deadlines, nextWorkingDay } }
        : nextWorkingDay;
    },
  };
}

function closedDaysSetting(): Setting {
  return {
    label: '辦公日曆表以外的停班日，例如颱風假（多個以逗號分開）',
    show: (program) => program.calendar.closed.map(rocDay).join(', '),
    apply(program, typed) {
      const parts = listedParts(typed);
      const wrong = parts.filter((part) => !readRocDay(part));
      if (wrong.length > 0) return { problem: wrong.map(dayProblem).join('') };
      const closed = [...new Set(parts.map((part) => readRocDay(part) ?? ''))].toSorted();
      return { ...program, calendar: { ...program.calendar, closed } };
    },
  };
}

function graceSetting(): Setting {
  return {
    label: '勾選「送出」後的寬限秒數（期間內取消勾選即為復原）',
    show: (program) => String(program.graceSeconds),
    apply(program, typed) {
      const graceSeconds = wholeNumber(typed, '秒數', 0, MOST_GRACE_SECONDS);
      return typeof graceSeconds === 'number' ? { ...program, graceSeconds } : graceSeconds;
    },
  };
}

function retentionSetting(): Setting {
  return {
    label: '個人資料保存月數（全部受理及審核期間結束後）',
    show: (program) => String(program.retentionMonths),
    apply(program, typed) {
      const retentionMonths = wholeNumber(typed, '月數', 1, MOST_MONTHS);
      return typeof retentionMonths === 'number' ? { ...program, retentionMonths } : retentionMonths;
    },
  };
}

function addressesSetting(): Setting {
  return {
    label: '承辦人信箱（多個以逗號分開）：收名冊、彙整、提醒',
    show: (program) => program.administrators.join(', '),
    apply(program, typed) {
      const { addresses, wrong } = listedEmails(typed);
      if (wrong.length > 0) return { problem: `這些不是電子郵件地址：${wrong.join('、')}` };
      return { ...program, administrators: addresses };
    },
  };
}

function domainsSetting(): Setting {
  return {
    label: '不建議使用的信箱網域（多個以逗號分開）',
    show: (program) => program.discouragedDomains.join(', '),
    apply(program, typed) {
      const parts = listedParts(typed).map((part) => normalized(part).toLowerCase().replace(/^@/u, ''));
      const wrong = parts.filter((part) => !/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/u.test(part));
      if (wrong.length > 0) return { problem: `這些不是網域：${wrong.join('、')}，請寫成 tn.edu.tw。` };
      return { ...program, discouragedDomains: parts };
    },
  };
}

function contactSetting(key: string, field: 'office' | 'phone', label: string): Setting {
  return {
    label,
    show: (program) => program.contacts[key]?.[field] ?? '',
    apply(program, typed) {
      if (typed.length > CONTACT_LENGTH || typed.includes('\n'))
        return { problem: `太長或不只一行，請寫成一行、${CONTACT_LENGTH} 字以內。` };
      if (field === 'phone' && !/\d{3}/u.test(typed))
        return { problem: `「${typed}」不是電話，請寫成 06-1234567分機89。` };
      const contact = program.contacts[key];
      if (!contact) return { problem: '設定檔已沒有這個聯絡窗口。' };
      return { ...program, contacts: { ...program.contacts, [key]: { ...contact, [field]: typed } } };
    },
  };
}

function rocDay(isoDay: string | undefined): string {
  if (!isoDay) return '';
  return `${Number(isoDay.slice(0, 4)) - ROC_OFFSET}${isoDay.slice(4)}`;
}

/** What the settings tab says, where it says anything. */
export function readSettings(
  { db }: Pick<CaseContext['store'], 'db'>,
  { key }: Pick<Program, 'key'>,
): Promise<{ key: string; value: string }[]> {
  return listValues(db, key);
}

/** A program with what the settings tab says on top; a value that does not fit is left out. */
export function withSettings(baseProgram: Program, rows: readonly { key: string; value: string }[]): Program {
  const settings = settingsOf(baseProgram);
  let program = baseProgram;
  let waiting = [...rows];
  // A window that moves past its old end fits only once its new end is there: what does not fit is tried again.
  for (let before = -1; waiting.length !== before; ) {
    before = waiting.length;
    waiting = waiting.filter(({ key, value }) => {
      const setting = settings.get(key);
      const applied = setting && applySetting(setting, program, value);
      if (!applied || 'problem' in applied) return true;
      program = applied;
      return false;
    });
  }
  return program;
}
