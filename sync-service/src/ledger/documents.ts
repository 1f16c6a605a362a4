import { type Db, query } from './query.ts';

export interface GoogleDocument {
  role: string;
  id: string;
  data: Record<string, unknown>;
}

/** A script that is bound to a spreadsheet, by the spreadsheet's own role. */
const BOUND = 'script:';

/** The role of the script that is bound to the spreadsheet of a role. */
export function boundScript(role: string): string {
  return BOUND + role;
}

/** Whether a document of this role is found by the Apps Script API only, since Drive knows nothing of it. */
export function isBoundScript(role: string): boolean {
  return role.startsWith(BOUND);
}

export async function listDocuments(db: Db): Promise<GoogleDocument[]> {
  return query(db).selectFrom('documents').selectAll().execute();
}

export async function documentsByRole(db: Db): Promise<Map<string, GoogleDocument>> {
  return new Map((await listDocuments(db)).map((document) => [document.role, document]));
}

export async function saveDocument(db: Db, document: GoogleDocument): Promise<void> {
  const row = { ...document, data: JSON.stringify(document.data) };
  await query(db)
    .insertInto('documents')
    .values(row)
    .onConflict((conflict) => conflict.column('role').doUpdateSet({ id: row.id, data: row.data }))
    .execute();
}

export async function forgetDocument(db: Db, role: string): Promise<void> {
  await query(db).deleteFrom('documents').where('role', '=', role).execute();
}
