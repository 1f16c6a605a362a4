import { createHash, randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { nextStage } from '../cases/decision.ts';
import { exportPdf } from '../exports/pdf.ts';
import { exportTable } from '../exports/table.ts';
import { enqueueNotice, PRIORITY } from '../ledger/outbox.ts';
import type { Attachment, Database } from '../ledger/schema.ts';
import { messageIdFor } from '../notices/message-id.ts';
import type { NoticeKind } from '../notices/types.ts';
import type { Batch } from '../tabs/dispatch-tab.ts';
import type { Parts } from './context.ts';
import { ROSTER_HEADER, rosterRows } from './dispatch/roster.ts';
import { positionOf } from './position.ts';
import type { Case } from './transition.ts';
import { queuesIn, rulesOf } from './program-versions.ts';

export interface OfficeNotice {
  kind: NoticeKind;
  /** What it is about; the same again is the same notice. */
  about: string;
  data: object;
  attachments?: Attachment[];
}

/** Puts a notice for each administrator into the outbox; the same (kind, about) goes to each once. */
export async function tellOffice(parts: Parts, db: Kysely<Database>, notice: OfficeNotice): Promise<void> {
  for (const recipient of parts.program.administrators) {
    const digest = createHash('sha256').update(recipient).digest('hex').slice(0, 12);
    const scope = `office/${notice.about}/${digest}`;
    await enqueueNotice(db, {
      scope,
      caseId: null,
      kind: notice.kind,
      revision: 1,
      priority: PRIORITY.office,
      messageId: messageIdFor(
        `office.${digest}`,
        notice.kind,
        createHash('sha256').update(scope).digest('hex').slice(0, 16),
        parts.mailDomain,
      ),
      recipient,
      data: { ...officeData(parts), ...notice.data },
      attachments: notice.attachments ?? [],
      at: parts.clock.now(),
    });
  }
}

/** What every notice to the office says. */
export function officeData({ program }: Pick<Parts, 'program'>) {
  const contact = Object.values(program.contacts)[0];
  return { program: program.title, contact: contact ?? { office: program.office, phone: '', email: null } };
}

export async function saveFile(
  db: Kysely<Database>,
  file: { name: string; type: string; content: Uint8Array; inline?: boolean },
): Promise<Attachment> {
  const id = randomUUID();
  const { name, type } = file;
  await db
    .insertInto('files')
    .values({ id, name, type, content: Buffer.from(file.content).toString('base64') })
    .execute();
  return { file: id, name, type, ...(file.inline ? { inline: true } : {}) };
}

/** The roster in the three formats, with the text for the letter, to the administrators. */
export async function mailRoster(
  parts: Parts,
  db: Kysely<Database>,
  batch: Batch,
  members: readonly Case[],
): Promise<void> {
  const title = `${parts.program.title}函報名冊（${batch.number}）`;
  const rows = rosterRows(members);
  const targets = new Set(members.map((found) => nextStage(rulesOf(parts, found), positionOf(found)).queue));
  const target = queuesIn(parts.versions.running)
    .filter(({ key }) => targets.has(key) && key !== batch.queue)
    .map(({ label }) => label)
    .join('、');
  const attachments = [
    await saveFile(db, {
      name: `${title}.ods`,
      type: 'application/vnd.oasis.opendocument.spreadsheet',
      content: await exportTable('ods', '名冊', ROSTER_HEADER, rows),
    }),
    await saveFile(db, {
      name: `${title}.pdf`,
      type: 'application/pdf',
      content: await exportPdf(title, ROSTER_HEADER, rows),
    }),
    await saveFile(db, {
      name: `${title}.xlsx`,
      type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      content: await exportTable('xlsx', '名冊', ROSTER_HEADER, rows),
    }),
  ];
  const years = members.flatMap(({ facts }) => facts.schoolYear ?? []).toSorted((a, b) => a - b);
  const [first, last] = [years[0], years.at(-1)];
  const span = first === last ? `${first}` : `${first}至${last}`;
  await tellOffice(parts, db, {
    kind: 'batch-ready',
    about: `batch/${batch.number}/${createHash('sha256')
      .update(members.map((each) => `${each.number}.${each.revision}`).join())
      .digest('hex')
      .slice(0, 12)}`,
    attachments,
    data: {
      batch: batch.number,
      count: members.length,
      files: attachments.map((each) => each.name),
      subject: `檢送${parts.program.title}名冊1份，請查照。`,
      explanation: [
        `本批計${members.length}件，均經審核無誤${first ? `，證書取得學年度為${span}學年度` : ''}。`,
        `請惠予審核及登錄；審核結果請逕填於待審清單${target ? `（${target}）` : ''}。`,
      ],
    },
  });
}
