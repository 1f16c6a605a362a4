import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import express from 'express';
import type { Clock } from '../../contract/clock.ts';
import { driveRouter } from './drive/routes.ts';
import { DriveService } from './drive/service.ts';
import { ApiError, sendError } from './errors.ts';
import { faultInjector, quotaPerMinute } from './faults.ts';
import { type Journal, openJournal } from './journal.ts';
import { sheetsRouter } from './sheets/routes.ts';
import { SheetsService } from './sheets/service.ts';

export interface Emulator {
  readonly url: string;
  app: express.Express;
  sheets: SheetsService;
  drive: DriveService;
  journal: Journal;
  clock: Clock;
  close(): Promise<void>;
}

export interface EmulatorOptions {
  port?: number;
  host?: string;
  dataDir?: string;
  clock: Clock;
  /** `open` takes any request; `service-account` wants a bearer token, as Google does. */
  auth?: 'open' | 'service-account';
  /** What shall go wrong with an API request; for fault injection. */
  fault?: Parameters<typeof faultInjector>[0];
  /** Sheets requests a minute, asked anew at each request; null where nothing is limited. */
  quota?: Parameters<typeof quotaPerMinute>[0];
  /** Modules that add routes and journal handlers, before the journal is replayed. */
  plugins?: ((emulator: Emulator) => void | Promise<void>)[];
}

const API = /^\/(v4|v1|drive\/v3)\//;

/** Google on this machine, on loopback. Rejects with the plain EADDRINUSE where the port is taken. */
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
  const drive = new DriveService(journal, options.clock);
  const sheets = new SheetsService(drive, journal);
  const emulator: Emulator = {
    get url() {
      return url();
    },
    app,
    sheets,
    drive,
    journal,
    clock: options.clock,
    close: () => close(server, journal),
  };
  app.use(express.json({ limit: '20mb' }), express.urlencoded({ extended: false, limit: '2mb' }));
  app.post('/token', (_request, response) => {
    response.json({ access_token: randomBytes(16).toString('hex'), expires_in: 3599, token_type: 'Bearer' });
  });
  if (options.auth === 'service-account') app.use(forApi(requireToken));
  if (options.quota)
    app.use(
      '/v4',
      quotaPerMinute(options.quota, () => options.clock.now()),
    );
  if (options.fault) app.use(forApi(faultInjector(options.fault)));
  app.use(sheetsRouter(sheets), driveRouter(drive));
  try {
    for (const plugin of options.plugins ?? []) await plugin(emulator);
    journal.replay();
    drive.ready = true;
    app.use(
      forApi((request) => {
        throw new ApiError(
          'NOT_FOUND',
          `Unknown method: ${request.method} ${request.originalUrl.split('?')[0]}`,
        );
      }),
    );
    app.use(sendError);
    server = await listen(app, options.port ?? 0, host);
  } catch (error) {
    journal.close();
    throw error;
  }
  return emulator;
}

/** Only for the paths of Google's APIs: forms, sheets and mailbox are pages for people. */
function forApi(handler: express.RequestHandler): express.RequestHandler {
  return (request, response, next) => (API.test(request.path) ? handler(request, response, next) : next());
}

function requireToken(request: express.Request, _response: express.Response, next: express.NextFunction) {
  if (/^Bearer \S+$/.test(request.get('authorization') ?? '')) return next();
  throw new ApiError(
    'UNAUTHENTICATED',
    'Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
  );
}

function listen(app: express.Express, port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, host, (error?: Error) => (error ? reject(error) : resolve(server)));
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
