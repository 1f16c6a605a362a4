import type { Server } from 'node:http';
import express from 'express';
import type { Clock } from './clock.ts';
import { Account } from './drive/file.ts';
import { driveRouter } from './drive/routes.ts';
import { DriveService } from './drive/service.ts';
import { sendError, sendUnknownPath } from './errors.ts';
import { faultInjector, quotaPerMinute } from './faults.ts';
import { answers, checked, forApi, notImplemented } from './http/front-end.ts';
import { oauthRouter, requireToken, Tokens } from './http/oauth.ts';
import { requireScope } from './http/scopes.ts';
import { type Journal, openJournal } from './journal.ts';
import { actAs, isSame } from './people.ts';
import { plainAddress, sheetsRouter } from './sheets/routes.ts';
import { spreadsheetKind } from './sheets/documents.ts';
import { SheetsService, SPREADSHEET_TYPE } from './sheets/service.ts';
import { DEFAULT_SWITCHES, type Switches } from './switches.ts';

export interface Emulator {
  readonly url: string;
  app: express.Express;
  sheets: SheetsService;
  drive: DriveService;
  journal: Journal;
  clock: Clock;
  switches: Switches;
  close(): Promise<void>;
}

export interface EmulatorOptions {
  port?: number;
  host?: string;
  dataDir?: string;
  clock: Clock;
  /** E-mail address of the person whose Drive this is: the owner of what is made with most tokens. */
  account?: string;
  /** Addresses of people who have no Google account; every other has one. */
  withoutAccount?: readonly string[];
  /** `open` takes any request; `service-account` wants a bearer token, as Google does. */
  auth?: 'open' | 'service-account';
  /** What shall go wrong with an API request; for fault injection. */
  fault?: Parameters<typeof faultInjector>[0];
  /** Sheets requests a minute, asked anew at each request; null where nothing is limited. */
  quota?: Parameters<typeof quotaPerMinute>[0];
  /** How it plays what nobody knows about Google. */
  switches?: Partial<Switches>;
  /** Modules that add routes and journal handlers, before the journal is replayed. */
  plugins?: ((emulator: Emulator) => void | Promise<void>)[];
}

/** Starts Google on this machine, on loopback. Rejects with the plain EADDRINUSE where the port is taken. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const host = options.host ?? '127.0.0.1';
  const app = express();
  app.disable('x-powered-by');
  const journal = openJournal(options.dataDir);
  let server: Server | undefined;
  const url = () => {
    const address = server?.address();
    return `http://${host}:${typeof address === 'object' && address ? address.port : (options.port ?? 0)}`;
  };
  const hasAccount = (address: string) => !options.withoutAccount?.some((each) => isSame(each, address));
  const drive = new DriveService(
    journal,
    options.clock,
    new Account(options.account ?? 'owner@google.invalid'),
    hasAccount,
  );
  const switches = { ...DEFAULT_SWITCHES, ...options.switches };
  const sheets = new SheetsService(drive, journal, switches);
  drive.keeps(SPREADSHEET_TYPE, spreadsheetKind(sheets));
  const emulator: Emulator = {
    get url() {
      return url();
    },
    app,
    sheets,
    drive,
    journal,
    clock: options.clock,
    switches,
    close: () => close(server, journal),
  };
  addChecks(emulator, options, hasAccount);
  app.use(sheetsRouter(sheets), driveRouter(drive));
  try {
    for (const plugin of options.plugins ?? []) await plugin(emulator);
    journal.replay();
    drive.ready = true;
    app.use(forApi(notImplemented), sendUnknownPath, sendError);
    server = await listen(app, options.port ?? 0, host);
  } catch (error) {
    journal.close();
    throw error;
  }
  return emulator;
}

/** What every request passes before it is answered: who asks, what is allowed, and what shall go wrong. */
function addChecks(
  { app, drive, journal }: Emulator,
  options: EmulatorOptions,
  hasAccount: (address: string) => boolean,
): void {
  const tokens = new Tokens();
  app.use(plainAddress);
  app.use(forApi(answers), oauthRouter(tokens));
  app.use(forApi(requireToken(tokens, { open: options.auth !== 'service-account', hasAccount })));
  if (options.quota)
    app.use(
      '/v4',
      quotaPerMinute(
        options.quota,
        () => options.clock.now(),
        (request) => tokens.holderOf(request),
      ),
    );
  if (options.fault) app.use(forApi(faultInjector(options.fault)));
  app.use(forApi(checked), forApi(requireScope(tokens)), failAfter(journal));
  // The pages that people open post JSON and forms of their own; a web app is told the body as it came.
  app.use(
    /^(?!\/macros\/)/u,
    express.json({ limit: '20mb' }),
    express.urlencoded({ extended: false, limit: '2mb' }),
  );
  app.use((request, response, next) => {
    const id = tokens.clientOf(request);
    const ownFilesOnly = Boolean(response.locals.ownFilesOnly);
    const client = id === null ? undefined : { id, ownFilesOnly };
    actAs(tokens.personOf(request, drive.account.emailAddress), () => next(), client);
  });
}

/** What could not be written down must not be built upon: nothing is answered any more but the reason. */
function failAfter(journal: Journal): express.RequestHandler {
  return (_request, _response, next) => next(journal.failure() ?? undefined);
}

function listen(app: express.Express, port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, host, (error?: Error) => (error ? reject(error) : resolve(server)));
    // On a busy machine a client may send its next request just as five idle seconds are over, and is cut off.
    server.keepAliveTimeout = 0;
  });
}

async function close(server: Server | undefined, journal: Journal) {
  await new Promise<void>((resolve) => {
    if (!server) return resolve();
    server.close(() => resolve());
    server.closeAllConnections();
  });
  journal.close();
}
