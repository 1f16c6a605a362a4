import { rememberNonce } from '../ledger/repositories/nonces.ts';
import { createHmac, timingSafeEqual } from 'node:crypto';
import express, { type Request, type Response } from 'express';
import type { Clock } from '../../../contract/clock.ts';
import { pingSchema } from '../../../contract/ping.ts';
import { PATHS } from '../../../contract/paths.ts';
import { PING_SIGNATURE_HEADER, PING_TOLERANCE_MS, SWEEP_PING } from '../../../contract/ping-shape.ts';
import { erasedResponses } from '../casework/erasure/intake-watch.ts';
import { historyOf } from '../casework/history.ts';
import { HEARTBEAT, writeValue } from '../ledger/key-values.ts';
import type { Store } from '../ledger/store.ts';

export interface PingContext {
  store: Store;
  clock: Clock;
  secret: string;
  /** Asks for a cycle soon. */
  requestCycle(about: string): Promise<void>;
}

/** `POST /ping`: signed, fresh, used once; all it can do is to start a cycle. */
export function pingRouter(context: PingContext): express.Router {
  const router = express.Router();
  router.post(PATHS.ping.path, express.raw({ type: () => true, limit: '4kb' }), async (request, response) => {
    await ping(context, request, response);
  });
  router.post(
    PATHS.history.path,
    express.raw({ type: () => true, limit: '4kb' }),
    async (request, response) => {
      await tellHistory(context, request, response);
    },
  );
  router.post(
    PATHS.erasures.path,
    express.raw({ type: () => true, limit: '4kb' }),
    async (request, response) => {
      const about = await receive(context, request, response);
      if (about !== null) response.json(await erasedResponses(context.store));
    },
  );
  return router;
}

/** Reads a signed, fresh, unused message; answers and gives null where it is none. */
async function receive(context: PingContext, request: Request, response: Response): Promise<string | null> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const refuse = (status: number, outcome: string) => {
    response.status(status).json({ outcome });
    return null;
  };
  if (!signatureMatches(context.secret, body, request.get(PING_SIGNATURE_HEADER) ?? ''))
    return refuse(401, 'bad-signature');
  const ping = pingSchema.safeParse(parseJson(body));
  if (!ping.success) return refuse(400, 'malformed');
  const now = context.clock.now();
  if (Math.abs(now.getTime() - ping.data.timestamp) > PING_TOLERANCE_MS) return refuse(401, 'stale');
  // Twice the tolerance: a nonce must outlive every instant at which its ping would still be fresh.
  const oldest = new Date(now.getTime() - 2 * PING_TOLERANCE_MS);
  if (!(await rememberNonce(context.store.db, ping.data.nonce, now, oldest))) return refuse(409, 'replayed');
  return ping.data.about;
}

async function ping(context: PingContext, request: Request, response: Response) {
  const about = await receive(context, request, response);
  if (about === null) return;
  if (about === SWEEP_PING) await writeValue(context.store.db, HEARTBEAT, context.clock.now().toISOString());
  await context.requestCycle(about);
  response.json({ outcome: 'looking' });
}

/** A case's history for the sidebar, names masked as everywhere. */
async function tellHistory(context: PingContext, request: Request, response: Response) {
  const number = await receive(context, request, response);
  if (number !== null) response.json(await historyOf(context.store, number));
}

function signatureMatches(secret: string, body: Buffer, given: string): boolean {
  const expected = createHmac('sha256', secret).update(body).digest();
  const actual = Buffer.from(/^[0-9a-f]{64}$/.test(given) ? given : '', 'hex');
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
