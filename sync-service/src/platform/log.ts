import { pino } from 'pino';

/**
 * Writes a structured log without personal data: case numbers, kinds and counts only. The error serialiser leaves out
 * messages and request bodies that a client library may have hung on the error.
 */
export function createLog(
  level = process.env.LOG_LEVEL ?? 'info',
  destination?: { write(line: string): void },
) {
  const options = {
    level,
    base: null,
    serializers: { err: describeError },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** An error whose message may be logged says so: most messages quote what a person typed. */
export interface Loggable {
  readonly logMessage: string;
}

/** Type, code and place. The message is left out: a parser, the database or a rule quotes the value that it refuses. */
function describeError(error: Error & { code?: unknown; syscall?: unknown } & Partial<Loggable>) {
  const { name: type, code } = error;
  // Of all others, only an error of the system's own quotes nothing but paths and addresses of machines.
  const message = error.logMessage ?? (typeof error.syscall === 'string' ? error.message : undefined);
  return {
    type,
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    at: placesOf(error),
  };
}

/** Where in our own files it was thrown, innermost first. */
function placesOf({ stack = '' }: Error): string[] {
  const places = stack.matchAll(/((?:sync-service|contract|apps-script)\/[\w./-]+:\d+:\d+)/gu);
  return [...places].slice(0, 3).map(([, place = '']) => place);
}

export type Log = ReturnType<typeof createLog>;
