import { z } from 'zod';

/** A ping says "look", nothing else: losing one costs time, forging one costs a look. */
export const pingSchema = z.object({
  /** Form key, or `sweep`. */
  about: z.string().max(200),
  /** Milliseconds since the epoch, by the sender's clock. */
  timestamp: z.number().int(),
  /** Random, used once. */
  nonce: z.string().min(16).max(64),
});

export type Ping = z.infer<typeof pingSchema>;

export const PING_PATH = '/ping';
/** Header that bears the hex HMAC-SHA256 of the raw body. */
export const PING_SIGNATURE_HEADER = 'x-budeng-signature';
/** A ping older or newer than this is refused, so nonces need to be remembered no longer. */
export const PING_TOLERANCE_MS = 5 * 60_000;
