import type { Program } from '../cases/program-rules.ts';
import { randomUUID } from 'node:crypto';
import { addressOf } from '../../../contract/paths.ts';
import type { Clock } from '../../../contract/clock.ts';
import { openStore, type Store, type StoreOptions } from '../ledger/store.ts';
import { createMailer } from '../notices/deliver.ts';
import { createRenderer } from '../notices/render.ts';
import { connectGoogle, type GoogleOptions } from '../google/client.ts';
import { runCycle } from '../reconciler/cycle.ts';
import { type Jobs, startJobs } from '../reconciler/jobs.ts';
import type { Log } from '../platform/log.ts';
import { type Office, refuseOtherPrograms, setUpOffice } from '../provisioning/office.ts';
import { createCycleContext, type CycleContext, type ProcessContext } from '../reconciler/cycle-context.ts';
import { refuseHalfRebuilt } from '../provisioning/rebuild.ts';
import { formerQueues, readVersions, rememberProgram } from '../casework/program-versions.ts';
import { trackingToken } from '../ledger/tracking-tokens.ts';
import { startWeb, type WebServer } from '../web/server.ts';
import { pingSecretOf } from './setup/script-projects.ts';

export interface ServiceOptions {
  program: Program;
  /** Where the ledger lies, or a ledger that is open already and that its owner closes. */
  store: StoreOptions | Store;
  google: GoogleOptions;
  smtp: Parameters<typeof createMailer>[0];
  clock: Clock;
  log: Log;
  pollSeconds: number;
  webPort: number;
  /** The address to listen on; without it only this machine reaches the service. */
  host?: string;
  /** Signs pings and makes tracking links. */
  secret: string;
  /** Where teachers reach the tracking page; without it, the service's own address. */
  publicUrl?: string;
  mailDomain: string;
}

export interface Service {
  /** What stays the same as long as the service runs. */
  process: ProcessContext;
  /** Reads the rules in force and adds them to what stays the same. */
  context(): Promise<CycleContext>;
  office: Office;
  store: Store;
  web: WebServer;
  jobs: Jobs | null;
  pingSecret: string;
  /** Starts running cycles by itself: on a ping, and at each poll. Without it only the caller runs them. */
  startPolling(): Promise<void>;
  cycle(): ReturnType<typeof runCycle>;
  close(): Promise<void>;
}

/** Puts the sync service together: the same parts for `local`, `serve`, the demo and the tests. */
export async function createService(options: ServiceOptions): Promise<Service> {
  const isGiven = 'db' in options.store;
  const store = 'db' in options.store ? options.store : await openStore(options.store);
  const closeStore = async () => (isGiven ? undefined : store.close());
  const baseProgram = options.program;
  await refuseHalfRebuilt(store)
    .then(() => refuseOtherPrograms(store, baseProgram))
    .then(() => rememberProgram({ store, clock: options.clock, baseProgram }))
    .catch(async (error: unknown) => {
      await closeStore();
      throw error;
    });
  const google = connectGoogle(options.google);
  const mailer = createMailer(options.smtp);
  const { clock, log, mailDomain, secret } = options;
  const originalRenderer = createRenderer();
  const pingSecret = pingSecretOf(secret);
  let jobs: Jobs | null = null;
  let web: WebServer | null = null;
  try {
    const { program, versions } = await readVersions({ store, baseProgram });
    const office = await setUpOffice({
      programs: [program, ...versions.byHash.values()],
      store,
      google,
      warn: (about) => log.warn({ outcome: 'not-decorated' }, about.english),
    });
    const opened = await startWeb(
      { store, clock, log, google, baseProgram, originalRenderer, mailDomain, secret },
      {
        port: options.webPort,
        ...(options.host ? { host: options.host } : {}),
        pingSecret,
        requestCycle: async (about) => jobs?.requestCycle(about),
      },
    );
    web = opened;
    const publicUrl = options.publicUrl ?? opened.url;
    const process: ProcessContext = {
      baseProgram,
      store,
      google,
      clock,
      originalRenderer,
      mailer,
      log,
      mailDomain,
      secret,
      publicUrl,
      trackingUrl: (caseNumber) => addressOf(publicUrl, 'tracking', trackingToken(secret, caseNumber)),
      startedAt: clock.now(),
      instance: randomUUID(),
    };
    for (const sentence of await formerQueues({ store, program, versions }))
      log.warn({ outcome: 'former-queue' }, sentence);
    return {
      process,
      context: () => createCycleContext(process),
      office,
      store,
      web: opened,
      get jobs() {
        return jobs;
      },
      pingSecret,
      cycle: () => runCycle(process, office),
      async startPolling() {
        jobs = await startJobs({
          boss: store.createBoss(),
          log,
          pollSeconds: options.pollSeconds,
          work: async () => void (await runCycle(process, office)),
        });
      },
      async close() {
        await opened.close();
        await jobs?.stop();
        mailer.close();
        await closeStore();
      },
    };
  } catch (error) {
    await web?.close();
    mailer.close();
    await closeStore();
    throw error;
  }
}
