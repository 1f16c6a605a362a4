import type { Kysely } from 'kysely';
import type { CaseRegister, EarlierCase, Level } from '../cases/types.ts';
import type { Database } from '../ledger/schema.ts';

/** States in which an earlier case makes a later one its duplicate: open or registered. */
const COUNTED = ['needs-correction', 'in-review', 'awaiting-dispatch', 'dispatched', 'registered'];

/** The earlier cases that could make this one a duplicate, read for one judgement. `self` is left out. */
export async function readRegister(
  db: Kysely<Database>,
  program: string,
  keys: { nameKey: string | null; certificateKey: string | null },
  self: string | null,
): Promise<CaseRegister> {
  const rows = await db
    .selectFrom('cases')
    .select(['number', 'name_key', 'level', 'school_key', 'school_year', 'certificate_key'])
    .where('program', '=', program)
    .where('state', 'in', COUNTED)
    .where((where) =>
      where.or([
        where('name_key', '=', keys.nameKey ?? ''),
        where('certificate_key', '=', keys.certificateKey ?? ''),
      ]),
    )
    .orderBy('id')
    .execute();
  const earlier = rows
    .filter((row) => row.number !== self)
    .map(
      (row): EarlierCase => ({
        ref: row.number,
        nameKey: row.name_key ?? '',
        level: row.level as Level | null,
        schoolKey: row.school_key,
        schoolYear: row.school_year,
        certificateKey: row.certificate_key,
      }),
    );
  return {
    byCertificate: (key) => earlier.filter((row) => row.certificateKey === key),
    byPerson: (key) => earlier.filter((row) => row.nameKey === key),
  };
}
