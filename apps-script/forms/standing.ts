import {
  digestIn,
  digestOf,
  ERASED_SOURCE,
  intakeKey,
  type IntakeColumn,
  type IntakeRow,
  isKeyOf,
  isSameMoment,
  revisionAfter,
  timeOf,
} from '../../contract/intake-key.ts';
import { type Offer, sha256 } from './response.ts';

/** Stops rewriting a row that keeps getting damaged. */
const MOST_COPIES = 5;

type Answers = IntakeRow['answers'];

/** A row of the tab that the service can read, or that was emptied. */
interface WholeRow {
  revision: string;
  receivedAt: string;
  /** Empty in a row of a release before 0.2. */
  digest: string;
  email: string;
  /** Null where they are erased. */
  answers: Answers | null;
}

/** What the intake tab holds of some responses. */
export interface Standing {
  rows: Record<string, WholeRow[]>;
  /** How many rows bear a key, whole or damaged. */
  copies: Record<string, number>;
}

export function idOf({ form, responseId }: Pick<IntakeRow, 'form' | 'responseId'>): string {
  return `${form}/${responseId}`;
}

/** Notes one row of the tab; what cannot be read any more counts as a copy only. */
export function note({ rows, copies }: Standing, cell: (key: IntakeColumn) => string): void {
  const key = cell('key');
  copies[key] = (copies[key] ?? 0) + 1;
  const row = { form: cell('form'), responseId: cell('responseId'), revision: cell('revision') };
  if (!isKeyOf(key, row) || !isInstant(timeOf(row.revision)) || !isInstant(cell('receivedAt'))) return;
  const answers = cell('source') === ERASED_SOURCE ? null : readAnswers(cell);
  if (answers === undefined) return;
  const [digest, email] = [digestIn(key), cell('email')];
  if (answers && digest !== '' && digest !== digestOf({ email, answers }, sha256)) return;
  const [revision, receivedAt] = [row.revision, cell('receivedAt')];
  (rows[idOf(row)] ??= []).push({ revision, receivedAt, digest, email, answers });
}

function isInstant(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** Undefined where the service cannot read the row. */
function readAnswers(cell: (key: IntakeColumn) => string): Answers | undefined {
  if (!/^(https?:|$)/.test(cell('editUrl')) || !/^(trigger|sweep|import)$/.test(cell('source')))
    return undefined;
  try {
    const answers: unknown = JSON.parse(cell('answers'));
    return typeof answers === 'object' && answers !== null ? (answers as Answers) : undefined;
  } catch {
    return undefined;
  }
}

/** The newest row of this response at the time that Google tells of it. */
function newestAt({ rows }: Standing, offer: Offer): WholeRow | undefined {
  return (rows[idOf(offer)] ?? [])
    .filter(({ revision }) => isSameMoment(revision, offer.at))
    .reduce<WholeRow | undefined>(
      (newest, row) => (newest && newest.revision > row.revision ? newest : row),
      undefined,
    );
}

/** Whether a row stands for this response at its time. Answers are not asked for. */
export function isListed(standing: Standing, offer: Offer): boolean {
  return newestAt(standing, offer) !== undefined;
}

/** Whether the row of this response tells other answers, since its teacher edited it and its time did not move. */
export function isEdited(standing: Standing, offer: Offer): boolean {
  const newest = newestAt(standing, offer);
  return newest !== undefined && !saysSame(newest, offer);
}

/**
 * The row that is missing of this response, or null. Called under the lock: what an overlapping run has written stands.
 * A response whose time has not moved is read once more before a row is made of it: the one that was listed, or came
 * with a late event, may be older than the row.
 */
export function missingRow(standing: Standing, offer: Offer, isFresh = false): IntakeRow | null {
  const newest = newestAt(standing, offer);
  if (newest && saysSame(newest, offer)) return null;
  if (newest && !isFresh) return missingRow(standing, offer.again(), true);
  const revision = newest ? revisionAfter(newest.revision) : offer.at;
  const { email, answers, digest } = offer.said();
  const { form, responseId, source } = offer;
  const key = intakeKey(form, responseId, revision, digest);
  if ((standing.copies[key] ?? 0) >= MOST_COPIES) return null;
  // Google's time says nothing of an edit that did not move it.
  const receivedAt = newest ? later(newest.receivedAt, offer.sentSince) : offer.at;
  return { key, form, responseId, revision, receivedAt, email, answers, editUrl: offer.editUrl(), source };
}

function later(one: string, other: string): string {
  return one > other ? one : other;
}

function saysSame(row: WholeRow, offer: Offer): boolean {
  const { digest, ...said } = offer.said();
  if (row.digest === digest) return true;
  if (row.answers === null) return row.digest === '';
  return isSameSaid({ email: row.email, answers: row.answers }, said, offer.asked());
}

type Said = Pick<IntakeRow, 'email' | 'answers'>;

/**
 * Whether nobody edited anything: a question that the office deleted or renamed takes its answer out of every response
 * or moves it to another name, and whether addresses are collected may be changed too.
 */
function isSameSaid(before: Said, after: Said, asked: Record<string, true>): boolean {
  const left = Object.keys(before.answers).filter((key) => !asked[key]);
  const moved = left.map((key) => before.answers[key]);
  for (const key of Object.keys({ ...asked, ...after.answers })) {
    const [was, is] = [before.answers[key] ?? '', after.answers[key] ?? ''];
    if (was === is) continue;
    const from = was === '' ? moved.indexOf(is) : -1;
    if (from < 0) return false;
    moved.splice(from, 1);
  }
  return before.email === after.email || before.email === '' || after.email === '';
}
