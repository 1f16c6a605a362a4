import { afterEach, beforeEach, expect, it } from 'vitest';
import { BATCHES, QUEUE, SCOPES } from '../../contract/tabs.ts';
import { query } from '../../sync-service/src/ledger/query.ts';
import { readFiles } from '../../sync-service/src/ledger/repositories/notices.ts';
import { readOdsSheets } from '../../sync-service/src/tables/ods.ts';
import { readXlsxSheets } from '../../sync-service/src/tables/xlsx.ts';
import { openStage, type Stage } from '../stage/stage.ts';
import { storyOn } from '../stage/story.ts';

const FORM = 'advanced-mentor-105-earlier';
/** Extension G, one that the office's own system made, and one that every font here has. */
const NAME = '\u{30000}\ue000𤧟';

let stage: Stage;
let story: ReturnType<typeof storyOn>;
beforeEach(async () => {
  stage = await openStage();
  story = storyOn(stage);
});
afterEach(() => stage.close());

it('reaches the desk, the mail and the page whole, whatever font their readers have', async () => {
  const { number, email } = await story.open(FORM, { name: NAME, 'school-year': '104' });
  const desk = stage.readTab('city-center', 'queue', QUEUE).rows.map(({ cells }) => cells);
  expect(desk).toEqual([expect.objectContaining({ case: number, name: NAME })]);
  const mail = stage.mailsTo(email)[0];
  expect(mail?.text).toContain('\u{30000}○○');
  expect(mail?.html).toContain('\u{30000}○○');
  const [page = ''] = /http:\S+\/t\/\S+/u.exec(mail?.text ?? '') ?? [];
  expect(await (await fetch(page)).text()).toContain('<dd>\u{30000}○○</dd>');
});

it('stands whole in both spreadsheets of the roster, and the office is told what no font has', async () => {
  const { number } = await story.open(FORM, { name: NAME, 'school-year': '104' });
  await story.decide('city-center', number, '審核通過，列入函報');
  const [batch] = stage.readTab('city-center', 'batches', BATCHES).rows.map(({ cells }) => cells);
  stage.type('city-center', 'batches', BATCHES, String(batch?.batch), { scope: SCOPES.all, roster: true });
  await stage.afterGrace();
  const rare = '姓名第1字 U+30000、姓名第2字 U+E000';
  const mail = stage.mailsTo('admin@office.example').find(({ subject }) => subject.includes('函報名冊'));
  expect(mail?.text).toContain(`${number}：${rare}`);
  const { db } = stage.service.store;
  const { attachments } = await query(db)
    .selectFrom('notices')
    .select('attachments')
    .where('kind', '=', 'batch-ready')
    .executeTakeFirstOrThrow();
  const files = await readFiles(
    db,
    attachments.map(({ file }) => file),
  );
  const tables = attachments.filter(({ name }) => /\.(?:ods|xlsx)$/u.test(name));
  expect(tables).toHaveLength(2);
  for (const { file, name } of tables) {
    const content = new Uint8Array(files.get(file) ?? Buffer.of());
    const [sheet] = name.endsWith('.ods') ? readOdsSheets(content) : await readXlsxSheets(content);
    const rows = sheet?.rows.map(({ cells }) => cells) ?? [];
    const [header = [], row = []] = rows.slice(rows.findIndex((each) => each.includes('姓名')));
    expect([row[header.indexOf('姓名')], row[header.indexOf('罕用字')]]).toEqual([NAME, rare]);
  }
});
