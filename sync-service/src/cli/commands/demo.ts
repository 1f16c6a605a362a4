import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { officeClock } from '../../../../contract/clock.ts';
import { loadProgram } from '../../program/load.ts';
import { remark } from '../output/remark.ts';
import { listVerdicts } from '../../ledger/repositories/revisions.ts';
import { countByForm, countByState, countCases, countSent } from '../../ledger/repositories/statistics.ts';
import { checkDemo } from '../trial/demo-check.ts';
import { decideAsReviewers } from '../trial/demo-reviewers.ts';
import { type LocalGoogle, localOptions, startLocalGoogle } from '../trial/google-local.ts';
import { officeLinks } from '../trial/office-links.ts';
import { createService, type Service } from '../service.ts';
import { readResponses } from '../files/responses.ts';

interface Options {
  json?: boolean;
  program: string;
  responses: string;
}

/** Runs the main job at speed, without pages, in a temporary folder: forms → intake → queues → decisions → mails. */
export async function demo(options: Options): Promise<void> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'budeng-demo-'));
  const program = await loadProgram(options.program, remark);
  const responses = await readResponses(program, options.responses);
  const clock = officeClock(responses[0]?.submission.receivedAt ?? new Date(), { frozen: true });
  const links = () => officeLinks(program, null, clock);
  const google = await startLocalGoogle({
    clock,
    links,
    port: 0,
    smtpPort: 0,
    dataDir: join(folder, 'google'),
  });
  const store = { folder: join(folder, 'service') };
  const secret = randomBytes(32).toString('hex');
  const service = await createService(localOptions(google, { program, clock, store, secret }));
  await google.deploy(service);
  try {
    const progress = progressBar(responses.length, !options.json);
    const before = service.process.google.calls();
    for (const [index, { submission }] of responses.entries()) {
      clock.set(submission.receivedAt);
      await submit(google, service, submission);
      // Time must not move on under a running script: it has sixty requests a minute of the office's time.
      await google.scripts.idle();
      progress(index + 1);
    }
    await google.scripts.idle();
    await service.cycle();
    const googleCallsToAcknowledgement = service.process.google.calls() - before;
    await decideAsReviewers(google, service, clock);
    const result: Result = {
      submissions: responses.length,
      ...(await summarize(service)),
      googleCalls: service.process.google.calls(),
      googleCallsToAcknowledgement,
      mails: google.mailbox.messages().length,
      seconds: Math.round((performance.now() - began) / 100) / 10,
      problems: await checkDemo(service, responses.length),
    };
    if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    else printTables(result);
    if (result.problems.length > 0) process.exitCode = 1;
  } finally {
    await service.close();
    await google.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Sends the form as a teacher's browser does, so that the form's own checks apply. */
async function submit(
  google: LocalGoogle,
  service: Service,
  submission: { form: string; answers: Record<string, string> },
) {
  const form = service.office.forms[submission.form];
  if (!form) throw new Error(`form ${submission.form} was not set up`);
  const questions = new Map(
    (google.forms.get(form.formId).items ?? []).map((item) => [
      form.fields[item.title ?? ''] ?? '',
      item.questionItem?.question?.questionId ?? '',
    ]),
  );
  const answers = Object.fromEntries(
    Object.entries(submission.answers)
      .filter(([, text]) => text !== '')
      .map(([field, text]) => [questions.get(field) ?? field, text]),
  );
  const response = await fetch(`${google.emulator.url}/forms/d/e/${form.formId}/formResponse`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ answers }),
  });
  if (!response.ok) throw new Error(`the form refused a row: ${response.status} ${await response.text()}`);
}

async function summarize({ store: { db } }: Service) {
  const verdicts = await listVerdicts(db);
  const byQueue: Record<string, number> = {};
  for (const { queue } of verdicts) if (queue) byQueue[queue] = (byQueue[queue] ?? 0) + 1;
  return {
    cases: await countCases(db),
    revisions: verdicts.length,
    byForm: Object.fromEntries(await countByForm(db)),
    byOutcome: Object.fromEntries(await countByState(db)),
    byQueue,
    notices: Object.fromEntries(await countSent(db)),
  };
}

function progressBar(total: number, shown: boolean) {
  return (done: number) => {
    if (!shown || !process.stderr.isTTY) return;
    const filled = Math.round((done / total) * 30);
    process.stderr.write(`\r填報 ${'█'.repeat(filled)}${'░'.repeat(30 - filled)} ${done}/${total}`);
    if (done === total) process.stderr.write('\n');
  };
}

interface Result extends Awaited<ReturnType<typeof summarize>> {
  submissions: number;
  googleCalls: number;
  googleCallsToAcknowledgement: number;
  mails: number;
  seconds: number;
  problems: string[];
}

const TABLES = [
  ['byForm', '各表單 by form'],
  ['byQueue', '各待審清單 by queue'],
  ['byOutcome', '結果 by outcome'],
  ['notices', '通知 notices by kind'],
] as const;

function printTables(result: Result) {
  for (const [key, title] of TABLES) {
    process.stdout.write(`\n${title}\n`);
    for (const [name, count] of Object.entries(result[key]))
      process.stdout.write(`  ${name.padEnd(32)}${String(count).padStart(6)}\n`);
  }
  process.stdout.write(
    `\n填報 submissions ${result.submissions}　案件 cases ${result.cases}　信件 mails ${result.mails}　` +
      `Google 呼叫 calls ${result.googleCalls}（到收件通知 to acknowledgement ${result.googleCallsToAcknowledgement}）　${result.seconds} 秒 s\n`,
  );
  for (const problem of result.problems) process.stdout.write(`✗ ${problem}\n`);
}
