import type { Clock } from '../../../contract/clock.ts';
import type { Program } from '../cases/program-rules.ts';
import type { Store } from '../ledger/store.ts';
import type { Renderer } from '../notices/render.ts';
import type { Log } from '../platform/log.ts';

/** The versions of the program that the ledger knows. A case keeps the one that it began under. */
export interface Versions {
  /** Hash of the newest version. */
  readonly newest: string;
  /** Every known version by hash, with the office's settings applied. */
  readonly byHash: ReadonlyMap<string, Program>;
  /** Every known version by hash as its file said, newest first. */
  readonly files: readonly Program[];
  /** The newest version first, then those under which a case is open, or was until the last clean cycle. */
  readonly running: readonly Program[];
  /** Hashes of the versions that have open cases. */
  readonly open: readonly string[];
}

/** Holds the rules in force. They are never changed in place: new settings make new rules. */
export interface Rules {
  /** The newest program file with the office's settings applied: new cases begin under it. */
  readonly program: Program;
  readonly versions: Versions;
}

/** What a case needs to move in the ledger: neither Google nor a mail server. */
export interface CaseContext extends Rules {
  readonly store: Store;
  readonly clock: Clock;
  /** Domain of Message-IDs. */
  readonly mailDomain: string;
  /** Tracking tokens are derived from it. */
  readonly secret: string;
}

/** What is needed to tell the office of trouble. */
export type OfficeContext = Pick<CaseContext, 'program' | 'store' | 'clock' | 'mailDomain'>;

/** What is needed to quarantine one thing: tell the office, and log the error. */
export interface QuarantineContext extends OfficeContext {
  readonly log: Log;
}

/** What the tabs work with: cases, settings and wording. */
export interface TabContext extends CaseContext, QuarantineContext {
  /** The program file without the office's settings. */
  readonly baseProgram: Program;
  /** Renders notices in the office's own words where it has any. */
  readonly renderer: Renderer;
  /** Where the service's pages are reached. */
  readonly publicUrl: string;
}
