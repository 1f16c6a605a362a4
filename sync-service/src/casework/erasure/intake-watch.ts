import type { ErasedResponse } from '../../../../contract/erasure-shape.ts';
import { ERASED_COLUMNS, ERASED_SOURCE, type IntakeColumn } from '../../../../contract/intake-key.ts';
import type { Store } from '../../ledger/store.ts';
import type { TabRow } from '../../google/tab.ts';
import type { CaseContext } from '../context.ts';

/** So many responses the script is given at once: a sweep has six minutes. */
const AT_ONCE = 200;

/** A row that the script has emptied. */
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
    /** Those whose every revision stands emptied are done; one that stands anew is not. */
    async note({ store, clock }: Pick<CaseContext, 'store' | 'clock'>): Promise<void> {
      if (standing.size > 0)
        await store.db
          .updateTable('erasures')
          .set({ intake_at: null })
          .where('case_id', 'in', [...standing])
          .where('intake_at', 'is not', null)
          .execute();
      const keys = await waitingKeys(store);
      for (const [caseId, own] of keys) {
        if (standing.has(caseId) || !own.every((key) => emptied.has(key))) continue;
        await store.db
          .updateTable('erasures')
          .set({ intake_at: clock.now() })
          .where('case_id', '=', caseId)
          .execute();
      }
    },
  };
}

/** Keys of the revisions whose rows are to be emptied, by case. */
async function waitingKeys({ db }: Pick<Store, 'db'>): Promise<Map<number, string[]>> {
  const rows = await db
    .selectFrom('erasures')
    .innerJoin('revisions', 'revisions.case_id', 'erasures.case_id')
    .select(['erasures.case_id', 'revisions.key'])
    .where('erasures.erased_at', 'is not', null)
    .where('erasures.intake_at', 'is', null)
    .execute();
  const keys = new Map<number, string[]>();
  for (const { case_id, key } of rows) keys.set(case_id, [...(keys.get(case_id) ?? []), key]);
  return keys;
}

/** What the script shall delete and empty next. */
export async function erasedResponses({ db }: Pick<Store, 'db'>): Promise<ErasedResponse[]> {
  const keys = await waitingKeys({ db });
  const ids = [...keys.keys()].toSorted((a, b) => a - b).slice(0, AT_ONCE);
  if (ids.length === 0) return [];
  const cases = await db
    .selectFrom('cases')
    .select(['id', 'form', 'response_id'])
    .where('id', 'in', ids)
    .execute();
  return cases.map(({ id, form, response_id }) => ({
    form,
    responseId: response_id,
    keys: keys.get(id) ?? [],
  }));
}
