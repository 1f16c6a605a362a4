import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import express from 'express';
import helmet from 'helmet';
import { PATHS } from '../../../contract/paths.ts';
import { html } from '../../../contract/html.ts';
import { drawQueueChart } from '../exports/chart.ts';
import { LAST_CYCLE, readValue } from '../ledger/key-values.ts';
import { readSample } from '../notices/render.ts';
import { variableList } from '../notices/variable-list.ts';
import { NOTICE_KINDS } from '../notices/types.ts';
import { readRules } from '../reconciler/cycle-context.ts';
import type { WebContext } from './web-context.ts';
import { createMetrics } from './metrics.ts';
import { type PingContext, pingRouter } from './ping.ts';
import { withTimeout } from './time-limit.ts';
import { trackingRouter } from './tracking.ts';

export interface WebServer {
  url: string;
  close(): Promise<void>;
}

export interface WebOptions {
  port: number;
  /** Loopback unless told otherwise. */
  host?: string;
  pingSecret: string;
  requestCycle: PingContext['requestCycle'];
}

const STYLE = readFileSync(new URL('./style.css', import.meta.url), 'utf8');

/** Serves pings, the tracking page, health and metrics. */
export async function startWeb(context: WebContext, options: WebOptions): Promise<WebServer> {
  const app = express();
  app.disable('x-powered-by');
  // Without this all teachers behind the office's proxy are one client, and one who guesses links locks out the rest.
  app.set('trust proxy', 'loopback');
  // Notices bear their styles in their elements, as mail readers want it.
  app.use(helmet({ contentSecurityPolicy: { directives: { 'style-src': ["'self'", "'unsafe-inline'"] } } }));
  app.use(
    pingRouter({
      store: context.store,
      clock: context.clock,
      secret: options.pingSecret,
      requestCycle: options.requestCycle,
    }),
  );
  app.use(trackingRouter(context));
  const metrics = createMetrics(context);
  app.get(PATHS.style.path, (_request, response) => void response.type('css').send(STYLE));
  app.get(PATHS.health.path, (_request, response) => void response.json({ ok: true }));
  app.get(PATHS.ready.path, async (_request, response) => {
    const ready = await isReady(context);
    response.status(ready ? 200 : 503).json({ ready });
  });
  app.get(PATHS.metrics.path, async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.metrics());
  });
  app.get(`${PATHS.preview.path}/:kind`, async (request, response, next) => {
    const kind = NOTICE_KINDS.find((each) => each === request.params.kind);
    if (!kind) return next();
    const sample = readSample(kind);
    const { subject, html: page, insteadOfOwn } = (await readRules(context)).renderer.render(kind, sample);
    const replaced = insteadOfOwn && html`<p>自訂的文字無法使用，這是系統原來的文字。${insteadOfOwn}</p>`;
    const head = html`<div style="padding:8px 16px;background:#ffffff;color:#1b1b1b"><p>主旨：${subject}（以範例資料預覽）</p>${replaced}${variableList(kind)}</div>`;
    response
      .set('Cache-Control', 'no-store')
      .type('html')
      .send(withCharts(page, sample).replace(/<body[^>]*>/u, (body) => body + head.text));
  });
  app.use(
    (error: Error, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
      context.log.error({ err: error }, 'web request failed');
      response.status(500).type('text').send('系統暫時無法處理，請稍後再試。');
    },
  );
  const host = options.host ?? '127.0.0.1';
  const server = await listen(app, options.port, host);
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

/** A mail brings its charts along; a page that shows its sample has to draw them. */
function withCharts(page: string, sample: { queues?: Parameters<typeof drawQueueChart>[0] }): string {
  if (!sample.queues || !page.includes('src="cid:')) return page;
  const png = Buffer.from(drawQueueChart(sample.queues)).toString('base64');
  return page.replace(/src="cid:[^"]*"/u, `src="data:image/png;base64,${png}"`);
}

async function isReady({ store }: Pick<WebContext, 'store'>): Promise<boolean> {
  try {
    await store.assertRoom();
    await withTimeout(readValue(store.db, LAST_CYCLE));
    return true;
  } catch {
    return false;
  }
}

function listen(app: express.Express, port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, host, (error?: Error) => (error ? reject(error) : resolve(server)));
  });
}
