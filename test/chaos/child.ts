import { officeClock } from '../../contract/clock.ts';
import { stopWithin, untilStopped } from '../../sync-service/src/cli/output/signals.ts';
import type { GoogleCredential } from '../../sync-service/src/google/client.ts';
import { createService } from '../../sync-service/src/cli/service.ts';
import { loadProgram } from '../../sync-service/src/program/load.ts';
import { createLog } from '../../sync-service/src/platform/log.ts';

/** A sync service in a process of its own, to be killed: looks without a pause until it dies, or until it is told to stop. */
const { url, smtpPort, store, now, credential, polite } = JSON.parse(process.argv[2] ?? '{}') as {
  url: string;
  smtpPort: number;
  store: { folder: string } | { databaseUrl: string };
  /** Stops when told to, within so many milliseconds at most; undefined is the service's own limit. */
  polite: { limitMs?: number } | null;
  now: string;
  credential: GoogleCredential;
};
const service = await createService({
  program: { ...(await loadProgram('programs/tainan-109.yaml')), graceSeconds: 0 },
  clock: officeClock(new Date(now)),
  store,
  google: { rootUrl: url, credential, retry: { firstDelayMs: 1 } },
  smtp: { host: '127.0.0.1', port: smtpPort, from: 'budeng <office@budeng.invalid>' },
  log: createLog('silent'),
  pollSeconds: 3600,
  webPort: 0,
  mailDomain: 'budeng.invalid',
  secret: 'secret of the child',
});
process.stdout.write('ready\n');
if (polite) {
  await service.startPolling();
  await untilStopped();
  await stopWithin(() => service.close(), polite.limitMs);
}
for (;;) await service.cycle();
