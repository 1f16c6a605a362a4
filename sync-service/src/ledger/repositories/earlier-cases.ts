import { COUNTED_STATES, SENT_STATES } from '../../cases/lifecycle.ts';
import type { Sent } from '../../cases/types.ts';
import { type Db, query } from '../query.ts';
import type { Case } from '../schema.ts';

/** The keys by which a person and a certificate are compared; null where a submission does not state them. */
export interface PersonKeys {
  nameKey: string | null;
  certificateKey: string | null;
}

/** Cases that count, of the same person or of the same certificate. */
export async function listEarlierCases(
  db: Db,
  program: string,
  { nameKey, certificateKey }: PersonKeys,
): Promise<Case[]> {
  return query(db)
    .selectFrom('cases')
    .selectAll()
    .where('program', '=', program)
    .where('state', 'in', COUNTED_STATES)
    .where((where) =>
      where.or([where('name_key', '=', nameKey ?? ''), where('certificate_key', '=', certificateKey ?? '')]),
    )
    .orderBy('id')
    .execute();
}

/** What a person has sent and what was taken in, whatever became of it; the case `self` is left out. */
export async function listSent(
  db: Db,
  program: string,
  nameKey: string | null,
  self: string | null,
): Promise<Sent[]> {
  const rows = await query(db)
    .selectFrom('cases')
    .select(['number', 'form', 'school_key'])
    .where('program', '=', program)
    .where('name_key', '=', nameKey ?? '')
    .where('state', 'in', SENT_STATES)
    .execute();
  return rows
    .filter(({ number }) => number !== self)
    .map((row) => ({ form: row.form, schoolKey: row.school_key }));
}

/** Finds the cases of one certificate of one person. */
export async function listCasesOfCertificate(
  db: Db,
  program: string,
  { name, certificate }: { name: string; certificate: string },
): Promise<Case[]> {
  return query(db)
    .selectFrom('cases')
    .selectAll()
    .where('program', '=', program)
    .where('name_key', '=', name)
    .where('certificate_key', '=', certificate)
    .execute();
}

/** Numbers of the other cases that bear the same name. */
export async function listNamesakes(
  db: Db,
  program: string,
  { id, name_key }: Pick<Case, 'id' | 'name_key'>,
): Promise<string[]> {
  const others = await query(db)
    .selectFrom('cases')
    .select('number')
    .where('program', '=', program)
    .where('name_key', '=', name_key)
    .where('id', '!=', id)
    .orderBy('id')
    .execute();
  return others.map(({ number }) => number);
}
