import type { KyselyPlugin } from 'kysely';
import { officeClock } from '../../contract/clock.ts';
import { keysOf } from '../../contract/tabs.ts';
import { FAULTS } from '../../emulator/src/faults.ts';
import type { MailFault } from '../../emulator/src/mailbox/mailbox.ts';
import { localCredential, officeLinks, startLocalGoogle } from '../../sync-service/src/cli/google-local.ts';
import { createService, type Service } from '../../sync-service/src/cli/service.ts';
import type { Store } from '../../sync-service/src/ledger/store.ts';
import { loadProgram } from '../../sync-service/src/program/load.ts';
import { type Cell, parseTab } from '../../sync-service/src/sheets/tab.ts';
import { createLog } from '../../sync-service/src/sync/log.ts';
import { keptDocuments, type KeptDocument } from '../../sync-service/src/sync/office.ts';
import type { KeptTab } from '../../sync-service/src/sync/tabs.ts';
import { createRandom, type Random } from './random.ts';

export const GRACE_MS = 2 * 60_000;
const PROGRAM = loadProgram('programs/tainan-109.yaml');

/** The process died here. */
class Crash extends Error {}

export interface Submitted {
  form: string;
  responseId: string;
  editUrl: string;
  /** ISO instants of every revision that Google accepted. */
  revisions: string[];
  answers: Record<string, string>;
}

/** What a reviewer meant: whose row it was, as it stood there. */
export interface Intention {
  reason: string;
  name: string;
  revision: number;
  /** Taken back within the grace time. */
  undone: boolean;
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** An office with everything that can go wrong with it, on a ledger that outlives its processes. */
export async function openWorld(store: Store, seed: number) {
  const clock = officeClock(new Date('2020-04-21T01:00:00Z'), { frozen: true });
  const counts = { faults: {} as Record<string, number>, people: {} as Record<string, number>, kills: 0 };
  const weather = { google: 0, mail: 0, trigger: 0, random: createRandom(seed) };
  const count = (where: Record<string, number>, kind: string) => {
    where[kind] = (where[kind] ?? 0) + 1;
  };
  const google = await startLocalGoogle({
    clock,
    port: 0,
    smtpPort: 0,
    links: () => officeLinks(PROGRAM, null, clock),
    googleFault: () => {
      if (!weather.random.chance(weather.google)) return null;
      const fault = weather.random.pick(FAULTS) ?? null;
      if (fault) count(counts.faults, fault);
      return fault;
    },
    smtpFault: () => {
      if (!weather.random.chance(weather.mail)) return null;
      const fault = weather.random.pick(MAIL_FAULTS) ?? null;
      if (fault) count(counts.faults, typeof fault === 'string' ? fault : `smtp-${fault.code}`);
      return fault;
    },
  });
  const death = { at: Number.POSITIVE_INFINITY, step: 0, afterMail: false };
  const start = () => startProcess(google, store, clock, death);
  let service = await start();
  const script = await google.deploy(service, {
    deliver: () => {
      if (!weather.random.chance(weather.trigger)) return { times: 1 };
      const kind = weather.random.pick(['missing', 'doubled', 'blank'] as const);
      count(counts.faults, `trigger-${kind}`);
      return { times: kind === 'missing' ? 0 : kind === 'doubled' ? 2 : 1, blank: kind === 'blank' };
    },
  });
  const world = {
    seed,
    store,
    clock,
    google,
    script,
    counts,
    weather,
    program: PROGRAM,
    submitted: [] as Submitted[],
    intentions: [] as Intention[],
    /** Texts that persons typed without ticking, and nobody has destroyed. */
    halfTyped: new Set<string>(),
    /** Half-typed texts that left with a decision in the same row: read, then. */
    settledTexts: new Set<string>(),
    serial: 0,
    get service(): Service {
      return service;
    },
    documents: (): KeptDocument[] => keptDocuments(PROGRAM, service.office),
    /** Cells of a tab as people see them, row by row, with the columns by key; null while it is gone or broken. */
    read(document: KeptDocument, kept: KeptTab) {
      try {
        const { valueRanges } = google.emulator.sheets.valuesBatchGetByDataFilter(document.spreadsheetId, {
          dataFilters: [{ gridRange: { sheetId: document.tabIds[kept.key] ?? 0 } }],
          valueRenderOption: 'UNFORMATTED_VALUE',
        });
        return parseTab(kept.spec.title, keysOf(kept.spec), valueRanges?.[0]?.valueRange ?? {});
      } catch {
        return null;
      }
    },
    edit(document: KeptDocument, requests: object[]) {
      google.emulator.sheets.batchUpdate(document.spreadsheetId, { requests });
    },
    write(
      document: KeptDocument,
      sheetId: number,
      rowIndex: number,
      columnIndex: number,
      value: Cell | null,
    ) {
      const entered =
        typeof value === 'boolean'
          ? { boolValue: value }
          : typeof value === 'number'
            ? { numberValue: value }
            : { stringValue: value };
      world.edit(document, [
        {
          updateCells: {
            start: { sheetId, rowIndex, columnIndex },
            rows: [{ values: [value === null || value === '' ? {} : { userEnteredValue: entered }] }],
            fields: 'userEnteredValue',
          },
        },
      ]);
    },
    /** One look; a crash in it kills the process, and another one takes over later. */
    async cycle() {
      try {
        return await service.cycle();
      } catch (error) {
        if (!isCrash(error) && !death.step) throw error;
        if (death.step < death.at) throw error;
        await world.restart();
        return null;
      }
    },
    /** The process will die at its n-th step from here. */
    dieAfter(steps: number) {
      Object.assign(death, { at: steps, step: 0, afterMail: false });
    },
    /** The process will die between the mail server's 250 and its own commit. */
    dieAfterMail() {
      death.afterMail = true;
    },
    async restart() {
      counts.kills += 1;
      await service.web.close();
      service.parts.mailer.close();
      Object.assign(death, { at: Number.POSITIVE_INFINITY, step: 0, afterMail: false });
      // What the dead process held ends with time.
      clock.advance(11 * 60_000);
      await store.db
        .updateTable('leases')
        .set({ until: new Date(0) })
        .execute();
      service = await start();
    },
    async close() {
      await script.close();
      await service.close();
      await google.close();
    },
  };
  return world;
}

function isCrash(error: unknown): boolean {
  return error instanceof Crash;
}

/** A process whose every step may be its last: each query, each call to Google, each mail, before and after. */
async function startProcess(
  google: Awaited<ReturnType<typeof startLocalGoogle>>,
  store: Store,
  clock: ReturnType<typeof officeClock>,
  death: { at: number; step: number; afterMail: boolean },
): Promise<Service> {
  const born = { dead: false };
  const step = () => {
    death.step += 1;
    if (death.step >= death.at) born.dead = true;
    if (born.dead) throw new Crash('killed');
  };
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      step();
      return node;
    },
    transformResult: async ({ result }) => {
      step();
      return result;
    },
  };
  const service = await createService({
    program: PROGRAM,
    clock,
    store: { ...store, db: store.db.withPlugin(plugin) },
    google: {
      rootUrl: google.emulator.url,
      credential: localCredential(),
      retry: { firstDelayMs: 1, maxDelayMs: 4, attempts: 4 },
    },
    smtp: { host: '127.0.0.1', port: google.mailbox.smtpPort, from: 'budeng <office@budeng.invalid>' },
    log: createLog('silent'),
    graceMs: GRACE_MS,
    pollSeconds: 3600,
    webPort: 0,
    mailDomain: 'budeng.invalid',
    secret: 'secret of the chaos harness',
  });
  const { call } = service.parts.google;
  service.parts.google.call = async (...args) => {
    step();
    const answer = await call(...args);
    step();
    return answer as never;
  };
  const { send } = service.parts.mailer;
  service.parts.mailer.send = async (mail) => {
    step();
    const delivery = await send(mail);
    if (death.afterMail) death.at = death.step;
    step();
    return delivery;
  };
  return service;
}

const MAIL_FAULTS: readonly MailFault[] = [
  { code: 421, text: 'try again later' },
  { code: 450, text: 'greylisted' },
  { code: 550, text: 'no such user' },
  'drop-before-reply',
  'take-and-drop',
];

export type { Random };
