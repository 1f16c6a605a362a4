import { type Db, query } from './query.ts';

export interface GoogleDocument {
  role: string;
  id: string;
  data: Record<string, unknown>;
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
