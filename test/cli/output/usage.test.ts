import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { PublicError } from '../../../contract/public-error.ts';
import { inBothLanguages, publicErrorOf, reasonOf } from '../../../sync-service/src/cli/output/failure.ts';
import { BrokenTabError } from '../../../sync-service/src/google/tab.ts';
import { classify, GoogleError } from '../../../sync-service/src/google/error.ts';
import { REFUSALS } from '../../../sync-service/src/google/refusals.ts';
import { TemplateError } from '../../../sync-service/src/notices/render.ts';
import { mailServerError } from '../../../sync-service/src/notices/smtp-error.ts';
import { ProgramError } from '../../../sync-service/src/program/error.ts';
import { inWords } from '../../../sync-service/src/cli/output/usage.ts';

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
        /^讀不到 none\.ods：檔案或資料夾不存在。.*\n\(none\.ods cannot be read/u,
      ],
      [
        ['preview', '--out', 'nowhere/notices.html'],
        /^無法讀寫 nowhere\/notices\.html：檔案或資料夾不存在（ENOENT）。/u,
      ],
      [['case', 'find', '王', ...program], /^data 裡沒有資料。請先執行 npm start/u],
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

  it('is a sentence and a remedy for files, and for the database where one is named', () => {
    const said = publicErrorOf(failure({ code: 'ENOSPC', path: '/x/backup.gz' }));
    expect(said?.message).toBe('無法讀寫 /x/backup.gz：磁碟已滿（ENOSPC）。請清出空間。');
    expect(publicErrorOf(failure({ code: '28P01' }))).toBeNull();
    vi.stubEnv('DATABASE_URL', 'postgres://budeng@127.0.0.1/budeng');
    expect(publicErrorOf(failure({ code: '28P01' }))?.sentence).toContain('密碼不對');
    expect(publicErrorOf(failure({ code: 'ECONNREFUSED' }))?.english).toContain('check DATABASE_URL');
    vi.unstubAllEnvs();
    expect(reasonOf(failure({ code: 'EISDIR' })).zh).toBe('這是資料夾，不是檔案');
  });

  it('is left to its stack trace where the mistake is ours', () => {
    expect(publicErrorOf(new TypeError('x is not a function'))).toBeNull();
    expect(publicErrorOf('thrown text')).toBeNull();
  });
});

describe('an error for people', () => {
  it('is shown in both languages, with what to do', () => {
    const error = new PublicError({ sentence: '沒有檔案。', remedy: '請核對。', english: 'No file.' });
    expect(publicErrorOf(error)).toBe(error);
    expect(inBothLanguages(error)).toBe('沒有檔案。請核對。\n(No file.)');
  });

  it.each<[string, Error]>([
    ['a damaged tab', new BrokenTabError('待審', 'case', '案號', 'missing')],
    ['a template', new TemplateError('範本 late 無法使用')],
    ['a program file', new ProgramError('my.yaml', [{ path: 'key', wrong: '錯', example: 'key: a' }])],
    ["Google's refusal", new GoogleError('drive.files.get', classify({ response: { status: 404 } }), null)],
    ['the mail server', mailServerError({ code: 'EAUTH', responseCode: 535 }, 'mail.example:465')],
  ])('%s is one, and its English is another sentence', (_what, error) => {
    const said = publicErrorOf(error);
    expect(said?.remedy).not.toBe('');
    expect(said?.english).toMatch(/^[\x20-\x7e待審]+$/u);
  });
});

describe("Google's errors", () => {
  const failure = (status: number, error: object) => classify({ response: { status, data: { error } } });
  it.each<[string, number, object, string]>([
    ['no answer', 0, {}, 'away'],
    ['a server in trouble', 503, {}, 'away'],
    ['a rate limit', 403, { errors: [{ reason: 'userRateLimitExceeded' }] }, 'busy'],
    ['no room', 403, { errors: [{ reason: 'storageQuotaExceeded' }] }, 'full'],
    [
      'a switch of the account',
      403,
      {
        status: 'PERMISSION_DENIED',
        message:
          'User has not enabled the Apps Script API. Enable it by visiting https://script.google.com/home/usersettings then retry.',
      },
      'script-switched-off',
    ],
    [
      'a switch of the project',
      403,
      {
        status: 'PERMISSION_DENIED',
        errors: [{ reason: 'forbidden' }],
        details: [{ reason: 'SERVICE_DISABLED' }],
      },
      'switched-off',
    ],
    [
      'an empty box of the consent',
      403,
      { status: 'PERMISSION_DENIED', message: 'Request had insufficient authentication scopes.' },
      'scope',
    ],
    ['the same from Drive', 403, { errors: [{ reason: 'insufficientPermissions' }] }, 'scope'],
    ['an address without an account', 400, { errors: [{ reason: 'invalidSharingRequest' }] }, 'no-account'],
    ['a stranger', 403, { status: 'PERMISSION_DENIED' }, 'forbidden'],
    ['a deleted tab', 400, { message: 'Invalid requests[0]: No grid with id: 7' }, 'missing-tab'],
    [
      'a protected cell',
      400,
      {
        status: 'INVALID_ARGUMENT',
        message:
          'Invalid requests[0].updateCells: You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit.',
      },
      'protected',
    ],
    ['a mistake of ours', 400, { status: 'INVALID_ARGUMENT' }, 'refused'],
  ])('%s', (_what, status, error, kind) => {
    expect(failure(status, error).kind).toBe(kind);
  });

  it.each([
    ['invalid_grant', 'consent', 'https://console.cloud.google.com/auth/audience'],
    ['deleted_client', 'client', 'https://console.cloud.google.com/auth/clients'],
    ['admin_policy_enforced', 'policy', 'https://admin.google.com/'],
  ])('%s at the token endpoint is %s, with the page that mends it', (error, kind, link) => {
    const data = { error, error_description: 'Token has been expired or revoked.' };
    const said = new GoogleError('sheets.get', classify({ response: { status: 400, data } }), null);
    expect(said.kind).toBe(kind);
    expect(said.message).toContain(link);
    expect(said.message).toContain(error);
  });

  it('each have a sentence, what to do, and English', () => {
    for (const { sentence, remedy, english } of Object.values(REFUSALS)) {
      expect([sentence, remedy]).toEqual([expect.stringMatching(/[^。]$/u), expect.stringMatching(/。$/u)]);
      expect(english).toMatch(/^[\x20-\x7e]+\.$/u);
    }
  });

  it('that are not known are told as Google said them, without what was typed', () => {
    const message =
      'Invalid data[0]: Unable to parse range: 王小明!A1, "A123456789", teacher@school.example and 0912345678';
    const said = new GoogleError(
      'sheets.values',
      failure(400, { status: 'INVALID_ARGUMENT', message }),
      null,
    );
    expect(said.message).toContain('Invalid data[0]: Unable to parse range: …!A1, "…", … and …');
    expect(said.logMessage).toBe('Google sheets.values: 400 INVALID_ARGUMENT');
  });

  it('are told with the link to click, and without what a cell holds', () => {
    const link = 'https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project=7';
    const message = `Google Sheets API has not been used in project 7 before or it is disabled. Enable it by visiting ${link} then retry.`;
    const off = failure(403, { status: 'PERMISSION_DENIED', message });
    expect(new GoogleError('sheets.get', off, null).message).toContain(link);
    const cell = failure(400, { status: 'INVALID_ARGUMENT', message: 'Invalid value "王小明"' });
    expect(new GoogleError('sheets.batchUpdate', cell, null).message).not.toContain('王小明');
  });
});
