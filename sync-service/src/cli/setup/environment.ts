import { recordOf } from '../../../../contract/records.ts';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMailer, type SmtpOptions } from '../../notices/deliver.ts';
import { reasonOf } from '../output/failure.ts';
import { emailOf } from '../../cases/reading/email.ts';
import type { GoogleCredential } from '../../google/client.ts';
import { PublicError } from '../../../../contract/public-error.ts';

/** What a real office sets, each with what it is for. `budeng setup` writes them into `.env`. */
const VARIABLES = {
  GOOGLE_CREDENTIALS: 'OAuth 憑證的 JSON 檔路徑',
  DATABASE_URL: 'PostgreSQL 連線字串，例如 postgres://budeng@localhost/budeng',
  SMTP_URL: '寄信伺服器，例如 smtps://user:password@mail.example.com:465',
  MAIL_FROM: '寄件人，例如 "補登 <noreply@office.example>"',
  PUBLIC_URL: '教師看得到的查詢頁網址，例如 https://budeng.office.example',
  BUDENG_SECRET: '至少 32 字元的隨機字串，簽章與查詢連結用',
} as const;
type Variable = keyof typeof VARIABLES;

/** @throws PublicError that names every missing variable at once */
export function need<V extends Variable>(names: readonly V[]): Record<V, string> {
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0)
    throw new PublicError({
      sentence: '缺少環境變數',
      remedy: `（可寫在 .env）：\n${missing.map((name) => `  ${name}　${VARIABLES[name]}`).join('\n')}`,
      english: 'Set these variables, for instance in .env.',
    });
  return recordOf(names, (name) => process.env[name] ?? '');
}

export function readSmtp(): SmtpOptions {
  const { SMTP_URL, MAIL_FROM } = need(['SMTP_URL', 'MAIL_FROM']);
  let url: URL;
  try {
    url = new URL(SMTP_URL);
  } catch {
    throw new PublicError({
      sentence: 'SMTP_URL 不是網址。',
      remedy: '應如 smtps://user:password@mail.example.com:465。',
      english: 'SMTP_URL is no address.',
    });
  }
  const secure = url.protocol === 'smtps:';
  return {
    host: url.hostname,
    port: Number(url.port || (secure ? 465 : 587)),
    secure,
    from: senderOf(MAIL_FROM),
    ...(url.username
      ? { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
      : {}),
  };
}

/**
 * Reads `補登 <noreply@office.example>` and writes the address as servers take it: lower case, no full-width ＠.
 * @throws PublicError
 */
export function senderOf(typed: string): string {
  const [, name = '', bracketed] = /^([^<>]*)<([^<>]+)>\s*$/u.exec(typed) ?? [];
  const address = emailOf(bracketed ?? typed);
  if (!address)
    throw new PublicError({
      sentence: 'MAIL_FROM 沒有電子郵件地址。',
      remedy: '應如 補登 <noreply@office.example>。',
      english: 'MAIL_FROM has no address.',
    });
  return bracketed ? `${name.trim()} <${address}>` : address;
}

/** Connects and logs in, and sends nothing. */
export async function tryMail(smtp: SmtpOptions): Promise<void> {
  const mailer = createMailer(smtp);
  try {
    await mailer.verify();
  } finally {
    mailer.close();
  }
}

export function readCredential(): GoogleCredential {
  const { GOOGLE_CREDENTIALS } = need(['GOOGLE_CREDENTIALS']);
  let credential: Partial<Record<string, string>>;
  try {
    credential = JSON.parse(readFileSync(GOOGLE_CREDENTIALS, 'utf8'));
  } catch (error) {
    throw new PublicError({
      sentence: `讀不到 Google 憑證 ${GOOGLE_CREDENTIALS}：${reasonOf(error).zh}。`,
      remedy: '請核對 GOOGLE_CREDENTIALS 的路徑，或重跑 budeng setup。',
      english: 'The credential cannot be read; check GOOGLE_CREDENTIALS or run budeng setup again.',
    });
  }
  const { type, client_id, client_secret, refresh_token } = credential;
  if (client_id && client_secret && refresh_token) return { client_id, client_secret, refresh_token };
  // A service account owns no Drive storage, cannot own a form, and the Apps Script API does not serve it.
  const is = type === 'service_account' ? '是服務帳戶的金鑰，它不能擁有表單與試算表' : '不是可用的憑證';
  throw new PublicError({
    sentence: `${GOOGLE_CREDENTIALS} ${is}。`,
    remedy: '請執行 budeng setup，用辦公室的帳號取得 OAuth 憑證。',
    english: 'This is no consent of the office account; budeng setup asks for one.',
  });
}

/** Another host that speaks Google's APIs, where one is set. */
export function googleHost(): { rootUrl?: string } {
  const rootUrl = process.env.GOOGLE_ROOT_URL;
  return rootUrl ? { rootUrl } : {};
}

/** Takes the domain of a sender, `Name <address>`, for Message-IDs. */
export function mailDomainOf(from: string): string {
  return /@([^>\s]+)/u.exec(from.normalize('NFKC'))?.[1]?.toLowerCase() ?? 'budeng.invalid';
}

/**
 * Finds the office's secret: BUDENG_SECRET, or the one that `npm start` makes in its data folder at the first start.
 */
export function secretOf(data: string): string {
  if (process.env.BUDENG_SECRET) return process.env.BUDENG_SECRET;
  const file = join(data, 'secret');
  mkdirSync(data, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}
