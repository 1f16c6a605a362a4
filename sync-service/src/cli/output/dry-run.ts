import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Program } from '../../cases/program-rules.ts';
import { createRegister } from '../../cases/register.ts';
import { isRealDay, ROC_OFFSET, taipeiInstant } from '../../cases/calendar/roc.ts';
import { triage } from '../../cases/triage.ts';
import type { Submission } from '../../cases/types.ts';
import { readTextFile } from '../../program/text-file.ts';
import { exportTable } from '../../exports/table.ts';
import { explanationOf, sheetOf, tableOf, type TriagedRow } from './dry-run-tables.ts';
import { PublicError } from '../../../../contract/public-error.ts';

export interface ResponseRow {
  form: string;
  /** Line in the CSV, the header being 1. */
  row: number;
  submission: Submission;
}

export interface TriageJob {
  program: Program;
  responsesDir: string;
  format: 'jsonl' | 'table' | 'ods';
  /** `form:row`: tell which rules fired for that row instead of listing all. */
  explain?: string;
}

const TIMESTAMP =
  /^(\d{2,4})[/-](\d{1,2})[/-](\d{1,2})[ T]+(上午|下午|AM|PM)?\s*(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(上午|下午|AM|PM)?(?:\s*\[?GMT\+0?8(?::00)?\]?)?$/iu;

/**
 * A timestamp as Google writes it into a CSV: `2020/4/21 下午 3:15:09` from the sheet, `2020/4/21 3:15:09 下午 GMT+8`
 * from the form, also in 24 hours; Asia/Taipei. Null where no such instant exists.
 */
export function parseTimestamp(text: string): Date | null {
  const match = TIMESTAMP.exec(text.trim());
  if (!match) return null;
  const [typed = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = [1, 2, 3, 5, 6, 7].map((i) =>
    Number(match[i] ?? 0),
  );
  const year = typed < 1000 ? typed + ROC_OFFSET : typed;
  const half = (match[4] ?? match[8] ?? '').toUpperCase();
  const hours = half ? (hour % 12) + (half === '下午' || half === 'PM' ? 12 : 0) : hour;
  if (!isRealDay({ year, month, day }) || hour > (half ? 12 : 23) || minute > 59 || second > 59) return null;
  return taipeiInstant({ year, month, day }, hours, minute, second);
}

/**
 * The CSV exports of a program's forms (file name = form key), in the order of their timestamps over all files.
 * @throws PublicError that names the file, the line or the column
 */
export function readResponses(program: Program, folder: string): ResponseRow[] {
  if (!existsSync(folder))
    throw new PublicError({
      sentence: `找不到資料夾 ${folder}。`,
      remedy: '請核對路徑。',
      english: `There is no folder ${folder}.`,
    });
  const files = new Set(readdirSync(folder).filter((name) => name.endsWith('.csv')));
  const rows = program.forms
    .filter((form) => files.delete(`${form.key}.csv`))
    .flatMap((form) => readForm(form, join(folder, `${form.key}.csv`)));
  if (files.size > 0) {
    const names = program.forms.map((form) => `${form.key}.csv`).join('、');
    throw new PublicError({
      sentence: `${folder} 中的 ${[...files].join('、')} 不是這個計畫的表單。`,
      remedy: `檔名應為 ${names}。`,
      english: `Files are named after the forms of the program: ${names}.`,
    });
  }
  return rows.toSorted((a, b) => a.submission.receivedAt.getTime() - b.submission.receivedAt.getTime());
}

function readForm(form: Program['forms'][number], file: string): ResponseRow[] {
  const records = readCsv(file);
  const header = (records[0] ?? []).map((title) => title.trim());
  const missing = form.fields.filter((field) => field.required && !header.includes(field.title));
  if (missing.length > 0 || !header.includes('時間戳記')) {
    const names = [
      ...(header.includes('時間戳記') ? [] : ['時間戳記']),
      ...missing.map((field) => field.title),
    ];
    throw new PublicError({
      sentence: `${file} 缺少欄位「${names.join('」「')}」。`,
      remedy: `請確認是「${form.title}」匯出的 CSV。`,
      english: `${file} lacks columns of its form.`,
    });
  }
  return records.slice(1).flatMap((line, index) => {
    if (line.every((cell) => cell === '')) return [];
    const row = index + 2;
    const cell = (title: string) => line[header.indexOf(title)] ?? '';
    const receivedAt = parseTimestamp(cell('時間戳記'));
    if (!receivedAt)
      throw new PublicError({
        sentence: `${file} 第 ${row} 列的時間戳記「${cell('時間戳記')}」看不懂。`,
        remedy: '應如 2020/4/21 下午 3:15:09。',
        english: `${file}, row ${row}: the timestamp cannot be read.`,
      });
    const answers = Object.fromEntries(form.fields.map((field) => [field.key, cell(field.title)]));
    const responseId = `csv-${form.key}-${row}`;
    const revision = receivedAt.toISOString();
    return [
      {
        form: form.key,
        row,
        submission: { form: form.key, responseId, revision, receivedAt, answers, editUrl: '' },
      },
    ];
  });
}

function readCsv(file: string): string[][] {
  try {
    return parse(readTextFile(file), { bom: true, relax_column_count: true }) as string[][];
  } catch (error) {
    throw new PublicError({
      sentence: `${file} 不是正確的 CSV：${(error as Error).message}。`,
      remedy: '請由 Google 試算表重新匯出。',
      english: `${file} is no CSV; export it anew.`,
    });
  }
}

/** Triages rows in their order; each one's case counts for those after it. */
export function* triageRows(program: Program, rows: readonly ResponseRow[]): Generator<TriagedRow> {
  const register = createRegister();
  for (const { form, row, submission } of rows) {
    const verdict = triage(program, submission, register);
    register.enter(`${form}:${row}`, form, verdict, submission.answers);
    const { outcome, queue, moved, problems, warnings, duplicateOf } = verdict;
    const line = { form, row, outcome, queue, moved, problems, warnings, duplicateOf };
    yield { line, verdict, submission };
  }
}

/** The dry run: reads, triages and prints, and touches nothing else. */
export async function triageFiles(job: TriageJob, out: NodeJS.WritableStream): Promise<void> {
  const { program } = job;
  const triaged = [...triageRows(program, readResponses(program, job.responsesDir))];
  if (job.explain) {
    const found = triaged.find(({ line }) => `${line.form}:${line.row}` === job.explain);
    if (!found)
      throw new PublicError({
        sentence: `找不到 ${job.explain}。`,
        remedy: '請寫成 表單鍵:列號，例如 initial:2（標題列為第 1 列）。',
        english: '--explain takes form:row, e.g. initial:2.',
      });
    out.write(explanationOf(program, found));
  } else if (job.format === 'jsonl') for (const { line } of triaged) out.write(`${JSON.stringify(line)}\n`);
  else if (job.format === 'table') out.write(tableOf(program, triaged));
  else {
    const { header, rows } = sheetOf(program, triaged);
    out.write(await exportTable('ods', '分流試算', header, rows));
  }
}
