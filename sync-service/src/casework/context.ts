import type { Clock } from '../../../contract/clock.ts';
import type { Program } from '../cases/program-rules.ts';
import type { School } from '../cases/types.ts';
import type { Store } from '../ledger/store.ts';
import type { Mailer } from '../notices/deliver.ts';
import type { Renderer } from '../notices/render.ts';
import type { Google } from '../google/client.ts';
import type { Log } from '../platform/log.ts';
import type { Versions } from './program-versions.ts';

/** What moves cases in the ledger: no Google and no mail server. */
export interface StepParts {
  /** The newest file with the office's settings on top: what new cases begin under. */
  program: Program;
  versions: Versions;
  store: Store;
  clock: Clock;
  /** Domain of Message-IDs. */
  mailDomain: string;
  /** Tracking tokens are made with it. */
  secret: string;
}

/** Everything a cycle works with. Built once by the command line, or by a test. */
export interface Parts extends StepParts {
  /** The program file as it is. */
  baseProgram: Program;
  google: Google;
  renderer: Renderer;
  mailer: Mailer;
  log: Log;
  /** How long a tick must stand before its decision is taken. */
  graceMs: number;
  trackingUrl?(caseNumber: string): string;
  publicUrl?: string;
  /** Since when this process looks. */
  startedAt: Date;
  /** Tells this process from another one on the same ledger. */
  instance: string;
}

export type { Program, School };
