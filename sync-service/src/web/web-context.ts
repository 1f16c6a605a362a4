import type { ProcessContext } from '../reconciler/cycle-context.ts';

/** What the pages and the API work with. A request reads the rules in force and changes none. */
export type WebContext = Pick<
  ProcessContext,
  'store' | 'clock' | 'log' | 'google' | 'baseProgram' | 'originalRenderer' | 'mailDomain' | 'secret'
>;
