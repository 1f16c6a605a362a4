import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TriageLine } from '../../sync-service/src/cli/output/dry-run-tables.ts';

/** Files that people have really handed in, each by the command that they handed it to. */
const INPUTS = 'test/fixtures/inputs';
const folder = mkdtempSync(join(tmpdir(), 'budeng-inputs-'));
beforeAll(() => mkdirSync(join(folder, 'service')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function budeng(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { PATH = '' } = process.env;
  const command = ['sync-service/src/cli/main.ts', ...args];
  return new Promise((done) => {
    execFile(process.execPath, command, { env: { PATH } }, (error, out, err) =>
      done({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

describe('budeng announce --dry-run', () => {
  it.each([
    'announce-columns/exact-second.csv',
    'tables/ods-one-row-grouped.ods',
    'tables/ods-header-rows.ods',
    'tables/ods-hidden-first.ods',
    'tables/xlsx-plain.xlsx',
    'encodings/unicode-text-tab.txt',
    'encodings/title-above.csv',
  ])('%s is a roster of two', async (file) => {
    const { code, out } = await budeng('announce', '--roster', `${INPUTS}/${file}`, '--dry-run');
    expect({ code, out }).toEqual({ code: 0, out: '試算：2 封（持有證書 1、未持有 1），不寄出。\n' });
  });

  it('names the line of a damaged byte', async () => {
    const file = `${INPUTS}/encodings/utf8-one-bad-byte.csv`;
    const { code, out, err } = await budeng('announce', '--roster', file, '--dry-run');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('第 4 行有不是文字的位元組');
  });
});

describe('budeng triage', () => {
  const triage = async (responses: string, program = 'programs/tainan-109.yaml') => {
    const args = ['--program', program, '--responses', `${INPUTS}/${responses}`, '--format', 'jsonl'];
    const { code, out, err } = await budeng('triage', ...args);
    const lines = out.split('\n').filter(Boolean);
    return { code, err, outcomes: lines.map((line) => (JSON.parse(line) as TriageLine).outcome) };
  };

  it.each([
    ['two-enquiries', ['review', 'review']],
    ['two-email-columns', ['review', 'review']],
    ['same-title-columns', ['review', 'review']],
    ['renamed-optional/a', ['not-needed']],
    ['renamed-optional/b', ['not-needed']],
    ['file-names/upper', ['review', 'review']],
    ['file-names/google-name', ['review', 'review']],
  ])('%s: %j', async (responses, outcomes) => {
    expect(await triage(responses)).toEqual({ code: 0, err: '', outcomes });
  });

  it('names a workbook that is no export of the form', async () => {
    const { code, err, outcomes } = await triage('file-names/xlsx');
    expect({ code, outcomes }).toEqual({ code: 1, outcomes: [] });
    expect(err).toMatch(/initial\.xlsx 第 1 列缺少欄位「時間戳記」/u);
  });

  it.each([
    ['whole-zero', 0, 4, /^(?![^]*學校代碼)/u],
    ['excel-zero', 0, 4, /有 2 個學校代碼少了開頭的 0.*14601 讀作 014601/u],
    ['one-bad-byte', 1, 0, /第 3 行有不是文字的位元組/u],
  ] as const)('with the roster of schools %s', async (name, code, reviewed, said) => {
    const found = await triage('schools-roster/responses', `${INPUTS}/schools-roster/${name}.yaml`);
    expect(found).toMatchObject({ code, outcomes: Array.from({ length: reviewed }, () => 'review') });
    expect(found.err).toMatch(said);
  });
});

describe('budeng import', () => {
  const take = (name: string) =>
    budeng('import', '--data', folder, '--responses', `${INPUTS}/excel-resaved/${name}`);

  it('knows an export again that Excel has saved, and takes from a longer one what is new', async () => {
    expect((await take('1-original')).out).toContain('新收 2 件');
    expect((await take('2-resaved')).out).toContain('新收 0 件');
    expect((await take('3-longer')).out).toContain('新收 1 件');
    expect((await take('1-original')).out).toContain('新收 0 件');
  });
});

it('budeng import-registered reads certificate numbers and leaves identity numbers alone', async () => {
  const file = `${INPUTS}/registered-idnumber/registered.csv`;
  const { code, out, err } = await budeng('import-registered', file, '--data', folder);
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('名冊 1 筆') });
  expect(err).toContain('沒有讀入的欄位：「序號」「學校名稱」「身分證字號」');
});

it('npm start names the answers that no route of a program takes', async () => {
  const { code, err } = await budeng('local', '--program', `${INPUTS}/blank-answer.yaml`, '--data', folder);
  expect(code).toBe(1);
  expect(err).toMatch(/routes.*kind （其他）: no route/u);
});
