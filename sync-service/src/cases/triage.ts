import { PublicError } from '../../../contract/public-error.ts';
import { hasLostCharacter } from './reading/big5.ts';
import { certificateKey, isUsualNumber } from './reading/certificate-number.ts';
import { type FindingCode, type ProblemCode, sentenceFor } from './codes.ts';
import { findDuplicate, isClaimedByAnother, isOtherAddress } from './duplicates.ts';
import { domainOf, isUnder } from './reading/email.ts';
import { type Reading, readEntry } from './facts.ts';
import type { Program, ProgramForm, ProgramRoute } from './program-rules.ts';
import { formatRocDate, formatRocDateTime, untilEndText, schoolYearOf } from './calendar/roc.ts';
import { reasonsOf } from './routes/conditions.ts';
import { routeFor, stagesOf } from './routing.ts';
import { squeeze } from './reading/text.ts';
import type { CaseRegister, Explanation, Submission, Verdict } from './types.ts';
import { endOfMonthsAfter, endsOf, openingAfter, windowState } from './calendar/window.ts';

/** These must be right even where nothing else needs doing: the answer could not be sent without them. */
const NEEDED_FOR_ANY_ANSWER: ReadonlySet<ProblemCode> = new Set([
  'name.missing',
  'email.missing',
  'email.invalid',
  'consent.missing',
] as const);

export interface Circumstances {
  /** The entry was in time when it first came. Without this a correction would be late once the window has closed. */
  inTime?: boolean;
  /** An administrator has taken the entry up all the same, so it is neither late nor a duplicate nor not needed. */
  reopened?: boolean;
  /**
   * An earlier case that writes to another address does not close this entry: a reviewer sees both. Otherwise whoever
   * files first, with whatever address, would lock the certificate's owner out.
   */
  comparesAddresses?: boolean;
}

/**
 * Gives the office's verdict on one entry. It is pure: the same entry, program and register give the same verdict.
 * Where several apply the first of these counts: late, not needed, correction, duplicate, review.
 * @throws Error where the program has no such form
 */
export function triage(
  program: Program,
  submission: Submission,
  register: CaseRegister,
  circumstances: Circumstances = {},
): Verdict {
  const form = program.forms.find((each) => each.key === submission.form);
  if (!form) throw new Error(`program ${program.key} has no form ${submission.form}`);
  const reading = readEntry(program, submission, register);
  const { inTime = false, reopened = false } = circumstances;
  return (
    (reopened || inTime ? null : late(program, form, submission.receivedAt, reading)) ??
    (reopened ? null : notNeeded(form, submission, reading)) ??
    correction(program, form, reading) ??
    (reopened ? null : duplicate(program, submission, reading, register, circumstances)) ??
    review(program, form, submission, reading, register, circumstances)
  );
}

/** Makes a verdict on these facts; what `part` does not say is empty. */
export function verdictOf(
  { facts }: Pick<Verdict, 'facts'>,
  part: Pick<Verdict, 'outcome'> & Partial<Verdict>,
  ...because: Explanation[]
): Verdict {
  return {
    queue: null,
    route: null,
    moved: false,
    problems: [],
    warnings: [],
    duplicateOf: null,
    facts,
    explanation: because,
    ...part,
  };
}

function late(program: Program, form: ProgramForm, receivedAt: Date, reading: Reading): Verdict | null {
  if (!form.window) return null;
  const anchors = reading.certificateDay ? { certificateDay: reading.certificateDay } : {};
  const state = windowState(form.window, program.rounds, receivedAt, anchors);
  if (state === 'open') return null;
  const received = `收件時間 ${formatRocDateTime(receivedAt)}`;
  const because = {
    closed: `${received}，「${form.title}」目前未開放填報。`,
    early: `${received}，「${form.title}」尚未開始受理${openingText(program, form.window, receivedAt)}。`,
    late: `${received}，已過「${form.title}」的受理期間${endText(program, form.window, receivedAt, reading)}。`,
  }[state];
  return verdictOf(reading, { outcome: 'late' }, { rule: `window.${state}`, because });
}

type FormWindow = NonNullable<ProgramForm['window']>;

function openingText({ rounds }: Program, window: FormWindow, at: Date): string {
  const opening = openingAfter(window, rounds, at);
  return opening ? `（${formatRocDate(opening)}起）` : '';
}

/** The end that has passed, which is the certificate's own where the window itself is still open. */
function endText({ rounds }: Program, window: FormWindow, at: Date, { certificateDay }: Reading): string {
  const passed = endsOf(window, rounds).findLast((end) => end <= at);
  if (passed) return `，${untilEndText(passed)}`;
  const months = window.monthsAfterCertificate;
  if (months === undefined || !certificateDay) return '';
  return `，證書日期後${months}個月，${untilEndText(endOfMonthsAfter(certificateDay, months))}`;
}

function notNeeded(
  { notNeeded: rule }: ProgramForm,
  { answers }: Submission,
  reading: Reading,
): Verdict | null {
  const answer = rule ? squeeze(answers[rule.field] ?? '') : '';
  if (!rule?.values.some((value) => squeeze(value) === answer)) return null;
  if (reading.problems.some((code) => NEEDED_FOR_ANY_ANSWER.has(code))) return null;
  const because = `填報「${answers[rule.field]?.trim()}」，權益不受影響，無須補登。`;
  return verdictOf(reading, { outcome: 'not-needed' }, { rule: 'not-needed', because });
}

function correction(program: Program, form: ProgramForm, reading: Reading): Verdict | null {
  if (reading.problems.length === 0) return null;
  return verdictOf(
    reading,
    { outcome: 'correction', problems: reading.problems },
    ...reading.problems.map((rule) => ({ rule, because: sentenceFor(rule, program, form.key) })),
  );
}

function duplicate(
  program: Program,
  submission: Submission,
  reading: Reading,
  register: CaseRegister,
  { comparesAddresses = false }: Circumstances,
): Verdict | null {
  const earlier = findDuplicate(program, submission, reading.facts, register);
  if (!earlier || (comparesAddresses && isOtherAddress(reading.facts, earlier))) return null;
  const because = `${sameText(program, submission.form, reading)}已有先前的案件 ${earlier.ref}。`;
  return verdictOf(
    reading,
    { outcome: 'duplicate', duplicateOf: earlier.ref },
    { rule: 'duplicate', because },
  );
}

function sameText(program: Program, form: string, { facts }: Reading): string {
  const found = program.forms.find((each) => each.key === form);
  if (Array.isArray(found?.unique)) {
    const titles = found.fields.filter(({ key }) => found.unique?.includes(key)).map(({ title }) => title);
    return `同一人、同樣的${titles.join('、')}`;
  }
  return facts.certificateKey ? '同一人、同一類別、同一證書字號' : '同一人、同一學校、同一類別與學年度';
}

function review(
  program: Program,
  form: ProgramForm,
  submission: Submission,
  reading: Reading,
  register: CaseRegister,
  { comparesAddresses = false, reopened = false }: Circumstances,
): Verdict {
  const route = routeFor(program, reading.routeFacts);
  // The loader names such a gap; an answer that no option offers, or a case received outside the windows, can come all the same.
  if (!route) throw noRoute(form.title);
  const [stage] = stagesOf(program, route);
  const moved = route.form !== form.key;
  const explanation = routeExplanation(program, route, reading, moved);
  if (stage?.kind === 'redirect-only' || stage?.kind === 'record-only') {
    explanation.push({ rule: stage.kind, because: `「${stage.label}」：不進入審核佇列，僅告知教師。` });
    return verdictOf(reading, { outcome: 'not-needed', route: route.key, moved }, ...explanation);
  }
  const earlier =
    comparesAddresses && !reopened ? findDuplicate(program, submission, reading.facts, register) : null;
  const warnings = [
    ...findings(program, submission, reading, register),
    ...(earlier ? (['duplicate.other-address'] as const) : []),
  ].toSorted();
  explanation.push(...warnings.map((rule) => ({ rule, because: sentenceFor(rule, program) })));
  const queue = stage?.queue ?? null;
  const duplicateOf = earlier?.ref ?? null;
  return verdictOf(
    reading,
    { outcome: 'review', queue, route: route.key, moved, warnings, duplicateOf },
    ...explanation,
  );
}

function routeExplanation(
  program: Program,
  route: ProgramRoute,
  reading: Reading,
  moved: boolean,
): Explanation[] {
  const [stage] = stagesOf(program, route);
  const queue = program.queues.find((each) => each.key === stage?.queue);
  const facts = reasonsOf(route.when, reading.routeFacts, program);
  const because = `${facts.join('、') || '所填事實'}符合路徑「${route.key}」${queue ? `，送${queue.label}` : ''}。`;
  if (!moved) return [{ rule: `route.${route.key}`, because }];
  const proper = program.forms.find((each) => each.key === route.form);
  const target = proper ? `應屬「${proper.title}」` : '不屬於任何一張補登表單';
  return [
    { rule: `route.${route.key}`, because },
    { rule: 'moved', because: `依所填事實${target}，已代為改送並告知教師。` },
  ];
}

function findings(
  program: Program,
  submission: Submission,
  reading: Reading,
  register: CaseRegister,
): FindingCode[] {
  const { facts, years } = reading;
  const found: FindingCode[] = [];
  if (facts.certificateNumber !== null && !isUsualNumber(certificateKey(facts.certificateNumber)))
    found.push('certificate-number.unusual');
  if (isClaimedByAnother(facts, register)) found.push('certificate-number.claimed-by-another');
  if (facts.email && isUnder(domainOf(facts.email), program.discouragedDomains))
    found.push('email.discouraged-domain');
  if (facts.emailDoubt) found.push(`email.${facts.emailDoubt}`);
  if (hasLostCharacter(facts.name ?? '')) found.push('name.lost-character');
  if (/\p{Co}/u.test(facts.name ?? '')) found.push('name.private-use');
  // The finding says "possibly", as it counts whole school years from the earliest year that is possible.
  const [earliest] = years;
  const age = earliest === undefined ? 0 : schoolYearOf(submission.receivedAt) - earliest;
  if (facts.level === 'mentor' && age >= program.mentorYears) found.push('mentor.possibly-expired');
  return found;
}

/** What the office is told of such an entry. It quotes nothing that a teacher typed. */
function noRoute(form: string): PublicError {
  return new PublicError({
    sentence: `設定檔沒有路徑適用於「${form}」的這種填報。`,
    remedy: '請在最後加一條 when: {} 的路徑。',
    english: 'No route of the program takes such an entry; add a last one with when: {}.',
  });
}
