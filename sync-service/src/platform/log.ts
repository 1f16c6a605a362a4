import { pino } from 'pino';

/**
 * Structured log without personal data: case numbers, kinds and counts only. The error serialiser keeps message
 * and stack away from request bodies that a client library may have hung on the error.
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

function describeError(error: Error & { code?: unknown; severity?: unknown }) {
  // PostgreSQL quotes the value that it refuses: that may be what a teacher typed.
  const message = error.severity === undefined ? error.message : `SQLSTATE ${String(error.code)}`;
  return { type: error.name, message };
}

export type Log = ReturnType<typeof createLog>;
