import { createHash } from 'node:crypto';
import type { IntakeRow } from '../../../contract/intake-key.ts';
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

export function isSameTime(one: { receivedAt: Date }, other: { receivedAt: Date }): boolean {
  return Math.abs(one.receivedAt.getTime() - other.receivedAt.getTime()) < SAME_TIME_MS;
}

/**
 * What was answered, in one writing: no empty answers, so that a question added since changes nothing; ends of lines,
 * what stands between files, and a mail address collected by Google or typed are alike.
 */
export function contentOf(answers: Readonly<Record<string, string>>, collected = ''): string {
  const email = squeeze(answers.email || collected).toLowerCase();
  const told = Object.entries({ ...answers, email }).flatMap(([key, raw]) => {
    const value = trimmed(raw.replace(/\r\n?/gu, '\n'));
    if (value === '') return [];
    return [[key, /^https?:/u.test(value) ? value.split(/[,\s]+/u).join(' ') : value]];
  });
  return JSON.stringify(told.toSorted());
}

/** A content that can be told again and not read: what is left of an erased one. */
export function fingerprintOf(content: string): string {
  return `sha256 ${createHash('sha256').update(content).digest('hex')}`;
}

/** One revision of a response as it was taken in. */
export interface KnownResponse {
  form: string;
  receivedAt: Date;
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
  }));
}

/** The response that a CSV brought and that the form now tells by its own number, or null. */
export async function findImported(db: Db, program: string, row: IntakeRow): Promise<KnownResponse | null> {
  const time = Date.parse(row.receivedAt);
  const [from, to] = [new Date(time - SAME_TIME_MS), new Date(time + SAME_TIME_MS)];
  const around = await readKnownResponses(db, program, { from, to, listed: true });
  const content = contentOf(row.answers, row.email);
  const contents = [content, fingerprintOf(content)];
  return around.find((known) => known.form === row.form && contents.includes(known.content)) ?? null;
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
  const number = (raw: string) => (/\d/u.test(raw) ? certificateKey(raw) : '');
  const who = [compare('name', nameKey), compare('email', mail)];
  const what = [compare('certificate-number', number), compare('level', squeeze)];
  return who.includes('same') && ![...who, ...what].includes('other');
}
