import { asksWhatWasSent } from '../../cases/persons.ts';
import type { CaseRegister, EarlierCase } from '../../cases/types.ts';
import type { Db } from '../../ledger/store.ts';
import { listEarlierCases, listSent, type PersonKeys } from '../../ledger/repositories/earlier-cases.ts';
import type { CaseContext } from '../context.ts';
import { rulesOf } from '../program-versions.ts';

/** The earlier cases that could make this one a duplicate, read for one triage. `self` is left out. */
export async function readDuplicatesRegister(
  context: CaseContext,
  db: Db,
  keys: PersonKeys,
  self: string | null,
): Promise<CaseRegister> {
  const { program } = context;
  const rows = await listEarlierCases(db, program.key, keys);
  const earlier = rows
    .filter((row) => row.number !== self)
    .map(
      (row): EarlierCase => ({
        ref: row.number,
        form: row.form,
        purpose: rulesOf(context, row).forms.find((form) => form.key === row.form)?.purpose,
        nameKey: row.name_key ?? '',
        level: row.level,
        schoolKey: row.school_key,
        schoolYear: row.school_year,
        certificateKey: row.certificate_key,
        email: row.email,
        answers: row.answers,
      }),
    );
  const sent = asksWhatWasSent(program) ? await listSent(db, program.key, keys.nameKey, self) : [];
  return {
    sentBy: () => sent,
    byCertificate: (key) => earlier.filter((row) => row.certificateKey === key),
    byPerson: (key) => earlier.filter((row) => row.nameKey === key),
  };
}
