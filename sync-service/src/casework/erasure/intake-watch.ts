import type { ErasedResponse } from '../../../../contract/erasure-shape.ts';
import { ERASED_COLUMNS, ERASED_SOURCE, type IntakeColumn } from '../../../../contract/intake-key.ts';
import { confirmErasure, listUnconfirmed, reopenConfirmations } from '../../ledger/repositories/erasures.ts';
import type { Store } from '../../ledger/store.ts';
import type { TabRow } from '../../google/tab.ts';
import type { CaseContext } from '../context.ts';

/** How many responses the script gets at once, since a sweep has six minutes. */
const AT_ONCE = 200;

/** Tells a row that the script has emptied. */
export function isEmptied({ cells }: TabRow<IntakeColumn>): boolean {
  return cells.source === ERASED_SOURCE && ERASED_COLUMNS.every((key) => cells[key] === '');
}

/** What the intake tab shows of erased cases: it is the script's, so the service only looks. */
export function watchErasureConfirmations() {
  const emptied = new Set<string>();
  const standing = new Set<number>();
  return {
    see(caseId: number, key: string, isEmpty: boolean) {
      if (isEmpty) emptied.add(key);
      else standing.add(caseId);
    },
    /** A case is confirmed once every revision of it stands emptied; a row that stands again takes that back. */
    async note({ store, clock }: Pick<CaseContext, 'store' | 'clock'>): Promise<void> {
      await reopenConfirmations(store.db, [...standing]);
      for (const { caseId, keys } of await listUnconfirmed(store.db)) {
        if (standing.has(caseId) || !keys.every((key) => emptied.has(key))) continue;
        await confirmErasure(store.db, caseId, clock.now());
      }
    },
  };
}

/** What the script shall delete and empty next. */
export async function erasedResponses({ db }: Pick<Store, 'db'>): Promise<ErasedResponse[]> {
  const waiting = (await listUnconfirmed(db)).slice(0, AT_ONCE);
  return waiting.map(({ form, responseId, keys }) => ({ form, responseId, keys }));
}
