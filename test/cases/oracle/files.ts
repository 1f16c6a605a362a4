import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom, type Random } from '../../chaos/random.ts';
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

/**
 * One CSV a form, with a byte order mark, CRLF, more columns, columns and rows in another order, blank lines and quotes as
 * `seed` has it. Returns for each row the place that triage names it by.
 */
export function writeFiles(folder: string, rows: readonly MadeRow[], seed: number): string[] {
  const random = createRandom(seed);
  const places: string[] = [];
  for (const form of FORMS) {
    const columns = shuffled(random, [
      '時間戳記',
      ...COLUMNS[form],
      ...(random.chance(0.5) ? ['編號', ''] : []),
    ]);
    const records = [columns.map((each) => (random.chance(0.3) ? quoted(each) : each)).join(',')];
    const mine = shuffled(
      random,
      rows.flatMap((row, i) => (row.form === form ? [i] : [])),
    );
    for (const i of mine) {
      if (random.chance(0.01)) records.push(random.one(['', ','.repeat(columns.length - 1)]));
      const row = rows[i] as MadeRow;
      const cells = columns.map((column) =>
        column === '時間戳記' ? stamp(random, row.at) : (row.answers[column] ?? ''),
      );
      records.push(
        cells
          .map((cell) =>
            /[",\r\n]/u.test(cell) || cell.trim() !== cell || random.chance(0.1) ? quoted(cell) : cell,
          )
          .join(','),
      );
      places[i] = `${form}:${records.length}`;
    }
    const end = random.one(['\n', '\r\n']);
    writeFileSync(
      join(folder, `${form}.csv`),
      `${random.one(['', '\ufeff'])}${records.join(end)}${random.one(['', end, end + end])}`,
    );
  }
  return places;
}

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

function shuffled<T>(random: Random, items: T[]): T[] {
  if (random.chance(0.3)) return items;
  const rest = [...items];
  return items.map(() => rest.splice(random.between(0, rest.length - 1), 1)[0] as T);
}
