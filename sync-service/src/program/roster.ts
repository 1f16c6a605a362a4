import { z } from 'zod';
import { schoolLevel } from '../cases/program-values.ts';
import type { ListedPerson, School } from '../cases/types.ts';
import { faultOf, remarksOf } from '../tables/faults.ts';
import { findColumns, type FoundTable } from '../tables/find-columns.ts';
import type { WantedColumn } from '../tables/place-columns.ts';
import { readSheets } from '../tables/read-sheets.ts';
import { TableError } from '../tables/table-error.ts';
import { ProgramError } from './error.ts';

/** Takes a sentence about what stops nothing, e.g. a column that nobody reads. */
export type Remark = (sentence: string) => void;

const EXAMPLE = '114705,市立三慈國小,臺南市,elementary';
const SCHOOL_COLUMNS: WantedColumn<keyof School>[] = [
  { key: 'code', titles: ['code', '學校代碼', '代碼'], required: true },
  { key: 'name', titles: ['name', '學校名稱', '校名', '學校'], required: true },
  { key: 'county', titles: ['county', '縣市', '縣市名稱'], required: true },
  { key: 'level', titles: ['level', '學制', '級別'], required: true },
];

const LEVEL_NAMES: Partial<Record<string, School['level']>> = {
  國小: 'elementary',
  國中: 'junior',
  高中: 'senior',
};
const rowSchema = z.object({
  code: z.string().min(1),
  name: z.string().min(1),
  county: z.string().min(1),
  level: z.preprocess((level) => LEVEL_NAMES[String(level)] ?? level, schoolLevel),
});

/** @throws ProgramError where the file is missing or a line is wrong */
export async function readRoster(file: string, remark: Remark): Promise<School[]> {
  const table = await tableOf(file, SCHOOL_COLUMNS, remark, {
    path: 'schools.file',
    wrong: `讀不到學校名冊 ${file}`,
    setting: 'schools: { file: schools-tainan.csv }',
    row: EXAMPLE,
  });
  if (table.rows.length === 0)
    throw new ProgramError(file, [{ path: '第 2 列', wrong: '名冊裡沒有任何學校', example: EXAMPLE }]);
  const schools = table.rows.map(({ line, get }) => {
    const row = Object.fromEntries(SCHOOL_COLUMNS.map(({ key }) => [key, get(key).trim()]));
    const read = rowSchema.safeParse(row);
    if (read.success) return read.data;
    const columns = read.error.issues.map((issue) => issue.path.join('.')).join('、');
    const wrong = `欄位 ${columns} 缺少或不對；四欄是 code,name,county,level，level 只能是 elementary、junior、senior（或國小、國中、高中）`;
    throw new ProgramError(file, [{ path: `第 ${line} 列`, wrong, example: EXAMPLE }]);
  });
  return withWholeCodes(file, schools, remark);
}

/** A ministry code has six places; a spreadsheet that takes it for a number drops the zeros at its beginning. */
const WHOLE_CODE = 6;

function withWholeCodes(file: string, schools: School[], remark: Remark): School[] {
  const short = schools.filter(({ code }) => /^\d+$/u.test(code) && code.length < WHOLE_CODE);
  const [first] = short;
  if (!first) return schools;
  remark(
    `${file} 有 ${short.length} 個學校代碼少了開頭的 0（試算表把它當成數字），已補成 6 碼，例如 ${first.code} 讀作 ${wholeCode(first.code)}；請把檔案改正。`,
  );
  return schools.map((school) =>
    short.includes(school) ? { ...school, code: wholeCode(school.code) } : school,
  );
}

function wholeCode(code: string): string {
  return code.padStart(WHOLE_CODE, '0');
}

const PEOPLE_EXAMPLE = '姓名,學校,類別\\n王小明,綠川國小,進階';
const PEOPLE_COLUMNS: WantedColumn<keyof ListedPerson>[] = [
  { key: 'name', titles: ['姓名', '教師姓名'], required: true },
  { key: 'school', titles: ['學校', '服務學校', '學校名稱', '校名'] },
  { key: 'level', titles: ['類別', '證書類別', '認證類別'] },
];

/** A list of persons: 姓名, and 學校 and 類別 where the list gives them. @throws ProgramError as above */
export async function readPeople(file: string, remark: Remark): Promise<ListedPerson[]> {
  const table = await tableOf(file, PEOPLE_COLUMNS, remark, {
    path: 'rosters.file',
    wrong: `讀不到名冊 ${file}`,
    setting: 'rosters: [{ key: school-list, title: 學校報送名冊, file: teachers.csv }]',
    row: PEOPLE_EXAMPLE,
  });
  return table.rows.map(({ line, get }) => {
    const [name, school, level] = [get('name').trim(), get('school').trim(), get('level').trim()];
    if (name !== '') return { name, school, level };
    const wrong = '沒有姓名；欄名是 姓名，以及可有可無的 學校、類別';
    throw new ProgramError(file, [{ path: `第 ${line} 列`, wrong, example: PEOPLE_EXAMPLE }]);
  });
}

interface Place {
  path: string;
  wrong: string;
  /** What the program file says where it names such a file. */
  setting: string;
  row: string;
}

/** Reads a table that the program file names. @throws ProgramError where it is missing or is none */
export async function tableOf<Key extends string>(
  file: string,
  wanted: readonly WantedColumn<Key>[],
  remark: Remark,
  place: Place,
): Promise<FoundTable<Key>> {
  const refuse = (path: string, wrong: string, example: string) =>
    new ProgramError(file, [{ path, wrong, example }]);
  let table: FoundTable<Key>;
  try {
    table = findColumns(await readSheets(file), wanted);
  } catch (error) {
    if (error instanceof TableError) throw refuse('', error.message, place.row);
    throw refuse(place.path, place.wrong, place.setting);
  }
  const fault = faultOf(table);
  if (fault) throw refuse('', fault, place.row);
  for (const each of remarksOf(table)) remark(`${file} ${each}。`);
  return table;
}
