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

const EXAMPLE = '114705,市立三慈國小,臺南市,elementary';

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
  const rows = rowsOf(file, text);
  if (rows.length === 0)
    throw new ProgramError(file, [{ path: '第 2 列', wrong: '名冊裡沒有任何學校', example: EXAMPLE }]);
  return rows.map((row, i) => {
    const read = rowSchema.safeParse(row);
    if (read.success) return read.data;
    throw new ProgramError(file, [
      {
        path: `第 ${i + 2} 列`,
        wrong: `欄位 ${read.error.issues.map((issue) => issue.path.join('.')).join('、')} 缺少或不對；四欄是 code,name,county,level，level 只能是 elementary、junior、senior`,
        example: EXAMPLE,
      },
    ]);
  });
}

function rowsOf(file: string, text: string): unknown[] {
  try {
    return parse(text, { bom: true, columns: true, trim: true, skip_empty_lines: true }) as unknown[];
  } catch (error) {
    const line = (error as { lines?: number }).lines ?? 1;
    const wrong = `不是正確的 CSV：${(error as Error).message}`;
    throw new ProgramError(file, [{ path: `第 ${line} 列`, wrong, example: EXAMPLE }]);
  }
}
