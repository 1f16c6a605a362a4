import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { clockFrom, systemClock } from './clock.ts';
import { formsPlugin } from './forms/plugin.ts';
import { type Mailbox, startMailbox } from './mailbox/mailbox.ts';
import { mailboxPlugin } from './mailbox/plugin.ts';
import { pagesPlugin } from './pages/plugin.ts';
import type { ScriptHost } from './script/host.ts';
import { scriptPlugin } from './script/plugin.ts';
import { type Emulator, startEmulator } from './server.ts';
import { SWITCHES, type Switches } from './switches.ts';

const USAGE = `npm run -s emulator -- [options]
  --port N          where it listens (8090); 0 takes a free one
  --data DIR        keeps everything there; without it a restart forgets all
  --auth MODE       open or service-account (service-account)
  --now ISO         where its clock starts (the machine's time)
  --smtp-port N     starts a mail server too, whose mails the pages show
  --editor ADDRESS  who sits before the sheet pages (the owner, owner@google.invalid)
  --without-account ADDRESS
                    who has no Google account; may be given several times
  --answers FILE    takes the positions of its switches from a file with \`switches\`
  --unset-checkboxes data|blank
                    what a check box is that nobody has touched (data)
  --filter-answers reversed|in-order
                    how values.batchGetByDataFilter answers (reversed)
  --edit-user hidden|told
                    whether a simple trigger is told who edits (hidden)
  --edit-timestamp moves|stays
                    whether getTimestamp() moves with an edit (stays)`;

const AUTH_MODES = ['open', 'service-account'] as const;

function readOptions() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8090' },
      data: { type: 'string' },
      auth: { type: 'string', default: 'service-account' },
      now: { type: 'string' },
      'smtp-port': { type: 'string' },
      editor: { type: 'string' },
      'without-account': { type: 'string', multiple: true, default: [] },
      answers: { type: 'string' },
      'unset-checkboxes': { type: 'string' },
      'filter-answers': { type: 'string' },
      'edit-user': { type: 'string' },
      'edit-timestamp': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const { now, 'smtp-port': smtpPort } = values;
  const start = now === undefined ? null : new Date(now);
  if (start && Number.isNaN(start.getTime()))
    throw new TypeError(`--now takes a time such as 2020-04-21T09:00:00+08:00, not ${now}`);
  return {
    help: values.help,
    port: toPort('--port', values.port),
    smtpPort: smtpPort === undefined ? null : toPort('--smtp-port', smtpPort),
    data: values.data === undefined ? {} : { dataDir: values.data },
    editor: values.editor ?? null,
    withoutAccount: values['without-account'],
    auth: oneOf('--auth', AUTH_MODES, values.auth),
    switches: {
      ...(values.answers === undefined ? {} : readAnswers(values.answers)),
      ...switchPosition('--unset-checkboxes', 'unsetCheckboxes', values['unset-checkboxes']),
      ...switchPosition('--filter-answers', 'filterAnswers', values['filter-answers']),
      ...switchPosition('--edit-user', 'editUser', values['edit-user']),
      ...switchPosition('--edit-timestamp', 'editTimestamp', values['edit-timestamp']),
    },
    clock: start ? clockFrom(start) : systemClock,
  };
}
type Options = ReturnType<typeof readOptions>;

/** The positions that this emulator can play, of a file whose `switches` names positions. */
function readAnswers(file: string): Partial<Switches> {
  const { switches = {} } = JSON.parse(readFileSync(file, 'utf8')) as { switches?: Record<string, string> };
  const names = Object.keys(SWITCHES) as (keyof Switches)[];
  const isPosition = (name: keyof Switches) => SWITCHES[name].some((position) => position === switches[name]);
  return Object.fromEntries(names.filter(isPosition).map((name) => [name, switches[name]]));
}

/** The position of one switch, where it is given. */
function switchPosition<K extends keyof Switches>(option: string, name: K, value: string | undefined) {
  if (value === undefined) return {};
  return { [name]: oneOf(option, SWITCHES[name], value) } as Pick<Switches, K>;
}

function oneOf<T extends string>(option: string, allowed: readonly T[], value: string): T {
  const found = allowed.find((each) => each === value);
  if (!found) throw new TypeError(`${option} takes ${allowed.join(' or ')}, not ${value}`);
  return found;
}

function toPort(option: string, value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new TypeError(`${option} takes a number from 0 to 65535, not ${value}`);
  return port;
}

async function start({
  port,
  smtpPort,
  data,
  editor,
  auth,
  withoutAccount,
  switches,
  clock,
}: Options): Promise<Emulator> {
  const mailbox: Mailbox | null = smtpPort === null ? null : await startMailbox({ clock, smtpPort, ...data });
  let scripts: ScriptHost | undefined;
  const addAll = (opened: Emulator) => {
    const forms = formsPlugin(opened);
    scripts = scriptPlugin(opened, forms);
    if (mailbox) mailboxPlugin(mailbox)(opened);
    pagesPlugin({
      forms,
      mailbox,
      editor: () => editor ?? opened.drive.account.emailAddress,
      scripts,
    })(opened);
  };
  try {
    const emulator = await startEmulator({
      port,
      clock,
      auth,
      withoutAccount,
      switches,
      ...data,
      plugins: [addAll],
    });
    const stopTime = scripts?.keepTime();
    const stop = async () => {
      stopTime?.();
      await scripts?.close();
      await emulator.close();
      await mailbox?.close();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
    return emulator;
  } catch (error) {
    await mailbox?.close();
    throw error;
  }
}

/** The sentence for a mistake that the person can mend; null where the error wants its stack trace. */
function explain(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const { code, port }: NodeJS.ErrnoException & { port?: number } = error;
  if (code === 'EADDRINUSE') return `port ${port} is taken: name another with --port or --smtp-port`;
  return code === 'EMULATOR_DATA_IN_USE' ? error.message : null;
}

let options: Options | null = null;
try {
  options = readOptions();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  console.error(`${error.message}\n${USAGE}`);
  process.exitCode = 1;
}
try {
  if (options?.help) console.log(USAGE);
  else if (options) console.log(`emulator ready ${(await start(options)).url}`);
} catch (error) {
  const sentence = explain(error);
  if (sentence === null) throw error;
  console.error(sentence);
  process.exitCode = 1;
}
