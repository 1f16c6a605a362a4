import { parseArgs } from 'node:util';
import { clockFrom, systemClock } from './clock.ts';
import { formsPlugin } from './forms/plugin.ts';
import { projectsPlugin } from './script/projects.ts';
import { scriptPlugin } from './script/runtime.ts';
import { startEmulator } from './server.ts';

const USAGE = 'npm run -s emulator -- --port N [--data DIR] [--auth open|service-account] [--now ISO]';

function readOptions() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8090' },
      data: { type: 'string' },
      auth: { type: 'string', default: 'service-account' },
      now: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new TypeError(`--port takes a number from 0 to 65535, not ${values.port}`);
  if (values.auth !== 'open' && values.auth !== 'service-account')
    throw new TypeError(`--auth takes open or service-account, not ${values.auth}`);
  const now = values.now === undefined ? null : new Date(values.now);
  if (now && Number.isNaN(now.getTime()))
    throw new TypeError(`--now takes a time such as 2020-04-21T09:00:00+08:00, not ${values.now}`);
  return { ...values, port, auth: values.auth, clock: now ? clockFrom(now) : systemClock } as const;
}

/** What is said without a stack trace: the person can mend it. */
function explain(error: NodeJS.ErrnoException, port: string | null): string | null {
  if (error.code === 'EADDRINUSE') return `port ${port} is taken: name another with --port`;
  if (error.code === 'EMULATOR_DATA_IN_USE') return error.message;
  if (port === null && error instanceof TypeError) return `${error.message}\n${USAGE}`;
  return null;
}

/** Known once the options are read. */
let port: string | null = null;
try {
  const options = readOptions();
  port = String(options.port);
  if (options.help) console.log(USAGE);
  else {
    const emulator = await startEmulator({
      port: options.port,
      clock: options.clock,
      auth: options.auth,
      ...(options.data ? { dataDir: options.data } : {}),
      plugins: [
        (opened) => {
          formsPlugin(opened);
          // A journal of `npm start` holds the script's properties too.
          scriptPlugin(opened);
          projectsPlugin(opened);
        },
      ],
    });
    console.log(`emulator ready ${emulator.url}`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.close());
  }
} catch (error) {
  const said = explain(error as NodeJS.ErrnoException, port);
  if (said === null) throw error;
  console.error(said);
  process.exitCode = 1;
}
