import type { Log } from '../../platform/log.ts';

/** Resolves at Ctrl-C or a polite kill. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

/**
 * An error that nobody caught leaves the process in a state that nobody knows: it ends, and its supervisor starts it
 * anew. Node would print the error with everything that hangs on it; that may be what a teacher typed.
 */
export function dieOfUncaught(log: Log): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => {
      log.fatal({ err: error instanceof Error ? error : new Error(typeof error) }, event);
      process.exit(1);
    });
}

/** A supervisor waits ten seconds before it kills. */
const STOP_MS = 9500;

/**
 * Ends the process: what is being done is finished, or, where something outside does not answer, dropped as a crash
 * would drop it, which loses nothing.
 */
export async function stopWithin(close: () => Promise<void>, limitMs = STOP_MS): Promise<never> {
  setTimeout(() => process.exit(1), limitMs).unref();
  await close();
  return process.exit(0);
}
