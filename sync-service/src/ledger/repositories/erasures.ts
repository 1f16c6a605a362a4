import type { Selectable } from 'kysely';
import { countOf, type Db, query } from '../query.ts';
import type { ErasureTable } from '../schema.ts';

/** What was asked for, and how far it is. */
export type Erasure = Selectable<ErasureTable>;

/** Asks for an erasure; asked for twice it is the same one. */
export async function insertErasure(
  db: Db,
  asked: Pick<Erasure, 'case_id' | 'actor' | 'reason' | 'even_open' | 'asked_at'> & { erased_at?: Date },
): Promise<void> {
  await query(db)
    .insertInto('erasures')
    .values({ ...asked, erased_at: asked.erased_at ?? null, intake_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function readErasure(db: Db, caseId: number): Promise<Erasure> {
  return query(db).selectFrom('erasures').selectAll().where('case_id', '=', caseId).executeTakeFirstOrThrow();
}

/** Ids of the cases of a program that are still to be erased. */
export async function listUndone(db: Db, program: string): Promise<number[]> {
  const asked = await query(db)
    .selectFrom('erasures')
    .innerJoin('cases', 'cases.id', 'erasures.case_id')
    .select('case_id')
    .where('program', '=', program)
    .where('erasures.erased_at', 'is', null)
    .orderBy('case_id')
    .execute();
  return asked.map(({ case_id }) => case_id);
}

/** How many erasures the ledger is not done with. */
export async function countUndone(db: Db): Promise<number> {
  return countOf(query(db).selectFrom('erasures').where('erased_at', 'is', null));
}

/** Marks a case as erased in the ledger. `confirmed`: it never had an intake row, so none has to be emptied. */
export async function finishErasure(
  db: Db,
  caseId: number,
  { at, confirmed }: { at: Date; confirmed: boolean },
): Promise<void> {
  await query(db)
    .updateTable('erasures')
    .set({ erased_at: at, intake_at: confirmed ? at : null })
    .where('case_id', '=', caseId)
    .execute();
}

/** Notes that the intake rows of a case were found empty. */
export async function confirmErasure(db: Db, caseId: number, at: Date): Promise<void> {
  await query(db).updateTable('erasures').set({ intake_at: at }).where('case_id', '=', caseId).execute();
}

/** Asks the script to empty the rows of these cases once more, since something stands in them again. */
export async function reopenConfirmations(db: Db, caseIds: readonly number[]): Promise<void> {
  if (caseIds.length === 0) return;
  await query(db)
    .updateTable('erasures')
    .set({ intake_at: null })
    .where('case_id', 'in', caseIds)
    .where('intake_at', 'is not', null)
    .execute();
}

/** How many cases were erased before an instant and still have their intake rows. */
export async function countUnconfirmed(db: Db, erasedBefore: Date): Promise<number> {
  return countOf(
    query(db).selectFrom('erasures').where('intake_at', 'is', null).where('erased_at', '<', erasedBefore),
  );
}

/** The response of an erased case, with the keys of its rows that are to be emptied. */
export interface UnconfirmedErasure {
  caseId: number;
  form: string;
  responseId: string;
  keys: string[];
}

/** Erased cases whose intake rows were not seen empty yet, by number. */
export async function listUnconfirmed(db: Db): Promise<UnconfirmedErasure[]> {
  const rows = await query(db)
    .selectFrom('erasures')
    .innerJoin('cases', 'cases.id', 'erasures.case_id')
    .innerJoin('revisions', 'revisions.case_id', 'erasures.case_id')
    .select(['erasures.case_id', 'cases.form', 'cases.response_id', 'revisions.key'])
    .where('erasures.erased_at', 'is not', null)
    .where('erasures.intake_at', 'is', null)
    .orderBy('erasures.case_id')
    .execute();
  const found = new Map<number, UnconfirmedErasure>();
  for (const { case_id: caseId, form, response_id: responseId, key } of rows) {
    const known = found.get(caseId);
    if (known) known.keys.push(key);
    else found.set(caseId, { caseId, form, responseId, keys: [key] });
  }
  return [...found.values()];
}
