import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../contract/clock.ts';
import { openStore, type Store, type StoreOptions } from '../ledger/store.ts';
import { createMailer } from '../notices/deliver.ts';
import { createRenderer } from '../notices/render.ts';
import { connectGoogle, type GoogleOptions } from '../google/client.ts';
import { runCycle } from '../reconciler/cycle.ts';
import { type Jobs, startJobs } from '../reconciler/jobs.ts';
import type { Log } from '../platform/log.ts';
import { type Office, setUpOffice } from '../provisioning/office.ts';
import type { Parts, Program } from '../casework/context.ts';
import { refuseHalfRebuilt } from '../provisioning/rebuild.ts';
import { formerQueues, readVersions, rememberProgram } from '../casework/program-versions.ts';
import { useWordings } from '../tabs/wording-tab.ts';
import { trackingToken } from '../ledger/tracking-tokens.ts';
import { startWeb, type WebServer } from '../web/server.ts';
import { pingSecretOf } from './setup/script-projects.ts';

export interface ServiceOptions {
  program: Program;
  /** Where the ledger lies, or one that is already open and is closed by its owner. */
  store: StoreOptions | Store;
  google: GoogleOptions;
  smtp: Parameters<typeof createMailer>[0];
  clock: Clock;
  log: Log;
  graceMs: number;
  pollSeconds: number;
  webPort: number;
  /** Address to listen on; loopback without. */
  host?: string;
  /** What pings are signed and tracking links made with. */
  secret: string;
  /** Where teachers reach the tracking page; the service's own address without. */
  publicUrl?: string;
  mailDomain: string;
}

export interface Service {
  parts: Parts;
  office: Office;
  store: Store;
  web: WebServer;
  jobs: Jobs | null;
  pingSecret: string;
  /** Starts looking by itself. Without it nothing happens but what the caller runs. */
  startLooking(): Promise<void>;
  cycle(): ReturnType<typeof runCycle>;
  close(): Promise<void>;
}

/** Puts the sync service together: the same parts for `local`, `serve`, the demo and the tests. */
export async function createService(options: ServiceOptions): Promise<Service> {
  const given = 'db' in options.store ? options.store : null;
  const store = given ?? (await openStore(options.store as StoreOptions));
  const closeStore = async () => (given ? undefined : store.close());
  const baseProgram = options.program;
  const versions = await refuseHalfRebuilt(store)
    .then(() => rememberProgram({ store, clock: options.clock, baseProgram }))
    .then(() => readVersions({ store, baseProgram }))
    .catch(async (error: unknown) => {
      await closeStore();
      throw error;
    });
  const google = connectGoogle(options.google);
  const mailer = createMailer(options.smtp);
  const parts: Parts = {
    ...versions,
    baseProgram,
    store,
    google,
    clock: options.clock,
    renderer: createRenderer(),
    mailer,
    log: options.log,
    graceMs: options.graceMs,
    mailDomain: options.mailDomain,
    secret: options.secret,
    instance: randomUUID(),
    startedAt: options.clock.now(),
  };
  const pingSecret = pingSecretOf(options.secret);
  let jobs: Jobs | null = null;
  let web: WebServer | null = null;
  try {
    const office = await setUpOffice({
      programs: [parts.program, ...parts.versions.byHash.values()],
      store,
      google,
      editor: google.account,
    });
    web = await startWeb(parts, {
      port: options.webPort,
      ...(options.host ? { host: options.host } : {}),
      pingSecret,
      look: async (about) => jobs?.look(about),
    });
    const publicUrl = (options.publicUrl ?? web.url).replace(/\/$/u, '');
    parts.publicUrl = publicUrl;
    for (const sentence of await formerQueues(parts)) options.log.warn({ outcome: 'former-queue' }, sentence);
    await useWordings(parts);
    parts.trackingUrl = (caseNumber) => `${publicUrl}/t/${trackingToken(options.secret, caseNumber)}`;
    const opened = web;
    return {
      parts,
      office,
      store,
      web: opened,
      get jobs() {
        return jobs;
      },
      pingSecret,
      cycle: () => runCycle(parts, office),
      async startLooking() {
        jobs = await startJobs({
          boss: store.createBoss(),
          log: options.log,
          pollSeconds: options.pollSeconds,
          work: async () => void (await runCycle(parts, office)),
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
