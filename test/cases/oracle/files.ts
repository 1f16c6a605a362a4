import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportTable } from '../../../sync-service/src/exports/table.ts';
import { createRandom, type Random } from '../../chaos/random.ts';
import { toBig5 } from '../../tables/big5.ts';
import { FORMS, type MadeRow } from './rows.ts';

const COLUMNS: Record<(typeof FORMS)[number], string[]> = {
  'advanced-mentor-106-107': [
    '電子郵件地址',
    '姓名',
    '服務學校',
    '證書類別',
    '取得學年度',
    '證書字號',
    '作業平臺顯示情形',
    '證書掃描檔',
    '備註',
    '個人資料蒐集同意',
  ],
  'advanced-mentor-105-earlier': [
    '電子郵件地址',
    '姓名',
    '服務學校',
    '證書類別',
    '取得學年度',
    '證書字號',
    '作業平臺顯示情形',
    '證書掃描檔',
    '備註',
    '個人資料蒐集同意',
  ],
  initial: [
    '電子郵件地址',
    '姓名',
    '服務學校',
    '取得學年度',
    '證書字號',
    '作業平臺顯示情形',
    '證書掃描檔',
    '備註',
    '個人資料蒐集同意',
  ],
  'training-record-problem': [
    '電子郵件地址',
    '姓名',
    '服務學校',
    '申請認證類別',
    '問題說明',
    '佐證資料',
    '個人資料蒐集同意',
  ],
};

/** As Google writes it, in one of its ways. */
function stamp(random: Random, at: number): string {
  const time = new Date(Date.UTC(2020, 0, 1) + at * 1000);
  const [month, day, hour] = [time.getUTCMonth() + 1, time.getUTCDate(), time.getUTCHours()];
  const [minute, second] = [time.getUTCMinutes(), time.getUTCSeconds()].map((n) =>
    String(n).padStart(2, '0'),
  );
  const half = hour < 12 ? '上午' : '下午';
  const clock = `${hour % 12 || 12}:${minute}:${second}`;
  return random.one([
    `2020/${month}/${day} ${half} ${clock}`,
    `2020/${month}/${day} ${half} ${clock}`,
    `2020/${month}/${day} ${hour}:${minute}:${second}`,
    `2020/${month}/${day} ${clock} ${half} GMT+8`,
  ]);
}

/** Who saved a file: nothing of it changes what its rows say. */
interface Saved {
  /** How the name of the file goes on behind the form's key. */
  ending: string;
  delimiter: string;
  /** What stands above the table. Only a line that a spreadsheet shows counts as a row. */
  above: { text: string; rows: number };
  encode(text: string): Uint8Array;
}
const utf8 = (text: string) => Buffer.from(text);
const utf16le = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
const NOTHING = { text: '', rows: 0 };
const TITLE = { text: '109年度補登填報', rows: 1 };
const WAYS: readonly Saved[] = [
  { ending: '.csv', delimiter: ',', above: NOTHING, encode: utf8 },
  { ending: '.CSV', delimiter: ',', above: TITLE, encode: (text) => utf8(`\ufeff${text}`) },
  { ending: ' (2).csv', delimiter: ';', above: NOTHING, encode: utf8 },
  { ending: '.csv', delimiter: '|', above: { text: 'sep=|', rows: 0 }, encode: utf8 },
  { ending: '.txt', delimiter: '\t', above: NOTHING, encode: utf16le },
  { ending: '.txt', delimiter: '\t', above: TITLE, encode: (text) => utf16le(text).swap16() },
];
const BIG5: Saved = { ending: '.csv', delimiter: ',', above: NOTHING, encode: toBig5 };
const WORKBOOKS = ['ods', 'xlsx'] as const;

/** Whether a file in Big5 loses nothing of an entry. */
export const isInBig5 = ({ answers }: Pick<MadeRow, 'answers'>) =>
  Object.values(answers).every((text) => new TextDecoder('big5').decode(toBig5(text)) === text);

/**
 * The same title by another hand. What is explained in brackets makes two columns two, where the title stands alone too.
 */
function titleText(random: Random, title: string, isDoubled: boolean): string {
  if (title === '' || random.chance(0.6)) return title;
  const explained = [`${title}（必填）`, `${title}\n(請詳填)`];
  return random.one([
    ` ${title}　`,
    `${title}*`,
    `${title}：`,
    title.replace('臺', '台').replace('證', '証'),
    `${title.slice(0, 1)} ${title.slice(1)}`,
    ...(isDoubled ? [] : explained),
  ]);
}

/** Questions that a form asked anew: each row has its answer in one of the two columns. */
const REASKED = ['姓名', '服務學校', '取得學年度', '證書字號', '問題說明'];

interface Column {
  /** The question; blank where nobody asks for the column. */
  key: string;
  title: string;
  /** Which of the columns of one question it is. */
  nth: number;
}

function columnsOf(random: Random, form: (typeof FORMS)[number]): Column[] {
  // What is optional may have been no question yet.
  const asked = COLUMNS[form].filter((key) => key !== '備註' || random.chance(0.7));
  const again = asked.filter((key) => REASKED.includes(key) && random.chance(0.15));
  const others = random.chance(0.5) ? ['編號', ''] : [];
  const columns = shuffled(random, ['時間戳記', ...asked, ...others]);
  const places = new Map(again.map((key) => [key, random.between(0, columns.length)]));
  return [...columns, ...again].flatMap((key, at): Column[] => {
    const nth = at < columns.length ? 0 : 1;
    if (nth === 1 && !places.has(key)) return [];
    return [{ key, title: titleText(random, key, places.has(key)), nth }];
  });
}

/**
 * One file a form, saved by one program or another, with its columns renamed, doubled, left out and in another order, its
 * rows in another order, blank lines and quotes as `seed` has it. Returns for each row the place that triage names it by.
 */
export async function writeFiles(
  folder: string,
  rows: readonly MadeRow[],
  seed: number,
  { big5 = false }: { big5?: boolean } = {},
): Promise<string[]> {
  const random = createRandom(seed);
  const places: string[] = [];
  for (const form of FORMS) {
    const columns = columnsOf(random, form);
    const doubled = new Set(columns.filter(({ nth }) => nth === 1).map(({ key }) => key));
    const mine = shuffled(
      random,
      rows.flatMap((row, i) => (row.form === form ? [i] : [])),
    );
    const table = mine.map((i) => {
      const row = rows[i] as MadeRow;
      const answeredIn = new Map([...doubled].map((key) => [key, random.between(0, 1)]));
      return columns.map(({ key, nth }) => {
        if (key === '時間戳記') return stamp(random, row.at);
        if (key === '編號') return String(i);
        if (doubled.has(key) && answeredIn.get(key) !== nth) return random.one(['', '', ' ']);
        return row.answers[key] ?? '';
      });
    });
    const titles = columns.map(({ title }) => title);
    const workbook = !big5 && random.chance(0.25) ? random.one(WORKBOOKS) : null;
    if (workbook) {
      writeFileSync(join(folder, `${form}.${workbook}`), await exportTable(workbook, '回應', titles, table));
      for (const [at, i] of mine.entries()) places[i] = `${form}:${at + 2}`;
    } else {
      const saved = big5 ? BIG5 : random.one(WAYS);
      const { text, lines } = delimited(random, saved, [titles, ...table]);
      writeFileSync(join(folder, `${form}${saved.ending}`), saved.encode(text));
      for (const [at, i] of mine.entries()) places[i] = `${form}:${lines[at + 1]}`;
    }
  }
  return places;
}

/** @returns also the row in which each record stands */
function delimited(
  random: Random,
  { delimiter, above }: Saved,
  records: readonly string[][],
): { text: string; lines: number[] } {
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  const isSpecial = (cell: string) =>
    cell.includes(delimiter) || /["\r\n]/u.test(cell) || cell.trim() !== cell || random.chance(0.1);
  const out = above.text === '' ? [] : [above.text];
  const lines: number[] = [];
  for (const cells of records) {
    if (lines.length > 0 && random.chance(0.01))
      out.push(random.one(['', delimiter.repeat(cells.length - 1)]));
    out.push(cells.map((cell) => (isSpecial(cell) ? quoted(cell) : cell)).join(delimiter));
    lines.push(out.length - (above.text === '' ? 0 : 1 - above.rows));
  }
  const end = random.one(['\n', '\r\n']);
  return { text: `${out.join(end)}${random.one(['', end, end + end])}`, lines };
}

function shuffled<T>(random: Random, items: T[]): T[] {
  if (random.chance(0.3)) return items;
  const rest = [...items];
  return items.map(() => rest.splice(random.between(0, rest.length - 1), 1)[0] as T);
}
