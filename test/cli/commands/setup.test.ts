import { query } from '../../../sync-service/src/ledger/query.ts';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { script } from 'googleapis/build/src/apis/script/index.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { officeClock } from '../../../contract/clock.ts';
import { type LocalGoogle, startLocalGoogle } from '../../../sync-service/src/cli/trial/google-local.ts';
import { officeLinks } from '../../../sync-service/src/cli/trial/office-links.ts';
import { forgetDocument } from '../../../sync-service/src/ledger/documents.ts';
import { openStore } from '../../../sync-service/src/ledger/store.ts';
import { loadProgram } from '../../../sync-service/src/program/load.ts';
import { clientOptions } from '../../../sync-service/src/google/client.ts';
import { knownOffice } from '../../../sync-service/src/provisioning/office.ts';
import { type Postgres, startPostgres } from '../../ledger/postgres.ts';

const PROGRAM = resolve('programs/tainan-109.yaml');
const MAIN = resolve('sync-service/src/cli/main.ts');
const program = await loadProgram(PROGRAM);
const clock = officeClock(new Date('2020-04-21T01:00:00Z'));
const folder = mkdtempSync(join(tmpdir(), 'budeng-setup-'));
let google: LocalGoogle;
let postgres: Postgres;
let databaseUrl: string;
let oauthPort: number;
let first: Awaited<ReturnType<typeof setUpOffice>>;

beforeAll(async () => {
  postgres = await startPostgres();
  databaseUrl = await postgres.createDatabase('budeng');
  google = await startLocalGoogle({
    clock,
    port: 0,
    smtpPort: 0,
    links: () => officeLinks(program, null, clock),
    withoutAccount: ['letters@office.example'],
  });
  oauthPort = await freePort();
  const client = { installed: { client_id: 'office', client_secret: 'secret of the client' } };
  writeFileSync(join(folder, 'client.json'), JSON.stringify(client));
  first = await setUpOffice();
});
afterAll(async () => {
  await google.close();
  await postgres.close();
  rmSync(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

/** What Google's consent page answers, with the boxes that are ticked: the address that the browser is sent to. */
async function agree(consent: string, ticked?: string): Promise<string> {
  const url = new URL(consent);
  if (ticked) url.searchParams.set('scope', ticked);
  const answer = await fetch(url, { redirect: 'manual' });
  return answer.headers.get('location') ?? '';
}

/** `budeng setup` as its user meets it: what it prints, and what is answered to it. */
function startSetup() {
  const child: ChildProcess = spawn(process.execPath, [MAIN, 'setup', '--program', PROGRAM], {
    cwd: folder,
    env: { PATH: process.env.PATH, GOOGLE_ROOT_URL: google.emulator.url, OAUTH_PORT: String(oauthPort) },
  });
  let printed = '';
  let read = 0;
  const arrived = new EventTarget();
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      arrived.dispatchEvent(new Event('text'));
    });
  const ended = once(child, 'close').then(() => arrived.dispatchEvent(new Event('text')));
  return {
    /** Waits for a sentence behind what was read last. */
    async until(sentence: string): Promise<string> {
      for (let at = -1; ; ) {
        at = printed.indexOf(sentence, read);
        if (at >= 0) {
          const text = printed.slice(read, at);
          read = at + sentence.length;
          return text;
        }
        if (child.exitCode !== null) throw new Error(`setup ended without «${sentence}»:\n${printed}`);
        await new Promise((done) => arrived.addEventListener('text', done, { once: true }));
      }
    },
    answer: (text: string) => void child.stdin?.write(`${text}\n`),
    async end() {
      child.stdin?.end();
      await ended;
      return { code: child.exitCode, rest: printed.slice(read) };
    },
  };
}

type Setup = ReturnType<typeof startSetup>;

async function answerAll(setup: Setup, pairs: readonly (readonly [question: string, answer: string])[]) {
  for (const [question, answer] of pairs) {
    await setup.until(question);
    setup.answer(answer);
  }
}

const projectFiles = async (role: string) => {
  const { id } = await document(role);
  const credential = JSON.parse(readFileSync(join(folder, 'google-credential.json'), 'utf8'));
  const api = script({ version: 'v1', ...clientOptions({ credential, rootUrl: google.emulator.url }) });
  const { data } = await api.projects.getContent({ scriptId: id });
  return new Map((data.files ?? []).map(({ name, source }) => [name, source ?? '']));
};

async function document(role: string) {
  const store = await openStore({ databaseUrl });
  try {
    return await query(store.db)
      .selectFrom('documents')
      .select('id')
      .where('role', '=', role)
      .executeTakeFirstOrThrow();
  } finally {
    await store.close();
  }
}

const fileCount = () => google.emulator.drive.list(undefined).files?.length;
/** To Drive, null takes a property away. */
const NO_MARK = { budengProgram: null, budengRole: null } as unknown as Record<string, string>;
const PLATFORM_DESK = 'platform@office.example, second@office.example';
const SERVERS = ['PostgreSQL 連線字串', '寄件人', '寄信伺服器', '公開網址'];
const SHARES = ['承辦（限閱）的使用者', '平臺的使用者', '市教專中心的使用者', '教育部的使用者'];
const byEnter = (questions: readonly string[]) => questions.map((question) => [question, ''] as const);

/** Set-up run again: everything that was answered before is kept. */
async function setUpByEnter() {
  const again = startSetup();
  await answerAll(again, byEnter([...SERVERS, ...SHARES, '按 Enter']));
  expect((await again.end()).code).toBe(0);
}

/** The first set-up, as the office's owner goes through it; every test finds the office that it has made. */
async function setUpOffice() {
  const setup = startSetup();
  await answerAll(setup, [
    ['JSON 的路徑', 'no-such-file.json'],
    ['不是電腦版 OAuth 用戶端', 'client.json'],
  ]);
  await setup.until('開啟下列網址並同意：\n\n');
  const consent = await setup.until('\n');
  const scopes = new URL(consent).searchParams.get('scope');
  // One box is left empty at first; the browser runs on this machine.
  await fetch(await agree(consent, 'https://www.googleapis.com/auth/drive.file'));
  await setup.until('1 項沒有勾選：「建立及更新 Google Apps Script 專案」');
  await setup.until('開啟下列網址並同意：\n\n');
  const { status } = await fetch(await agree(await setup.until('\n')));
  await answerAll(setup, [
    ['PostgreSQL 連線字串', 'postgres://budeng@127.0.0.1:1/nowhere'],
    ['不能用：', databaseUrl],
    ['寄件人', '補登'],
    ['沒有電子郵件地址', '補登 <office@budeng.invalid>'],
    ['寄信伺服器', `smtp://127.0.0.1:1`],
    ['不能用：', `smtp://127.0.0.1:${google.mailbox.smtpPort}`],
    ['公開網址', 'http://office.example'],
    ['https:// 開頭', 'https://budeng.office.example'],
    [SHARES[0] ?? '', '不是信箱'],
    ['這些不是電子郵件地址', 'admin@office.example'],
    [SHARES[1] ?? '', 'platform@office.example；letters@office.example；second＠office.example'],
  ]);
  // One that Google refuses holds up no other.
  await setup.until('沒有分享給 l***@office.example：這個信箱沒有 Google 帳號');
  await answerAll(setup, [
    [SHARES[2] ?? '', ''],
    [SHARES[3] ?? '', ''],
  ]);
  await setup.until('按「執行」一次');
  // What the owner does in the editor.
  const pushed = await projectFiles('script');
  const problems = await google.scripts.run((await document('script')).id, 'setUp');
  const events = google.scripts.triggers().map(({ event }) => event);
  await answerAll(setup, [['按 Enter', '']]);
  const end = await setup.end();
  return { scopes, status, pushed, problems, events, end, left: await projectFiles('script') };
}

describe('budeng rebuild', () => {
  const rebuild = async (url: string, flags: string[]) => {
    const child = spawn(process.execPath, [MAIN, 'rebuild', '--program', PROGRAM, ...flags], {
      cwd: folder,
      env: { PATH: process.env.PATH, GOOGLE_ROOT_URL: google.emulator.url, DATABASE_URL: url },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
      });
    const [code] = await once(child, 'close');
    return { code, printed };
  };

  it('takes a file without a mark only by the flag, and names it either way', async () => {
    const { id } = await document('queue:city-center');
    const { appProperties = {} } = google.emulator.drive.get(id);
    google.emulator.drive.update(id, { appProperties: NO_MARK });
    const url = await postgres.createDatabase('rebuilt');
    const file = /市教專中心待審清單」，擁有者 .\*\*\*@\S+，109年4月21日（二）建立/u;
    const refused = await rebuild(url, []);
    expect(refused).toEqual({ code: 1, printed: expect.stringMatching(file) });
    expect(refused.printed).toContain('--take-unmarked');
    const taken = await rebuild(url, ['--take-unmarked']);
    expect(taken).toEqual({ code: 0, printed: expect.stringMatching(file) });
    expect(taken.printed).toContain('已由試算表重建 0 案');
    google.emulator.drive.update(id, { appProperties });
  });
});

describe('budeng setup', () => {
  it('puts the office onto its Google account: consent, settings, documents, sharing, script', async () => {
    const { scopes, status, pushed, problems, events, end, left } = first;
    expect(scopes).toBe(
      'https://www.googleapis.com/auth/drive.file https://www.googleapis.com/auth/script.projects',
    );
    expect(status).toBe(200);
    expect([...pushed.keys()]).toEqual(['appsscript', 'budeng', 'setup']);
    expect(pushed.get('appsscript')).toContain('enabledAdvancedServices');
    expect(problems).toEqual([]);
    expect(events).toEqual(['clock', ...Array(4).fill('submit')]);
    expect(end).toEqual({ code: 0, rest: expect.stringContaining('完成') });
    expect([...left.keys()]).toEqual(['appsscript', 'budeng']);
    for (const role of ['office', 'queue:platform', 'queue:city-center', 'queue:ministry']) {
      const desk = await projectFiles(`script:${role}`);
      expect([...desk.keys()]).toEqual(['appsscript', 'budeng']);
      expect(desk.get('budeng')).toContain('function onOpen');
      expect(google.scripts.projects.boundTo((await document(role)).id)).toEqual([
        (await document(`script:${role}`)).id,
      ]);
    }
  });

  it('shared each spreadsheet with the people named for it, and with nobody else', async () => {
    const people = async (role: string) => {
      const { permissions } = google.emulator.drive.get((await document(role)).id);
      return permissions
        ?.map(({ emailAddress }) => emailAddress)
        .filter((each) => each?.endsWith('.example'));
    };
    expect(await people('office')).toEqual(['admin@office.example']);
    expect(await people('queue:platform')).toEqual(['platform@office.example', 'second@office.example']);
    expect(await people('queue:city-center')).toEqual([]);
  });

  it('keeps settings and credential for their owner only', () => {
    const env = readFileSync(join(folder, '.env'), 'utf8');
    expect(env).toMatch(/^BUDENG_SECRET="[0-9a-f]{64}"$/mu);
    expect(env).toContain('PUBLIC_URL="https://budeng.office.example"');
    for (const file of ['.env', 'google-credential.json'])
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    expect(existsSync(resolve('apps-script/dist/forms/setup.js'))).toBe(false);
  });

  it('makes nothing twice when it is run again, and keeps what is answered by Enter', async () => {
    const [before, env] = [fileCount(), readFileSync(join(folder, '.env'), 'utf8')];
    await setUpByEnter();
    expect(fileCount()).toBe(before);
    expect(google.scripts.projects.boundTo((await document('office')).id)).toHaveLength(1);
    expect(readFileSync(join(folder, '.env'), 'utf8')).toBe(env);
    const store = await openStore({ databaseUrl });
    expect(Object.keys((await knownOffice([program], store))?.forms ?? {})).toHaveLength(4);
    await store.close();
  });

  it("finds a spreadsheet's script by the mark in it where the ledger has forgotten it", async () => {
    const { id } = await document('script:office');
    const store = await openStore({ databaseUrl });
    await forgetDocument(store.db, 'script:office');
    await store.close();
    await setUpByEnter();
    expect((await document('script:office')).id).toBe(id);
  });

  it('makes a spreadsheet anew that was deleted for good, once that is meant', async () => {
    const { id } = await document('queue:platform');
    google.emulator.drive.delete(id);
    for (const meant of [false, true]) {
      const again = startSetup();
      await answerAll(again, [...byEnter(SERVERS), ['Google 找不到 queue:platform', meant ? '另建' : '']]);
      if (!meant) {
        await again.until(SHARES[0] ?? '');
        await again.end();
        expect((await document('queue:platform')).id).toBe(id);
        continue;
      }
      await answerAll(
        again,
        [...SHARES, '按 Enter'].map((question) => [question, question === SHARES[1] ? PLATFORM_DESK : '']),
      );
      expect((await again.end()).code).toBe(0);
    }
    const made = await document('queue:platform');
    expect(made.id).not.toBe(id);
    expect(google.scripts.projects.boundTo(made.id)).toEqual([(await document('script:queue:platform')).id]);
    const { permissions } = google.emulator.drive.get(made.id);
    expect(permissions?.some(({ emailAddress }) => emailAddress === 'platform@office.example')).toBe(true);
  });

  it.each([
    ['', false],
    ['採用', true],
  ])('asks about a spreadsheet of the right title without a mark: «%s» takes it: %s', async (answer, taken) => {
    const { id } = await document('queue:ministry');
    const store = await openStore({ databaseUrl });
    await forgetDocument(store.db, 'queue:ministry');
    await store.close();
    google.emulator.drive.update(id, { appProperties: NO_MARK });
    const again = startSetup();
    await answerAll(again, byEnter(SERVERS));
    const asked = await again.until('直接 Enter 則不採用而另建一份');
    expect(asked).toMatch(/試算表「.*教育部待審清單」，擁有者 .\*\*\*@\S+，109年4月21日（二）建立/u);
    again.answer(answer);
    await answerAll(again, byEnter([...SHARES, '按 Enter']));
    expect((await again.end()).code).toBe(0);
    const now = (await document('queue:ministry')).id;
    expect(now === id).toBe(taken);
    expect(google.emulator.drive.get(now).appProperties).toMatchObject({ budengRole: 'queue:ministry' });
    if (!taken) google.emulator.drive.delete(id);
  });

  it('renews a consent that has ended, by an address that is pasted from another machine', async () => {
    const file = join(folder, 'google-credential.json');
    const before = JSON.parse(readFileSync(file, 'utf8'));
    expect(before).toMatchObject({ type: 'authorized_user', client_id: 'office' });
    const body = new URLSearchParams({ token: before.refresh_token });
    await fetch(`${google.emulator.url}/revoke`, { method: 'POST', body });
    const setup = startSetup();
    await setup.until('授權已失效或被撤銷');
    await setup.until('開啟下列網址並同意：\n\n');
    const target = await agree(await setup.until('\n'));
    await answerAll(setup, [
      ['或貼上網址', 'https://office.example/?code=wrong'],
      ['這不是同意之後的網址', target],
      ['PostgreSQL 連線字串', ''],
    ]);
    await setup.end();
    const renewed = JSON.parse(readFileSync(file, 'utf8'));
    expect({ ...renewed, refresh_token: '' }).toEqual({ ...before, refresh_token: '' });
    expect(renewed.refresh_token).not.toBe(before.refresh_token);
  });

  it.each([
    ['access_denied', 'Google 沒有同意'],
    ['admin_policy_enforced', '網域的管理員不允許這個程式'],
  ])('says in words what %s on the consent page means', async (error, sentence) => {
    const file = join(folder, 'google-credential.json');
    const kept = readFileSync(file, 'utf8');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(kept), refresh_token: 'revoked' }));
    await fetch(`${google.emulator.url}/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ token: 'revoked' }),
    });
    const setup = startSetup();
    await setup.until('開啟下列網址並同意：\n\n');
    const state = new URL(await setup.until('\n')).searchParams.get('state');
    await answerAll(setup, [['或貼上網址', `http://127.0.0.1/?state=${state}&error=${error}`]]);
    const { code, rest } = await setup.end();
    expect([code, rest]).toEqual([1, expect.stringContaining(sentence)]);
    expect(rest).not.toContain('    at ');
    writeFileSync(file, kept);
  });

  it('says in words that the answers ended too early', async () => {
    const setup = startSetup();
    await setup.until('PostgreSQL 連線字串');
    const { code, rest } = await setup.end();
    expect(code).toBe(1);
    expect(rest).toContain('輸入在問完之前就結束了');
    expect(rest).not.toContain('    at ');
  });
});
