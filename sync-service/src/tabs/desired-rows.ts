import { quarantine } from '../casework/alerts.ts';
import type { QuarantineContext } from '../casework/context.ts';
import type { DesiredRow } from '../google/reconcile.ts';

/**
 * Renders one row for each item. A row that cannot be rendered is quarantined and left in the sheet as it is: it must
 * neither stop the other rows nor vanish.
 */
export async function renderRows<T, K extends string>(
  context: QuarantineContext,
  items: readonly T[],
  named: (item: T) => { id: string; what: string },
  render: (item: T) => DesiredRow<K>,
): Promise<DesiredRow<K>[]> {
  const rows: DesiredRow<K>[] = [];
  for (const item of items) {
    const { id, what } = named(item);
    const reason = await quarantine(context, what, async () => void rows.push(render(item)));
    if (reason !== null) rows.push({ id, cells: {}, asItIs: true });
  }
  return rows;
}

/** How a case's row is named to the office. */
export const caseRow = ({ number }: { number: string }) => ({ id: number, what: `案件 ${number} 的資料列` });
