import { documentsByRole } from '../../ledger/documents.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { maskName } from '../../cases/reading/name.ts';
import type { Program } from '../../cases/program-rules.ts';
import { formatRocDate } from '../../cases/calendar/roc.ts';
import { windowText } from '../../cases/calendar/window-text.ts';
import { endsOf, windowState } from '../../cases/calendar/window.ts';
import { enqueueNotice, PRIORITY } from '../../ledger/outbox.ts';
import { countWaiting, listNotices } from '../../ledger/repositories/notices.ts';
import type { Store } from '../../ledger/store.ts';
import { createMailer } from '../../notices/deliver.ts';
import { messageIdFor } from '../../notices/message-id.ts';
import { createRenderer } from '../../notices/render.ts';
import type { NoticeKind, NoticeState } from '../../notices/types.ts';
import { shortHash } from '../../platform/short-hash.ts';
import { createLog } from '../../platform/log.ts';
import { openCircuitBreaker, readOutages } from '../../reconciler/circuit-breaker.ts';
import { MAIL, relayOutbox, type RelayContext } from '../../reconciler/outbox-relay.ts';
import { officeData } from '../../casework/office-notice.ts';
import { readWordings } from '../../casework/wording.ts';
import { type Ledger, type LedgerOptions, withLedger } from '../ledger.ts';
import { alone } from '../files/alone.ts';
import { readTeachers, type Addressee } from '../files/teachers-file.ts';
import { remark } from '../output/remark.ts';
import { mailDomainOf, readSmtp } from '../setup/environment.ts';
import { PublicError } from '../../../../contract/public-error.ts';

interface Options extends LedgerOptions {
  roster: string;
  reminder?: boolean;
  dryRun?: boolean;
  perMinute: number;
}

/**
 * `budeng announce` sends each teacher of a roster a mail of their own. Nobody gets it twice. A row that cannot be used
 * is left out and told; the exit code says so.
 */
export async function announce(options: Options): Promise<void> {
  const { addressees, wrong, doubtful } = await readTeachers(options.roster);
  let left = wrong.length;
  for (const line of wrong) remark(`${line}，略過。`);
  if (left > 0) process.exitCode = 1;
  for (const line of doubtful) remark(`${line}。`);
  const kind = options.reminder ? 'announcement-reminder' : 'announcement';
  if (options.dryRun) {
    const holding = addressees.filter((each) => each.holdsCertificate).length;
    process.stdout.write(
      `試算：${addressees.length} 封（持有證書 ${holding}、未持有 ${addressees.length - holding}），不寄出${leftText(left)}。\n`,
    );
    return;
  }
  // Reads the mail settings first, so that missing ones leave nothing in the outbox.
  const smtp = readSmtp();
  await withLedger(options, async ({ store, program, versions, clock }) => {
    const forms = await openForms(store, program, clock.now());
    for (const addressee of addressees) {
      const own = forms.filter((form) => (form.purpose === 'backfill') === addressee.holdsCertificate);
      const doubled = addressees.filter(({ email }) => email === addressee.email).length > 1;
      if (own.length === 0) continue;
      const reason = await alone(() =>
        enqueue({ store, program, clock }, kind, { ...addressee, doubled }, own),
      );
      if (reason === null) continue;
      left += addressee.lines.length;
      remark(`${placesText(addressee)}沒有排入寄送：${reason}。`);
      process.exitCode = 1;
    }
    const renderer = createRenderer().withWordings(await readWordings(store, program));
    const mailer = createMailer(smtp);
    const mailDomain = mailDomainOf(process.env.MAIL_FROM ?? '');
    try {
      const log = createLog('silent');
      const context = { store, program, versions, clock, renderer, mailer, mailDomain, log };
      await deliverSlowly(context, kind, options.perMinute);
    } finally {
      mailer.close();
    }
    await report(store, kind, left);
  });
}

async function enqueue(
  { store, program, clock }: Pick<Ledger, 'store' | 'program' | 'clock'>,
  kind: NoticeKind,
  { names, email, holdsCertificate, doubled }: Addressee & { doubled: boolean },
  forms: readonly OpenForm[],
) {
  // An address gets both mails where its teachers are told different steps; neither is ever sent again.
  const which = doubled && !holdsCertificate ? `${email}/without` : email;
  const digest = shortHash(which, 16);
  const last = Math.max(...forms.map((form) => form.end?.getTime() ?? 0));
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
    recipient: email,
    data: {
      ...officeData({ program }),
      // Joins the names as in 「王○○老師、李○○」; the template adds the last 老師.
      maskedName: names.map((name) => maskName(name)).join('老師、'),
      holdsCertificate,
      forms: forms.map(({ title, url, window }) => ({ title, url, window })),
      deadline: last > 0 ? formatRocDate(new Date(last - 1)) : null,
      discouraged: program.discouragedDomains.map((domain) => `@${domain}`).join('、') || null,
    },
    at: clock.now(),
  });
}

interface OpenForm {
  title: string;
  purpose: string;
  url: string;
  /** The period as people read it. */
  window: string;
  /** The instant at which it closes for good. */
  end: Date | undefined;
}

/** The forms that a teacher can still fill in. */
async function openForms(store: Store, program: Program, now: Date): Promise<OpenForm[]> {
  const documents = await documentsByRole(store.db);
  const forms = program.forms.flatMap((form): OpenForm[] => {
    const document = documents.get(`form:${form.key}`);
    if (!document)
      throw new PublicError({
        sentence: '還沒有建立表單，公告裡不會有連結。',
        remedy: '請先執行 budeng setup。',
        english: 'There are no forms yet; run budeng setup first.',
      });
    const state = form.window ? windowState(form.window, program.rounds, now) : 'open';
    if (state === 'late' || state === 'closed') return [];
    return [
      {
        title: form.title,
        purpose: form.purpose,
        url: String(document.data.url || `https://docs.google.com/forms/d/${document.id}/viewform`),
        window: windowText(form.window, program.rounds),
        end: form.window && endsOf(form.window, program.rounds).at(-1),
      },
    ];
  });
  if (forms.length === 0)
    throw new PublicError({
      sentence: '所有表單的受理期間都已結束或未開放，沒有可以公告的。',
      remedy: '請先在「設定」延長。',
      english: 'Every form is closed; extend a window in the settings tab first.',
    });
  return forms;
}

/** Sends a few at a time and shows progress. A stop in between loses nothing, since the outbox remembers. */
async function deliverSlowly(context: RelayContext, kind: NoticeKind, perMinute: number) {
  const waiting = () => countWaiting(context.store.db, kind, context.clock.now());
  const total = await waiting();
  // Whoever runs this command has seen to the mail server, so it is tried at once although its circuit is open.
  await (await openCircuitBreaker(context)).note(MAIL, null, 1);
  // Marks as uncertain what a killed run had under way, also where nothing else is left to send.
  await relayOutbox(context, { limit: 0 });
  for (let left = total; left > 0; left = await waiting()) {
    // Leaves notices about cases to the service, which alone can make their tracking links.
    await relayOutbox(context, { limit: perMinute, kinds: [kind] });
    if ((await readOutages(context.store)).has(MAIL))
      throw new PublicError({
        sentence: `寄信伺服器連不上或拒絕登入，${await waiting()} 封還沒寄。`,
        remedy: '請檢查 SMTP_URL（budeng doctor），再執行一次；已寄的不會重寄。',
        english:
          'The mail server cannot be reached; check SMTP_URL and run this again. Nothing goes out twice.',
      });
    const done = total - (await waiting());
    process.stderr.write(process.stderr.isTTY ? `\r已寄 ${done}/${total}` : `已寄 ${done}/${total}\n`);
    if (done < total) await sleep(60_000);
  }
  if (process.stderr.isTTY && total > 0) process.stderr.write('\n');
}

/** The rows by which whoever keeps the roster finds an addressee. */
function placesText({ lines }: Addressee): string {
  return `第 ${lines.join('、')} 列`;
}

function leftText(left: number): string {
  return left > 0 ? `；名冊有 ${left} 列略過，改正後再執行一次即可，已寄的不會重寄` : '';
}

async function report(store: Store, kind: NoticeKind, left: number) {
  const rows = await listNotices(store.db, { kind });
  const count = (state: NoticeState) => rows.filter((row) => row.state === state).length;
  process.stdout.write(
    `已交寄 ${count('sent')}、待重試 ${count('pending')}、被拒收 ${count('refused')}、結果不明 ${count('uncertain')}${leftText(left)}。\n`,
  );
  if (count('claimed') > 0)
    process.stdout.write(
      `另有 ${count('claimed')} 封正由服務或一次中斷的執行寄送；10 分鐘後仍無結果就列為結果不明，不會重寄。\n`,
    );
  for (const row of rows.filter((each) => each.state === 'refused' || each.state === 'uncertain'))
    process.stdout.write(`  ${row.recipient}　${row.reply}\n`);
}
