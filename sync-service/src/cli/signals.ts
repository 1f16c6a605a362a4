/** Resolves at Ctrl-C or a polite kill. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
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
