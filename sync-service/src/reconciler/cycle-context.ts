import type { TabContext } from '../casework/context.ts';
import { readVersions } from '../casework/program-versions.ts';
import { readWordings } from '../casework/wording.ts';
import type { Google } from '../google/client.ts';
import type { Mailer } from '../notices/deliver.ts';
import type { Renderer } from '../notices/render.ts';

/** What stays the same as long as the process runs. */
export interface ProcessContext extends Omit<TabContext, 'program' | 'versions' | 'renderer'> {
  readonly google: Google;
  readonly mailer: Mailer;
  /** Renders notices in the words that come with the software. */
  readonly originalRenderer: Renderer;
  /** Address of a case's tracking page. */
  trackingUrl(caseNumber: string): string;
  /** When the process started. */
  readonly startedAt: Date;
  /** Tells this process from another one on the same ledger. */
  readonly instance: string;
}

/** Everything that one cycle works with. Only the cycle sees the whole; each function takes what it uses. */
export type CycleContext = Readonly<ProcessContext & TabContext>;

/** Reads the rules in force, with the office's settings and words. */
export async function readRules({
  store,
  baseProgram,
  originalRenderer,
}: Pick<ProcessContext, 'store' | 'baseProgram' | 'originalRenderer'>): Promise<
  Pick<TabContext, 'program' | 'versions' | 'renderer'>
> {
  const rules = await readVersions({ store, baseProgram });
  return { ...rules, renderer: originalRenderer.withWordings(await readWordings(store, baseProgram)) };
}

/** Is called once a cycle, and again after a cycle has taken new settings or wording. */
export async function createCycleContext(process: ProcessContext): Promise<CycleContext> {
  return { ...process, ...(await readRules(process)) };
}
