import { createHash } from 'node:crypto';
import { type IntakeRow, revisionIn, timeOf } from '../../../contract/intake-key.ts';
import { asBig5Keeps } from '../cases/reading/big5.ts';
import { certificateKey } from '../cases/reading/certificate-number.ts';
import { emailOf } from '../cases/reading/email.ts';
import { nameKey } from '../cases/reading/name.ts';
import { squeeze, trimmed } from '../cases/reading/text.ts';
import { type Db, query } from './query.ts';

/*
 * A CSV export names no response: which row is which response is told by form, time and answers. Its row number would
 * make doubles of every response as soon as somebody sorts the sheet.
 */

/** Responses that came by a CSV bear this, until the form itself tells their own number. */
const LISTED = 'csv-';

export function importedId(digest: string): string {
  return `${LISTED}${digest}`;
}

export function isImportedId(responseId: string): boolean {
  return responseId.startsWith(LISTED);
}

/** Exports cut fractions of a second off, or round them. */
const SAME_TIME_MS = 1000;
const MINUTE_MS = 60_000;

/** Excel shows Google's timestamps without their seconds, and a CSV keeps what is shown. */
function isKnownToTheMinute(receivedAt: Date): boolean {
  return receivedAt.getTime() % MINUTE_MS === 0;
}

/** @param precise also where one of the two is known to the minute only, they must be so to the second */
export function isSameTime(
  one: { receivedAt: Date; listedAt?: Date },
  other: { receivedAt: Date },
  precise = false,
): boolean {
  const [a, b] = [one.receivedAt.getTime(), other.receivedAt.getTime()];
  const earliest = one.listedAt?.getTime() ?? a;
  if (b > earliest - SAME_TIME_MS && b < a + SAME_TIME_MS) return true;
  const vague = isKnownToTheMinute(one.receivedAt) || isKnownToTheMinute(other.receivedAt);
  return !precise && vague && Math.floor(a / MINUTE_MS) === Math.floor(b / MINUTE_MS);
}

/** Of those at the same time the nearest first. */
export function nearestFirst<T extends { receivedAt: Date }>(
  all: readonly T[],
  { receivedAt }: { receivedAt: Date },
): T[] {
  const away = (each: T) => Math.abs(each.receivedAt.getTime() - receivedAt.getTime());
  return all.toSorted((a, b) => away(a) - away(b));
}

type Answers = Readonly<Record<string, string>>;

/**
 * What was answered, in one writing: no empty answers, so that a question added since changes nothing; ends of lines,
 * what stands between files, and a mail address collected by Google or typed are alike.
 */
function writtenOf(answers: Answers, collected = ''): string {
  return JSON.stringify(told(answers, collected));
}

/** Whether two revisions of a response say the same: nobody edited anything. */
export function isSameWriting(one: Sent, other: Sent): boolean {
  return writtenOf(one.answers, one.email) === writtenOf(other.answers, other.email);
}

interface Sent {
  answers: Answers;
  /** The address that Google collected. */
  email: string;
}

/**
 * The same as far as it survives being opened and saved by Excel in Taiwan, so that an export that went through it is
 * known again: characters that Big5 lacks, zeros before a number, and the digits of long numbers are lost there.
 */
export function contentOf(answers: Answers, collected = ''): string {
  return JSON.stringify(told(answers, collected).map(([key, value]) => [key, asExcelKeeps(value)]));
}

function told(answers: Answers, collected: string): [key: string, value: string][] {
  const email = squeeze(answers.email || collected).toLowerCase();
  return Object.entries({ ...answers, email })
    .flatMap(([key, raw]): [string, string][] => {
      const value = trimmed(raw.replace(/\r\n?/gu, '\n'));
      if (value === '') return [];
      return [[key, /^https?:/u.test(value) ? value.split(/[,\s]+/u).join(' ') : value]];
    })
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Excel shows the first digits of a number with more of them than this, and a CSV keeps what is shown. */
const MOST_DIGITS = 11;

function asExcelKeeps(value: string): string {
  const date = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/u.exec(value);
  if (date) return date.slice(1).map(Number).join('/');
  if (!/^[+-]?\d+(?:\.\d+)?(?:E[+-]?\d+)?$/iu.test(value)) return asBig5Keeps(value);
  const number = Number(value);
  return Math.abs(number) < 10 ** MOST_DIGITS ? String(number) : number.toExponential(2).toUpperCase();
}

/** A content that can be told again and not read: what is left of an erased one. */
export function fingerprintOf(content: string): string {
  return `sha256 ${createHash('sha256').update(content).digest('hex')}`;
}

/** What a response may be known by: its content, or the fingerprint that an erased one has left, by either writing. */
export function contentsOf(answers: Answers, collected = ''): string[] {
  const content = contentOf(answers, collected);
  // Fingerprints of releases before 0.2 are of what was written.
  return [content, fingerprintOf(content), fingerprintOf(writtenOf(answers, collected))];
}

/** One revision of a response as it was taken in. */
export interface KnownResponse {
  form: string;
  receivedAt: Date;
  /** Google's time, where it did not move with the edit: an export may tell this one or when it was sent. */
  listedAt?: Date;
  answers: Record<string, string>;
  /** Or its fingerprint, where the answers are erased. */
  content: string;
  caseId: number;
  responseId: string;
  revisionKey: string;
}

/** What the ledger knows, each case's revisions in their order. */
export async function readKnownResponses(
  db: Db,
  program: string,
  only: { from?: Date; to?: Date; listed?: boolean } = {},
): Promise<KnownResponse[]> {
  let responses = query(db)
    .selectFrom('revisions')
    .innerJoin('cases', 'cases.id', 'revisions.case_id')
    .select(['key', 'case_id', 'response_id', 'form', 'email'])
    .select(['revisions.received_at', 'revisions.answers', 'fingerprint'])
    .where('program', '=', program)
    .orderBy('case_id')
    .orderBy('revisions.revision');
  if (only.from) responses = responses.where('revisions.received_at', '>', only.from);
  if (only.to) responses = responses.where('revisions.received_at', '<', only.to);
  if (only.listed) responses = responses.where('response_id', 'like', `${LISTED}%`);
  return (await responses.execute()).map((row) => ({
    form: row.form,
    receivedAt: row.received_at,
    answers: row.answers,
    content: row.fingerprint ?? contentOf(row.answers, row.email),
    caseId: row.case_id,
    responseId: row.response_id,
    revisionKey: row.key,
    ...listedAt(revisionIn(row.key, { form: row.form, responseId: row.response_id })),
  }));
}

export function listedAt(revision: string): Pick<KnownResponse, 'listedAt'> {
  const time = timeOf(revision);
  return time === revision ? {} : { listedAt: new Date(time) };
}

/** The response that a CSV brought and that the form now tells by its own number, or null. */
export async function findImported(db: Db, program: string, row: IntakeRow): Promise<KnownResponse | null> {
  const receivedAt = new Date(row.receivedAt);
  const [from, to] = [-MINUTE_MS, SAME_TIME_MS].map((ms) => new Date(receivedAt.getTime() + ms));
  const around = await readKnownResponses(db, program, { from, to, listed: true });
  const contents = contentsOf(row.answers, row.email);
  const same = around.filter(
    (known) =>
      known.form === row.form && contents.includes(known.content) && isSameTime(known, { receivedAt }),
  );
  return nearestFirst(same, { receivedAt })[0] ?? null;
}

/** Whether `spoilt` is what Excel has left of `whole`, in at least one answer. */
export function isRemainderOf(spoilt: Answers, whole: Answers): boolean {
  return Object.entries(whole).some(([key, raw]) => {
    const [was, is] = [trimmed(spoilt[key]), trimmed(raw)];
    return was !== is && was !== '' && was === asExcelKeeps(is);
  });
}

/** Whether `later` reads like `earlier` after its teacher had edited it. */
export function isEditOf(
  earlier: Readonly<Record<string, string>>,
  later: Readonly<Record<string, string>>,
): boolean {
  const compare = (key: string, normal: (raw: string) => string) => {
    const [was, is] = [normal(earlier[key] ?? ''), normal(later[key] ?? '')];
    if (was === '' || is === '') return 'silent';
    return was === is ? 'same' : 'other';
  };
  const mail = (raw: string) => emailOf(raw) ?? '';
  const number = (raw: string) => (/\d/u.test(raw) ? certificateKey(asExcelKeeps(raw)) : '');
  const name = (raw: string) => nameKey(asBig5Keeps(raw));
  const who = [compare('name', name), compare('email', mail)];
  const what = [compare('certificate-number', number), compare('level', squeeze)];
  return who.includes('same') && ![...who, ...what].includes('other');
}
