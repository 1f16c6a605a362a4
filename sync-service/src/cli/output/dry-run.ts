import type { Program } from '../../cases/program-rules.ts';
import { createRegister } from '../../cases/register.ts';
import { triage } from '../../cases/triage.ts';
import { exportTable } from '../../exports/table.ts';
import { type ResponseRow, readResponses } from '../files/responses.ts';
import { explanationOf, sheetOf, tableOf, type TriagedRow } from './dry-run-tables.ts';
import { remark } from './remark.ts';
import { PublicError } from '../../../../contract/public-error.ts';

export interface TriageJob {
  program: Program;
  responsesDir: string;
  format: 'jsonl' | 'table' | 'ods';
  /** `form:row`: tell which rules fired for that row instead of listing all. */
  explain?: string;
  /** Shows the answers of sensitive fields too. */
  full?: boolean;
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

/** Reads, triages and prints, and touches nothing else. A row that cannot be read is told, and the exit code says so. */
export async function triageFiles(job: TriageJob, out: NodeJS.WritableStream): Promise<void> {
  const { program } = job;
  let left = 0;
  const rows = await readResponses(program, job.responsesDir, ({ message }) => {
    left += 1;
    remark(message);
  });
  if (left > 0) {
    remark(`以上 ${left} 列沒有試算，其餘照常。`);
    process.exitCode = 1;
  }
  const triaged = [...triageRows(program, rows)];
  if (job.explain) {
    const found = triaged.find(({ line }) => `${line.form}:${line.row}` === job.explain);
    if (!found)
      throw new PublicError({
        sentence: `找不到 ${job.explain}。`,
        remedy: '請寫成 表單鍵:列號，例如 initial:2（標題列為第 1 列）。',
        english: '--explain takes form:row, e.g. initial:2.',
      });
    out.write(explanationOf(program, found, { full: job.full ?? false }));
  } else if (job.format === 'jsonl') for (const { line } of triaged) out.write(`${JSON.stringify(line)}\n`);
  else if (job.format === 'table') out.write(tableOf(program, triaged));
  else {
    const { header, rows } = sheetOf(program, triaged);
    out.write(await exportTable('ods', '分流試算', header, rows));
  }
}
