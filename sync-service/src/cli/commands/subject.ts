import { writeFileSync } from 'node:fs';
import { PublicError } from '../../../../contract/public-error.ts';
import { sentenceFor } from '../../cases/codes.ts';
import { formatRocDateTime } from '../../cases/calendar/roc.ts';
import { type State, STATES, TRIGGERS } from '../../cases/lifecycle.ts';
import { maskEmail } from '../../cases/reading/email.ts';
import { nameKey } from '../../cases/reading/name.ts';
import { normalized, trimmed } from '../../cases/reading/text.ts';
import { LEVELS } from '../../cases/types.ts';
import { rulesOf } from '../../casework/program-versions.ts';
import { listCasesOfPerson } from '../../ledger/repositories/case-lists.ts';
import { listEvents } from '../../ledger/repositories/events.ts';
import { listMailsOfPerson } from '../../ledger/repositories/notices.ts';
import { listRevisions } from '../../ledger/repositories/revisions.ts';
import type { Case } from '../../ledger/schema.ts';
import { NOTICE_LABELS, NOTICE_STATES } from '../../notices/types.ts';
import { type Ledger, type LedgerOptions, withLedger } from '../ledger.ts';
import { print } from '../output/print.ts';

/**
 * `budeng subject export` answers one person's request for access (個資法第3條): everything that the ledger holds of
 * that person, into one file. It is never printed, since a terminal keeps what it showed.
 */
export async function exportSubject(
  who: readonly string[],
  options: LedgerOptions & { out: string },
): Promise<void> {
  const person = readPerson(who);
  await withLedger(options, async (ledger) => {
    const cases = await listCasesOfPerson(ledger.store.db, ledger.program.key, person);
    if (cases.length === 0)
      throw new PublicError({
        sentence: '沒有這位當事人的案件，或個人資料已刪除。',
        remedy: '請核對信箱或姓名，或以 budeng case find 尋找。',
        english: 'No case bears this address or name; look for it with budeng case find.',
      });
    refuseSeveralPersons(cases);
    const written = await describePerson(ledger, cases);
    // Only whoever answers the request may read it, and an earlier answer is not replaced unseen.
    writeFileSync(options.out, `${JSON.stringify(written, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    print(`已匯出 ${cases.length} 件案件的全部資料。檔案含完整個資，交給當事人前請核對身分。`);
  });
}

function readPerson(who: readonly string[]): { email: string | null; nameKey: string | null } {
  const given = who.map((each) => trimmed(each));
  const emails = given.filter((each) => normalized(each).includes('@'));
  const names = given.filter((each) => !normalized(each).includes('@') && nameKey(each) !== '');
  const [email = null] = emails;
  const [name] = names;
  if (emails.length > 1 || names.length > 1 || emails.length + names.length !== given.length)
    throw new PublicError({
      sentence: '看不出要匯出哪一位當事人。',
      remedy: '請寫一個信箱、一個姓名，或兩者都寫。',
      english: 'Give one address, one name, or one of each.',
    });
  return {
    email: email === null ? null : normalized(email),
    nameKey: name === undefined ? null : nameKey(name),
  };
}

/** Two teachers may have one name, or one mailbox: neither may read of the other. */
function refuseSeveralPersons(cases: readonly Case[]): void {
  const names = new Set(cases.map(({ name_key }) => name_key));
  const emails = new Set(cases.map(({ email }) => email.toLowerCase()));
  if (names.size < 2 && emails.size < 2) return;
  const numbers = cases
    .map(({ number, email }) => `${number}（${email ? maskEmail(email) : '沒有信箱'}）`)
    .join('、');
  throw new PublicError({
    sentence: `這些案件的姓名或信箱不同，可能不是同一位當事人：${numbers}。`,
    remedy: '請同時寫信箱和姓名；同一位當事人用過幾個信箱，請每個信箱各匯出一次。',
    english: 'These cases bear several names or addresses; give both the address and the name.',
  });
}

async function describePerson(ledger: Ledger, cases: readonly Case[]) {
  const { db } = ledger.store;
  const mails = await listMailsOfPerson(db, {
    caseIds: cases.map(({ id }) => id),
    addresses: [...new Set(cases.map(({ email }) => email.toLowerCase()))],
  });
  const ofCase = (id: number | null) => mails.filter(({ case_id }) => case_id === id).map(describeMail);
  return {
    計畫: ledger.program.title,
    匯出時間: formatRocDateTime(ledger.clock.now()),
    案件: await Promise.all(
      cases.map(async (found) => ({ ...(await describeCase(ledger, found)), 通知: ofCase(found.id) })),
    ),
    公告: ofCase(null),
  };
}

async function describeCase(ledger: Ledger, found: Case) {
  const rules = rulesOf(ledger, found);
  const form = rules.forms.find(({ key }) => key === found.form);
  const titles = new Map(form?.fields.map(({ key, title }) => [key, title]));
  const stateOf = (state: State | null) => (state ? STATES[state] : null);
  const { facts } = found;
  const events = await listEvents(ledger.store.db, found.number);
  const revisions = await listRevisions(ledger.store.db, found.id);
  return {
    案號: found.number,
    狀態: STATES[found.state],
    表單: form?.title ?? found.form,
    審核單位: rules.queues.find(({ key }) => key === found.queue)?.label ?? null,
    收件時間: formatRocDateTime(found.received_at),
    補正期限: found.due_at ? formatRocDateTime(found.due_at) : null,
    電子郵件: found.email,
    姓名: facts.name,
    服務學校: facts.school?.name ?? null,
    類別: facts.level ? LEVELS[facts.level] : null,
    取得學年度: facts.schoolYear,
    證書字號: facts.certificateNumber,
    待補正: found.problems.map((code) => sentenceFor(code, rules, found.form)),
    系統提醒: found.findings.map((code) => sentenceFor(code, rules, found.form)),
    轉送說明: found.handover || null,
    函報文號: found.letter_number || null,
    填報內容: revisions.map(({ revision, received_at, answers }) => ({
      版次: revision,
      收件時間: formatRocDateTime(received_at),
      內容: Object.fromEntries(
        Object.entries(answers).map(([key, answer]) => [titles.get(key) ?? key, answer]),
      ),
    })),
    經過: events.map(({ at, trigger, from_state, to_state, reason }) => ({
      時間: formatRocDateTime(at),
      事項: TRIGGERS[trigger],
      原狀態: stateOf(from_state),
      新狀態: stateOf(to_state),
      說明: reason || null,
    })),
  };
}

/** Links that open a response or a case without a password: whoever gets the file need not get them. */
const SECRETS = ['editUrl', 'trackingUrl'];

function describeMail(mail: Awaited<ReturnType<typeof listMailsOfPerson>>[number]) {
  return {
    種類: NOTICE_LABELS[mail.kind],
    收件人: mail.recipient,
    狀態: NOTICE_STATES[mail.state],
    建立時間: formatRocDateTime(mail.created_at),
    交寄時間: mail.sent_at ? formatRocDateTime(mail.sent_at) : null,
    內容: Object.fromEntries(Object.entries(mail.data).filter(([key]) => !SECRETS.includes(key))),
  };
}
