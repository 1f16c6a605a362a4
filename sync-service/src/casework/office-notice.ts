import { contactFor } from '../cases/contacts.ts';
import type { Db } from '../ledger/store.ts';
import { enqueueNotice, PRIORITY } from '../ledger/outbox.ts';
import type { Attachment } from '../ledger/schema.ts';
import { messageIdFor } from '../notices/message-id.ts';
import type { NoticeKind } from '../notices/types.ts';
import { shortHash } from '../platform/short-hash.ts';
import type { OfficeContext } from './context.ts';

export interface OfficeNotice {
  kind: NoticeKind;
  /** What the notice is about. The same subject again is the same notice. */
  about: string;
  data: object;
  attachments?: Attachment[];
}

/** Puts a notice for each administrator into the outbox; the same (kind, about) goes to each once. */
export async function queueOfficeNotice(context: OfficeContext, db: Db, notice: OfficeNotice): Promise<void> {
  for (const recipient of context.program.administrators) {
    const digest = shortHash(recipient);
    const scope = `office/${notice.about}/${digest}`;
    await enqueueNotice(db, {
      scope,
      caseId: null,
      kind: notice.kind,
      revision: 1,
      priority: PRIORITY.office,
      messageId: messageIdFor(`office.${digest}`, notice.kind, shortHash(scope, 16), context.mailDomain),
      recipient,
      data: { ...officeData(context), ...notice.data },
      attachments: notice.attachments ?? [],
      at: context.clock.now(),
    });
  }
}

/** What every notice to the office says. */
export function officeData({ program }: Pick<OfficeContext, 'program'>) {
  return { program: program.title, contact: contactFor(program) };
}
