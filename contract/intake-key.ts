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

/** One revision of one response as Apps Script writes it. `revision` and `receivedAt` are ISO instants (UTC, ms). */
export interface IntakeRow {
  key: string;
  form: string;
  responseId: string;
  revision: string;
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

/** Names one revision: the same response, triggered or listed again, gives the same key. */
export function intakeKey(form: string, responseId: string, revision: string): string {
  return `${form}/${responseId}/${revision}`;
}
