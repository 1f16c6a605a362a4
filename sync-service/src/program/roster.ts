import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { ListedPerson, School } from '../cases/types.ts';
import { ProgramError } from './error.ts';
import { readTextFile } from './text-file.ts';

const rowSchema = z.object({
  code: z.string().min(1),
  name: z.string().min(1),
  county: z.string().min(1),
  level: z.enum(['elementary', 'junior', 'senior']),
});

const EXAMPLE = '114705,市立三慈國小,臺南市,elementary';

/** @throws ProgramError where the file is missing or a line is wrong */
export function readRoster(file: string): School[] {
  const text = textOf(
    file,
    'schools.file',
    `讀不到學校名冊 ${file}`,
    'schools: { file: schools-tainan.csv }',
  );
  const rows = rowsOf(file, text, EXAMPLE);
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

const PEOPLE_EXAMPLE = '姓名,學校,類別\\n王小明,綠川國小,進階';

/** A list of persons: 姓名, and 學校 and 類別 where the list gives them. @throws ProgramError as above */
export function readPeople(file: string): ListedPerson[] {
  const text = textOf(
    file,
    'rosters.file',
    `讀不到名冊 ${file}`,
    'rosters: [{ key: school-list, title: 學校報送名冊, file: teachers.csv }]',
  );
  return rowsOf(file, text, PEOPLE_EXAMPLE).map((row, i) => {
    const { 姓名: name = '', 學校: school = '', 類別: level = '' } = row as Partial<Record<string, string>>;
    if (name !== '') return { name, school, level };
    throw new ProgramError(file, [
      {
        path: `第 ${i + 2} 列`,
        wrong: '沒有姓名；第 1 列的欄名是 姓名，以及可有可無的 學校、類別',
        example: PEOPLE_EXAMPLE,
      },
    ]);
  });
}

function textOf(file: string, path: string, wrong: string, example: string): string {
  try {
    return readTextFile(file);
  } catch {
    throw new ProgramError(file, [{ path, wrong, example }]);
  }
}

function rowsOf(file: string, text: string, example: string): unknown[] {
  try {
    return parse(text, { bom: true, columns: true, trim: true, skip_empty_lines: true }) as unknown[];
  } catch (error) {
    const line = (error as { lines?: number }).lines ?? 1;
    const wrong = `不是正確的 CSV：${(error as Error).message}`;
    throw new ProgramError(file, [{ path: `第 ${line} 列`, wrong, example }]);
  }
}
