import { maskName } from '../cases/reading/name.ts';
import { formatRocDate, formatRocDateTime, startOfDay } from '../cases/calendar/roc.ts';
import { domainOf, isUnder } from '../cases/reading/email.ts';
import { usualDomainNear } from '../cases/reading/email-domains.ts';
import { sentenceFor } from '../cases/codes.ts';
import { contactFor } from '../cases/contacts.ts';
import type { Program, ProgramForm } from '../cases/program-rules.ts';
import { queueNameInMails } from '../cases/routing.ts';
import { type Facts, LEVELS } from '../cases/types.ts';
import { endsOf, windowState } from '../cases/calendar/window.ts';
import type { Case } from '../ledger/schema.ts';
import type { CaseNoticeData } from '../notices/types.ts';
import type { CaseContext } from './context.ts';
import { correctionDueAt } from './correction-deadline.ts';

/** 109年7月31日（五）, of a window with rounds the last one's. */
function lastDayOf(...window: Parameters<typeof endsOf>): string | null {
  const end = endsOf(...window).at(-1);
  return end ? formatRocDate(new Date(end.getTime() - 1)) : null;
}

/** Details that are known only at the moment of the notice. */
export interface NoticeDetails {
  reason?: string;
  earlierDecision?: string;
  next?: string;
  missedWindow?: boolean;
  /** Masked. */
  earlierAddress?: string;
}

/** What a notice about this case may say. Personal data is masked here, once, before it is stored in the outbox. */
export function caseNoticeData(
  { program, clock }: Pick<CaseContext, 'program' | 'clock'>,
  found: Case,
  details: NoticeDetails = {},
): CaseNoticeData {
  const { facts } = found;
  const form = program.forms.find((each) => each.key === found.form);
  const queue = program.queues.find((each) => each.key === found.queue);
  const route = program.routes.find((each) => each.key === found.route);
  const domain = facts.email ? domainOf(facts.email) : '';
  const discouraged = isUnder(domain, program.discouragedDomains);
  // The deadline as if the notice went out now; the hand-over counts it anew.
  const due =
    found.due_at ?? (found.state === 'needs-correction' ? correctionDueAt(program, clock.now()) : null);
  const properForm = program.forms.find((each) => each.key === route?.form);
  return {
    caseNumber: found.number,
    maskedName: facts.name ? maskName(facts.name) : '',
    program: program.title,
    formTitle: form?.title ?? found.form,
    levelLabel: facts.level ? LEVELS[facts.level] : null,
    schoolName: facts.school?.name ?? null,
    schoolYear: facts.schoolYear,
    receivedAt: formatRocDateTime(found.received_at),
    queueLabel: queueNameInMails(program, found.queue) || null,
    next: details.next ?? (route?.next || null),
    deadline: due ? formatRocDate(due) : null,
    problems: found.problems.map((code) => sentenceFor(code, program, found.form)),
    reason: details.reason || null,
    editUrl: found.edit_url || null,
    earlierCase: found.duplicate_of,
    earlierAddress: details.earlierAddress ?? null,
    moved: found.moved,
    movedTo: found.moved ? (properForm?.title ?? null) : null,
    discouragedDomain: discouraged ? domain : null,
    emailQuestion: emailQuestion(facts),
    windowEnd: form?.window ? lastDayOf(form.window, program.rounds) : null,
    missedWindow: details.missedWindow ?? false,
    ...refill(program, form, found.edit_url, clock.now()),
    trackingUrl: null,
    letter: found.letter_number
      ? { number: found.letter_number, date: formatRocDate(startOfDay(found.letter_date)) }
      : null,
    earlierDecision: details.earlierDecision ?? null,
    contact: contactFor(program, queue?.contact ?? form?.contact),
  };
}

/** What the teacher is asked about the address that this notice goes to. */
function emailQuestion({ email, emailDoubt }: Facts): string | null {
  const domain = domainOf(email ?? '');
  const questions = {
    unclear:
      '您填的電子郵件不是單一的地址，我們寄到其中可以使用的這個信箱。如果您要用的是別的信箱，請修改填報。',
    verified:
      '您填的電子郵件無法寄送或像是打錯字，這封信改寄到您填表時登入的 Google 帳號。請修改填報，填寫可以收信的地址。',
    'possible-slip': `您填的信箱網域是「${domain}」，是不是「${usualDomainNear(domain) ?? ''}」？如果打錯了，請修改填報，以免收不到通知。`,
  };
  return emailDoubt ? questions[emailDoubt] : null;
}

/** Until when the form can be filled in anew, if it can at this moment, and where. */
function refill(program: Program, form: ProgramForm | undefined, editUrl: string, now: Date) {
  const window = form?.window;
  const none = { refillUntil: null, refillUrl: null };
  if (!window || windowState(window, program.rounds, now) !== 'open') return none;
  const round = program.rounds.find(
    ({ key, from, to }) =>
      window.rounds?.includes(key) && windowState({ open: true, from, to }, [], now) === 'open',
  );
  const last = window.to ?? round?.to;
  if (!last) return none;
  // The link that reopens a response is the form's own with a key behind it.
  return { refillUntil: formatRocDate(startOfDay(last)), refillUrl: editUrl.split('?')[0] || null };
}
