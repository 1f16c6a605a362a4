import { nextStage } from '../../cases/decision.ts';
import { exportPdf } from '../../exports/pdf.ts';
import { withRareCharacters } from '../../exports/rare-characters.ts';
import { exportTable } from '../../exports/table.ts';
import type { Db } from '../../ledger/store.ts';
import { saveFile } from '../../ledger/repositories/notices.ts';
import type { Case, Batch, Attachment } from '../../ledger/schema.ts';
import { shortHash } from '../../platform/short-hash.ts';
import type { CaseContext } from '../context.ts';
import { queueOfficeNotice } from '../office-notice.ts';
import { stagePositionOf } from '../stage-position.ts';
import { queuesIn, rulesOf } from '../program-versions.ts';
import { LEVELS } from '../../cases/types.ts';

const ROSTER_HEADER = ['編號', '案號', '姓名', '服務學校', '類別', '取得學年度', '證書字號'];

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
  const title = `${context.program.title}函報名冊（${batch.number}）`;
  const rows = rosterRows(members);
  const tables = withRareCharacters(ROSTER_HEADER, rows);
  const attachments = await saveRoster(db, title, rows, tables);
  await queueOfficeNotice(context, db, {
    kind: 'batch-ready',
    about: `batch/${batch.number}/${shortHash(members.map((each) => `${each.number}.${each.revision}`).join())}`,
    attachments,
    data: {
      batch: batch.number,
      count: members.length,
      files: attachments.map((each) => each.name),
      rareCharacters: members.flatMap(({ number }, index) =>
        tables.rare[index] ? [`${number}：${tables.rare[index]}`] : [],
      ),
      ...letterText(context, batch, members),
    },
  });
}

/** In the PDF the code point of what no font can draw stands in its place. */
async function saveRoster(
  db: Db,
  title: string,
  rows: ReturnType<typeof rosterRows>,
  tables: ReturnType<typeof withRareCharacters>,
): Promise<Attachment[]> {
  return [
    await saveFile(db, {
      name: `${title}.ods`,
      type: 'application/vnd.oasis.opendocument.spreadsheet',
      content: await exportTable('ods', '名冊', tables.header, tables.rows),
    }),
    await saveFile(db, {
      name: `${title}.pdf`,
      type: 'application/pdf',
      content: await exportPdf(title, ROSTER_HEADER, rows),
    }),
    await saveFile(db, {
      name: `${title}.xlsx`,
      type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      content: await exportTable('xlsx', '名冊', tables.header, tables.rows),
    }),
  ];
}

/** 主旨 and 說明 of the official letter that the roster goes with. */
function letterText(context: CaseContext, batch: Batch, members: readonly Case[]) {
  const targets = new Set(
    members.map((found) => nextStage(rulesOf(context, found), stagePositionOf(found)).queue),
  );
  const target = queuesIn(context.versions.running)
    .filter(({ key }) => targets.has(key) && key !== batch.queue)
    .map(({ label }) => label)
    .join('、');
  const years = members.flatMap(({ facts }) => facts.schoolYear ?? []).toSorted((a, b) => a - b);
  const [first, last] = [years[0], years.at(-1)];
  const span = first === last ? `${first}` : `${first}至${last}`;
  return {
    subject: `檢送${context.program.title}名冊1份，請查照。`,
    explanation: [
      `本批計${members.length}件，均經審核無誤${first ? `，證書取得學年度為${span}學年度` : ''}。`,
      `請惠予審核及登錄；審核結果請逕填於待審清單${target ? `（${target}）` : ''}。`,
    ],
  };
}
