import type { Clock } from '../clock.ts';
import { quotaExceeded } from '../faults.ts';

/** Google's limits of a consumer account. https://developers.google.com/apps-script/guides/services/quotas */
export interface ScriptLimits {
  /** Of one run, in real time. */
  runMs: number;
  simpleTriggerMs: number;
  /** Of all runs that triggers start, a day. */
  triggerMsADay: number;
  /** Requests of the Sheets advanced service, each a minute and user. */
  sheetsReadsAMinute: number;
  sheetsWritesAMinute: number;
  fetchesADay: number;
  /** Of one project and user. */
  triggers: number;
}

export const GOOGLE_LIMITS: ScriptLimits = {
  runMs: 6 * 60_000,
  simpleTriggerMs: 30_000,
  triggerMsADay: 90 * 60_000,
  sheetsReadsAMinute: 60,
  sheetsWritesAMinute: 60,
  fetchesADay: 20_000,
  triggers: 20,
};

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** What the account has used of its limits, by the emulator's clock. */
export class ScriptUsage {
  readonly #clock: Clock;
  readonly #limits: () => ScriptLimits;
  readonly #used = new Map<string, { period: number; amount: number }>();

  constructor(clock: Clock, limits: () => ScriptLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  #spend(what: string, periodMs: number, amount: number): number {
    const period = Math.floor(this.#clock.now().getTime() / periodMs);
    const known = this.#used.get(what);
    const before = known?.period === period ? known.amount : 0;
    this.#used.set(what, { period, amount: before + amount });
    return before + amount;
  }

  /** @throws ApiError in Google's words, once the minute is used up */
  spendSheetsRequest(kind: 'reads' | 'writes'): void {
    const limits = this.#limits();
    const most = kind === 'reads' ? limits.sheetsReadsAMinute : limits.sheetsWritesAMinute;
    if (this.#spend(kind, MINUTE_MS, 1) > most) throw quotaExceeded(kind, 'per minute per user', most);
  }

  /** @throws Error in Google's words, once the day is used up */
  spendFetch(): void {
    if (this.#spend('fetch', DAY_MS, 1) > this.#limits().fetchesADay)
      throw new Error('Service invoked too many times for one day: urlfetch.');
  }

  /** Whether triggers may still run today. */
  hasTriggerTime(): boolean {
    return this.#spend('trigger', DAY_MS, 0) < this.#limits().triggerMsADay;
  }

  spendTriggerTime(ms: number): void {
    this.#spend('trigger', DAY_MS, ms);
  }
}
