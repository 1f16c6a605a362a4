import { sql } from 'kysely';
import { query } from '../../../sync-service/src/ledger/query.ts';
import { saveDocument } from '../../../sync-service/src/ledger/documents.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Mailbox, type MailFault, startMailbox } from '../../../emulator/src/mailbox/mailbox.ts';
import { announce } from '../../../sync-service/src/cli/commands/announce.ts';
import { withLedger } from '../../../sync-service/src/cli/ledger.ts';
import { readTeachers } from '../../../sync-service/src/cli/files/teachers-file.ts';
import { enqueueNotice } from '../../../sync-service/src/ledger/outbox.ts';
import { readSample } from '../../../sync-service/src/notices/render.ts';
import { trialFolder } from './trial-folder.ts';

const optionsFor = (data: string) => ({
  program: 'programs/tainan-109.yaml',
  data,
  roster: join(data, 'roster.csv'),
  perMinute: 60,
});
/** An office that has its forms, so that there is something to link to. */
const office = trialFolder((data) =>
  withLedger(optionsFor(data), async ({ store, program }) => {
    for (const { key } of program.forms)
      await saveDocument(store.db, {
        role: `form:${key}`,
        id: `id-${key}`,
        data: key === 'initial' ? {} : { url: `https://forms.invalid/${key}` },
      });
  }),
);
let options: ReturnType<typeof optionsFor>;
let mailbox: Mailbox;
let away: boolean;
let onMail: (to: string) => void;
let printed: string;

beforeEach(async () => {
  options = optionsFor(office.copy());
  setOfficeTime('2020-04-21T01:00:00Z');
  away = false;
  onMail = () => {};
  const fault: MailFault = { code: 550, text: 'no such user' };
  mailbox = await startMailbox({
    clock: { now: () => new Date('2020-04-21T01:00:00Z') },
    smtpPort: 0,
    away: () => away,
    fault({ to }) {
      onMail(to);
      return to === 'gone@example.com' ? fault : null;
    },
  });
  vi.stubEnv('SMTP_URL', `smtp://127.0.0.1:${mailbox.smtpPort}`);
  vi.stubEnv('MAIL_FROM', 'budeng <office@budeng.invalid>');
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = 0;
  await mailbox.close();
});

const write = (...lines: string[]) =>
  writeFileSync(options.roster, ['姓名,電子郵件,持有證書', ...lines, ''].join('\n'));

/** The office's clock, as the trial's folder keeps it. */
function setOfficeTime(at: string) {
  writeFileSync(join(options.data, 'office-time'), at);
}

/** What the settings tab would write. */
const extendTo = (value: string) =>
  withLedger(options, async ({ store }) => {
    const key = 'form/advanced-mentor-105-earlier/to';
    const row = { program: 'tainan-109', key, value, typed: value, problem: '' };
    await query(store.db)
      .insertInto('settings')
      .values(row)
      .onConflict((conflict) => conflict.columns(['program', 'key']).doUpdateSet(row))
      .execute();
  });

describe('teachers behind one mailbox', () => {
  it('get one mail that names them, and another one where they are told other steps', async () => {
    write(
      '王小明,s@example.com,是',
      '李大同,S@example.com,是',
      '陳老師,s@example.com,否',
      '王小明,s@example.com,是',
    );
    const { addressees } = await readTeachers(options.roster);
    expect(addressees).toEqual([
      { names: ['王小明', '李大同'], email: 's@example.com', holdsCertificate: true, lines: [2, 3, 5] },
      { names: ['陳老師'], email: 's@example.com', holdsCertificate: false, lines: [4] },
    ]);
  });
});

describe('the roster of teachers', () => {
  it('tells every wrong line at once, by its number in the file', async () => {
    write('王小明,a@example.com,是', '', '錯,不是信箱,是', '林,c@example.com,也許');
    const { addressees, wrong } = await readTeachers(options.roster);
    expect(addressees).toEqual([
      { names: ['王小明'], email: 'a@example.com', holdsCertificate: true, lines: [2] },
    ]);
    expect(wrong).toEqual(['第 4 列：電子郵件地址不正確', '第 5 列：持有證書「也許」看不懂，請填是或否']);
  });

  it('says which columns are missing', async () => {
    writeFileSync(options.roster, '姓名,信箱\n王小明,a@example.com\n');
    await expect(announce(options)).rejects.toThrow('缺少欄位「電子郵件」「持有證書」');
  });
});

describe('budeng announce', () => {
  const two = () => write('王小明,a@example.com,是', '李大同,b@example.com,否');

  it('counts without sending, and refuses before there are forms to link to', async () => {
    two();
    await announce({ ...options, dryRun: true });
    expect(printed).toContain('試算：2 封（持有證書 1、未持有 1）');
    await withLedger(
      options,
      async ({ store }) => void (await query(store.db).deleteFrom('documents').execute()),
    );
    await expect(announce(options)).rejects.toThrow('還沒有建立表單');
    expect(mailbox.messages()).toEqual([]);
  });

  it('sends to each once, though the server was away, with steps and links of their own', async () => {
    two();
    away = true;
    await expect(announce(options)).rejects.toThrow('2 封還沒寄');
    away = false;
    // Each run begins where the file says: on a slow machine the first one came further than the second would begin.
    setOfficeTime('2020-04-21T02:00:00Z');
    await announce(options);
    expect(printed).toContain('已交寄 2、待重試 0、被拒收 0、結果不明 0。');
    await announce(options);
    const [holder, other] = mailbox.messages().toSorted((x, y) => x.to.localeCompare(y.to));
    expect(mailbox.messages()).toHaveLength(2);
    expect(holder?.subject).toBe('請於109年7月31日（五）前（含當日）確認您的證書是否需要補登');
    expect(holder?.text).toContain('王○○老師您好');
    expect(holder?.text).toContain('https://forms.invalid/advanced-mentor-106-107');
    expect(holder?.text).toContain('https://docs.google.com/forms/d/id-initial/viewform');
    expect(holder?.text).toContain('109年4月20日（一）起至109年7月3日（五）止（含當日）');
    expect(holder?.text).not.toContain('training-record-problem');
    expect(other?.text).toContain('https://forms.invalid/training-record-problem');
    expect(other?.text).toContain('請勿使用 @tn.edu.tw 信箱');
    expect(holder?.source).toMatch(/^List-Unsubscribe:\s+<mailto:office@budeng\.invalid\?subject=/imu);
  });

  it('leaves the notices about cases to the service', async () => {
    two();
    await withLedger(options, ({ store, clock }) =>
      enqueueNotice(store.db, {
        scope: 'case/1',
        caseId: null,
        kind: 'acknowledgement',
        revision: 1,
        messageId: '<case@budeng.invalid>',
        recipient: 'case@example.com',
        data: readSample('acknowledgement'),
        at: clock.now(),
      }),
    );
    await announce({ ...options, reminder: true });
    expect(mailbox.messages().map((mail) => mail.to)).not.toContain('case@example.com');
    expect(mailbox.messages().filter((mail) => mail.subject.startsWith('提醒：'))).toHaveLength(2);
  });

  it('killed in the midst of it, sends nobody anything twice and says whom nobody knows about', async () => {
    const addresses = Array.from({ length: 8 }, (_, i) => `k${i}@example.com`);
    write(...addresses.map((address, i) => `教師${i},${address},是`));
    setOfficeTime('2020-04-21T02:00:00Z');
    const child = spawn(
      process.execPath,
      ['sync-service/src/cli/main.ts', 'announce', '--roster', options.roster, '--data', options.data],
      { env: process.env, stdio: 'ignore' },
    );
    const exited = once(child, 'exit');
    // The server has the message, and its sender does not live to hear so.
    onMail = (to) => void (to === 'k3@example.com' && child.kill('SIGKILL'));
    await exited;
    setOfficeTime('2020-04-21T02:05:00Z');
    await announce(options);
    expect(printed).toMatch(/另有 [1-5] 封正由服務或一次中斷的執行寄送/u);
    printed = '';
    setOfficeTime('2020-04-21T02:30:00Z');
    await announce(options);
    expect(printed).toMatch(/待重試 0、被拒收 0、結果不明 [1-5]。/u);
    expect(printed).toContain('k3@example.com');
    expect(printed).not.toContain('另有');
    const to = mailbox.messages().map((mail) => mail.to);
    for (const address of addresses)
      expect(to.filter((each) => each === address).length).toBeLessThanOrEqual(1);
    // Only what was under way when it died is in doubt: a handful at a time.
    expect(addresses.filter((address) => to.includes(address)).length).toBeGreaterThanOrEqual(3);
  });

  it('lists the addresses that were refused', async () => {
    write('陳,gone@example.com,是');
    await announce(options);
    expect(printed).toMatch(/被拒收 1[^]*gone@example\.com　550/u);
  });

  it('leaves out the row that cannot be used or stored, says which, and writes to the others', async () => {
    // What is read is cleaned of all that a database refuses: here it refuses one address.
    await withLedger(
      options,
      async ({ store }) =>
        void (await sql`alter table notices add check (recipient <> 'b@example.com')`.execute(
          query(store.db),
        )),
    );
    let remarked = '';
    vi.mocked(process.stderr.write).mockImplementation((text) => {
      remarked += String(text);
      return true;
    });
    write('王,a@example.com,是', '李,b@example.com,是', '錯,不是信箱,是', '陳,c@example.com,否');
    await announce({ ...options, dryRun: true });
    expect(printed).toContain('名冊有 1 列略過');
    expect(process.exitCode).toBe(1);
    process.exitCode = 0;
    await announce(options);
    expect(mailbox.messages().map(({ to }) => to)).toEqual(['a@example.com', 'c@example.com']);
    expect(printed).toContain('已交寄 2、待重試 0、被拒收 0、結果不明 0；名冊有 2 列略過');
    expect(remarked).toContain('第 4 列：電子郵件地址不正確，略過');
    expect(remarked).toContain('第 3 列沒有排入寄送');
    expect(remarked).not.toContain('b@example.com');
    expect(process.exitCode).toBe(1);
  });

  it('says the dates of the settings tab, and names no form whose time is over', async () => {
    await extendTo('109-08-15');
    setOfficeTime('2020-08-01T02:00:00Z');
    write('周,late@example.com,是');
    await announce(options);
    const mail = mailbox.messages().find((each) => each.to === 'late@example.com');
    expect(mail?.subject).toContain('109年8月15日（六）');
    expect(mail?.text.match(/https:/gu)).toHaveLength(1);
    await extendTo('109-07-31');
    write('吳,never@example.com,是');
    await expect(announce(options)).rejects.toThrow('受理期間都已結束');
  });
});
