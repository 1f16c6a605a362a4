import { doorsTo, query } from '../../sync-service/src/ledger/query.ts';
import type { KyselyPlugin } from 'kysely';
import { type Clock, officeClock } from '../../contract/clock.ts';
import { FAULTS } from '../../emulator/src/faults.ts';
import type { MailFault } from '../../emulator/src/mailbox/mailbox.ts';
import { localCredential, startLocalGoogle } from '../../sync-service/src/cli/trial/google-local.ts';
import { officeLinks } from '../../sync-service/src/cli/trial/office-links.ts';
import { createService, type Service } from '../../sync-service/src/cli/service.ts';
import type { Store } from '../../sync-service/src/ledger/store.ts';
import { loadProgram } from '../../sync-service/src/program/load.ts';
import { type Cell, parseTab } from '../../sync-service/src/google/tab.ts';
import { GoogleError } from '../../sync-service/src/google/error.ts';
import { createLog } from '../../sync-service/src/platform/log.ts';
import { managedDocuments, type ManagedDocument } from '../../sync-service/src/provisioning/office.ts';
import type { ManagedTab } from '../../sync-service/src/tabs/registry.ts';
import { type Play, PLAYS } from '../stage/switches.ts';
import { createRandom } from './random.ts';

export const GRACE_MS = 2 * 60_000;
/** Nothing goes wrong. Chances from 0 to 1. */
export const CALM = { google: 0, mail: 0, away: 0, trigger: 0, disk: 0, scarce: false };
const SCARCE = { user: { reads: 9, writes: 4 }, project: { reads: 14, writes: 6 } };
/** SQLSTATE of a full disk. */
const DISK_FULL = '53100';
const WRITES = ['InsertQueryNode', 'UpdateQueryNode', 'DeleteQueryNode'];
const PROGRAM = await loadProgram('programs/tainan-109.yaml');

/** The process died here. */
class Crash extends Error {}

export interface Submitted {
  form: string;
  responseId: string;
  editUrl: string;
  /** Every revision that Google accepted. */
  revisions: { digest: string; answers: Record<string, string> }[];
  answers: Record<string, string>;
}

/** What a reviewer meant: whose row it was, as it stood there. */
export interface Intention {
  reason: string;
  name: string;
  certificate: string;
  /** Null where the tab shows none. */
  revision: number | null;
  /** Taken back within the grace time. */
  undone: boolean;
}

/** All cells of a spreadsheet as they once were. */
export interface Version {
  spreadsheetId: string;
  sheets: { sheetId: number; title: string; rows: object[] }[];
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/**
 * An office with everything that can go wrong with it, on a ledger that outlives its processes.
 * @param play what Google does where nobody knows it; every other seed has the other one
 */
export async function openWorld(
  store: Store,
  seed: number,
  play: Play = seed % 2 === 0 ? 'other' : 'default',
) {
  const clock = officeClock(new Date('2020-04-21T01:00:00Z'), { frozen: true });
  const skew = { ms: 0 };
  // Google's clock goes on by itself, whatever the service's machine believes.
  const serviceClock = { now: () => new Date(clock.now().getTime() + skew.ms) };
  const counts = {
    faults: {} as Record<string, number>,
    people: {} as Record<string, number>,
    kills: 0,
    sleepers: 0,
  };
  const weather = { ...CALM, random: createRandom(seed) };
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
    quota: () => (weather.scarce ? SCARCE : null),
    switches: PLAYS[play],
    smtpAway: () => {
      const away = weather.random.chance(weather.away);
      if (away) count(counts.faults, 'smtp-away');
      return away;
    },
    smtpFault: () => {
      if (!weather.random.chance(weather.mail)) return null;
      const fault = weather.random.pick(MAIL_FAULTS) ?? null;
      if (fault) count(counts.faults, typeof fault === 'string' ? fault : `smtp-${fault.code}`);
      return fault;
    },
  });
  const diskFault = () => {
    if (!weather.random.chance(weather.disk)) return;
    count(counts.faults, 'disk-full');
    throw Object.assign(new Error('could not extend file: No space left on device'), { code: DISK_FULL });
  };
  const log: string[] = [];
  const overQuota = () => count(counts.faults, 'quota-exceeded');
  const start = (fate: Fate) =>
    startProcess({ google, store, clock: serviceClock, fate, diskFault, overQuota, log });
  let fate = createFate();
  let service = await start(fate);
  await google.deploy(service, {
    deliver: () => {
      if (!weather.random.chance(weather.trigger)) return { times: 1 };
      const kind = weather.random.pick(['missing', 'doubled', 'blank', 'late'] as const);
      count(counts.faults, `trigger-${kind}`);
      const times = kind === 'missing' ? 0 : kind === 'doubled' ? 2 : 1;
      return { times, blank: kind === 'blank', late: kind === 'late' };
    },
  });
  /** What a process that stands still or died holds ends with time. */
  const letTimePass = async () => {
    clock.advance(11 * 60_000);
    await query(store.db)
      .updateTable('leases')
      .set({ until: new Date(0) })
      .execute();
  };
  /** One look of one process, however it ends. */
  const lookOnce = async (process: Service, its: Fate) => {
    try {
      return await process.cycle();
    } catch (error) {
      if (!its.dead && (error as { code?: unknown }).code !== DISK_FULL) throw error;
      if (!its.dead) await letTimePass();
      return null;
    }
  };
  const stop = async (process: Service) => {
    await process.web.close();
    process.process.mailer.close();
  };
  const world = {
    seed,
    store,
    clock,
    google,
    script: google.scripts,
    counts,
    weather,
    program: PROGRAM,
    submitted: [] as Submitted[],
    intentions: [] as Intention[],
    /** Earlier versions of spreadsheets. */
    versions: [] as Version[],
    /** Texts that persons typed without ticking, and nobody has destroyed. */
    halfTyped: new Set<string>(),
    /** Whether an old version brought ticks back that had been taken already. */
    restored: false,
    /** Everything that every process has logged. */
    log,
    /** Half-typed texts that left with a decision in the same row: read, then. */
    settledTexts: new Set<string>(),
    serial: 0,
    /** Certificates whose case an administrator meant to send back from the list of waiting ones. */
    sentBack: new Set<string>(),
    get service(): Service {
      return service;
    },
    documents: (): ManagedDocument[] => managedDocuments([PROGRAM], service.office),
    /** Cells of a tab as people see them, row by row, with the columns by key; null while it is gone or broken. */
    read(document: ManagedDocument, managed: ManagedTab) {
      try {
        const { valueRanges } = google.emulator.sheets.valuesBatchGetByDataFilter(document.spreadsheetId, {
          dataFilters: [{ gridRange: { sheetId: document.tabIds[managed.key] ?? 0 } }],
          valueRenderOption: 'UNFORMATTED_VALUE',
        });
        return parseTab(managed.spec, valueRanges?.[0]?.valueRange ?? {});
      } catch {
        return null;
      }
    },
    edit(document: ManagedDocument, requests: object[]) {
      google.emulator.sheets.batchUpdate(document.spreadsheetId, { requests });
    },
    write(
      document: ManagedDocument,
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
      const result = await lookOnce(service, fate);
      if (fate.dead) await world.restart();
      return result;
    },
    /** Two processes on one ledger look at the same time. */
    async cycleTwice() {
      const other = createFate();
      const second = await start(other);
      await Promise.all([lookOnce(service, fate), lookOnce(second, other)]);
      await stop(second);
      if (fate.dead) await world.restart();
    },
    /** The process stands still in the middle of its look; another one takes over; then the first wakes up. */
    async cycleWithSleeper(steps: number) {
      counts.sleepers += 1;
      fate.sleepAt = fate.step + steps;
      const sleeping = lookOnce(service, fate);
      await Promise.race([fate.asleep, sleeping]);
      await letTimePass();
      const other = createFate();
      const second = await start(other);
      await lookOnce(second, other);
      fate.wake();
      await sleeping;
      await lookOnce(second, other);
      await stop(second);
      if (fate.dead) await world.restart();
      else Object.assign(fate, createFate());
    },
    /** The service's machine believes it to be earlier or later than it is. */
    setClock(ms: number) {
      skew.ms = ms;
      count(counts.faults, 'clock-step');
    },
    /** The process will die at its n-th step from here. */
    dieAfter(steps: number) {
      Object.assign(fate, { dieAt: fate.step + steps, afterMail: false });
    },
    /** The process will die between the mail server's 250 and its own commit. */
    dieAfterMail() {
      fate.afterMail = true;
    },
    async restart() {
      counts.kills += 1;
      await stop(service);
      await letTimePass();
      fate = createFate();
      service = await start(fate);
    },
    async close() {
      await service.close();
      await google.close();
    },
  };
  return world;
}

/** What happens to one process, and when: counted in its queries, calls to Google and mails, before and after. */
interface Fate {
  step: number;
  dieAt: number;
  sleepAt: number;
  afterMail: boolean;
  dead: boolean;
  /** Resolves once it stands still. */
  asleep: Promise<void>;
  fallAsleep(): void;
  awake: Promise<void>;
  wake(): void;
}

function createFate(): Fate {
  const sleep = Promise.withResolvers<void>();
  const rise = Promise.withResolvers<void>();
  return {
    step: 0,
    dieAt: Number.POSITIVE_INFINITY,
    sleepAt: Number.POSITIVE_INFINITY,
    afterMail: false,
    dead: false,
    asleep: sleep.promise,
    fallAsleep: () => sleep.resolve(),
    awake: rise.promise,
    wake: () => rise.resolve(),
  };
}

interface ProcessParts {
  google: Awaited<ReturnType<typeof startLocalGoogle>>;
  store: Store;
  clock: Clock;
  fate: Fate;
  diskFault(): void;
  overQuota(): void;
  log: string[];
}

/** A process whose every step may be its last: each query, each call to Google, each mail, before and after. */
async function startProcess({
  google,
  store,
  clock,
  fate,
  diskFault,
  overQuota,
  log,
}: ProcessParts): Promise<Service> {
  const step = () => {
    fate.step += 1;
    if (fate.step >= fate.dieAt) fate.dead = true;
    if (fate.dead) throw new Crash('killed');
  };
  // Outside of transactions only: a sleeper that holds a lock is the database's to end.
  const mayFallAsleep = async () => {
    if (fate.step < fate.sleepAt) return;
    fate.fallAsleep();
    await fate.awake;
  };
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      step();
      if (WRITES.includes(node.kind)) diskFault();
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
    store: { ...store, ...doorsTo(query(store.db).withPlugin(plugin)) },
    google: {
      rootUrl: google.emulator.url,
      credential: localCredential(),
      retry: { firstDelayMs: 1, maxDelayMs: 4, attempts: 4 },
    },
    smtp: {
      host: '127.0.0.1',
      port: google.mailbox.smtpPort,
      from: 'budeng <office@budeng.invalid>',
      silenceMs: 500,
    },
    log: createLog('debug', { write: (line) => void log.push(line) }),
    pollSeconds: 3600,
    webPort: 0,
    mailDomain: 'budeng.invalid',
    secret: 'secret of the chaos harness',
  });
  const { call } = service.process.google;
  service.process.google.call = async (...args) => {
    step();
    await mayFallAsleep();
    const answer = await call(...args).catch((error: unknown) => {
      if (error instanceof GoogleError && error.detail.startsWith('Quota exceeded')) overQuota();
      throw error;
    });
    step();
    await mayFallAsleep();
    return answer;
  };
  const { send } = service.process.mailer;
  service.process.mailer.send = async (mail) => {
    step();
    await mayFallAsleep();
    const delivery = await send(mail);
    await mayFallAsleep();
    if (fate.afterMail) fate.dieAt = fate.step;
    step();
    return delivery;
  };
  return service;
}

/** Twice five: in the first five places of a shorter list histories that once failed found the same. */
const MAIL_FAULTS: readonly MailFault[] = [
  { code: 421, text: 'try again later' },
  { code: 552, text: 'too large' },
  { code: 450, text: 'greylisted' },
  { code: 450, text: 'greylisted' },
  { code: 550, text: 'no such user' },
  { code: 550, text: 'no such user' },
  'drop-before-reply',
  'drop-before-reply',
  'take-and-drop',
  'take-and-hang',
];
