import { spawnSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createInterface, type Interface } from 'node:readline/promises';
import { auth } from 'googleapis/build/src/apis/sheets/index.js';
import { PING_PATH } from '../../../contract/ping-shape.ts';
import { openStore } from '../ledger/store.ts';
import { loadProgram } from '../program/load.ts';
import { connectGoogle, SCOPES } from '../sheets/google.ts';
import { type Office, setUpOffice } from '../sync/office.ts';
import { readCredential } from './environment.ts';
import type { LedgerOptions } from './ledger.ts';
import { UserError } from './user-error.ts';

const ENV = '.env';
const CREDENTIAL_FILE = 'google-credential.json';

/** `budeng setup`: asks, tries each answer at once, and can be run again after any failure. */
export async function setup(options: LedgerOptions): Promise<void> {
  if (!process.stdin.isTTY)
    throw new UserError('setup 需要在終端機上逐步回答，請直接執行。 (setup needs a terminal.)');
  const program = loadProgram(options.program);
  const ask = createInterface({ input: process.stdin, output: process.stdout });
  try {
    say(`將「${program.title}」裝到辦公室的 Google 帳號。任何一步失敗，修正後重跑本指令即可，不會重複建立。`);
    await ensureCredential(ask);
    const settings = await askSettings(ask);
    writeEnv(settings);
    Object.assign(process.env, settings);
    const google = connectGoogle({ credential: readCredential() });
    const store = await openStore({ databaseUrl: settings.DATABASE_URL ?? '' });
    try {
      say('正在建立（或找回）試算表與表單…');
      const office = await setUpOffice({ programs: [program], store, google, editor: google.account });
      await share(ask, google, program, office);
      deployScript(office, settings);
    } finally {
      await store.close();
    }
    say('\n完成。啟動服務：npm run -s budeng -- serve');
  } finally {
    ask.close();
  }
}

function say(text: string) {
  process.stdout.write(`${text}\n`);
}

/** The office account's consent through the browser, or a service account's key that is already there. */
async function ensureCredential(ask: Interface) {
  if (process.env.GOOGLE_CREDENTIALS && existsSync(process.env.GOOGLE_CREDENTIALS)) return;
  say(
    '\n一、Google 憑證。請在 Google Cloud 建立「電腦版應用程式」OAuth 用戶端，啟用 Sheets、Drive、Forms、Apps Script API，下載 JSON。',
  );
  const file = await ask.question('OAuth 用戶端 JSON 的路徑：');
  let client: { client_id: string; client_secret: string };
  try {
    client = JSON.parse(readFileSync(file.trim(), 'utf8')).installed;
    if (!client.client_id) throw new Error('沒有 installed.client_id');
  } catch (error) {
    throw new UserError(`這個檔案不是電腦版 OAuth 用戶端：${(error as Error).message}`);
  }
  const refreshToken = await consent(client);
  const credential = {
    client_id: client.client_id,
    client_secret: client.client_secret,
    refresh_token: refreshToken,
  };
  writeFileSync(CREDENTIAL_FILE, JSON.stringify(credential), { mode: 0o600 });
  process.env.GOOGLE_CREDENTIALS = CREDENTIAL_FILE;
}

/** OAuth with a loopback address: Google sends the code to this machine. */
async function consent(client: { client_id: string; client_secret: string }): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  const redirectUri = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const oauth = new auth.OAuth2({
    clientId: client.client_id,
    clientSecret: client.client_secret,
    redirectUri,
  });
  const state = randomBytes(16).toString('hex');
  say(
    `請用辦公室的 Google 帳號開啟下列網址並同意：\n\n${oauth.generateAuthUrl({ access_type: 'offline', prompt: 'consent', scope: SCOPES, state })}\n`,
  );
  const code = await new Promise<string>((resolve, reject) => {
    server.on('request', (request, response) => {
      const query = new URL(request.url ?? '/', redirectUri).searchParams;
      response.setHeader('content-type', 'text/plain; charset=utf-8');
      response.end('可以關閉這個視窗，回到終端機。');
      if (query.get('state') !== state || !query.get('code'))
        reject(new UserError('Google 沒有同意，請重跑 setup。'));
      else resolve(query.get('code') ?? '');
    });
  }).finally(() => server.close());
  const { tokens } = await oauth.getToken(code);
  if (!tokens.refresh_token)
    throw new UserError('Google 沒有給更新權杖，請到帳號的第三方存取頁移除本程式後重跑。');
  return tokens.refresh_token;
}

async function askSettings(ask: Interface): Promise<Record<string, string>> {
  const question = async (name: string, text: string) => {
    const known = process.env[name];
    const answer = (await ask.question(`${text}${known ? '（Enter 沿用）' : ''}：`)).trim() || known || '';
    if (!answer) throw new UserError(`${name} 不可空白。`);
    return answer;
  };
  say('\n二、其他設定');
  return {
    GOOGLE_CREDENTIALS: process.env.GOOGLE_CREDENTIALS ?? CREDENTIAL_FILE,
    DATABASE_URL: await question(
      'DATABASE_URL',
      'PostgreSQL 連線字串，例如 postgres://budeng@localhost/budeng',
    ),
    SMTP_URL: await question('SMTP_URL', '寄信伺服器，例如 smtps://user:password@mail.example.com:465'),
    MAIL_FROM: await question('MAIL_FROM', '寄件人，例如 補登 <noreply@office.example>'),
    PUBLIC_URL: await question('PUBLIC_URL', '查詢頁的公開網址，例如 https://budeng.office.example'),
    BUDENG_SECRET: process.env.BUDENG_SECRET ?? randomBytes(32).toString('hex'),
  };
}

/** Keeps lines that are not ours. */
function writeEnv(settings: Record<string, string>) {
  const kept = existsSync(ENV)
    ? readFileSync(ENV, 'utf8')
        .split('\n')
        .filter((line) => line && !((line.split('=')[0] ?? '') in settings))
    : [];
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  writeFileSync(ENV, `${[...kept, ...lines].join('\n')}\n`, { mode: 0o600 });
}

/** Each queue's spreadsheet for that queue's people only; the office's for the administrators. */
async function share(
  ask: Interface,
  google: ReturnType<typeof connectGoogle>,
  program: ReturnType<typeof loadProgram>,
  office: Office,
) {
  say('\n三、分享試算表（多個信箱以逗號分開，直接 Enter 略過）');
  const targets = [
    { label: '承辦（限閱）', id: office.office.spreadsheetId },
    ...program.queues.map((queue) => ({
      label: queue.label,
      id: office.queues[queue.key]?.spreadsheetId ?? '',
    })),
  ];
  for (const { label, id } of targets) {
    const answer = await ask.question(`${label}的使用者：`);
    for (const emailAddress of answer.split(/[,，\s]+/u).filter(Boolean))
      await google.call('drive.permissions.create', () =>
        google.drive.permissions.create({
          fileId: id,
          sendNotificationEmail: false,
          requestBody: { type: 'user', role: 'writer', emailAddress },
        }),
      );
  }
}

/** Builds the bundle with this office's settings and pushes it by clasp. */
function deployScript(office: Office, settings: Record<string, string>) {
  say('\n四、Apps Script');
  const run = (command: string, args: string[], cwd: string) => {
    const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' });
    if (status !== 0) throw new UserError(`${command} ${args.join(' ')} 失敗；修正後重跑 setup。`);
  };
  run('npm', ['run', '-s', 'build:apps-script'], '.');
  const forms = Object.fromEntries(
    Object.entries(office.forms).map(([key, { formId, fields }]) => [formId, { key, fields }]),
  );
  const properties = {
    OFFICE_SPREADSHEET_ID: office.office.spreadsheetId,
    INTAKE_SHEET_ID: String(office.office.tabIds.intake),
    SPREADSHEETS: JSON.stringify(Object.values(office.queues).map((queue) => queue.spreadsheetId)),
    FORMS: JSON.stringify(forms),
    PING_URL: `${settings.PUBLIC_URL?.replace(/\/$/u, '')}${PING_PATH}`,
    PING_SECRET: createHmac('sha256', settings.BUDENG_SECRET ?? '')
      .update('ping')
      .digest('hex'),
  };
  const folder = 'apps-script/dist';
  mkdirSync(folder, { recursive: true });
  // Run once by the owner in the script editor: a pushed project cannot set its own properties or triggers.
  writeFileSync(
    `${folder}/setup.js`,
    `function setUp() {\n  PropertiesService.getScriptProperties().setProperties(${JSON.stringify(properties)});\n  install();\n}\n`,
  );
  const clasp = ['--no-install', 'clasp'];
  run('npx', [...clasp, 'login'], folder);
  if (!existsSync(`${folder}/.clasp.json`))
    run('npx', [...clasp, 'create-script', '--type', 'standalone', '--title', 'budeng'], folder);
  run('npx', [...clasp, 'push', '--force'], folder);
  say(
    '請執行 npx clasp open-script（於 apps-script/dist），在編輯器選 setUp 函式按「執行」一次並同意授權；之後刪除 setup.js 檔。',
  );
}
