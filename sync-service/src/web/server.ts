import type { Server } from 'node:http';
import express from 'express';
import helmet from 'helmet';
import { type PingParts, pingRouter } from './ping.ts';

export interface WebServer {
  url: string;
  close(): Promise<void>;
}

/** The service's own web: pings and health. Listens on loopback unless told otherwise. */
export async function startWeb(
  parts: PingParts & { healthy(): Promise<boolean> },
  options: { port: number; host?: string },
): Promise<WebServer> {
  const app = express();
  app.disable('x-powered-by');
  app.use(helmet());
  app.use(pingRouter(parts));
  app.get('/healthz', async (_request, response) => {
    const ok = await parts.healthy();
    response.status(ok ? 200 : 503).json({ ok });
  });
  const server = await listen(app, options.port, options.host ?? '127.0.0.1');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : options.port;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(app: express.Express, port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, host, (error?: Error) => (error ? reject(error) : resolve(server)));
  });
}
