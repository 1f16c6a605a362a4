import type { TabSpec } from '../../../contract/tabs.ts';
import type { Tab, TabRow } from '../sheets/tab.ts';

/** Why rows with one id and different contents count for nothing. */
export const TWINS = '這個代碼在表中不只一列，內容又不同，未採用任何一列。請只留一列。';

/** Rows by their id: a person may have copied one, or pasted one's id over another's. */
export function rowsById<K extends string>(spec: TabSpec<K>, tab: Tab<K>): Map<string, TabRow<K>[]> {
  return Map.groupBy(tab.rows, (row) => String(row.cells[spec.id]).trim());
}
