/**
 * SQLSTATE classes in which nothing is wrong with what was asked: the connection, a rolled back transaction, a store that
 * is read-only, full, shut down or broken.
 */
const STORE_CLASSES = new Set(['08', '25', '40', '53', '57', '58', 'F0', 'XX']);
/** The length of an SQLSTATE; its first two characters are the class. */
const SQLSTATE_LENGTH = 5;

/** By these the system says that nobody answers or that this machine has no room. */
const SYSTEM_CODES = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'EIO',
  'EMFILE',
  'ENFILE',
  'ENETUNREACH',
  'ENOSPC',
  'ENOTFOUND',
  'EPIPE',
  'EROFS',
  'ETIMEDOUT',
]);

/** Messages of driver errors that bear no code. */
const DRIVER_MESSAGES =
  /^(?:Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|timeout exceeded when trying to connect|driver has already been destroyed|PGlite is closed|PGlite failed)/u;

/** Raised where this process may not go on: it lost its lease, or it is told to stop. */
export class StoppingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/**
 * Whether an error is the store's or the process's own, so that everything has to wait. Any other error belongs to the one
 * thing that was worked on: that thing is quarantined and the rest goes on.
 */
export function isStoreFault(error: unknown): boolean {
  if (error instanceof StoppingError) return true;
  const { code, message = '' } = error as { code?: unknown; message?: string };
  if (typeof code === 'string' && (isStoreState(code) || SYSTEM_CODES.has(code))) return true;
  return DRIVER_MESSAGES.test(message);
}

function isStoreState(code: string): boolean {
  return code.length === SQLSTATE_LENGTH && STORE_CLASSES.has(code.slice(0, 2));
}
