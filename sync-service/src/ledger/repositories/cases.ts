import { type Insertable, sql, type Updateable } from 'kysely';
import type { IntakeRow } from '../../../../contract/intake-key.ts';
import { type Db, query } from '../query.ts';
import type { Case, CaseTable } from '../schema.ts';

/** Columns that the database holds as JSON. */
type JsonColumn = 'answers' | 'facts' | 'findings' | 'problems' | 'changed';

export type NewCase = Omit<Insertable<CaseTable>, JsonColumn> & Pick<Case, JsonColumn>;
export type CaseChange = Omit<Updateable<CaseTable>, JsonColumn | 'id' | 'number'> &
  Partial<Pick<Case, JsonColumn>>;

/** What the database is given for these columns. Of a column without a value nothing is made, so that it is left as it is. */
function columnsOf<T extends CaseChange>({ answers, facts, findings, problems, changed, ...rest }: T) {
  return {
    ...rest,
    answers: JSON.stringify(answers),
    facts: JSON.stringify(facts),
    findings: JSON.stringify(findings),
    problems: JSON.stringify(problems),
    changed: JSON.stringify(changed),
  };
}

export async function findCase(db: Db, number: string): Promise<Case | null> {
  const found = await query(db)
    .selectFrom('cases')
    .selectAll()
    .where('number', '=', number)
    .executeTakeFirst();
  return found ?? null;
}

/** Cases by their numbers; a number that no case has is left out. */
export async function findCases(db: Db, numbers: readonly string[]): Promise<Map<string, Case>> {
  const wanted = [...new Set(numbers.filter(Boolean))];
  if (wanted.length === 0) return new Map();
  const found = await query(db).selectFrom('cases').selectAll().where('number', 'in', wanted).execute();
  return new Map(found.map((row) => [row.number, row]));
}

/** Locks the case until the transaction ends. */
export async function lockCase(db: Db, id: number): Promise<Case> {
  return query(db).selectFrom('cases').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow();
}

/** The case of a form's response, held until the transaction ends. */
export async function lockCaseOf(
  db: Db,
  program: string,
  { form, responseId }: Pick<IntakeRow, 'form' | 'responseId'>,
): Promise<Case | null> {
  const found = await query(db)
    .selectFrom('cases')
    .selectAll()
    .where('program', '=', program)
    .where('form', '=', form)
    .where('response_id', '=', responseId)
    .forUpdate()
    .executeTakeFirst();
  return found ?? null;
}

/** Whether there is a case of this response; without `form`, of whichever form. */
export async function hasCaseOf(
  db: Db,
  program: string,
  { form, responseId }: { form?: string; responseId: string },
): Promise<boolean> {
  const found = await query(db)
    .selectFrom('cases')
    .select('id')
    .where('program', '=', program)
    .where('response_id', '=', responseId)
    .$if(form !== undefined, (only) => only.where('form', '=', form ?? ''))
    .executeTakeFirst();
  return found !== undefined;
}

export async function insertCase(db: Db, values: NewCase): Promise<Case> {
  return query(db).insertInto('cases').values(columnsOf(values)).returningAll().executeTakeFirstOrThrow();
}

export async function changeCase(db: Db, id: number, change: CaseChange): Promise<Case> {
  return query(db)
    .updateTable('cases')
    .set(columnsOf(change))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** What of a case must still be as somebody saw it, so that it may be changed. */
export type Seen = Pick<Case, 'id' | 'episode'> & Partial<Pick<Case, 'revision' | 'state'>>;

/** Changes a case that is still as it was seen and not erased; null where it is not. */
export async function changeCaseAsSeen(
  db: Db,
  { id, episode, revision, state }: Seen,
  change: CaseChange,
): Promise<Case | null> {
  let update = query(db)
    .updateTable('cases')
    .set(columnsOf(change))
    .where('id', '=', id)
    .where('episode', '=', episode)
    .where('erased_at', 'is', null);
  if (revision !== undefined) update = update.where('revision', '=', revision);
  if (state !== undefined) update = update.where('state', '=', state);
  return (await update.returningAll().executeTakeFirst()) ?? null;
}

/** Gives an imported case the number and edit link that its form has now told. An erased case gets no edit link. */
export async function identifyResponse(
  db: Db,
  id: number,
  { responseId, editUrl }: Pick<IntakeRow, 'responseId' | 'editUrl'>,
): Promise<Case> {
  return query(db)
    .updateTable('cases')
    .set({
      response_id: responseId,
      edit_url: sql`case when erased_at is null then ${editUrl} else '' end`,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Says in the case's row why nothing was done. */
export async function noteResult(db: Db, id: number, sentence: string): Promise<void> {
  await query(db)
    .updateTable('cases')
    .set({ result: sentence })
    .where('id', '=', id)
    .where('erased_at', 'is', null)
    .execute();
}
