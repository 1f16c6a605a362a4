import stringWidth from 'string-width';
import { certificateKey } from '../../cases/reading/certificate-number.ts';
import { sentenceFor } from '../../cases/codes.ts';
import { maskIdNumber, maskName } from '../../cases/reading/name.ts';
import { readLevel } from '../../cases/reading/level.ts';
import type { Program } from '../../cases/program-rules.ts';
import { schoolYearOf } from '../../cases/calendar/roc.ts';
import { readSchoolYear } from '../../cases/reading/school-year.ts';
import { readSchool } from '../../cases/reading/schools.ts';
import { LEVELS, type School, type Submission, type Verdict } from '../../cases/types.ts';

export interface TriageLine {
  form: string;
  row: number;
  outcome: Verdict['outcome'];
  queue: string | null;
  moved: boolean;
  problems: string[];
  warnings: string[];
  duplicateOf: string | null;
}

export interface TriagedRow {
  line: TriageLine;
  verdict: Verdict;
  submission: Submission;
}

const OUTCOME_LABELS = {
  review: '送審',
  correction: '補件',
  duplicate: '重複填報',
  'not-needed': '無須補登',
  late: '逾時不受理',
} as const satisfies Record<Verdict['outcome'], string>;

const HEADER = ['表單', '列', '結果', '佇列', '改送', '問題', '提醒', '重複'];

function cellsOf(program: Program, line: TriageLine): (string | number)[] {
  return [
    line.form,
    line.row,
    OUTCOME_LABELS[line.outcome],
    queueLabel(program, line.queue),
    line.moved ? '是' : '',
    line.problems.join(' '),
    line.warnings.join(' '),
    line.duplicateOf ?? '',
  ];
}

function queueLabel(program: Program, key: string | null): string {
  return program.queues.find((queue) => queue.key === key)?.label ?? '';
}

/** Writes a table for a spreadsheet: each row with its reasons in words. */
export function sheetOf(program: Program, triaged: readonly TriagedRow[]) {
  const rows = triaged.map(({ line, verdict }) => [
    ...cellsOf(program, line),
    verdict.explanation.map(({ because }) => because).join('\n'),
  ]);
  return { header: [...HEADER, '說明'], rows };
}

/** Writes a table for a terminal: the rows, what their codes mean, and the totals. */
export function tableOf(program: Program, triaged: readonly Pick<TriagedRow, 'line'>[]): string {
  const lines = triaged.map(({ line }) => line);
  const cells = [HEADER, ...lines.map((line) => cellsOf(program, line))].map((row) => row.map(String));
  const codes = lines.flatMap(({ problems, warnings }) => [...problems, ...warnings]);
  const legend = [...new Set(codes)]
    .toSorted()
    .map((code) => [code, String(codes.filter((each) => each === code).length), sentenceFor(code, program)]);
  const totals = Object.entries(OUTCOME_LABELS).map(
    ([outcome, label]) => `${label} ${lines.filter((line) => line.outcome === outcome).length}`,
  );
  const parts = [aligned(cells), aligned(legend), `共 ${lines.length} 列：${totals.join('、')}`];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function aligned(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => stringWidth(row[i] ?? ''))));
  const pad = (cell: string, i: number) => cell + ' '.repeat((widths[i] ?? 0) - stringWidth(cell));
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

/** Explains one row: what came of it, the rules that fired with their reasons, and how each answer was read. */
export function explanationOf(
  program: Program,
  { line, verdict, submission }: TriagedRow,
  { full }: { full: boolean },
): string {
  const label = queueLabel(program, line.queue);
  const rules = verdict.explanation.flatMap(({ rule, because }) => [`  ${rule}`, `    ${because}`]);
  const fields = program.forms.find(({ key }) => key === line.form)?.fields ?? [];
  const answers = fields.map(({ key, title, sensitive }) => {
    const answer = (submission.answers[key] ?? '').trim();
    if (sensitive && !full && answer) return `    ${title}：${masked(key, answer)}`;
    const reading = readingOf(program, key, submission);
    return `    ${title}：${answer || '（空白）'}${reading ? `　→　${reading}` : ''}`;
  });
  const head = `${line.form}:${line.row}：${OUTCOME_LABELS[line.outcome]}${label ? `（${label}）` : ''}`;
  return `${[head, ...rules, '  填報內容與判讀', ...answers].join('\n')}\n`;
}

/** Masks personal data, which must not get into a terminal and its history. */
function masked(key: string, answer: string): string {
  if (key === 'name') return maskName(answer);
  return key === 'id-number' ? maskIdNumber(answer) : `（已遮蔽，${[...answer].length} 字；加 --full 顯示）`;
}

/** Says what an answer was read as, where that differs from its words. */
function readingOf(program: Program, key: string, { answers, receivedAt }: Submission): string {
  const raw = answers[key] ?? '';
  if (key === 'school') return schoolText(program, raw);
  if (key === 'school-year') return yearText(raw, receivedAt);
  if (key === 'certificate-number' && raw.trim()) return `比對用：${certificateKey(raw)}`;
  if (key !== 'level') return '';
  const level = readLevel(raw);
  return level === null ? '看不出類別' : level === 'missing' ? '' : LEVELS[level];
}

function schoolText({ schools }: Program, raw: string): string {
  const reading = readSchool(schools, raw);
  const name = ({ code, name: title }: School) => `${code} ${title}`;
  if (reading.kind === 'school') return name(reading.school);
  if (reading.kind === 'ambiguous') return `可能是 ${reading.schools.map(name).join('、')}`;
  return reading.kind === 'unknown' ? '名冊上查無' : '';
}

function yearText(raw: string, receivedAt: Date): string {
  const now = schoolYearOf(receivedAt);
  const reading = readSchoolYear(raw, now);
  if (reading.kind === 'years') return `${reading.years.join(' 或 ')} 學年度`;
  if (reading.kind === 'future') return `${reading.years.join(' 或 ')} 學年度，收件時是 ${now} 學年度`;
  return reading.kind === 'unreadable' ? '看不出學年度' : '';
}
