import { ERASED_NOTE } from '../../../contract/tabs.ts';
import type { Erased } from '../google/reconcile.ts';
import type { DesiredRow } from '../google/reconcile.ts';
import type { Tab } from '../google/tab.ts';
import { erasedAmong } from '../ledger/repositories/case-lists.ts';
import type { CaseContext } from '../casework/context.ts';
import type { ManagedTab } from './registry.ts';

/** Finds erased cases that still stand in a tab, in a row that does not belong there any more or in a copy of one. */
export async function erasedRows(
  { store }: Pick<CaseContext, 'store'>,
  { spec }: ManagedTab,
  tab: Tab<string>,
  desired: readonly DesiredRow[],
): Promise<Erased> {
  const note = `${ERASED_NOTE}；請清空您在此列填寫的內容`;
  if (spec.id !== 'case') return { ids: new Set(), note };
  const wanted = new Set(desired.map(({ id }) => id));
  const strays = new Set<string>();
  for (const row of tab.rows) {
    const id = String(row.cells.case).trim();
    // Of a row that belongs there, only a second copy is left over.
    if (!wanted.delete(id)) strays.add(id);
  }
  return { ids: await erasedAmong(store.db, [...strays]), note };
}
