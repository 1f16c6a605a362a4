import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { formOfFile } from '../../../sync-service/src/cli/files/form-of-file.ts';
import { readResponses } from '../../../sync-service/src/cli/files/responses.ts';
import { triageRows } from '../../../sync-service/src/cli/output/dry-run.ts';
import { exportTable } from '../../../sync-service/src/exports/table.ts';
import { loadProgram } from '../../../sync-service/src/program/load.ts';
import { tainan } from '../../cases/helpers.ts';
import { testFolder } from '../../tables/files.ts';

const INPUTS = 'test/fixtures/inputs';
const { folder, write } = testFolder();
const answersOf = async (input: string, key: string) =>
  (await readResponses(tainan, `${INPUTS}/${input}`)).map(({ submission }) => submission.answers[key]);
const fresh = (name: string) => {
  mkdirSync(join(folder, name));
  return (file: string, content: string | Uint8Array) => write(join(name, file), content);
};
const SAMPLE = readFileSync(`${INPUTS}/excel-resaved/1-original/initial.csv`, 'utf8');

describe('the form of a file', () => {
  const [initial, early] = ['initial', 'advanced-mentor-105-earlier'].map((wanted) =>
    tainan.forms.find(({ key }) => key === wanted),
  );

  it.each([
    'initial.csv',
    'initial.CSV',
    'Initial.xlsx',
    'initial (1).csv',
    '初階證書補登（不限取得年度） (回應) - 表單回應 1.csv',
    '初階證書補登（不限取得年度） (回應) - 表單回應 1 (2).csv',
    '初階證書補登（不限取得年度）（回應）.xlsx',
    '初階證書補登(不限取得年度)_(回應)_-_表單回應_1.csv',
    '初階證書補登（不限取得年度） (Responses) - Form Responses 1.csv',
    '初階證書補登（不限取得年度）.csv',
  ])('%s is the form of initial certificates', (file) =>
    expect(formOfFile(file, tainan.forms)).toBe(initial));

  it('is known by its whole key or title', () => {
    expect(formOfFile('advanced-mentor-105-earlier.csv', tainan.forms)).toBe(early);
    expect(formOfFile('advanced-mentor-105-earlier (3).csv', tainan.forms)).toBe(early);
    expect(formOfFile(`${early?.title} (回應) - 表單回應 2.csv`, tainan.forms)).toBe(early);
    for (const other of [
      'initail.csv',
      'advanced-mentor.csv',
      '初階證書補登.csv',
      '表單回應 1.csv',
      '初階證書補登（不限取得年度）名冊.csv',
    ])
      expect(formOfFile(other, tainan.forms)).toBeUndefined();
  });
});

describe('a folder of exports', () => {
  it.each(['google-name', 'upper'])('with the file names of file-names/%s is read', async (name) => {
    expect(await answersOf(`file-names/${name}`, 'name')).toEqual(['王小明', '陳喆宇']);
  });

  it('with a workbook that is none of the form says what it lacks', async () => {
    await expect(readResponses(tainan, `${INPUTS}/file-names/xlsx`)).rejects.toThrow(
      /initial\.xlsx 第 1 列缺少欄位「時間戳記」.*初階證書補登/u,
    );
  });

  it.each(['ods', 'xlsx', 'csv'] as const)('is read from .%s as from the CSV of Google', async (format) => {
    const [titles = [], ...rows] = SAMPLE.trim()
      .split(/\r?\n/u)
      .map((line) => line.split(','));
    fresh(format)(`initial.${format}`, await exportTable(format, '表單回應 1', titles, rows));
    const wanted = await readResponses(tainan, `${INPUTS}/excel-resaved/1-original`);
    expect(await readResponses(tainan, join(folder, format))).toEqual(wanted);
  });

  it('without any export, with a stranger, or with two of one form is refused in words', async () => {
    const put = fresh('wrong');
    put('notes.pdf', '%PDF');
    const said = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    await expect(readResponses(tainan, join(folder, 'wrong'))).rejects.toThrow('沒有任何表單的匯出檔');
    expect(said.mock.calls.join()).toContain('notes.pdf 不是 csv、ods 或 xlsx，沒有讀入');
    said.mockRestore();
    put('initial.csv', SAMPLE);
    put('.~lock.initial.csv#', 'lock');
    put('~$initial.xlsx', 'lock');
    expect(await readResponses(tainan, join(folder, 'wrong'))).toHaveLength(2);
    put('其他表單 (回應).csv', SAMPLE);
    await expect(readResponses(tainan, join(folder, 'wrong'))).rejects.toThrow(
      '其他表單 (回應).csv 不是這個計畫的表單',
    );
    cpSync(`${INPUTS}/file-names/google-name`, join(folder, 'twice'), { recursive: true });
    write('twice/initial.csv', SAMPLE);
    await expect(readResponses(tainan, join(folder, 'twice'))).rejects.toThrow(
      /initial\.csv.*表單回應 1\.csv.*只留一個/u,
    );
  });
});

describe('the columns of an export', () => {
  it('an address that the teacher typed counts, else the one that Google collected', async () => {
    expect(await answersOf('two-email-columns', 'email')).toEqual([
      'typed@example.com',
      'typed2@example.com',
    ]);
    const put = fresh('collected');
    put(
      'initial.csv',
      SAMPLE.replace('姓名', '電子郵件地址,姓名').replaceAll(/(t\d@example.com)/gu, 'google-$1,'),
    );
    expect(
      (await readResponses(tainan, join(folder, 'collected'))).map(
        ({ submission }) => submission.answers.email,
      ),
    ).toEqual(['google-t1@example.com', 'google-t2@example.com']);
  });

  it('a question that was asked anew is joined with its former answers', async () => {
    expect(await answersOf('same-title-columns', 'school')).toEqual(['114601', '114601']);
  });

  it('a title in another writing is the same question', async () => {
    for (const input of ['renamed-optional/a', 'renamed-optional/b']) {
      const rows = await readResponses(tainan, `${INPUTS}/${input}`);
      expect([...triageRows(tainan, rows)].map(({ line }) => line.outcome)).toEqual(['not-needed']);
    }
  });

  it('below a title line are read, with the rows that the spreadsheet shows', async () => {
    fresh('titled')('initial.csv', `109年度補登,,,\n${SAMPLE}`);
    const rows = await readResponses(tainan, join(folder, 'titled'));
    expect(rows.map(({ row }) => row)).toEqual([3, 4]);
  });
});

describe('a roster of schools whose codes lost their zeros', () => {
  const triaged = async (name: string, remarks: string[] = []) => {
    const program = await loadProgram(`${INPUTS}/schools-roster/${name}.yaml`, (each) => remarks.push(each));
    const rows = await readResponses(program, `${INPUTS}/schools-roster/responses`);
    return [...triageRows(program, rows)].map(({ line, verdict }) => [
      line.outcome,
      verdict.facts.school?.code,
    ]);
  };

  it('is found, said and matched, also where a teacher typed the code without its zero', async () => {
    const remarks: string[] = [];
    const all = Array.from({ length: 4 }, () => ['review', '014601']);
    expect(await triaged('excel-zero', remarks)).toEqual(all);
    expect(remarks).toContainEqual(expect.stringContaining('有 2 個學校代碼少了開頭的 0'));
    const none: string[] = [];
    expect(await triaged('whole-zero', none)).toEqual(all);
    expect(none.filter((each) => each.includes('學校代碼'))).toEqual([]);
  });

  it('is refused with the line where a byte is damaged', async () => {
    await expect(triaged('one-bad-byte')).rejects.toThrow(
      /one-bad-byte\.csv[\s\S]*第 3 行有不是文字的位元組/u,
    );
  });
});
