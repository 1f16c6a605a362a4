import { intakeKey, type IntakeRow } from '../../../../contract/intake-key.ts';
import {
  contentOf,
  contentsOf,
  isEditOf,
  isImportedId,
  isRemainderOf,
  isSameTime,
  type KnownResponse,
  importedId,
  nearestFirst,
} from '../../ledger/known-responses.ts';
import { shortHash } from '../../platform/short-hash.ts';
import type { ResponseRow } from './responses.ts';

/**
 * The rows of the exports that the ledger does not know yet, as intake rows in the order of receipt. Known is what came
 * by the same form at the same time with the same answers: from an export that was shorter, sorted otherwise or saved by
 * Excel, or by the form itself. Of rows that are alike to the second as many are fresh as there are more than before.
 * A row that says in full what an earlier export had lost comes too, as the same response.
 */
export function freshRows(known: readonly KnownResponse[], rows: readonly ResponseRow[]): IntakeRow[] {
  const { claims, claimed } = claimKnown(known, rows);
  const edited = editedResponses(known, rows, claimed);
  const times = new Map<string, number>();
  return rows.flatMap((row) => {
    const { match, alike } = claims.get(row) ?? { alike: 0 };
    if (match) return isMended(match, row) ? [intakeRow(row, match.responseId)] : [];
    const edit = edited.find((each) => each.row === null && isEdit(each.known, row));
    if (edit) {
      edit.row = row;
      return [intakeRow(row, edit.known.responseId)];
    }
    const digest = digestOf(toldBy(row));
    const nth = (times.get(digest) ?? alike) + 1;
    times.set(digest, nth);
    return [intakeRow(row, importedId(nth === 1 ? digest : `${digest}-${nth}`))];
  });
}

/** A response that came by the form itself is whole, so no row can add to it. */
function isMended({ responseId, answers }: KnownResponse, { submission }: ResponseRow): boolean {
  return isImportedId(responseId) && isRemainderOf(answers, submission.answers);
}

interface Claim {
  match?: KnownResponse;
  /** Counts the known responses that the row is like, whoever claimed them. */
  alike: number;
}

/** Each row claims the known response that it is; those that are so to the second go before those to the minute. */
function claimKnown(known: readonly KnownResponse[], rows: readonly ResponseRow[]) {
  const byContent = Map.groupBy(known, keyOf);
  const claimed = new Set<KnownResponse>();
  const claims = new Map<ResponseRow, Claim>();
  for (const precise of [true, false])
    for (const row of rows) {
      if (claims.get(row)?.match) continue;
      const told = toldBy(row);
      const same = contentsOf(row.submission.answers)
        .flatMap((content) => byContent.get(keyOf({ ...told, content })) ?? [])
        .filter((each) => isSameTime(each, told, precise));
      const match = nearestFirst(same, told).find((each) => !claimed.has(each));
      claims.set(row, { alike: same.length, ...(match ? { match } : {}) });
      // A response whose lost characters were restored has two revisions that compare alike; it counts once.
      for (const each of same) if (each.responseId === match?.responseId) claimed.add(each);
    }
  return { claims, claimed };
}

interface Told {
  form: string;
  receivedAt: Date;
  content: string;
}

function toldBy({ form, submission }: ResponseRow): Told {
  return { form, receivedAt: submission.receivedAt, content: contentOf(submission.answers) };
}

function keyOf({ form, content }: Told): string {
  return `${form}\n${content}`;
}

function digestOf(told: Told): string {
  const text = `${keyOf(told)}\n${told.receivedAt.toISOString()}`;
  return shortHash(text, 24);
}

/**
 * Responses of earlier exports that the rows no longer hold. Where a teacher edits a response Google overwrites its
 * row, so they may be there by other words. An export that has become shorter is another one, so nothing can be told
 * from it.
 */
function editedResponses(
  known: readonly KnownResponse[],
  rows: readonly ResponseRow[],
  claimed: ReadonlySet<KnownResponse>,
): { known: KnownResponse; row: ResponseRow | null }[] {
  const latest = new Map(
    known.filter(({ responseId }) => isImportedId(responseId)).map((each) => [each.caseId, each]),
  );
  const count = <T extends { form: string }>(all: Iterable<T>, form: string) =>
    [...all].filter((each) => each.form === form).length;
  return [...latest.values()]
    .filter((each) => !claimed.has(each) && count(rows, each.form) >= count(latest.values(), each.form))
    .map((each) => ({ known: each, row: null }));
}

function isEdit(earlier: KnownResponse, { form, submission }: ResponseRow): boolean {
  return (
    earlier.form === form &&
    earlier.receivedAt < submission.receivedAt &&
    isEditOf(earlier.answers, submission.answers)
  );
}

function intakeRow({ form, submission }: ResponseRow, responseId: string): IntakeRow {
  const { receivedAt, revision, answers, verifiedEmail } = submission;
  return {
    key: intakeKey(form, responseId, revision),
    form,
    responseId,
    revision,
    receivedAt: receivedAt.toISOString(),
    email: verifiedEmail || (answers.email ?? ''),
    answers,
    editUrl: '',
    source: 'import',
  };
}
