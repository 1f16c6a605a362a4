import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { School } from '../cases/types.ts';
import { ProgramError } from './error.ts';

const rowSchema = z.object({
  code: z.string().min(1),
  name: z.string().min(1),
  county: z.string().min(1),
  level: z.enum(['elementary', 'junior', 'senior']),
});

/** @throws ProgramError where the file is missing or a line is wrong */
export function readRoster(file: string): School[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new ProgramError(file, [
      {
        path: 'schools.file',
        wrong: `讀不到學校名冊 ${file}`,
        example: 'schools: { file: schools-tainan.csv }',
      },
    ]);
  }
  const rows = parse(text, { bom: true, columns: true, trim: true, skip_empty_lines: true }) as unknown[];
  return rows.map((row, i) => {
    const read = rowSchema.safeParse(row);
    if (read.success) return read.data;
    throw new ProgramError(file, [
      {
        path: `第 ${i + 2} 列`,
        wrong: read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('；'),
        example: '114705,市立三慈國小,臺南市,elementary',
      },
    ]);
  });
}
