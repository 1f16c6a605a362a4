export interface CycleResult {
  takenIn: number;
  sent: number;
  /** Ticks whose grace time is not over. */
  waiting: number;
  /** Sentences about tabs that are paused. */
  paused: string[];
  /** How many requests were written, over all spreadsheets. */
  written: number;
  /** Roles of spreadsheets that could not be read or written. */
  failed: string[];
  /** Roles of spreadsheets that were skipped: their circuit is open, or the minute's quota is used up. */
  postponed: string[];
}

export function emptyResult(): CycleResult {
  return { takenIn: 0, sent: 0, waiting: 0, paused: [], written: 0, failed: [], postponed: [] };
}

/** Counts what a cycle could not finish. */
export function troubles({ failed, postponed, paused, waiting }: CycleResult): number {
  return failed.length + postponed.length + paused.length + waiting;
}
