import { saveSetting, type StoredSetting } from '../ledger/settings.ts';
import type { TabSpec } from '../../../contract/tabs.ts';
import type { Tab, TabRow } from '../google/tab.ts';
import type { CaseContext } from '../casework/context.ts';

/** Why rows with one id and different contents count for nothing. */
const CONFLICTING_ROWS = '這個代碼在表中不只一列，內容又不同，未採用任何一列。請只留一列。';

/** Groups rows by their id. A person may have copied one, or pasted one's id over another's. */
export function rowsById<K extends string>(spec: TabSpec<K>, tab: Tab<K>): Map<string, TabRow<K>[]> {
  return Map.groupBy(tab.rows, (row) => String(row.cells[spec.id]).trim());
}

/**
 * Refuses rows that differ about one setting. If one of them counted, cycles would take the one and the other by turns.
 * @returns whether the ledger says something else now
 */
export async function refuseConflictingRows(
  { store }: Pick<CaseContext, 'store'>,
  known: StoredSetting,
): Promise<boolean> {
  if (known.problem === CONFLICTING_ROWS) return false;
  await saveSetting(store.db, { ...known, problem: CONFLICTING_ROWS });
  return true;
}
