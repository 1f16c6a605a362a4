import { afterEach, describe, expect, it, vi } from 'vitest';
import { mailDomainOf, need, senderOf } from '../../../sync-service/src/cli/setup/environment.ts';

it.each([
  ['補登 <noreply@office.example>', '補登 <noreply@office.example>'],
  ['noreply＠Office.example', 'noreply@office.example'],
  ['補登 <NoReply＠office.example> ', '補登 <noreply@office.example>'],
])('the sender %j is %s', (typed, sender) => {
  expect(senderOf(typed)).toBe(sender);
  expect(mailDomainOf(typed)).toBe('office.example');
});

it.each(['補登', '補登 <office>', 'a b@office.example'])('%j is no sender', (typed) => {
  expect(() => senderOf(typed)).toThrow('MAIL_FROM');
});

describe('the environment', () => {
  afterEach(() => vi.unstubAllEnvs());
  const ALL = ['GOOGLE_CREDENTIALS', 'SMTP_URL', 'MAIL_FROM', 'PUBLIC_URL', 'BUDENG_SECRET'] as const;
  const RIGHT = {
    GOOGLE_CREDENTIALS: 'google-credential.json',
    SMTP_URL: 'smtps://user:password@mail.example.com:465',
    MAIL_FROM: '補登 <noreply@office.example>',
    PUBLIC_URL: 'https://budeng.office.example',
    BUDENG_SECRET: 'x'.repeat(32),
    DATABASE_URL: 'postgres://budeng@localhost/budeng',
    LOG_LEVEL: 'warn',
    OAUTH_PORT: '8095',
    GOOGLE_ROOT_URL: '',
  };
  const set = (changes: Partial<typeof RIGHT> = {}) => {
    for (const [name, value] of Object.entries({ ...RIGHT, ...changes })) vi.stubEnv(name, value);
  };

  it('is given as it was set', () => {
    set();
    expect(need(['SMTP_URL', 'PUBLIC_URL'])).toEqual({
      SMTP_URL: RIGHT.SMTP_URL,
      PUBLIC_URL: RIGHT.PUBLIC_URL,
    });
  });

  it.each<[keyof typeof RIGHT, string, string]>([
    ['SMTP_URL', 'mail.example.com', '不是寄信伺服器的網址'],
    ['SMTP_URL', 'https://mail.example.com', '不是寄信伺服器的網址'],
    ['MAIL_FROM', '補登', '沒有電子郵件地址'],
    ['PUBLIC_URL', 'budeng.office.example', '不是網址'],
    ['BUDENG_SECRET', 'short', '太短，至少要 32 個字元'],
    ['DATABASE_URL', 'mysql://localhost/budeng', '不是 PostgreSQL 連線字串'],
    ['GOOGLE_ROOT_URL', 'localhost', '不是網址'],
    ['OAUTH_PORT', '65536', '不是埠號'],
    ['LOG_LEVEL', 'loud', '只能是 trace、debug'],
  ])('names %s where it is wrong', (name, value, sentence) => {
    set({ [name]: value });
    expect(() => need(ALL)).toThrow(`環境變數不對（可寫在 .env）：\n  ${name}　${sentence}`);
  });

  it('tells all that is missing or wrong at once', () => {
    set({ SMTP_URL: '', MAIL_FROM: '', BUDENG_SECRET: 'short', LOG_LEVEL: 'loud' });
    expect(() => need(ALL)).toThrow(
      /^缺少環境變數（可寫在 .env）：\n {2}SMTP_URL　沒有設定：.*\n {2}MAIL_FROM　沒有設定：.*\n {2}BUDENG_SECRET　太短.*\n {2}LOG_LEVEL　只能是.*silent$/u,
    );
  });
});
