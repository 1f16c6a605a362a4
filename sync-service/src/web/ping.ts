import { rememberNonce } from '../ledger/repositories/nonces.ts';
import { createHmac, timingSafeEqual } from 'node:crypto';
import express, { type Request, type Response } from 'express';
import type { Clock } from '../../../contract/clock.ts';
import { pingSchema } from '../../../contract/ping.ts';
import { PATHS, type ScriptPath } from '../../../contract/paths.ts';
import { keysIn } from '../../../contract/records.ts';
import {
  PING_SIGNATURE_HEADER,
  PING_TOLERANCE_MS,
  type Ping,
  SWEEP_PING,
} from '../../../contract/ping-shape.ts';
import { erasedResponses } from '../casework/erasure/intake-watch.ts';
import { FORMS_IN_ORDER, HEARTBEAT, SCRIPT_PROBLEMS, writeValue } from '../ledger/key-values.ts';
import type { Store } from '../ledger/store.ts';

export interface PingContext {
  store: Store;
  clock: Clock;
  secret: string;
  /** Asks for a cycle soon. */
  requestCycle(about: string): Promise<void>;
}

/** What the script asks for, each by a signed, fresh message that counts once. */
export function pingRouter(context: PingContext): express.Router {
  const { store, clock } = context;
  const answers: Record<ScriptPath, (message: Ping) => Promise<object>> = {
    async ping({ about, problems = [], forms = [] }) {
      if (about === SWEEP_PING) {
        await writeValue(store.db, HEARTBEAT, clock.now().toISOString());
        await writeValue(store.db, SCRIPT_PROBLEMS, JSON.stringify(problems));
        await writeValue(store.db, FORMS_IN_ORDER, JSON.stringify(forms));
      }
      await context.requestCycle(about);
      return { outcome: 'looking' };
    },
    erasures: () => erasedResponses(store),
  };
  const router = express.Router();
  const body = express.raw({ type: () => true, limit: '16kb' });
  for (const key of keysIn(answers))
    router.post(PATHS[key].path, body, async (request, response) => {
      const message = await receive(context, request, response);
      if (message !== null) response.json(await answers[key](message));
    });
  return router;
}

/** Reads a signed, fresh, unused message; answers and gives null where it is none. */
async function receive(context: PingContext, request: Request, response: Response): Promise<Ping | null> {
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
  // Nonces are kept for twice the tolerance, since each must outlive every instant at which its ping would still be
  // fresh.
  const oldest = new Date(now.getTime() - 2 * PING_TOLERANCE_MS);
  if (!(await rememberNonce(context.store.db, ping.data.nonce, now, oldest))) return refuse(409, 'replayed');
  return ping.data;
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
