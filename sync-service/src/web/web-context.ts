import type { TabContext } from '../casework/context.ts';
import { readVersions } from '../casework/program-versions.ts';
import { readWordings } from '../casework/wording.ts';
import type { ProcessContext } from '../reconciler/cycle-context.ts';

/** What the pages and the API work with. A request reads the rules in force and changes none. */
export type WebContext = Pick<
  ProcessContext,
  'store' | 'clock' | 'log' | 'google' | 'baseProgram' | 'originalRenderer' | 'mailDomain' | 'secret'
>;

/** The rules in force, for one request. */
export async function createRules(
  context: Pick<WebContext, 'store' | 'baseProgram' | 'originalRenderer'>,
): Promise<Pick<TabContext, 'program' | 'versions' | 'renderer'>> {
  const rules = await readVersions(context);
  return {
    ...rules,
    renderer: context.originalRenderer.withWordings(await readWordings(context.store, context.baseProgram)),
  };
}
