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
    serializers: { err: (error: Error) => ({ type: error.name, message: error.message }) },
  };
  return destination ? pino(options, destination) : pino(options);
}

export type Log = ReturnType<typeof createLog>;
