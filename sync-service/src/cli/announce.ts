import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { emailOf } from '../cases/email.ts';
import { maskName } from '../cases/name.ts';
import type { Program } from '../cases/program-rules.ts';
import { formatRocDate } from '../cases/roc.ts';
import { windowText } from '../cases/window-text.ts';
import { endsOf } from '../cases/window.ts';
import { enqueueNotice, PRIORITY } from '../ledger/outbox.ts';
import { listDocuments } from '../ledger/small-tables.ts';
import type { Store } from '../ledger/store.ts';
import { createMailer } from '../notices/deliver.ts';
import { messageIdFor } from '../notices/message-id.ts';
import { createRenderer } from '../notices/render.ts';
import type { NoticeKind } from '../notices/types.ts';
import { createLog } from '../sync/log.ts';
import { noteOutcome, outageOf } from '../sync/breaker.ts';
import { MAIL, notify } from '../sync/notify.ts';
import { officeData } from '../sync/office-mail.ts';
import { type LedgerOptions, withLedger } from './ledger.ts';
import { mailDomainOf, readSmtp } from './environment.ts';
import { UserError } from './user-error.ts';

interface Options extends LedgerOptions {
  roster: string;
  reminder?: boolean;
  dryRun?: boolean;
  perMinute: number;
}

interface Addressee {
  name: string;
  email: string;
  holdsCertificate: boolean;
}

/** The roster of teachers: 姓名, 電子郵件, 持有證書（是／否）. Wrong lines are told all at once. */
export function readRoster(file: string): { addressees: Addressee[]; wrong: string[] } {
  let rows: Record<string, string>[];
  try {
    rows = parse(readFileSync(file), { bom: true, columns: true, trim: true, skip_empty_lines: true });
  } catch (error) {
    throw new UserError(`讀不到名冊 ${file}：${(error as Error).message}`);
  }
  const columns = Object.keys(rows[0] ?? {});
  const missing = ['姓名', '電子郵件', '持有證書'].filter((title) => !columns.includes(title));
  if (missing.length > 0) throw new UserError(`${file} 缺少欄位「${missing.join('」「')}」。`);
  const wrong: string[] = [];
  const addressees = new Map<string, Addressee>();
  for (const [index, row] of rows.entries()) {
    const email = emailOf(row.電子郵件);
    if (!email) wrong.push(`第 ${index + 2} 列：電子郵件地址不正確`);
    else
      addressees.set(email, {
        name: row.姓名 ?? '',
        email,
        holdsCertificate: /^(?:是|有|y|yes|v|1)$/iu.test(row.持有證書 ?? ''),
      });
  }
  return { addressees: [...addressees.values()], wrong };
}

/** `budeng announce`: personal mail to a roster. Whoever has it already is not written to again. */
export async function announce(options: Options): Promise<void> {
  const { addressees, wrong } = readRoster(options.roster);
  for (const line of wrong) process.stderr.write(`${line}，略過。\n`);
  const kind = options.reminder ? 'announcement-reminder' : 'announcement';
  if (options.dryRun) {
    const holding = addressees.filter((each) => each.holdsCertificate).length;
    process.stdout.write(
      `試算：${addressees.length} 封（持有證書 ${holding}、未持有 ${addressees.length - holding}），不寄出。\n`,
    );
    return;
  }
  await withLedger(options, async ({ store, program, clock }) => {
    const forms = await formLinks(store, program);
    for (const addressee of addressees) {
      const digest = createHash('sha256').update(addressee.email).digest('hex').slice(0, 16);
      await enqueueNotice(store.db, {
        scope: `announce/${program.key}/${digest}`,
        caseId: null,
        kind,
        revision: 1,
        priority: PRIORITY.announcement,
        messageId: messageIdFor(
          `announce.${digest}`,
          kind,
          program.key,
          mailDomainOf(process.env.MAIL_FROM ?? ''),
        ),
        recipient: addressee.email,
        data: {
          ...officeData({ program }),
          maskedName: addressee.name ? maskName(addressee.name) : '',
          holdsCertificate: addressee.holdsCertificate,
          forms: forms
            .filter((form) => (form.purpose === 'backfill') === addressee.holdsCertificate)
            .map(({ title, url, window }) => ({ title, url, window })),
          deadline: lastDay(program),
        },
        at: clock.now(),
      });
    }
    const mailer = createMailer(readSmtp());
    try {
      await deliverSlowly(
        { store, clock, renderer: createRenderer(), mailer, log: createLog('silent') },
        options.perMinute,
      );
    } finally {
      mailer.close();
    }
    await report(store, kind);
  });
}

function lastDay(program: Program): string | null {
  const ends = program.forms.flatMap((form) => (form.window ? endsOf(form.window, program.rounds) : []));
  const last = Math.max(...ends.map((end) => end.getTime()));
  return ends.length > 0 ? formatRocDate(new Date(last - 1)) : null;
}

async function formLinks(store: Store, program: Program) {
  const documents = new Map((await listDocuments(store.db)).map((document) => [document.role, document.id]));
  return program.forms.map((form) => ({
    title: form.title,
    purpose: form.purpose,
    url: `https://docs.google.com/forms/d/e/${documents.get(`form:${form.key}`) ?? ''}/viewform`,
    window: windowText(form.window, program.rounds),
  }));
}

/** A few at a time, with progress; a stop in between loses nothing, as the outbox remembers. */
async function deliverSlowly(parts: Parameters<typeof notify>[0], perMinute: number) {
  const waiting = async () => {
    const row = await parts.store.db
      .selectFrom('notices')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('state', '=', 'pending')
      .where('due_at', '<=', parts.clock.now())
      .executeTakeFirstOrThrow();
    return Number(row.count);
  };
  const total = await waiting();
  // Whoever runs this has seen to the server: it is tried at once.
  await noteOutcome(parts, MAIL, null, 1);
  for (let left = total; left > 0; left = await waiting()) {
    await notify(parts, perMinute);
    if (await outageOf(parts, MAIL))
      throw new UserError(
        `寄信伺服器連不上或拒絕登入，${await waiting()} 封還沒寄。請檢查 SMTP_URL（budeng doctor），再執行一次；已寄的不會重寄。`,
      );
    const done = total - (await waiting());
    if (process.stderr.isTTY) process.stderr.write(`\r已寄 ${done}/${total}`);
    if (done < total) await sleep(60_000);
  }
  if (process.stderr.isTTY) process.stderr.write('\n');
}

async function report(store: Store, kind: NoticeKind) {
  const rows = await store.db
    .selectFrom('notices')
    .select(['state', 'recipient', 'reply'])
    .where('kind', '=', kind)
    .execute();
  const count = (state: string) => rows.filter((row) => row.state === state).length;
  process.stdout.write(
    `已交寄 ${count('sent')}、待重試 ${count('pending')}、被拒收 ${count('refused')}、結果不明 ${count('uncertain')}。\n`,
  );
  for (const row of rows.filter((each) => each.state === 'refused' || each.state === 'uncertain'))
    process.stdout.write(`  ${row.recipient}　${row.reply}\n`);
}
