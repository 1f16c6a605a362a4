/** Where the time comes from. Passed in everywhere, so that the office can run at ROC 109 and tests stand still. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/**
 * A clock that starts at `start` and runs at the speed of the machine, or stands still until `advance` is called.
 */
export function officeClock(start: Date, options: { frozen?: boolean } = {}) {
  const startedAt = Date.now();
  let shift = 0;
  return {
    now: () => new Date(start.getTime() + shift + (options.frozen ? 0 : Date.now() - startedAt)),
    /** Moves the clock by `ms`; to an instant with `set`. */
    advance(ms: number) {
      shift += ms;
    },
    set(instant: Date) {
      shift += instant.getTime() - this.now().getTime();
    },
  };
}

export type OfficeClock = ReturnType<typeof officeClock>;
