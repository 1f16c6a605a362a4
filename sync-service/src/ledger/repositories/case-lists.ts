import { FINAL_STATES, type State } from '../../cases/lifecycle.ts';
import { sql } from 'kysely';
import { type Db, query } from '../query.ts';
import type { Case } from '../schema.ts';

/** Lists every case of a program by number, erased ones too. */
export async function listCases(db: Db, program: string): Promise<Case[]> {
  return query(db).selectFrom('cases').selectAll().where('program', '=', program).orderBy('id').execute();
}

/** A program's cases that bear personal data still. */
function unerased(db: Db, program: string) {
  return query(db).selectFrom('cases').where('program', '=', program).where('erased_at', 'is', null);
}

/** What lies in a queue, the longest received first. */
export async function listQueue(
  db: Db,
  program: string,
  queue: string,
  states: readonly State[],
): Promise<Case[]> {
  return unerased(db, program)
    .selectAll()
    .where('queue', '=', queue)
    .where('state', 'in', states)
    .orderBy('received_at')
    .orderBy('id')
    .execute();
}

/** Cases that are open, and those that were closed since an instant, by number. */
export async function listOpenOrClosedSince(db: Db, program: string, since: Date): Promise<Case[]> {
  return unerased(db, program)
    .selectAll()
    .where((where) => where.or([where('state', 'not in', FINAL_STATES), where('changed_at', '>=', since)]))
    .orderBy('id')
    .execute();
}

/** What waits for a letter in a queue, by number. */
export async function listAwaitingDispatch(db: Db, program: string, queue: string): Promise<Case[]> {
  return unerased(db, program)
    .selectAll()
    .where('queue', '=', queue)
    .where('state', '=', 'awaiting-dispatch')
    .orderBy('id')
    .execute();
}

/** What stands in a batch, by number. */
export async function listBatch(db: Db, batch: string): Promise<Case[]> {
  return query(db).selectFrom('cases').selectAll().where('batch', '=', batch).orderBy('id').execute();
}

/** Cases that wait for their teachers and are due by an instant, by number. */
export async function listCorrectionsDue(db: Db, program: string, by: Date): Promise<Case[]> {
  return unerased(db, program)
    .selectAll()
    .where('state', '=', 'needs-correction')
    .where('due_at', '<=', by)
    .orderBy('id')
    .execute();
}

/** Cases in these states whose deadline has passed, the longest overdue first. */
export async function listOverdue(
  db: Db,
  program: string,
  states: readonly State[],
  now: Date,
): Promise<Case[]> {
  return unerased(db, program)
    .selectAll()
    .where('state', 'in', states)
    .where('due_at', '<', now)
    .orderBy('due_at')
    .orderBy('id')
    .execute();
}

/** Cases whose person was not erased, nor is going to be: what a retention is reckoned from. */
export async function listKept(
  db: Db,
  program: string,
): Promise<Pick<Case, 'id' | 'state' | 'changed_at' | 'program_version'>[]> {
  return unerased(db, program)
    .select(['id', 'state', 'changed_at', 'program_version'])
    .where('id', 'not in', (erasures) => erasures.selectFrom('erasures').select('case_id'))
    .execute();
}

/** Whether any case of a program still bears personal data. */
export async function hasUnerased(db: Db, program: string): Promise<boolean> {
  const found = await unerased(db, program).select('id').limit(1).executeTakeFirst();
  return found !== undefined;
}

/** Which of these numbers are erased cases'. */
export async function erasedAmong(db: Db, numbers: readonly string[]): Promise<Set<string>> {
  if (numbers.length === 0) return new Set();
  const erased = await query(db)
    .selectFrom('cases')
    .select('number')
    .where('number', 'in', numbers)
    .where('erased_at', 'is not', null)
    .execute();
  return new Set(erased.map(({ number }) => number));
}

/** Hashes of the program versions that a case still runs under. */
export async function listVersionsInUse(db: Db, program: string): Promise<string[]> {
  const rows = await query(db)
    .selectFrom('cases')
    .select('program_version')
    .distinct()
    .where('program', '=', program)
    .where('state', 'not in', FINAL_STATES)
    .execute();
  return rows.flatMap((row) => row.program_version ?? []);
}

/** Cases in whose number, name, address or certificate number a text occurs, the first 50 by number. */
export async function searchCases(
  db: Db,
  program: string,
  { text, nameKey }: { text: string; nameKey: string },
): Promise<Case[]> {
  const pattern = `%${text.replaceAll(/[\\%_]/gu, '\\$&')}%`;
  return query(db)
    .selectFrom('cases')
    .selectAll()
    .where('program', '=', program)
    .where((where) =>
      where.or([
        where('number', 'like', pattern),
        where('name_key', 'like', `%${nameKey}%`),
        where('email', 'like', pattern),
        where('certificate_key', 'like', pattern),
        where(sql<string>`facts->'school'->>'name'`, 'like', pattern),
      ]),
    )
    .orderBy('id')
    .limit(50)
    .execute();
}

/** Every case of one person of whom the address, the name or both are known. */
export async function listCasesOfPerson(
  db: Db,
  program: string,
  { email, nameKey }: { email: string | null; nameKey: string | null },
): Promise<Case[]> {
  let cases = unerased(db, program).selectAll().orderBy('id');
  if (email !== null)
    cases = cases.where(({ fn }) => fn<string>('lower', ['email']), '=', email.toLowerCase());
  if (nameKey !== null) cases = cases.where('name_key', '=', nameKey);
  return cases.execute();
}
