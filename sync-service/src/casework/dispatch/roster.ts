import { cutText } from '../../../../contract/cell-text.ts';
import { formatRocDate } from '../../cases/calendar/roc.ts';
import { LEVELS } from '../../cases/types.ts';
import { exportPdf } from '../../exports/pdf.ts';
import { exportPrintedOds } from '../../exports/printed-ods.ts';
import type { PrintedTable } from '../../exports/printed-table.ts';
import { exportPrintedXlsx } from '../../exports/printed-xlsx.ts';
import { withRareCharacters } from '../../exports/rare-characters.ts';
import { saveFile } from '../../ledger/repositories/notices.ts';
import type { Attachment, Batch, Case } from '../../ledger/schema.ts';
import type { Db } from '../../ledger/store.ts';
import { shortHash } from '../../platform/short-hash.ts';
import type { CaseContext } from '../context.ts';
import { queueOfficeNotice } from '../office-notice.ts';
import { draftLetter, type Letter } from './letter.ts';

const ROSTER_HEADER = ['編號', '案號', '姓名', '服務學校', '類別', '取得學年度', '證書字號'];
/** Room for a word written by hand. */
const CHECK_ROOM = 20;

/** The roster bears full names, since it goes to the body that registers. */
function rosterRows(members: readonly Case[]): (string | number)[][] {
  return members.map(({ number, facts }, index) => [
    index + 1,
    number,
    facts.name ?? '',
    facts.school?.name ?? '',
    facts.level ? LEVELS[facts.level] : '',
    facts.schoolYear ?? '',
    facts.certificateNumber ?? '',
  ]);
}

/** Mails the roster in three formats, with the text for the letter, to the administrators. */
export async function mailRoster(
  context: CaseContext,
  db: Db,
  batch: Batch,
  members: readonly Case[],
): Promise<void> {
  const letter = await draftLetter(context, db, batch, members);
  const rows = rosterRows(members);
  const forEditing = withRareCharacters(ROSTER_HEADER, rows);
  const attachments = await saveRoster(db, `${fileName(letter.roster)}${batch.number}`, {
    // In the PDF the code point of what no font can draw stands in its place.
    forReading: printedRoster(context, batch, letter, { header: ROSTER_HEADER, rows }),
    forEditing: printedRoster(context, batch, letter, forEditing),
  });
  await queueOfficeNotice(context, db, {
    kind: 'batch-ready',
    about: `batch/${batch.number}/${shortHash(members.map((each) => `${each.number}.${each.revision}`).join())}`,
    attachments,
    data: {
      batch: batch.number,
      count: members.length,
      files: attachments.map((each) => each.name),
      rareCharacters: members.flatMap(({ number }, index) =>
        forEditing.rare[index] ? [`${number}：${forEditing.rare[index]}`] : [],
      ),
      receiver: letter.receiver || null,
      subject: letter.subject,
      explanation: letter.explanation,
    },
  });
}

async function saveRoster(
  db: Db,
  name: string,
  { forReading, forEditing }: Record<'forReading' | 'forEditing', PrintedTable>,
): Promise<Attachment[]> {
  return [
    await saveFile(db, {
      name: `${name}.ods`,
      type: 'application/vnd.oasis.opendocument.spreadsheet',
      content: exportPrintedOds(forEditing),
    }),
    await saveFile(db, {
      name: `${name}.pdf`,
      type: 'application/pdf',
      content: await exportPdf(forReading),
    }),
    await saveFile(db, {
      name: `${name}.xlsx`,
      type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      content: await exportPrintedXlsx(forEditing),
    }),
  ];
}

const LONGEST_NAME = 80;

/** A title that an office words itself may hold what no folder takes. */
function fileName(title: string): string {
  return cutText(title.replace(/[\p{Cc}\\/:*?"<>|]+/gu, '_'), LONGEST_NAME);
}

/** The last column is left to the receiver. */
function printedRoster(
  { program, clock }: CaseContext,
  batch: Batch,
  letter: Letter,
  { header, rows }: Pick<ReturnType<typeof withRareCharacters>, 'header' | 'rows'>,
): PrintedTable {
  const made = `製表日期：${formatRocDate(clock.now())}`;
  return {
    title: letter.roster,
    lines: [
      ...(letter.basis ? [letter.basis] : []),
      `製表單位：${program.office}；批次：${batch.number}；${made}`,
    ],
    columns: [...header.map((label) => ({ label })), { label: program.letter.checkColumn, room: CHECK_ROOM }],
    rows: rows.map((row) => [...row, '']),
    total: `共 ${rows.length} 件`,
  };
}
