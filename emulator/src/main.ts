import { parseArgs } from 'node:util';
import { officeClock, systemClock } from '../../contract/clock.ts';
import { formsPlugin } from './forms/plugin.ts';
import { projectsPlugin } from './script/projects.ts';
import { startEmulator } from './server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8090' },
    data: { type: 'string' },
    auth: { type: 'string', default: 'service-account' },
    now: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log('npm run -s emulator -- --port N [--data DIR] [--auth open|service-account] [--now ISO]');
} else {
  try {
    const emulator = await startEmulator({
      port: Number(values.port),
      clock: values.now ? officeClock(new Date(values.now)) : systemClock,
      auth: values.auth === 'open' ? 'open' : 'service-account',
      ...(values.data ? { dataDir: values.data } : {}),
      plugins: [(opened) => void formsPlugin(opened), (opened) => void projectsPlugin(opened)],
    });
    console.log(`emulator ready ${emulator.url}`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.close());
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EMULATOR_DATA_IN_USE') throw error;
    console.error(code === 'EADDRINUSE' ? `port ${values.port} is taken: name another with --port` : message);
    process.exitCode = 1;
  }
}
