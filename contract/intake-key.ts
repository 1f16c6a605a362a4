/** Sheet title of the intake tab in the restricted office spreadsheet; row 1 holds the keys below, row 2 the labels. */
export const INTAKE_TAB = '收件';

/** Columns of the intake tab, in the order in which set-up writes them: machine key → zh-TW label. */
export const INTAKE_COLUMNS = {
  key: '收件鍵',
  form: '表單',
  responseId: '回應編號',
  revision: '版次時間',
  receivedAt: '收件時間',
  email: '電子郵件',
  answers: '填報內容',
  editUrl: '修改連結',
  source: '來源',
} as const;

export type IntakeColumn = keyof typeof INTAKE_COLUMNS;

/** One revision of one response as Apps Script writes it. */
export interface IntakeRow {
  key: string;
  form: string;
  responseId: string;
  /**
   * Google's time of the response as an ISO instant (UTC, ms), and from the second version with the same time on `~0002`:
   * nobody knows whether that time moves with an edit. Sorted as texts, a response's revisions stand in their order.
   */
  revision: string;
  /** When this version was sent, as near as anybody knows: an ISO instant. */
  receivedAt: string;
  email: string;
  /** Raw answers by field key. The cell holds them as JSON. */
  answers: Record<string, string>;
  editUrl: string;
  source: 'trigger' | 'sweep' | 'import';
}

/** Stands in the source column of a row that was emptied: its key stays, so that nothing is taken in again. */
export const ERASED_SOURCE = 'erased';

/** The columns of such a row that hold nothing. */
export const ERASED_COLUMNS = ['email', 'answers', 'editUrl'] as const satisfies readonly IntakeColumn[];

type Response = Pick<IntakeRow, 'form' | 'responseId'>;

/**
 * Names one revision by what was answered, so that no other content is ever taken for it. Rows of releases before 0.2
 * and rows of an import have no digest.
 */
export function intakeKey(form: string, responseId: string, revision: string, digest = ''): string {
  return `${form}/${responseId}/${revision}${digest && `/${digest}`}`;
}

/** Reads the revision out of a key of this response. */
export function revisionIn(key: string, { form, responseId }: Response): string {
  return withoutDigest(key).slice(intakeKey(form, responseId, '').length);
}

const DIGEST = /\/([0-9a-f]{16})$/;

export function digestIn(key: string): string {
  return DIGEST.exec(key)?.[1] ?? '';
}

/** The key as a release before 0.2 wrote it. */
export function withoutDigest(key: string): string {
  return key.replace(DIGEST, '');
}

/** Whether the key is this row's, whatever it says of the answers: those of an emptied row are gone. */
export function isKeyOf(
  key: string,
  { form, responseId, revision }: Response & Pick<IntakeRow, 'revision'>,
): boolean {
  return withoutDigest(key) === intakeKey(form, responseId, revision);
}

/** Google's time in a revision. */
export function timeOf(revision: string): string {
  return revision.split('~')[0] ?? '';
}

/** The revision after this one at the same time of Google's. */
export function revisionAfter(revision: string): string {
  const nth = Number(revision.split('~')[1] ?? 1) + 1;
  return `${timeOf(revision)}~${String(nth).padStart(4, '0')}`;
}

/** An event and a later list may tell the time of one version with other fractions of a second. */
const SAME_MOMENT_MS = 1000;

export function isSameMoment(one: string, other: string): boolean {
  return Math.abs(Date.parse(timeOf(one)) - Date.parse(timeOf(other))) < SAME_MOMENT_MS;
}

/**
 * The digest of what a reviewer would see, sorted and without empty answers, so that neither the order of the questions
 * nor one that was added changes it.
 * @param sha256 answers the digest of an ASCII text in hex: Apps Script and Node have different ones
 */
export function digestOf(
  { answers, email }: Pick<IntakeRow, 'answers' | 'email'>,
  sha256: (ascii: string) => string,
): string {
  const told = Object.keys(answers)
    .filter((key) => answers[key] !== '')
    // Apps Script may not know toSorted.
    // oxlint-disable-next-line unicorn/no-array-sort
    .sort()
    .map((key) => [key, answers[key]]);
  const ascii = JSON.stringify([email, told]).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return sha256(ascii).slice(0, 16);
}
