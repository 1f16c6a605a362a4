import type { Kysely } from 'kysely';
import { COUNTED_STATES, type State } from '../../cases/lifecycle.ts';
import { asksWhatWasSent } from '../../cases/persons.ts';
import type { CaseRegister, EarlierCase, Facts, Level, Sent } from '../../cases/types.ts';
import type { Database } from '../../ledger/schema.ts';
import type { CaseContext } from '../context.ts';
import { rulesOf } from '../program-versions.ts';

/** The earlier cases that could make this one a duplicate, read for one judgement. `self` is left out. */
export async function readDuplicatesRegister(
  context: CaseContext,
  db: Kysely<Database>,
  keys: { nameKey: string | null; certificateKey: string | null },
  self: string | null,
): Promise<CaseRegister> {
  const { program } = context;
  const rows = await db
    .selectFrom('cases')
    .select([
      'number',
      'form',
      'name_key',
      'level',
      'school_key',
      'school_year',
      'certificate_key',
      'email',
      'answers',
      'program_version',
    ])
    .where('program', '=', program.key)
    .where('state', 'in', COUNTED_STATES)
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
        form: row.form,
        purpose: rulesOf(context, row).forms.find((form) => form.key === row.form)?.purpose,
        nameKey: row.name_key ?? '',
        level: row.level as Level | null,
        schoolKey: row.school_key,
        schoolYear: row.school_year,
        certificateKey: row.certificate_key,
        email: row.email,
        answers: row.answers,
      }),
    );
  const sent = asksWhatWasSent(program) ? await readSent(db, program.key, keys.nameKey, self) : [];
  return {
    sentBy: () => sent,
    byCertificate: (key) => earlier.filter((row) => row.certificateKey === key),
    byPerson: (key) => earlier.filter((row) => row.nameKey === key),
  };
}

/** Not taken in, or taken back. */
const NOT_SENT: State[] = ['late', 'needs-correction', 'expired', 'withdrawn'];

async function readSent(
  db: Kysely<Database>,
  program: string,
  name: string | null,
  self: string | null,
): Promise<Sent[]> {
  const rows = await db
    .selectFrom('cases')
    .select(['number', 'form', 'school_key'])
    .where('program', '=', program)
    .where('name_key', '=', name ?? '')
    .where('state', 'not in', NOT_SENT)
    .execute();
  return rows
    .filter(({ number }) => number !== self)
    .map((row) => ({ form: row.form, schoolKey: row.school_key }));
}

/** Where a list of certificates already registered names this one: the list's name, or null. */
export async function findRegisteredElsewhere(
  db: Kysely<Database>,
  facts: Pick<Facts, 'nameKey' | 'certificateKey'>,
): Promise<string | null> {
  if (!facts.nameKey || !facts.certificateKey) return null;
  const found = await db
    .selectFrom('registered_elsewhere')
    .select('source')
    .where('certificate_key', '=', facts.certificateKey)
    .where('name_key', '=', facts.nameKey)
    .executeTakeFirst();
  return found?.source ?? null;
}
