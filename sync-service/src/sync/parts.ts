import type { Clock } from '../../../contract/clock.ts';
import type { Program } from '../cases/program-rules.ts';
import type { School } from '../cases/types.ts';
import type { Store } from '../ledger/store.ts';
import type { Mailer } from '../notices/deliver.ts';
import type { Renderer } from '../notices/render.ts';
import type { Google } from '../sheets/google.ts';
import type { Log } from './log.ts';

/** Everything a cycle works with. Built once by the command line, or by a test. */
export interface Parts {
  program: Program;
  store: Store;
  google: Google;
  clock: Clock;
  renderer: Renderer;
  mailer: Mailer;
  log: Log;
  /** How long a tick must stand before its decision is taken. */
  graceMs: number;
  trackingUrl?(caseNumber: string): string;
  /** Tracking tokens are made with it. */
  secret: string;
  /** Domain of Message-IDs. */
  mailDomain: string;
}

export type { Program, School };
