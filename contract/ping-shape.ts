/** A ping only starts a cycle: losing one costs time, forging one costs a cycle. */
export interface Ping {
  /** Form key, or `sweep`. */
  about: string;
  /** Milliseconds since the epoch, by the sender's clock. */
  timestamp: number;
  /** Random, used once. */
  nonce: string;
  /** What the script's sweep cannot mend by itself, zh-TW; the script of 0.1 says nothing of it. */
  problems?: string[] | undefined;
  /** Keys of the forms that the sweep found, or made, as set-up wants them: responses may be edited, and so on. */
  forms?: string[] | undefined;
}

/** A ping's problems stay within one property of the script (9 KB) and within what the service reads of a body. */
export const MOST_PROBLEMS = 10;
export const LONGEST_PROBLEM = 200;

/** Marks the ping of a sweep. Every sweep sends it, with or without new responses, as the script's heartbeat. */
export const SWEEP_PING = 'sweep';

/** Header that bears the hex HMAC-SHA256 of the raw body. */
export const PING_SIGNATURE_HEADER = 'x-budeng-signature';
/** A ping older or newer than this is refused, so nonces need to be remembered no longer. */
export const PING_TOLERANCE_MS = 5 * 60_000;
