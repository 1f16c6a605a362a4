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

/** Opens the ledger, unless it is given, and refuses one that cannot be worked with. */
async function openLedger({ store: given, program: baseProgram, clock }: ServiceOptions) {
  const store = 'db' in given ? given : await openStore(given);
  const close = async () => ('db' in given ? undefined : store.close());
  try {
    await refuseHalfRebuilt(store);
    await refuseOtherPrograms(store, baseProgram);
    await rememberProgram({ store, clock, baseProgram });
  } catch (error) {
    await close();
    throw error;
  }
  return { store, baseProgram, close };
}

/** Finds the office's documents or makes them, and logs what is not as it should be. */
async function openOffice({
  store,
  baseProgram,
  google,
  log,
}: Pick<ProcessContext, 'store' | 'baseProgram' | 'google' | 'log'>): Promise<Office> {
  const { program, versions } = await readVersions({ store, baseProgram });
  const office = await setUpOffice({
    programs: [program, ...versions.byHash.values()],
    store,
    google,
    warn: (about) => log.warn({ outcome: 'not-whole' }, about.english),
  });
  for (const sentence of await formerQueues({ store, program, versions }))
    log.warn({ outcome: 'former-queue' }, sentence);
  return office;
}

type Opened = Pick<ProcessContext, 'store' | 'google' | 'mailer' | 'originalRenderer' | 'publicUrl'>;

/** Gathers what stays the same as long as the service runs. */
function processOf(options: ServiceOptions, opened: Opened): ProcessContext {
  const { program: baseProgram, clock, log, mailDomain, secret } = options;
  return {
    ...opened,
    baseProgram,
    clock,
    log,
    mailDomain,
    secret,
    trackingUrl: (caseNumber) => addressOf(opened.publicUrl, 'tracking', trackingToken(secret, caseNumber)),
    startedAt: clock.now(),
    instance: randomUUID(),
  };
}

/** Puts the sync service together: the same parts for `local`, `serve`, the demo and the tests. */
export async function createService(options: ServiceOptions): Promise<Service> {
  const { baseProgram, ...ledger } = await openLedger(options);
  const { store } = ledger;
  const google = connectGoogle(options.google);
  const mailer = createMailer(options.smtp);
  const { clock, log, mailDomain, secret } = options;
  const originalRenderer = createRenderer();
  const pingSecret = pingSecretOf(secret);
  let jobs: Jobs | null = null;
  let web: WebServer | null = null;
  try {
    const office = await openOffice({ store, baseProgram, google, log });
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
    const process = processOf(options, { store, google, mailer, originalRenderer, publicUrl });
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
        await ledger.close();
      },
    };
  } catch (error) {
    await web?.close();
    mailer.close();
    await ledger.close();
    throw error;
  }
}
