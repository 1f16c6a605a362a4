import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { reasonOf, sentenceFor } from '../../../sync-service/src/cli/output/failure.ts';
import { inWords } from '../../../sync-service/src/cli/output/usage.ts';
import { UserError } from '../../../sync-service/src/cli/output/user-error.ts';

const MAIN = resolve('sync-service/src/cli/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'budeng-usage-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The command as a person types it, in an empty folder with nothing set. */
function budeng(...args: string[]): Promise<{ code: number; said: string }> {
  const { PATH = '' } = process.env;
  return new Promise((done) => {
    execFile(process.execPath, [MAIN, ...args], { cwd: folder, env: { PATH } }, (error, out, err) =>
      done({ code: error ? Number(error.code) : 0, said: out + err }),
    );
  });
}

describe('budeng, mistyped', () => {
  it('answers each mistake with a sentence, a failure and no stack trace, and leaves nothing behind', async () => {
    const program = ['--program', resolve('programs/tainan-109.yaml')];
    const cases: [string[], RegExp][] = [
      [['nonsense'], /^沒有「nonsense」這個指令。/u],
      [['export', '--nope'], /^沒有「--nope」這個選項。/u],
      [['case', 'show'], /^少了引數 <number>。/u],
      [['announce', '--roster', 'none.csv', '--per-minute', '0', ...program], /^「0」不是 1 以上的整數。/u],
      [
        ['import-registered', 'none.ods', ...program],
        /^讀不到 none\.ods（csv、ods 或 xlsx）：檔案或資料夾不存在。/u,
      ],
      [
        ['preview', '--out', 'nowhere/notices.html'],
        /^無法讀寫 nowhere\/notices\.html：檔案或資料夾不存在。/u,
      ],
      [['case', 'find', '王', ...program], /^data 裡沒有資料：請先執行 npm start/u],
    ];
    const answers = await Promise.all(cases.map(([args]) => budeng(...args)));
    for (const [index, { code, said }] of answers.entries()) {
      expect(said).toMatch(cases[index]?.[1] ?? /^$/u);
      expect(said).not.toContain('    at ');
      expect(code).toBe(1);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('explains itself in Chinese', async () => {
    const { code, said } = await budeng('announce', '--help');
    expect(code).toBe(0);
    expect(said).toMatch(/用法[^]*選項[^]*每分鐘最多幾封[^]*預設 60[^]*顯示說明/u);
  });
});

describe("the parser's complaints", () => {
  it.each([
    ["error: unknown option '--x'", '沒有「--x」這個選項。'],
    ["error: required option '--program <file>' not specified", '少了選項 --program <file>。'],
    ["error: option '--data <folder>' argument missing", '選項 --data <folder> 後面要有值。'],
    ["error: too many arguments for 'show'. Expected 1 argument but got 2.", '引數太多。'],
  ])('%s', (complaint, sentence) => {
    expect(inWords(complaint).startsWith(sentence)).toBe(true);
  });
});

describe('what the system says', () => {
  const failure = (fields: object) => Object.assign(new Error('english'), fields);

  it('is one sentence for files, and for the database where one is named', () => {
    expect(sentenceFor(failure({ code: 'ENOSPC', path: '/x/backup.gz' }))).toBe(
      '無法讀寫 /x/backup.gz：磁碟已滿。 (ENOSPC)',
    );
    expect(sentenceFor(failure({ code: '28P01' }))).toBeNull();
    vi.stubEnv('DATABASE_URL', 'postgres://budeng@127.0.0.1/budeng');
    expect(sentenceFor(failure({ code: '28P01' }))).toContain('密碼不對');
    expect(sentenceFor(failure({ code: 'ECONNREFUSED' }))).toContain('沒有伺服器在那裡');
    vi.unstubAllEnvs();
    expect(sentenceFor(new UserError('請擇一。'))).toBe('請擇一。');
    expect(reasonOf(failure({ code: 'EISDIR' }))).toBe('這是資料夾，不是檔案');
  });

  it('is left to its stack trace where the mistake is ours', () => {
    expect(sentenceFor(new TypeError('x is not a function'))).toBeNull();
    expect(sentenceFor('thrown text')).toBeNull();
  });
});
