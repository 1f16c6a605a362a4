import { type Kysely, sql } from 'kysely';

/**
 * A correction's deadline counts from the hand-over of its request. Cases whose request is refused, uncertain or still
 * waiting lose the deadline that began without it; the hand-over sets it anew.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`update cases set due_at = null
    where state = 'needs-correction' and erased_at is null and (
      select notices.state from notices
      where notices.case_id = cases.id and notices.kind = 'correction-request'
      order by notices.id desc limit 1
    ) <> 'sent'`.execute(db);
}
