/** Counts what each caller did in the running minute. */
export function createLimiter(perMinute: number) {
  let minute = 0;
  let counts = new Map<string, number>();
  const roll = (now: Date) => {
    const current = Math.floor(now.getTime() / 60_000);
    if (current !== minute) counts = new Map();
    minute = current;
  };
  return {
    /** True while the caller may go on. */
    peek(who: string, now: Date): boolean {
      roll(now);
      return (counts.get(who) ?? 0) < perMinute;
    },
    take(who: string, now: Date): void {
      roll(now);
      counts.set(who, (counts.get(who) ?? 0) + 1);
    },
  };
}
