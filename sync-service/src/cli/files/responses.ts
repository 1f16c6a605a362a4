import { cutText, fitCell } from '../../../../contract/cell-text.ts';
import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { PublicError } from '../../../../contract/public-error.ts';
import { isRealDay, ROC_OFFSET, taipeiInstant } from '../../cases/calendar/roc.ts';
import type { Program, ProgramForm } from '../../cases/program-rules.ts';
import type { Submission } from '../../cases/types.ts';
import type { FoundRow } from '../../tables/find-columns.ts';
import type { WantedColumn } from '../../tables/place-columns.ts';
import { TABLE_EXTENSIONS } from '../../tables/read-sheets.ts';
import { remark } from '../output/remark.ts';
import { formOfFile } from './form-of-file.ts';
import { readTable } from './table-file.ts';

export interface ResponseRow {
  form: string;
  /** Row in the spreadsheet, the titles being 1 where nothing stands above them. */
  row: number;
  submission: Submission;
}

const LONGEST_TIMESTAMP = 60;
const TIMESTAMP =
  /^(\d{2,4})[/-](\d{1,2})[/-](\d{1,2})[ T]+(上午|下午|AM|PM)?\s*(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(上午|下午|AM|PM)?(?:\s*\[?GMT\+0?8(?::00)?\]?)?$/iu;

/**
 * A timestamp as Google writes it into an export: `2020/4/21 下午 3:15:09` from the sheet, `2020/4/21 3:15:09 下午 GMT+8`
 * from the form, also in 24 hours; as Excel writes it back, `2020/4/21 15:15`. Asia/Taipei. Null where no such instant
 * exists.
 */
export function parseTimestamp(text: string): Date | null {
  // No timestamp is longer, and the pattern takes long over a long row of blanks.
  const match = TIMESTAMP.exec(cutText(text.trim(), LONGEST_TIMESTAMP));
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
 * The exports of a program's forms, in the order of their timestamps over all files. A file is a form's by its name:
 * the form's key, or its title as Google names downloads.
 * @param setAside takes what is wrong with a row whose timestamp cannot be read, so that the other rows go on; without
 *   it that row refuses all, for commands that run once
 * @throws PublicError that names the file, the line or the column
 */
export async function readResponses(
  program: Program,
  folder: string,
  setAside: (wrong: PublicError) => void = refuse,
): Promise<ResponseRow[]> {
  const files = tablesIn(folder);
  const taken = new Map<ProgramForm, string>();
  const strangers: string[] = [];
  for (const file of files) {
    const form = formOfFile(file, program.forms);
    const other = form && taken.get(form);
    if (other)
      throw new PublicError({
        sentence: `${folder} 中的 ${other} 和 ${file} 都是表單「${form.title}」的匯出檔。`,
        remedy: '請只留一個。',
        english: `${other} and ${file} are exports of one form; keep one.`,
      });
    if (form) taken.set(form, file);
    else strangers.push(file);
  }
  if (strangers.length > 0 || taken.size === 0) throw notForms(program, folder, strangers);
  const rows: ResponseRow[][] = [];
  for (const form of program.forms) {
    const file = taken.get(form);
    if (file) rows.push(await readForm(form, join(folder, file), setAside));
  }
  return rows
    .flat()
    .toSorted((a, b) => a.submission.receivedAt.getTime() - b.submission.receivedAt.getTime());
}

function refuse(wrong: PublicError): never {
  throw wrong;
}

function tablesIn(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name)
      // Skips the locks that spreadsheet programs lay beside an open file, and what systems hide.
      .filter((name) => !/^(?:\.|~\$)/u.test(name))
      .toSorted();
  } catch {
    throw new PublicError({
      sentence: `找不到資料夾 ${folder}。`,
      remedy: '請核對路徑。',
      english: `There is no folder ${folder}.`,
    });
  }
  const isTable = (name: string) =>
    TABLE_EXTENSIONS.some((extension) => extension === extname(name).toLowerCase());
  const others = names.filter((name) => !isTable(name));
  if (others.length > 0) remark(`${folder} 中的 ${others.join('、')} 不是 csv、ods 或 xlsx，沒有讀入。`);
  return names.filter(isTable);
}

function notForms(program: Program, folder: string, files: readonly string[]): PublicError {
  const names = program.forms.map(({ key, title }) => `${key}.csv 或「${title} (回應)….csv」`).join('、');
  const keys = program.forms.map(({ key }) => `${key}.csv`).join(', ');
  const wrong = files.length > 0 ? `${files.join('、')} 不是這個計畫的表單` : '沒有任何表單的匯出檔';
  return new PublicError({
    sentence: `${folder} 中的 ${wrong}。`,
    remedy: `檔名應為 ${names}（也可以是 .xlsx、.ods）。`,
    english: `Files are named after the keys or the titles of the program's forms: ${keys}.`,
  });
}

const RECEIVED = '時間戳記';
/** No question can have this key, since keys are lower case. */
const STAMP = '#received';
const COLLECTED = '#collected';
/** How Google titles the address of whoever was signed in. */
const COLLECTED_TITLES = ['電子郵件地址', '電子郵件', 'Email Address', '使用者名稱', 'Username'];

function columnsOf(form: ProgramForm): WantedColumn[] {
  return [
    { key: STAMP, titles: [RECEIVED, 'Timestamp'], required: true },
    ...form.fields.map(({ key, title, required }) => ({
      key,
      titles: key === 'email' ? [title, ...COLLECTED_TITLES] : [title],
      required,
      // Google's own column of the signed-in address comes first and may bear the same title as the question.
      lastCounts: key === 'email',
    })),
    { key: COLLECTED, titles: COLLECTED_TITLES },
  ];
}

async function readForm(
  form: ProgramForm,
  file: string,
  setAside: (wrong: PublicError) => void,
): Promise<ResponseRow[]> {
  const table = await readTable(file, columnsOf(form), `請確認是「${form.title}」的匯出檔。`);
  return table.rows.flatMap((row) => {
    const receivedAt = parseTimestamp(row.get(STAMP));
    if (receivedAt)
      return [{ form: form.key, row: row.line, submission: submissionOf(form, receivedAt, row) }];
    setAside(unreadableTimestamp(file, row));
    return [];
  });
}

function unreadableTimestamp(file: string, { line, get }: FoundRow): PublicError {
  return new PublicError({
    sentence: `${file} 第 ${line} 列的時間戳記「${fitCell(get(STAMP), LONGEST_TIMESTAMP)}」看不懂。`,
    remedy: '應如 2020/4/21 下午 3:15:09。',
    english: `${file}, row ${line}: the timestamp cannot be read.`,
  });
}

function submissionOf(form: ProgramForm, receivedAt: Date, { line, get, all }: FoundRow): Submission {
  const [collected = ''] = [...all('email').slice(0, -1), get(COLLECTED)]
    .map((each) => each.trim())
    .filter(Boolean);
  const answers = Object.fromEntries(form.fields.map(({ key }) => [key, get(key)]));
  return {
    form: form.key,
    responseId: `csv-${form.key}-${line}`,
    revision: receivedAt.toISOString(),
    receivedAt,
    answers: { ...answers, ...(isBlank(answers.email) && collected ? { email: collected } : {}) },
    ...(collected ? { verifiedEmail: collected } : {}),
    editUrl: '',
  };
}

const isBlank = (answer = '') => answer.trim() === '';
