import { recordOf } from '../../../../contract/records.ts';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createMailer, type SmtpOptions } from '../../notices/deliver.ts';
import { reasonOf } from '../output/failure.ts';
import { emailOf } from '../../cases/reading/email.ts';
import type { GoogleCredential, GoogleOptions } from '../../google/client.ts';
import { PublicError } from '../../../../contract/public-error.ts';

const needed = (purpose: string) => z.string({ error: `沒有設定：${purpose}` });
const isUrl = (protocol: RegExp) => (text: string) => protocol.test(URL.parse(text)?.protocol ?? '');

/** What a real office sets, each with what it is for. `budeng setup` writes them into `.env`. */
const VARIABLES = {
  GOOGLE_CREDENTIALS: needed('OAuth 憑證的 JSON 檔路徑'),
  SMTP_URL: needed('寄信伺服器，例如 smtps://user:password@mail.example.com:465').refine(
    isUrl(/^smtps?:$/u),
    {
      error: '不是寄信伺服器的網址，應如 smtps://user:password@mail.example.com:465',
    },
  ),
  MAIL_FROM: needed('寄件人，例如 "補登 <noreply@office.example>"').refine(
    (text) => readSender(text) !== null,
    {
      error: '沒有電子郵件地址，應如 補登 <noreply@office.example>',
    },
  ),
  PUBLIC_URL: needed('教師看得到的查詢頁網址，例如 https://budeng.office.example').refine(
    isUrl(/^https?:$/u),
    {
      error: '不是網址，應如 https://budeng.office.example',
    },
  ),
  BUDENG_SECRET: needed('至少 32 字元的隨機字串，簽章與查詢連結用').min(32, {
    error: '太短，至少要 32 個字元；budeng setup 會產生一個',
  }),
};
/** What need not be set, but must be right where it is. */
const OPTIONAL = {
  DATABASE_URL: z.string().regex(/^(?:postgres|postgresql|socket):/u, {
    error: '不是 PostgreSQL 連線字串，應如 postgres://budeng@localhost/budeng',
  }),
  GOOGLE_ROOT_URL: z.string().refine(isUrl(/^https?:$/u), { error: '不是網址，應如 http://127.0.0.1:8080' }),
  OAUTH_PORT: z
    .string()
    .refine((text) => /^\d+$/u.test(text) && Number(text) <= 65_535, { error: '不是埠號，應如 8095' }),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    error: '只能是 trace、debug、info、warn、error、fatal 或 silent',
  }),
};
type Variable = keyof typeof VARIABLES;

/** @throws PublicError that names every variable that is missing or wrong at once, and no value: some are secrets */
export function need<V extends Variable>(names: readonly V[]): Record<V, string> {
  const given = (name: string) => process.env[name] || undefined;
  const problemOf = (name: string, schema: z.ZodType) => {
    const [issue] = schema.safeParse(given(name)).error?.issues ?? [];
    return issue ? [`  ${name}　${issue.message}`] : [];
  };
  const problems = [
    ...names.flatMap((name) => problemOf(name, VARIABLES[name])),
    ...Object.entries(OPTIONAL).flatMap(([name, schema]) => problemOf(name, schema.optional())),
  ];
  if (problems.length > 0)
    throw new PublicError({
      sentence: names.every((name) => given(name)) ? '環境變數不對' : '缺少環境變數',
      remedy: `（可寫在 .env）：\n${problems.join('\n')}`,
      english: 'Set or mend these variables, for instance in .env.',
    });
  return recordOf(names, (name) => given(name) ?? '');
}

export function readSmtp(): SmtpOptions {
  const { SMTP_URL, MAIL_FROM } = need(['SMTP_URL', 'MAIL_FROM']);
  const url = new URL(SMTP_URL);
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
  const sender = readSender(typed);
  if (sender) return sender;
  throw new PublicError({
    sentence: 'MAIL_FROM 沒有電子郵件地址。',
    remedy: '應如 補登 <noreply@office.example>。',
    english: 'MAIL_FROM has no address.',
  });
}

function readSender(typed: string): string | null {
  const [, name = '', bracketed] = /^([^<>]*)<([^<>]+)>\s*$/u.exec(typed) ?? [];
  const address = emailOf(bracketed ?? typed);
  if (!address) return null;
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

/** Whose consent to use, and where Google is asked. */
export function readConnection(): Pick<GoogleOptions, 'credential' | 'rootUrl'> {
  return { credential: readCredential(), ...googleHost() };
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
