import { forgetDocument, isBoundScript, listDocuments } from '../../ledger/documents.ts';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { listedEmails, maskEmail } from '../../cases/reading/email.ts';
import type { Program } from '../../cases/program-rules.ts';
import { openStore, type Store } from '../../ledger/store.ts';
import { loadProgram } from '../../program/load.ts';
import { remark } from '../output/remark.ts';
import { connectGoogle, type Google } from '../../google/client.ts';
import { GoogleError } from '../../google/error.ts';
import { isTrashed } from '../../google/files.ts';
import { type Office, setUpOffice } from '../../provisioning/office.ts';
import { credentialFile, ensureCredential } from '../setup/consent.ts';
import { readConnection, readSmtp, senderOf, tryMail } from '../setup/environment.ts';
import type { LedgerOptions } from '../ledger.ts';
import {
  openScriptProjects,
  pingSecretOf,
  scriptProperties,
  SETUP_FUNCTION,
} from '../setup/script-projects.ts';
import { publicErrorOf } from '../output/failure.ts';
import { askWhetherOwn, openTerminal, type Terminal } from '../setup/terminal.ts';
import { PublicError } from '../../../../contract/public-error.ts';

const ENV = '.env';
/** What is typed to have a lost document made anew. */
const REPLACE = '另建';

/** `budeng setup` asks, tries each answer at once, and can be run again after any failure. */
export async function setup(options: LedgerOptions): Promise<void> {
  const program = await loadProgram(options.program, remark);
  const terminal = openTerminal();
  try {
    terminal.say(
      `將「${program.title}」裝到辦公室的 Google 帳號。任何一步失敗，修正後重跑本指令即可，不會重複建立。`,
    );
    await ensureCredential(terminal);
    const settings = await askSettings(terminal);
    writeEnv(settings);
    await install(terminal, program, settings);
    terminal.say('\n完成。啟動服務：npm run -s budeng -- serve');
  } finally {
    terminal.close();
  }
}

type Settings = Awaited<ReturnType<typeof askSettings>>;

async function install(terminal: Terminal, program: Program, settings: Settings) {
  const connection = readConnection();
  const google = connectGoogle(connection);
  const store = await openStore({ databaseUrl: settings.DATABASE_URL });
  try {
    await replaceLost(terminal, google, store);
    terminal.say('\n正在建立（或找回）試算表與表單…');
    const tell = {
      warn: (about: PublicError) => terminal.say(`　${about.message}`),
      isOwn: askWhetherOwn(terminal, '不採用而另建一份'),
    };
    const office = await setUpOffice({ programs: [program], store, google, ...tell });
    await share(terminal, google, program, office);
    terminal.say('\n四、Apps Script');
    buildBundle();
    const service = { url: settings.PUBLIC_URL, pingSecret: pingSecretOf(settings.BUDENG_SECRET) };
    const properties = scriptProperties(office, program, service);
    const projects = await openScriptProjects({
      program,
      store,
      google,
      options: connection,
      office,
      ...tell,
    });
    await projects.pushForms(properties);
    await projects.pushDesks();
    terminal.say(
      `請用辦公室的帳號開啟 ${projects.url}\n在編輯器上方選「${SETUP_FUNCTION}」，按「執行」一次並同意授權。請勿用其他帳號執行。`,
    );
    await terminal.ask('執行完畢後按 Enter');
    await projects.pushForms(null);
    terminal.say('已由專案移除內含密鑰的 setup 檔。');
  } finally {
    await store.close();
  }
}

/** Offers to make a deleted document anew. It asks first, since the account may only have lost its access. */
async function replaceLost(terminal: Terminal, google: Google, store: Store) {
  for (const { role, id } of await listDocuments(store.db)) {
    // Drive does not list it; where it is gone with its spreadsheet, it is made anew without asking.
    if (isBoundScript(role)) continue;
    const trashed = await isTrashed(google, id);
    if (trashed === false) continue;
    if (trashed) {
      terminal.say(`　${role} 在垃圾桶裡，30 天後會永久刪除。請由擁有者移出垃圾桶。`);
      continue;
    }
    const answer = await terminal.ask(
      `　Google 找不到 ${role}（${id}）：已永久刪除，或不再分享給這個帳號。要另建一份請輸入 ${REPLACE}，否則直接 Enter`,
    );
    if (answer === REPLACE) await forgetDocument(store.db, role);
  }
}

async function askSettings(terminal: Terminal) {
  terminal.say('\n二、其他設定');
  const question = async (
    name: string,
    text: string,
    trial: (answer: string) => unknown,
  ): Promise<string> => {
    const known = process.env[name];
    for (;;) {
      const answer = (await terminal.ask(`${text}${known ? '（Enter 沿用）' : ''}`)) || known || '';
      try {
        if (!answer) throw refusal('不可空白。', 'It must not be empty.');
        await trial(answer);
        process.env[name] = answer;
        return answer;
      } catch (error) {
        const why = publicErrorOf(error)?.message ?? `${(error as Error).message}。`;
        terminal.say(`　不能用：${why}請再填一次。`);
      }
    }
  };
  return {
    GOOGLE_CREDENTIALS: credentialFile(),
    DATABASE_URL: await question(
      'DATABASE_URL',
      'PostgreSQL 連線字串，例如 postgres://budeng@localhost/budeng',
      async (databaseUrl) => (await openStore({ databaseUrl })).close(),
    ),
    MAIL_FROM: await question('MAIL_FROM', '寄件人，例如 補登 <noreply@office.example>', senderOf),
    SMTP_URL: await question(
      'SMTP_URL',
      '寄信伺服器，例如 smtps://user:password@mail.example.com:465',
      async (url) => {
        process.env.SMTP_URL = url;
        await tryMail(readSmtp());
      },
    ),
    PUBLIC_URL: await question(
      'PUBLIC_URL',
      '查詢頁的公開網址，例如 https://budeng.office.example',
      checkPublicUrl,
    ),
    BUDENG_SECRET: process.env.BUDENG_SECRET ?? randomBytes(32).toString('hex'),
  };
}

/** Refuses an answer. It has no remedy of its own: the question is asked again. */
function refusal(sentence: string, english: string): PublicError {
  return new PublicError({ sentence, remedy: '', english });
}

function checkPublicUrl(answer: string) {
  const url = URL.parse(answer);
  if (!url) throw refusal('不是網址。', 'This is no address.');
  // Apps Script and teachers reach it from outside; only a trial on this machine does without TLS.
  if (url.protocol !== 'https:' && !/^(?:localhost|127\.0\.0\.1)$/u.test(url.hostname))
    throw refusal('必須是 https:// 開頭的網址。', 'It must begin with https://.');
}

/** Writes our settings and keeps all other lines of the file. */
function writeEnv(settings: Record<string, string>) {
  const managed = existsSync(ENV)
    ? readFileSync(ENV, 'utf8')
        .split('\n')
        .filter((line) => line && !((line.split('=')[0] ?? '') in settings))
    : [];
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  writeFileSync(ENV, `${[...managed, ...lines].join('\n')}\n`, { mode: 0o600 });
}

/** Shares each queue's spreadsheet with that queue's people only, and the office's with the administrators. */
async function share(terminal: Terminal, google: Google, program: Program, office: Office) {
  terminal.say('\n三、分享試算表（多個信箱以逗號分開，直接 Enter 略過）');
  const targets = [
    { label: '承辦（限閱）', id: office.office.spreadsheetId },
    ...program.queues.map((queue) => ({
      label: queue.label,
      id: office.queues[queue.key]?.spreadsheetId ?? '',
    })),
  ];
  for (const { label, id } of targets)
    for (const emailAddress of await askAddresses(terminal, `${label}的使用者`)) {
      const refusal = await shareWith(google, id, emailAddress);
      // What is printed here is copied into reports: the address is told apart by its first letter and its domain.
      if (refusal) terminal.say(`　沒有分享給 ${maskEmail(emailAddress)}：${refusal.message}`);
    }
}

/** One refused address holds up no other. @returns why it was refused; null where it was not */
async function shareWith(google: Google, fileId: string, emailAddress: string): Promise<GoogleError | null> {
  try {
    await google.call('drive.permissions.create', () =>
      google.drive.permissions.create({
        fileId,
        sendNotificationEmail: false,
        requestBody: { type: 'user', role: 'writer', emailAddress },
      }),
    );
    return null;
  } catch (error) {
    if (error instanceof GoogleError && !error.unknownOutcome && error.status !== 401) return error;
    throw error;
  }
}

async function askAddresses(terminal: Terminal, question: string): Promise<string[]> {
  for (;;) {
    const { addresses, wrong } = listedEmails(await terminal.ask(question));
    if (wrong.length === 0) return addresses;
    terminal.say(`　這些不是電子郵件地址：${wrong.join('、')}。請再填一次。`);
  }
}

function buildBundle() {
  const script = fileURLToPath(new URL('../../../../apps-script/build.ts', import.meta.url));
  const { status } = spawnSync(process.execPath, [script], { stdio: 'inherit' });
  if (status !== 0)
    throw new PublicError({
      sentence: 'Apps Script 建置失敗。',
      remedy: '請確認已執行 npm ci，再重跑 setup。',
      english: 'The Apps Script bundle could not be built; run npm ci, then set-up again.',
    });
}
