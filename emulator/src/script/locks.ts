/** The locks of one project, by name: each is held by one run at a time, and given back when that run ends. */
export class ScriptLocks {
  readonly #holders = new Map<string, string>();
  readonly #waiting = new Map<string, (() => void)[]>();

  /** @returns whether the run holds the lock in the end */
  async take(name: string, run: string, withinMs: number): Promise<boolean> {
    const until = Date.now() + withinMs;
    for (;;) {
      const holder = this.#holders.get(name);
      if (holder === undefined || holder === run) {
        this.#holders.set(name, run);
        return true;
      }
      const left = until - Date.now();
      if (left <= 0) return false;
      await this.#released(name, left);
    }
  }

  #released(name: string, withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      const waiting = this.#waiting.get(name) ?? [];
      this.#waiting.set(name, waiting);
      waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  has(name: string, run: string): boolean {
    return this.#holders.get(name) === run;
  }

  release(name: string, run: string): void {
    if (!this.has(name, run)) return;
    this.#holders.delete(name);
    for (const wake of this.#waiting.get(name)?.splice(0) ?? []) wake();
  }

  releaseAll(run: string): void {
    for (const [name, holder] of this.#holders) if (holder === run) this.release(name, run);
  }
}
