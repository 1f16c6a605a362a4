/** Where the time comes from. Passed in, so that an emulator can run at another date and tests can stop it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** Starts at `start` and runs at the speed of the machine. */
export function clockFrom(start: Date): Clock {
  const shift = start.getTime() - Date.now();
  return { now: () => new Date(Date.now() + shift) };
}
