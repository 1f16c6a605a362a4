import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

export interface GoogleDocument {
  role: string;
  id: string;
  data: Record<string, unknown>;
}

export async function listDocuments(db: Kysely<Database>): Promise<GoogleDocument[]> {
  return db.selectFrom('documents').selectAll().execute();
}

export async function saveDocument(db: Kysely<Database>, document: GoogleDocument): Promise<void> {
  const row = { ...document, data: JSON.stringify(document.data) };
  await db
    .insertInto('documents')
    .values(row)
    .onConflict((conflict) => conflict.column('role').doUpdateSet({ id: row.id, data: row.data }))
    .execute();
}

export async function forgetDocument(db: Kysely<Database>, role: string): Promise<void> {
  await db.deleteFrom('documents').where('role', '=', role).execute();
}
