import { keysIn } from '../../../../contract/records.ts';
import type { Case } from '../../ledger/schema.ts';
import { writeFileSync } from 'node:fs';
import { sentenceFor } from '../../cases/codes.ts';
import type { Program } from '../../cases/program-rules.ts';
import { type State, STATES, TRIGGERS } from '../../cases/lifecycle.ts';
import { maskEmail } from '../../cases/reading/email.ts';
import { maskName, nameKey } from '../../cases/reading/name.ts';
import { formatRocDate, formatRocDateTime, untilText } from '../../cases/calendar/roc.ts';
import { LEVELS } from '../../cases/types.ts';
import { withRareCharacters } from '../../exports/rare-characters.ts';
import { exportTable, TABLE_FORMATS, type TableFormat } from '../../exports/table.ts';
import { listCases, searchCases } from '../../ledger/repositories/case-lists.ts';
import { findCase } from '../../ledger/repositories/cases.ts';
import { listEvents } from '../../ledger/repositories/events.ts';
import { type ListedNotice, listNotices } from '../../ledger/repositories/notices.ts';
import { listQuarantined } from '../../ledger/repositories/quarantined-rows.ts';
import type { Store } from '../../ledger/store.ts';
import { settleNotice, type SettledNotice } from '../../ledger/outbox.ts';
import { deadlineOf } from '../../casework/correction-deadline.ts';
import { NOTICE_LABELS, NOTICE_STATES, type NoticeKind } from '../../notices/types.ts';
import { listVersions } from '../../ledger/program-versions.ts';
import { rulesOf } from '../../casework/program-versions.ts';
import { type Ledger, type LedgerOptions, withLedger } from '../ledger.ts';
import { print, printJson } from '../output/print.ts';
import { refuseTerminal } from '../output/refuse-terminal.ts';
import { PublicError } from '../../../../contract/public-error.ts';

interface Masking {
  /** Shows names and addresses in full. */
  full?: boolean;
}

interface AsJson {
  /** Prints one JSON value for programs instead of lines for people. */
  json?: boolean;
}

const kindOf = ({ kind }: { kind: NoticeKind }) => `${NOTICE_LABELS[kind]} ${kind}`;

function sentences(codes: readonly string[], program: Program, form: string): string {
  return codes.map((code) => sentenceFor(code, program, form)).join('') || '—';
}

/** @throws PublicError where there is no such case */
export async function needCase(store: Store, number: string): Promise<Case> {
  const found = await findCase(store.db, number);
  if (!found)
    throw new PublicError({
      sentence: `沒有案號 ${number}。`,
      remedy: '請核對案號，或以 budeng case find 尋找。',
      english: `There is no case ${number}; look for it with budeng case find.`,
    });
  return found;
}

const nameOf = ({ facts }: Case, { full }: Masking) =>
  full ? (facts.name ?? '') : maskName(facts.name ?? '');
const mailOf = ({ email }: Case, { full }: Masking) => (full || email === '' ? email : maskEmail(email));

export async function caseShow(number: string, options: LedgerOptions & Masking & AsJson): Promise<void> {
  await withLedger(options, async (ledger) => {
    const found = await needCase(ledger.store, number);
    const program = rulesOf(ledger, found);
    const { facts } = found;
    const queue = program.queues.find((each) => each.key === found.queue)?.label ?? '—';
    const fields: [string, string | number][] = [
      ['案號', found.number],
      ['狀態', STATES[found.state]],
      ['佇列', queue],
      ['表單', program.forms.find((form) => form.key === found.form)?.title ?? found.form],
      ['版次', found.revision],
      ['規則', await versionOf(ledger, found)],
      ['收件', formatRocDateTime(found.received_at)],
      ['期限', found.due_at ? formatRocDateTime(found.due_at) : '—'],
      ['姓名', nameOf(found, options)],
      ['信箱', mailOf(found, options)],
      ['學校', facts.school?.name ?? '—'],
      ['類別', facts.level ? LEVELS[facts.level] : '—'],
      ['學年度', facts.schoolYear ?? '—'],
      ['問題', sentences(found.problems, program, found.form)],
      ['提醒', sentences(found.findings, program, found.form)],
      ['函報', found.letter_number || '—'],
      ['個人資料', found.erased_at ? `已於 ${formatRocDateTime(found.erased_at)} 刪除` : '保存中'],
    ];
    if (options.json) return printJson(Object.fromEntries(fields));
    for (const [label, value] of fields) print(`${label}　${value}`);
  });
}

/** The program file that the case goes by. */
async function versionOf({ store, program, versions }: Ledger, found: Case): Promise<string> {
  const known = await listVersions(store.db, program.key);
  const version = known.find(({ hash }) => hash === found.program_version);
  if (!version) return '—';
  const age = version.hash === versions.newest ? '目前的設定檔' : '較早的設定檔';
  return `第 ${version.version} 版（${formatRocDate(version.first_seen)}起，${version.hash.slice(0, 8)}，${age}）`;
}

export async function caseHistory(number: string, options: LedgerOptions & AsJson): Promise<void> {
  await withLedger(options, async ({ store }) => {
    await needCase(store, number);
    const state = (key: State | null) => (key ? STATES[key] : '（新案）');
    const events = (await listEvents(store.db, number)).map((event) => ({
      時間: formatRocDateTime(event.at),
      事項: TRIGGERS[event.trigger],
      原狀態: state(event.from_state),
      新狀態: state(event.to_state),
      經手: event.actor,
      說明: event.reason,
    }));
    const notices = (await listNotices(store.db, { caseNumber: number })).map(noticeRow);
    if (options.json) return printJson({ 經過: events, 通知: notices });
    for (const each of events)
      print(
        `${each.時間}　${each.事項}　${each.原狀態} → ${each.新狀態}　${each.經手}${each.說明 ? `　${each.說明}` : ''}`,
      );
    for (const each of notices)
      print(`通知 #${each.編號}　${each.種類}　第 ${each.版次} 版　${each.狀態}　${each.回覆}`);
  });
}

const noticeRow = (notice: ListedNotice) => ({
  編號: notice.id,
  案號: notice.caseNumber,
  種類: kindOf(notice),
  版次: notice.revision,
  狀態: NOTICE_STATES[notice.state],
  試寄次數: notice.attempts,
  回覆: notice.reply,
});

export async function caseFind(text: string, options: LedgerOptions & Masking & AsJson): Promise<void> {
  await withLedger(options, async ({ store, program }) => {
    const found = await searchCases(store.db, program.key, { text, nameKey: nameKey(text) });
    const rows = found.map((each) => ({
      案號: each.number,
      狀態: STATES[each.state],
      姓名: nameOf(each, options),
      學校: each.facts.school?.name ?? '',
    }));
    if (options.json) return printJson(rows);
    for (const row of rows) print(Object.values(row).join('　'));
    if (rows.length === 0) print('沒有符合的案件。');
  });
}

export async function noticesList(options: LedgerOptions & AsJson & { state?: string }): Promise<void> {
  const states = keysIn(NOTICE_STATES);
  const state = states.find((each) => each === options.state);
  if (options.state && !state)
    throw new PublicError({
      sentence: `沒有「${options.state}」這種狀態。`,
      remedy: `--state 只能是 ${states.join('、')}。`,
      english: `--state takes one of ${states.join(', ')}.`,
    });
  await withLedger(options, async ({ store }) => {
    const notices = await listNotices(store.db, {
      states: state ? [state] : ['refused', 'uncertain', 'pending'],
    });
    const rows = notices.map(noticeRow);
    if (options.json) return printJson(rows);
    for (const row of rows)
      print(
        `#${row.編號}　${row.案號 ?? '（辦公室）'}　${row.種類}　${row.狀態}　試 ${row.試寄次數} 次　${row.回覆}`,
      );
    if (notices.length === 0) print('沒有需要處理的通知。');
  });
}

/** Tries a refused notice again. An uncertain one may have arrived, so a person has to say how it went. */
export async function noticesRetry(id: string, options: LedgerOptions): Promise<void> {
  await changeNotice(id, options, { from: ['refused'], to: 'pending', reply: '' });
}

export async function noticesResolve(
  id: string,
  options: LedgerOptions & { arrived?: boolean; resend?: boolean },
): Promise<void> {
  if (Boolean(options.arrived) === Boolean(options.resend))
    throw new PublicError({
      sentence: '沒有說明結果。',
      remedy: '請擇一：--arrived（教師已收到）或 --resend（確定沒收到，重寄）。',
      english: 'Say either --arrived or --resend.',
    });
  await changeNotice(id, options, {
    from: ['uncertain'],
    ...(options.arrived ? { to: 'sent', reply: 'confirmed by a person' } : { to: 'pending', reply: '' }),
  });
}

/**
 * Notes that the teacher was told some other way, such as by telephone, so that a correction's deadline counts from
 * now.
 */
export async function noticesTold(id: string, options: LedgerOptions): Promise<void> {
  await changeNotice(id, options, {
    from: ['refused', 'uncertain'],
    to: 'sent',
    reply: 'told by a person in another way',
  });
}

async function changeNotice(
  id: string,
  options: LedgerOptions,
  change: Pick<SettledNotice, 'from' | 'to' | 'reply'>,
) {
  if (!/^\d{1,9}$/u.test(id))
    throw new PublicError({
      sentence: `「${id}」不是通知編號。`,
      remedy: '請寫 budeng notices list 所列的數字。',
      english: `${id} is no number of a notice; budeng notices list tells them.`,
    });
  await withLedger(options, async (ledger) => {
    const deadline = change.to === 'sent' ? await deadlineOf(ledger, Number(id)) : null;
    const at = ledger.clock.now();
    if (!(await settleNotice(ledger.store.db, Number(id), { ...change, at, deadline })))
      throw new PublicError({
        sentence: `通知 #${id} 不是「${change.from.map((state) => NOTICE_STATES[state]).join('」或「')}」，或沒有可用的信箱，未更動。`,
        remedy: '請以 budeng notices list 核對。',
        english: `Notice #${id} is not ${change.from.join(' or ')}, or has no address; nothing was changed.`,
      });
    print(`通知 #${id}：${NOTICE_STATES[change.to]}`);
    if (deadline) print(`補正期限自此起算，${untilText(deadline)}。`);
  });
}

const HEADER = [
  '案號',
  '狀態',
  '佇列',
  '表單',
  '收件時間',
  '姓名',
  '電子郵件',
  '服務學校',
  '類別',
  '學年度',
  '證書字號',
  '函報文號',
];

export async function exportCases(
  options: LedgerOptions & Masking & { format: string; out?: string },
): Promise<void> {
  const formats = [...TABLE_FORMATS, 'json'];
  if (!formats.includes(options.format))
    throw new PublicError({
      sentence: `沒有「${options.format}」這種格式。`,
      remedy: `--format 只能是 ${formats.join('、')}。`,
      english: `--format takes one of ${formats.join(', ')}.`,
    });
  refuseTerminal(options);
  await withLedger(options, async (ledger) => {
    const cases = await listCases(ledger.store.db, ledger.program.key);
    const rows = cases.map((found) => {
      const rules = rulesOf(ledger, found);
      const { facts } = found;
      return [
        found.number,
        STATES[found.state],
        rules.queues.find((queue) => queue.key === found.queue)?.label ?? '',
        rules.forms.find((form) => form.key === found.form)?.title ?? '',
        formatRocDateTime(found.received_at),
        nameOf(found, options),
        mailOf(found, options),
        facts.school?.name ?? '',
        facts.level ? LEVELS[facts.level] : '',
        facts.schoolYear ?? '',
        options.full ? (facts.certificateNumber ?? '') : '',
        found.letter_number,
      ];
    });
    const table = withRareCharacters(HEADER, rows);
    const content =
      options.format === 'json'
        ? `${JSON.stringify(
            rows.map((row) => Object.fromEntries(HEADER.map((title, i) => [title, row[i]]))),
            null,
            2,
          )}\n`
        : await exportTable(options.format as TableFormat, '案件', table.header, table.rows);
    if (options.out) writeFileSync(options.out, content);
    else process.stdout.write(content);
  });
}

/** `budeng quarantined` lists what the service could not take in, and what to do about it. */
export async function listQuarantinedRows(options: LedgerOptions & AsJson): Promise<void> {
  await withLedger(options, async ({ store }) => {
    const rows = await listQuarantined(store.db);
    if (options.json)
      return printJson(
        rows.map(({ key, reason, at }) => ({ 時間: formatRocDateTime(at), 鍵: key, 原因: reason })),
      );
    if (rows.length === 0) print('沒有擱置的收件列。');
    for (const { key, reason, at } of rows) print(`${formatRocDateTime(at)}　${key}　${reason}`);
    if (rows.length > 0)
      print(
        '\n每次巡檢都會再試。被貼上或改壞的列，Apps Script 巡檢時會另補一列完整的，最遲一天；改壞的列可以刪除。',
      );
  });
}
