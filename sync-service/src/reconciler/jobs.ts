import type { PgBoss } from 'pg-boss';
import type { Log } from '../platform/log.ts';

const QUEUE = 'cycle';

/** Runs cycles as jobs: a ping or the poll asks for one, and one worker runs it, never two at once. */
export interface Jobs {
  requestCycle(about: string): Promise<void>;
  stop(): Promise<void>;
}

export interface JobOptions {
  boss: PgBoss;
  log: Log;
  /** How often a cycle runs without a ping, so that a lost ping costs only time. In seconds. */
  pollSeconds: number;
  work(): Promise<void>;
}

export async function startJobs({ boss, log, pollSeconds, work }: JobOptions): Promise<Jobs> {
  boss.on('error', (error) => log.error({ err: error }, 'job store'));
  await boss.start();
  // pg-boss runs a job at least once: it takes a dead worker's cycle over after the heartbeat, and a hanging one's at
  // expiry.
  await boss.createQueue(QUEUE, {
    policy: 'stately',
    retryLimit: 2,
    expireInSeconds: 300,
    heartbeatSeconds: 10,
    deleteAfterSeconds: 3600,
  });
  const requestCycle = async (about: string) => {
    // The policy `stately` keeps at most one job waiting and one running, so asking again while one waits changes
    // nothing.
    await boss.send(QUEUE, { about });
  };
  await boss.work(QUEUE, { pollingIntervalSeconds: 0.5 }, async () => {
    try {
      await work();
    } catch (error) {
      log.error({ err: error as Error }, 'cycle failed');
      throw error;
    }
  });
  const timer = setInterval(
    () => void requestCycle('poll').catch((error) => log.error({ err: error }, 'poll')),
    pollSeconds * 1000,
  );
  await requestCycle('start');
  return {
    requestCycle,
    async stop() {
      clearInterval(timer);
      await boss.stop({ graceful: true, timeout: 8000 });
    },
  };
}
