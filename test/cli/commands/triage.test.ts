import type { TriageLine } from '../../../sync-service/src/cli/output/dry-run-tables.ts';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { readOds } from 'hucre/ods';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PROBLEMS } from '../../../sync-service/src/cases/codes.ts';
import { parseTimestamp, readResponses } from '../../../sync-service/src/cli/files/responses.ts';
import { triageRows, type TriageJob, triageFiles } from '../../../sync-service/src/cli/output/dry-run.ts';
import { PublicError } from '../../../contract/public-error.ts';
import { decodeText } from '../../../sync-service/src/tables/encoding.ts';
import { loadProgram } from '../../../sync-service/src/program/load.ts';

const PROGRAM = 'programs/tainan-109.yaml';
const SAMPLE = 'test/fixtures/responses-sample';
const program = await loadProgram(PROGRAM);

async function output(job: Partial<TriageJob>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const out = new Writable({
    write(chunk: Buffer | string, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  await triageFiles({ program, responsesDir: SAMPLE, format: 'jsonl', ...job }, out);
  return Buffer.concat(chunks);
}

function byPlace(lines: TriageLine[]): TriageLine[] {
  return lines.toSorted((a, b) => a.form.localeCompare(b.form) || a.row - b.row);
}

function linesOf(text: string): TriageLine[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TriageLine);
}

describe('the sample of 200 responses', async () => {
  const rows = await readResponses(program, SAMPLE);
  const expected = linesOf(readFileSync(join(SAMPLE, 'expected.jsonl'), 'utf8'));

  it('is judged as expected.jsonl says, every key of every row', () => {
    const judged = [...triageRows(program, rows)].map(({ line }) => line);
    expect(byPlace(judged)).toEqual(byPlace(expected));
  });

  it('gives problems only with a correction, warnings and a queue only with a review', () => {
    for (const { line, verdict } of triageRows(program, rows)) {
      expect(line.problems.length > 0).toBe(line.outcome === 'correction');
      expect(line.queue !== null).toBe(line.outcome === 'review');
      if (line.outcome !== 'review') expect(line.warnings).toEqual([]);
      expect(line.duplicateOf !== null).toBe(line.outcome === 'duplicate');
      expect(verdict.explanation.length).toBeGreaterThan(0);
    }
  });

  it('prints one JSON object a row, with the keys in the order of the reference', async () => {
    const text = (await output({ format: 'jsonl' })).toString();
    expect(byPlace(linesOf(text))).toEqual(byPlace(expected));
    expect(Object.keys(linesOf(text)[0] ?? {})).toEqual([
      'form',
      'row',
      'outcome',
      'queue',
      'moved',
      'problems',
      'warnings',
      'duplicateOf',
    ]);
  });

  it('prints a table in zh-TW with the totals below', async () => {
    const text = (await output({ format: 'table' })).toString();
    expect(text).toContain('advanced-mentor-106-107');
    expect(text).toMatch(/共 200 列：送審 \d+、補件 \d+、重複填報 \d+、無須補登 \d+、逾時不受理 \d+\n$/u);
    const count = (outcome: string) => expected.filter((line) => line.outcome === outcome).length;
    expect(text).toContain(`送審 ${count('review')}、補件 ${count('correction')}`);
    const ambiguous = expected.filter((line) => line.problems.includes('school.ambiguous')).length;
    expect(text).toMatch(new RegExp(`^school\\.ambiguous +${ambiguous} +所填的校名不只一所`, 'mu'));
    expect(text).toMatch(/^initial +2 +送審 +市教專中心$/mu);
  });

  it('writes an .ods that reads back with every row', async () => {
    const book = await readOds(await output({ format: 'ods' }));
    const [header, ...rows] = book.sheets[0]?.rows ?? [];
    expect(header).toEqual(['表單', '列', '結果', '佇列', '改送', '問題', '提醒', '重複', '說明']);
    expect(rows).toHaveLength(200);
    const row = rows.find(([form, line]) => form === 'initial' && Number(line) === 7);
    expect(row?.slice(2).filter((cell) => cell !== '')).toEqual([
      '重複填報',
      'initial:6',
      '同一人、同一類別、同一證書字號已有先前的案件 initial:6。',
    ]);
  });
});

describe('--explain', () => {
  it('tells the rule that fired and why', async () => {
    const moved = (await output({ explain: 'advanced-mentor-106-107:6' })).toString();
    expect(moved).toContain('送審（市教專中心）');
    expect(moved).toContain('route.dispatch-105');
    expect(moved).toContain('類別「進階」、103學年度符合路徑');
    expect(moved).toContain('已代為改送並告知教師');
    const wrong = (await output({ explain: 'advanced-mentor-106-107:2' })).toString();
    expect(wrong).toContain('school.unknown');
    expect(wrong).toContain(PROBLEMS['school.unknown']);
    const twice = (await output({ explain: 'initial:7' })).toString();
    expect(twice).toContain('重複填報');
    expect(twice).toContain('initial:6');
  });

  it('tells how each answer was read', async () => {
    const both = (await output({ explain: 'initial:46' })).toString();
    expect(both).toContain('可能是 114649 市立善化區大同國小、213603 市立東區大同國小');
    expect(both).toContain('取得學年度：民國108年　→　107 或 108 學年度');
    const row = (await output({ explain: 'advanced-mentor-105-earlier:26' })).toString();
    expect(row).toContain('服務學校：曾文農工　→　110410 國立曾文農工');
    expect(row).toContain('120 學年度，收件時是 108 學年度');
    expect(row).toContain('證書類別：教學輔導教師　→　教學輔導教師');
    expect(row).toContain('備註：O');
    const none = (await output({ explain: 'initial:32' })).toString();
    expect(none).toContain('取得學年度：（空白）\n');
    const unread = (await output({ explain: 'initial:25' })).toString();
    expect(unread).toContain('不記得　→　看不出學年度');
  });

  it('tells every row of the sample in words', async () => {
    for (const { verdict } of triageRows(program, await readResponses(program, SAMPLE)))
      for (const { rule, because } of verdict.explanation) {
        expect(rule).toMatch(/^[a-z0-9.-]+$/u);
        expect(because).toMatch(/[\u4e00-\u9fff].*。$/u);
      }
  });

  it('asks for form:row where there is no such row', async () => {
    await expect(output({ explain: 'initial:999' })).rejects.toThrow(PublicError);
    await expect(output({ explain: 'initial' })).rejects.toThrow(/表單鍵:列號/u);
  });
});

describe('a folder that cannot be read', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'budeng-triage-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const sample = (form: string) => readFileSync(join(SAMPLE, `${form}.csv`), 'utf8');
  const write = (form: string, text: string) => writeFileSync(join(folder, `${form}.csv`), text);
  const read = () => readResponses(program, folder);

  it('is named where it does not exist', async () => {
    await expect(readResponses(program, join(folder, 'nowhere'))).rejects.toThrow(PublicError);
    await expect(readResponses(program, join(folder, 'nowhere'))).rejects.toThrow(/找不到資料夾/u);
  });

  it('holds a file that is no form of the program: the file and the right names are told', async () => {
    write('initail', sample('initial'));
    await expect(read()).rejects.toThrow(PublicError);
    await expect(read()).rejects.toThrow(/initail\.csv.*不是這個計畫的表單.*initial\.csv/u);
  });

  it('lacks a column: the column and the form are told', async () => {
    write('initial', sample('initial').replace('證書字號', '字號'));
    await expect(read()).rejects.toThrow(PublicError);
    await expect(read()).rejects.toThrow(/缺少欄位「證書字號」.*初階證書補登/u);
    write('initial', sample('initial').replace('時間戳記', '時間').replace('姓名', 'Name'));
    await expect(read()).rejects.toThrow(/缺少欄位「時間戳記」「姓名」/u);
  });

  it('has a timestamp that is none: the line and the text are told', async () => {
    write('initial', sample('initial').replace('2020/4/21 下午 8:22:40', '昨天下午'));
    await expect(read()).rejects.toThrow(PublicError);
    await expect(read()).rejects.toThrow(/第 3 列的時間戳記「昨天下午」看不懂/u);
    write('initial', sample('initial').replace('2020/4/21 下午 8:22:40', '2020/13/45 下午 8:22:40'));
    await expect(read()).rejects.toThrow(/第 3 列的時間戳記/u);
  });

  it('is triaged without that row: the others go on, and the exit code says so', async () => {
    write('initial', sample('initial').replace('2020/4/21 下午 8:22:40', '昨天下午'));
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      expect(
        String(await output({ responsesDir: folder }))
          .trim()
          .split('\n'),
      ).toHaveLength(68);
      const remarked = said.mock.calls.map(([text]) => String(text)).join('');
      expect(remarked).toMatch(/initial\.csv 第 3 列的時間戳記「昨天下午」看不懂/u);
      expect(remarked).toContain('以上 1 列沒有試算，其餘照常。');
      expect(process.exitCode).toBe(1);
    } finally {
      said.mockRestore();
      process.exitCode = 0;
    }
  });

  it('is no CSV', async () => {
    write('initial', `${sample('initial')}"open,quote`);
    await expect(read()).rejects.toThrow(PublicError);
    await expect(read()).rejects.toThrow(/不是正確的 CSV/u);
  });

  it('has columns in another order, one more column, blank lines, a byte order mark: read all the same', async () => {
    const [header = '', first = ''] = sample('initial').split(/\r?\n/u);
    const [stamp, mail, name, ...rest] = header.split(',');
    const [stamp1, mail1, name1, ...rest1] = first.split(',');
    const lines = [
      [name, '編號', mail, ...rest, stamp],
      [name1, '7', mail1, ...rest1, stamp1],
    ].map((cells) => cells.join(','));
    write('initial', `\ufeff${lines[0]}\r\n\r\n${lines[1]}\r\n`);
    const [row] = await read();
    expect(row?.submission.answers).toEqual(
      (await readResponses(program, SAMPLE)).find(({ form, row: line }) => form === 'initial' && line === 2)
        ?.submission.answers,
    );
  });

  it('was saved again by Excel, in Big5 or UTF-16: read all the same', async () => {
    // 姓名 … in Big5, which Node can read but not write.
    const big5 = Buffer.from('a96da657', 'hex');
    expect(decodeText(big5)).toBe('姓名');
    expect(decodeText(Buffer.from('\ufeff姓名', 'utf16le'))).toBe('姓名');
    expect(decodeText(Buffer.from('姓名😀', 'utf8'))).toBe('姓名😀');
    writeFileSync(join(folder, 'initial.csv'), Buffer.from(`\ufeff${sample('initial')}`, 'utf16le'));
    expect(await read()).toHaveLength(69);
  });

  it('may hold only some of the forms', async () => {
    cpSync(join(SAMPLE, 'initial.csv'), join(folder, 'initial.csv'));
    expect(new Set((await read()).map(({ form }) => form))).toEqual(new Set(['initial']));
  });
});

describe('Google timestamps', () => {
  it.each([
    ['2020/4/21 下午 3:15:09', '2020-04-21T07:15:09Z'],
    ['2020/4/21 上午 3:15:09', '2020-04-20T19:15:09Z'],
    ['2020/4/21 上午 12:00:00', '2020-04-20T16:00:00Z'],
    ['2020/4/21 下午 12:00:00', '2020-04-21T04:00:00Z'],
    ['2020/7/31 下午 11:59:59', '2020-07-31T15:59:59Z'],
    ['2020/4/21 15:15:09', '2020-04-21T07:15:09Z'],
    ['2020/04/21 3:15:09 下午 GMT+8', '2020-04-21T07:15:09Z'],
    ['2020/04/21 3:15:09 下午 [GMT+8]', '2020-04-21T07:15:09Z'],
    ['2020-04-21 15:15', '2020-04-21T07:15:00Z'],
    ['2020/4/21 3:15:09 PM', '2020-04-21T07:15:09Z'],
    ['109/4/21 下午 3:15:09', '2020-04-21T07:15:09Z'],
    [' 2020/4/21  下午  3:15:09 ', '2020-04-21T07:15:09Z'],
    ['2020/4/21 下午3:15:09', '2020-04-21T07:15:09Z'],
    ['４/21/2020', null],
    ['2020/2/30 上午 1:00:00', null],
    ['2020/4/21 下午 3:75:09', null],
    ['2020/4/21 25:00:00', null],
    ['2020/4/21 下午 15:00:00', null],
    ['', null],
    ['2020/4/21', null],
    [`2020/4/21${' '.repeat(50_000)}x`, null],
  ])('%s', (text, instant) => {
    expect(parseTimestamp(text)?.toISOString() ?? null).toBe(instant && new Date(instant).toISOString());
  });
});

describe('budeng triage', () => {
  const run = (...args: string[]) =>
    spawnSync('npx', ['node', 'sync-service/src/cli/main.ts', 'triage', ...args], { encoding: 'utf8' });

  it('prints the sample and ends with 0', () => {
    const { stdout, status } = run('--program', PROGRAM, '--responses', SAMPLE, '--format', 'jsonl');
    expect(status).toBe(0);
    expect(linesOf(stdout)).toHaveLength(200);
  });

  it('says what is wrong in one sentence, without a stack trace', () => {
    for (const args of [
      ['--program', PROGRAM, '--responses', 'nowhere'],
      ['--program', PROGRAM, '--responses', SAMPLE, '--format', 'pdf'],
      ['--program', PROGRAM, '--responses', SAMPLE, '--explain', 'x'],
      ['--program', 'nowhere.yaml', '--responses', SAMPLE],
    ]) {
      const { stderr, status } = run(...args);
      expect(status).toBe(1);
      expect(stderr).toMatch(/[\u4e00-\u9fff]/u);
      expect(stderr).not.toMatch(/\n\s+at /u);
    }
  });
});
