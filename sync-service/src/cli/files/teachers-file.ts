import { emailOf } from '../../cases/reading/email.ts';
import { columnOf, readTable } from './table-file.ts';
import { PublicError } from '../../../../contract/public-error.ts';

export interface Teacher {
  name: string;
  email: string;
  holdsCertificate: boolean;
}

const COLUMNS = ['姓名', '電子郵件', '持有證書'] as const;
const YES = /^(?:是|有|y|yes|v|1|true)$/iu;
const NO = /^(?:否|無|沒有|n|no|0|false|)$/iu;

/** The roster of teachers: 姓名, 電子郵件, 持有證書（是／否）. Wrong lines are told all at once. */
export async function readTeachers(file: string): Promise<{ addressees: Teacher[]; wrong: string[] }> {
  const table = await readTable(file);
  const [name = -1, mail = -1, holds = -1] = COLUMNS.map((title) => columnOf(table, new RegExp(title, 'u')));
  const missing = COLUMNS.filter((_, index) => [name, mail, holds][index] === -1);
  if (missing.length > 0)
    throw new PublicError({
      sentence: `${file} 第 1 列缺少欄位「${missing.join('」「')}」。`,
      remedy: '請在第 1 列補上這些欄名。',
      english: `${file} lacks columns in row 1; add them.`,
    });
  const wrong: string[] = [];
  const addressees = new Map<string, Teacher>();
  for (const { line, cells: row } of table.rows) {
    const email = emailOf(row[mail]);
    const answer = row[holds] ?? '';
    if (!email) wrong.push(`第 ${line} 列：電子郵件地址不正確`);
    else if (!YES.test(answer) && !NO.test(answer))
      wrong.push(`第 ${line} 列：持有證書「${answer}」看不懂，請填是或否`);
    else addressees.set(email, { name: row[name] ?? '', email, holdsCertificate: YES.test(answer) });
  }
  return { addressees: [...addressees.values()], wrong };
}
