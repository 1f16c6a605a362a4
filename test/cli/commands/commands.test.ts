import { query } from '../../../sync-service/src/ledger/query.ts';
import type { NoticeState } from '../../../sync-service/src/notices/types.ts';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readOds } from 'hucre/ods';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backup, restore } from '../../../sync-service/src/cli/commands/backup.ts';
import { erase } from '../../../sync-service/src/cli/commands/erase.ts';
import { forgetDocument } from '../../../sync-service/src/ledger/documents.ts';
import { doctor } from '../../../sync-service/src/cli/commands/doctor.ts';
import { preview } from '../../../sync-service/src/cli/commands/preview.ts';
import {
  caseFind,
  caseHistory,
  caseShow,
  exportCases,
  noticesList,
  noticesResolve,
  noticesRetry,
  noticesTold,
  listQuarantinedRows,
} from '../../../sync-service/src/cli/commands/cases.ts';
import { exportSubject } from '../../../sync-service/src/cli/commands/subject.ts';
import { importRegistered, importResponses } from '../../../sync-service/src/cli/commands/import.ts';
import { readRegistered } from '../../../sync-service/src/cli/files/registered-file.ts';
import { exportTable } from '../../../sync-service/src/exports/table.ts';
import { withLedger } from '../../../sync-service/src/cli/ledger.ts';
import { systemClock } from '../../../contract/clock.ts';
import {
  localCredential,
  localOptions,
  startLocalGoogle,
} from '../../../sync-service/src/cli/trial/google-local.ts';
import { officeLinks } from '../../../sync-service/src/cli/trial/office-links.ts';
import { createService } from '../../../sync-service/src/cli/service.ts';
import { openStore } from '../../../sync-service/src/ledger/store.ts';
import { loadProgram } from '../../../sync-service/src/program/load.ts';
import { pingSecretOf } from '../../../sync-service/src/cli/setup/script-projects.ts';
import { startWeb } from '../../../sync-service/src/web/server.ts';
import { trialFolder } from './trial-folder.ts';

const RESPONSES = 'test/fixtures/responses-sample';
const optionsFor = (data: string) => ({ program: 'programs/tainan-109.yaml', data, secret: 'secret' });
const imported = trialFolder((data) =>
  silently(() => importResponses({ ...optionsFor(data), responses: RESPONSES })),
);
let folder: string;
let options: ReturnType<typeof optionsFor>;
let printed = '';

function listen() {
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
    return true;
  });
}

async function silently(work: () => Promise<void>) {
  listen();
  await work();
  vi.restoreAllMocks();
}

const run = async (work: () => Promise<unknown>) => {
  printed = '';
  await work();
  return printed;
};

beforeEach(() => {
  listen();
  folder = imported.copy();
  options = optionsFor(folder);
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = 0;
});

/** The platform has the certificate of these two cases on record, so both are closed. */
const CLOSED = ['TN109-000003', 'TN109-000103'] as const;
async function closeRegistered() {
  const file = join(folder, 'registered.csv');
  writeFileSync(file, '姓名,證書字號\n彭雯芬,南市教專字第 1070026587 號\n別人,南市教專字第1070026588號\n');
  return { file, said: await run(() => importRegistered(file, options)) };
}

describe('budeng import', () => {
  it('takes CSV exports in, once, however often it is repeated', async () => {
    const target = { ...optionsFor(join(folder, 'empty')), responses: RESPONSES };
    mkdirSync(join(target.data, 'service'), { recursive: true });
    expect(await run(() => importResponses(target))).toContain('新收 200 件');
    expect(await run(() => importResponses(target))).toContain('新收 0 件');
  }, 60_000);
});

describe('budeng case', () => {
  it('shows and finds cases with names masked, in full only where asked', async () => {
    expect(await run(() => caseShow('TN109-000003', options))).toContain('彭○○');
    expect(await run(() => caseShow('TN109-000003', { ...options, full: true }))).toContain('彭雯芬');
    expect(await run(() => caseFind('彭雯芬', options))).toContain('TN109-000003');
    expect(await run(() => caseFind('大同', options))).toMatch(/大同/u);
    expect(await run(() => caseFind('沒有這個人', options))).toContain('沒有符合的案件');
  });

  it('tells the history with its notices', async () => {
    expect(await run(() => caseHistory('TN109-000003', options))).toMatch(
      /收件.*審核中[\s\S]*acknowledgement/u,
    );
  });

  it('previews every notice with a real case, also those that it has not come to', async () => {
    const out = join(folder, 'preview.html');
    expect(await run(() => preview({ ...options, case: 'TN109-000003', out }))).toContain('已寫入');
    const page = readFileSync(out, 'utf8');
    expect(page).toContain('【TN109-000003】您的案件已函報');
    expect(page).toContain('彭○○老師您好');
    expect(page).not.toContain('彭雯芬');
    expect(page).toContain('<td><code>{{letter.number}}</code></td><td>文號</td><td>可能沒有</td>');
    expect(page).toContain('<code>{{#each forms}}</code>');
    await expect(preview({ ...options, case: 'TN109-999999', out })).rejects.toThrow('沒有案號');
  });

  it('refuses an unknown number in words', async () => {
    await expect(caseShow('TN109-999999', options)).rejects.toThrow('沒有案號 TN109-999999');
  });
});

describe('--json', () => {
  it('prints one value for programs, masked as the lines are', async () => {
    const json = { ...options, json: true };
    const parsed = async (work: () => Promise<unknown>) => JSON.parse(await run(work));
    expect(await parsed(() => caseShow('TN109-000003', json))).toMatchObject({
      案號: 'TN109-000003',
      姓名: '彭○○',
    });
    expect(await parsed(() => caseFind('TN109-000003', json))).toEqual([
      expect.objectContaining({ 案號: 'TN109-000003', 姓名: '彭○○' }),
    ]);
    expect(await parsed(() => caseFind('沒有這個人', json))).toEqual([]);
    const history = await parsed(() => caseHistory('TN109-000003', json));
    expect(history.經過[0]).toMatchObject({ 原狀態: '（新案）' });
    expect(history.通知[0]).toMatchObject({ 案號: 'TN109-000003' });
    const notices = await parsed(() => noticesList({ ...json, state: 'pending' }));
    expect(notices).toContainEqual(expect.objectContaining({ 案號: 'TN109-000003', 狀態: '待寄' }));
    expect(await parsed(() => listQuarantinedRows(json))).toEqual([]);
  });
});

describe('budeng subject export', () => {
  const caseOf = async (number: string) =>
    withLedger(options, async ({ store }) =>
      query(store.db).selectFrom('cases').selectAll().where('number', '=', number).executeTakeFirstOrThrow(),
    );
  const first = async () => {
    const found = await caseOf('TN109-000001');
    return { ...found, name: found.facts.name ?? '' };
  };

  it('writes everything of one person into a file of their own, and prints none of it', async () => {
    const { name, email, answers } = await first();
    const out = join(folder, 'subject.json');
    const said = await run(() => exportSubject([email.toUpperCase(), name], { ...options, out }));
    expect(said).not.toContain(name);
    expect(said).not.toContain(email);
    const text = readFileSync(out, 'utf8');
    for (const answer of Object.values(answers)) expect(text).toContain(JSON.stringify(answer));
    const { 案件: cases } = JSON.parse(text);
    expect(cases[0]).toMatchObject({ 案號: 'TN109-000001', 姓名: name, 電子郵件: email });
    expect(cases[0].填報內容[0].內容).toMatchObject({ 姓名: answers.name });
    expect(cases[0].經過[0]).toMatchObject({ 新狀態: expect.any(String) });
    expect(cases[0].通知[0]).toMatchObject({ 收件人: email });
    expect(text).not.toMatch(/editUrl|trackingUrl/u);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    // An earlier answer is not replaced.
    await expect(exportSubject([email], { ...options, out })).rejects.toThrow('EEXIST');
  });

  it('refuses where two persons may be meant, and where nobody is', async () => {
    const { name, email, id } = await first();
    await withLedger(options, async ({ store }) => {
      await query(store.db).updateTable('cases').set({ email }).where('id', '!=', id).execute();
    });
    const out = join(folder, 'nobody.json');
    await expect(exportSubject([email], { ...options, out })).rejects.toThrow('可能不是同一位當事人');
    await exportSubject([email, name], { ...options, out });
    const missing = join(folder, 'missing.json');
    await expect(exportSubject(['nobody@example.com'], { ...options, out: missing })).rejects.toThrow(
      '沒有這位當事人的案件',
    );
    await expect(exportSubject(['甲', '乙'], { ...options, out: missing })).rejects.toThrow('看不出');
    expect(existsSync(missing)).toBe(false);
  });
});

describe('budeng export', () => {
  it('writes no zip to a terminal', async () => {
    const terminal = Object.getOwnPropertyDescriptor(process.stdout, 'isTTY');
    Object.defineProperty(process.stdout, 'isTTY', { value: true, configurable: true });
    try {
      for (const format of ['ods', 'xlsx'])
        await expect(exportCases({ ...options, format })).rejects.toThrow('--out');
      expect(await run(() => exportCases({ ...options, format: 'csv' }))).toContain('案號');
    } finally {
      if (terminal) Object.defineProperty(process.stdout, 'isTTY', terminal);
      else Reflect.deleteProperty(process.stdout, 'isTTY');
    }
  });

  it('names what no font can draw in a column of its own, where there is any', async () => {
    const table = () => run(() => exportCases({ ...options, format: 'csv', full: true }));
    expect(await table()).not.toContain('罕用字');
    const responses = join(folder, 'rare');
    mkdirSync(responses);
    writeFileSync(
      join(responses, 'initial.csv'),
      '時間戳記,電子郵件地址,姓名,服務學校,取得學年度,證書字號,證書掃描檔,個人資料蒐集同意\n' +
        '2020/4/21 上午 9:01:15,rare@example.com,王\ue000𤧟,114601,106,南市教專字第1060000009號,x,我已閱讀並同意\n',
    );
    await run(() => importResponses({ ...options, responses }));
    const said = await table();
    expect(said.split('\r\n')[0]).toMatch(/,罕用字$/u);
    expect(said).toMatch(/,王\ue000𤧟,.*,姓名第2字 U\+E000\r\n/u);
  });

  it('writes an .ods that is masked and evaluates nothing', async () => {
    const out = join(folder, 'cases.ods');
    await exportCases({ ...options, format: 'ods', out });
    const { sheets } = await readOds(readFileSync(out));
    const text = JSON.stringify(sheets[0]?.rows);
    expect(sheets[0]?.rows).toHaveLength(201);
    expect(text).toContain('彭○○');
    expect(text).not.toContain('彭雯芬');
  });

  it('writes JSON and CSV', async () => {
    expect(JSON.parse(await run(() => exportCases({ ...options, format: 'json' })))).toHaveLength(200);
    expect((await run(() => exportCases({ ...options, format: 'csv' }))).split('\r\n')).toHaveLength(202);
    await expect(exportCases({ ...options, format: 'docx' })).rejects.toThrow('--format 只能是');
  });
});

describe('budeng import-registered', () => {
  it('closes what the platform has on record, with that evidence, and nothing else', async () => {
    const { file, said } = await closeRegistered();
    // Two addresses have sent the same certificate, so it is two cases.
    expect(said).toContain('無須補登 2 件');
    expect(await run(() => caseHistory('TN109-000003', options))).toContain('比對作業平臺名冊');
    expect(await run(() => importRegistered(file, options))).toContain('無須補登 0 件');
  });

  it.each([
    'ods',
    'xlsx',
  ] as const)('takes .%s, and what has no number is counted as left out', async (format) => {
    const file = join(folder, `registered.${format}`);
    const rows = [
      ['別人', '南市教專字第1070026588號', '進階'],
      ['無字號', '', ''],
      ['', '', ''],
    ];
    writeFileSync(file, await exportTable(format, '名冊', ['教師姓名', '證書字號', '類別'], rows));
    expect(await run(() => importRegistered(file, options))).toContain(
      '名冊 1 筆（另有 1 列沒有姓名或字號，略過）',
    );
  });

  it('leaves out what no name is, and stops at none of it', async () => {
    const file = join(folder, 'hostile.csv');
    const names = [
      '王\u0000小明',
      '長'.repeat(20_000),
      'a\uffff\ud800',
      '\u0000',
      '\ue000\u{30000}',
      '李大同',
    ];
    const lines = names.map((name, index) => `${name},南市教專字第109000000${index}號`);
    writeFileSync(file, ['姓名,證書字號', ...lines, `陳一,${'9'.repeat(20_000)}`, ''].join('\n'));
    expect(await run(() => importRegistered(file, options))).toContain(
      '名冊 4 筆（另有 1 列沒有姓名或字號、2 列的姓名或字號太長，略過）',
    );
  });

  it('reads what Excel saves as CSV in Taiwan: Big5 without a mark, UTF-16 with one', async () => {
    const [big5, utf16] = [join(folder, 'big5.csv'), join(folder, 'utf16.csv')];
    // 姓名,證書字號 / 王小明,初字第1號
    writeFileSync(big5, Buffer.from('a96da6572cc3d2aed1a672b8b90aa4fda470a9fa2caaeca672b2c431b8b90a', 'hex'));
    writeFileSync(utf16, Buffer.from('\ufeff姓名,證書字號\r\n王小明,初字第1號\r\n', 'utf16le'));
    for (const file of [big5, utf16])
      expect(await readRegistered(file)).toMatchObject([{ name: '王小明', number: '初字第1號', level: '' }]);
  });

  it.each<[string, string, string]>([
    ['other.csv', '甲,乙\n1,2\n', '第 1 列缺少欄位「姓名」「證書字號」'],
    ['empty.csv', '', '第 1 列缺少欄位「姓名」「證書字號」'],
    ['quote.csv', '姓名,證書字號\n"王小明,1\n', '讀不到'],
    ['broken.ods', 'PK\u0003\u0004 and nothing more', '讀不到'],
    ['old.xls', 'not a zip', '不是 ods 或 xlsx 檔'],
  ])('refuses %s in one sentence', async (name, content, sentence) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    await expect(importRegistered(file, options)).rejects.toThrow(sentence);
    await expect(importRegistered(join(folder, 'no.ods'), options)).rejects.toThrow('檔案或資料夾不存在');
  });
});

describe('budeng notices', () => {
  const setState = (state: NoticeState) =>
    withLedger(options, async ({ store }) => {
      const { id } = await query(store.db)
        .selectFrom('notices')
        .select('id')
        .where('recipient', '!=', '')
        .orderBy('id')
        .executeTakeFirstOrThrow();
      await query(store.db).updateTable('notices').set({ state }).where('id', '=', id).execute();
      return String(id);
    });

  it('retries a refused one, and an uncertain one only as a person says', async () => {
    const id = await setState('refused');
    expect(await run(() => noticesList({ ...options, state: 'refused' }))).toContain(`#${id}`);
    await noticesRetry(id, options);
    await expect(noticesRetry(id, options)).rejects.toThrow('未更動');
    await expect(noticesRetry('abc', options)).rejects.toThrow('「abc」不是通知編號');
    await setState('uncertain');
    await expect(noticesResolve(id, options)).rejects.toThrow('請擇一');
    expect(await run(() => noticesResolve(id, { ...options, arrived: true }))).toContain('已交寄');
  });

  it('begins the deadline of a correction once its teacher was told in another way', async () => {
    const request = await withLedger(options, ({ store }) =>
      query(store.db)
        .updateTable('notices')
        .set({ state: 'refused' })
        .where('kind', '=', 'correction-request')
        .where('id', 'in', (query) =>
          query.selectFrom('notices').select('id').where('kind', '=', 'correction-request').limit(1),
        )
        .returning(['id', 'case_id'])
        .executeTakeFirstOrThrow(),
    );
    const told = await run(() => noticesTold(String(request.id), options));
    expect(told).toMatch(/已交寄\n補正期限自此起算，至\d+年\d+月\d+日（.）止（含當日）。/u);
    await withLedger(options, async ({ store, clock }) => {
      const { due_at } = await query(store.db)
        .selectFrom('cases')
        .select('due_at')
        .where('id', '=', request.case_id)
        .executeTakeFirstOrThrow();
      expect(due_at?.getTime()).toBeGreaterThan(clock.now().getTime());
    });
  });
});

describe('budeng backup and restore', () => {
  it('brings every case, event and notice into an empty ledger, and refuses a full one', async () => {
    const file = join(folder, 'backup.gz');
    expect(await run(() => backup(file, options))).toContain('已備份');
    await expect(restore(file, options)).rejects.toThrow('已有案件');
    const [plain, cut] = [join(folder, 'plain.gz'), join(folder, 'cut.gz')];
    writeFileSync(plain, 'no gzip');
    writeFileSync(cut, readFileSync(file).subarray(0, 2000));
    for (const wrong of [plain, cut])
      await expect(restore(wrong, { ...options, into: join(folder, 'fresh') })).rejects.toThrow(
        '不是完整的 budeng 備份',
      );
    const into = join(folder, 'other', 'service');
    expect(await run(() => restore(file, { ...options, into, moved: true }))).toContain('已還原');
    const other = { ...options, data: join(folder, 'other') };
    expect(await run(() => caseHistory('TN109-000003', other))).toBe(
      await run(() => caseHistory('TN109-000003', options)),
    );
    // The next case gets the next number.
    await withLedger(other, async ({ store }) => {
      const counter = await query(store.db).selectFrom('counters').select('last').executeTakeFirstOrThrow();
      expect(counter.last).toBe(200);
    });
  });

  it('carries over what a backup of an earlier version says', async () => {
    const file = join(folder, 'earlier.gz');
    await run(() => backup(file, options));
    const [, ...rows] = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
    const batch = {
      number: 'TN109-函7',
      program: 'tainan-109',
      queue: 'city-center',
      state: 'sent',
      letter_number: '',
      letter_date: '',
      result: '',
      created_at: '2020-04-21T01:00:00.000Z',
      sent_at: null,
    };
    const { row: event } = JSON.parse(rows.find((line) => line.startsWith('{"table":"events"')) ?? '');
    const listing = { ...event, id: 100_000, trigger: 'compiled', reason: '列入TN109-函7', data: {} };
    const lines = [
      { format: 'budeng-backup-2' },
      ...rows.map((line) => JSON.parse(line)),
      { table: 'batches', row: batch },
      { table: 'events', row: listing },
    ];
    writeFileSync(file, gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
    const data = join(folder, 'carried-over');
    await run(() => restore(file, { ...options, into: join(data, 'service'), moved: true }));
    await withLedger({ ...options, data }, async ({ store }) => {
      const { data: said } = await query(store.db)
        .selectFrom('events')
        .select('data')
        .where('id', '=', 100_000)
        .executeTakeFirstOrThrow();
      expect(said).toEqual({ batch: 'TN109-函7' });
    });
  });

  it('takes nothing of a backup that was cut short, and all of a whole one, once', async () => {
    const file = join(folder, 'cut.gz');
    await run(() => backup(file, options));
    const whole = readFileSync(file);
    const data = join(folder, 'cut');
    const target = { ...options, data, into: join(data, 'service') };
    writeFileSync(file, whole.subarray(0, 5000));
    await expect(restore(file, target)).rejects.toThrow('不是完整的');
    await expect(restore(join(folder, 'none.gz'), target)).rejects.toThrow('ENOENT');
    await withLedger({ ...options, data }, async ({ store }) => {
      expect(await query(store.db).selectFrom('cases').select('id').execute()).toEqual([]);
    });
    writeFileSync(file, whole);
    // What waited in the outbox may have gone out since.
    expect(await run(() => restore(file, target))).toMatch(/已還原[^]*結果不明/u);
    await withLedger({ ...options, data }, async ({ store }) => {
      const states = await query(store.db).selectFrom('notices').select('state').distinct().execute();
      expect(states.map((row) => row.state)).not.toContain('pending');
    });
    await expect(restore(file, target)).rejects.toThrow('已有案件或設定');
  });
});

describe('budeng doctor', () => {
  it('says line by line what is right and what to do, without a stack trace', async () => {
    const text = await run(() => doctor(options));
    expect(text).toContain('○ 設定檔');
    expect(text).toMatch(/✗ 寄信伺服器　缺少環境變數/u);
    expect(text).toMatch(/○ 資料庫　pglite，案件 200 件/u);
    expect(text).not.toContain('    at ');
  });

  it('goes on where one check fails: no program, no database, no mail server', async () => {
    const text = await run(() => doctor({ program: 'none.yaml', data: join(folder, 'nowhere') }));
    expect(text).toMatch(/✗ 設定檔　none\.yaml 有 1 處需要修改/u);
    expect(text).toMatch(/✗ 資料庫　.*裡沒有資料。請先執行 npm start/u);
    expect(text).toMatch(/✗ Google 憑證　缺少環境變數/u);
    expect(text).toContain('○ 磁碟');
  });

  it('looks at a running office through its real doors, and finds what is wrong there', async () => {
    const data = join(folder, 'office');
    mkdirSync(join(data, 'service'), { recursive: true });
    const program = await loadProgram(options.program);
    const google = await startLocalGoogle({
      clock: systemClock,
      port: 0,
      smtpPort: 0,
      links: () => officeLinks(program, null, systemClock),
    });
    const credentials = join(data, 'credentials.json');
    writeFileSync(credentials, JSON.stringify(localCredential()));
    const store = { folder: join(data, 'service') };
    const service = await createService(
      localOptions(google, { program, clock: systemClock, store, secret: 'secret of the doctor' }),
    );
    await google.deploy(service);
    await google.scripts.fireClock();
    await service.cycle();
    await service.close();
    // The folder is the doctor's now; the pages are served from another ledger.
    const elsewhere = await openStore({ memory: true });
    const web = await startWeb(
      { ...service.process, store: elsewhere },
      { port: 0, pingSecret: pingSecretOf('x'.repeat(32)), requestCycle: async () => {} },
    );
    for (const [name, value] of Object.entries({
      GOOGLE_ROOT_URL: google.emulator.url,
      GOOGLE_CREDENTIALS: credentials,
      SMTP_URL: `smtp://127.0.0.1:${google.mailbox.smtpPort}`,
      MAIL_FROM: 'budeng <office@budeng.invalid>',
      PUBLIC_URL: web.url,
      BUDENG_SECRET: 'x'.repeat(32),
    }))
      vi.stubEnv(name, value);
    try {
      const well = await run(() => doctor({ ...options, data }));
      expect(well).toContain('○ Apps Script 觸發器的心跳');
      expect(well).toContain('○ 試算表的選單　4 份試算表都有');
      expect(well).toContain('○ 系統時鐘');
      expect(well).toContain('○ 　對外路徑 /erasures　通');
      expect(well).toMatch(/○ 寄信伺服器　127\.0\.0\.1 可以連線與登入/u);
      // The sample's windows lie in 109: the forms are closed, and say so in the office's words.
      expect(well).toContain('○ 　陌生人開啟　已關閉，顯示說明');
      expect(well).toContain('○ 　修改回應與訊息　可修改回應，不公開摘要');
      expect(well).not.toContain('✗');
      // Somebody shares a spreadsheet with everybody, breaks a key row, and takes another one for rubbish.
      await service.process.google.drive.files.update({
        fileId: service.office.queues.platform?.spreadsheetId ?? '',
        requestBody: { trashed: true },
      });
      const { spreadsheetId, tabIds } = service.office.office;
      await service.process.google.drive.permissions.create({
        fileId: spreadsheetId,
        requestBody: { type: 'anyone', role: 'reader' },
      });
      google.emulator.sheets.batchUpdate(spreadsheetId, {
        requests: [
          {
            updateCells: {
              range: { sheetId: tabIds.cases ?? 0, endRowIndex: 1, endColumnIndex: 1 },
              fields: 'userEnteredValue',
            },
          },
        ],
      });
      // An office of 0.1 has no script of its spreadsheets' own before set-up is run again.
      const ledger = await openStore(store);
      await forgetDocument(ledger.db, 'script:queue:ministry');
      await ledger.close();
      const ill = await run(() => doctor({ ...options, data }));
      expect(ill).toMatch(/✗ 　共用設定　知道連結的人都能開啟/u);
      expect(ill).toMatch(/✗ 　工作表 所有案件.*缺少欄位鍵：case/u);
      expect(ill).toMatch(/✗ 試算表 queue:platform　在垃圾桶裡/u);
      expect(ill).toMatch(/✗ 試算表的選單　queue:ministry 還沒有/u);
      expect(ill).toContain('4 項需要處理');
    } finally {
      vi.unstubAllEnvs();
      await web.close();
      await elsewhere.close();
      await google.close();
    }
  });
});

describe('budeng quarantined', () => {
  it('lists what could not be read, with the reason', async () => {
    expect(await run(() => listQuarantinedRows(options))).toContain('沒有擱置');
    await withLedger(options, async ({ store }) => {
      await query(store.db)
        .insertInto('quarantined_rows')
        .values({ key: 'k', reason: 'answers is not JSON', at: new Date(0) })
        .execute();
    });
    expect(await run(() => listQuarantinedRows(options))).toMatch(
      /k　answers is not JSON[^]*每次巡檢都會再試/u,
    );
  });
});

describe('budeng erase', () => {
  const reason = '當事人請求';
  let base: ReturnType<typeof optionsFor> & { by: string };
  beforeEach(() => {
    base = { ...options, by: 'administrator' };
  });
  const find = (number: string) =>
    withLedger(options, ({ store }) =>
      query(store.db).selectFrom('cases').selectAll().where('number', '=', number).executeTakeFirstOrThrow(),
    );
  const idle = () =>
    withLedger(
      options,
      async ({ store }) =>
        void (await query(store.db).updateTable('notices').set({ state: 'sent' }).execute()),
    );

  it('asks which case, why, and whether it is meant', async () => {
    await closeRegistered();
    await expect(erase(undefined, base)).rejects.toThrow('請擇一');
    await expect(erase('TN109-000003', { ...base, expired: true })).rejects.toThrow('請擇一');
    await expect(erase('TN109-000003', base)).rejects.toThrow('--reason');
    const asked = (more: object) => erase('TN109-000003', { ...base, reason, yes: true, ...more });
    await expect(asked({ reason: '長'.repeat(2001) })).rejects.toThrow('--reason 最多 2000 字');
    await expect(asked({ reason: ' \0 ' })).rejects.toThrow('--reason 沒有內容');
    await expect(asked({ by: '長'.repeat(101) })).rejects.toThrow('--by 最多 100 字');
    await expect(asked({ by: '' })).rejects.toThrow('--by 沒有內容');
    await expect(erase('TN109-999999', { ...base, reason })).rejects.toThrow('沒有案號');
    await expect(erase('TN109-000003', { ...base, reason })).rejects.toThrow('請加上 --yes 確認');
    expect(await find('TN109-000003')).toMatchObject({ erased_at: null });
  });

  it('erases a closed case, names what is left to do by hand, and says so in the history', async () => {
    await closeRegistered();
    await idle();
    const { facts } = await find('TN109-000003');
    const said = await run(() => erase('TN109-000003', { ...base, reason, yes: true }));
    expect(said).toContain('案件 TN109-000003 的個人資料已從資料庫刪除');
    expect(said).toContain(facts.evidence[0] ?? 'no evidence');
    expect(said).toContain('同一姓名另有案件：TN109-000103');
    await run(() => erase('TN109-000103', { ...base, reason, yes: true }));
    expect(await run(() => erase('TN109-000003', { ...base, reason, yes: true }))).toContain('先前已刪除');
    expect(await run(() => caseShow('TN109-000003', { ...options, full: true }))).toMatch(
      /姓名　\n[^]*個人資料　已於/u,
    );
    expect(await run(() => caseHistory('TN109-000003', options))).toMatch(
      /刪除個人資料.*administrator　當事人請求/u,
    );
    expect(await run(() => caseFind('彭雯芬', options))).toContain('沒有符合的案件');
    const rows = JSON.parse(
      await run(() => exportCases({ ...options, format: 'json', full: true })),
    ) as Record<string, string>[];
    expect(rows.find((row) => row.案號 === 'TN109-000003')).toMatchObject({
      姓名: '',
      電子郵件: '',
      狀態: '無須補登',
    });
  });

  it('refuses an open case, or withdraws it first and waits for that notice', async () => {
    await idle();
    const number = await withLedger(options, async ({ store }) => {
      const open = await query(store.db)
        .selectFrom('cases')
        .select('number')
        .where('state', '=', 'in-review')
        .orderBy('id')
        .executeTakeFirstOrThrow();
      return open.number;
    });
    await expect(erase(number, { ...base, reason, yes: true })).rejects.toThrow('尚未結案（審核中）');
    const said = await run(() => erase(number, { ...base, reason, yes: true, withdraw: true }));
    expect(said).toContain('已撤回');
    expect(said).toContain('還有 1 封通知沒有寄出；之後由服務自動完成');
    await idle();
    expect(await run(() => erase(number, { ...base, reason, yes: true }))).toContain('已從資料庫刪除');
    expect(await find(number)).toMatchObject({ state: 'withdrawn', email: '' });
  });

  it('leaves alone what is to be kept longer', async () => {
    expect(await run(() => erase(undefined, { ...base, expired: true, yes: true }))).toContain(
      '沒有保存期限已屆的案件',
    );
  });

  it('stays erased in a backup and where that is restored', async () => {
    await closeRegistered();
    await idle();
    for (const number of CLOSED) await run(() => erase(number, { ...base, reason, yes: true }));
    const file = join(folder, 'erased.gz');
    await run(() => backup(file, options));
    const text = gunzipSync(readFileSync(file)).toString('utf8');
    expect(text).toContain('TN109-000003');
    expect(text).not.toContain('彭雯芬');
    const into = join(folder, 'restored-erased');
    await run(() => restore(file, { ...options, into }));
    const store = await openStore({ folder: into });
    try {
      const erased = await query(store.db)
        .selectFrom('cases')
        .select('number')
        .where('erased_at', 'is not', null)
        .execute();
      expect(erased.map(({ number }) => number).toSorted()).toEqual(CLOSED);
      expect(await query(store.db).selectFrom('erasures').select('case_id').execute()).toHaveLength(2);
      expect(await query(store.db).selectFrom('program_versions').select('hash').execute()).toHaveLength(1);
    } finally {
      await store.close();
    }
  });
});
