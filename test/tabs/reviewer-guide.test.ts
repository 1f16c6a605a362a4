import { readFileSync } from 'node:fs';
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIRST_DATA_ROW, LABEL_ROW, QUEUE } from '../../contract/tabs.ts';
import { OFFICE_ACCOUNT, REVIEWER_ACCOUNT } from '../../sync-service/src/cli/trial/people.ts';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';

/** Every line of the guide's 「可以放心做的事」, done as whom it is promised to: what it does not name is not promised. */

let stage: Stage;
const NAMES = ['王小明', '李大同', '陳教輔'];
beforeAll(async () => {
  stage = await openStage();
  for (const [i, name] of NAMES.entries())
    await stage.submit('advanced-mentor-106-107', {
      ...COMPLETE,
      name,
      email: `teacher${i}@example.com`,
      'certificate-number': `臺教師(三)字第106000000${i}號`,
    });
  await stage.settle();
});
afterAll(() => stage.close());

type Request = sheets_v4.Schema$Request;
const queue = () => stage.readTab('platform', 'queue', QUEUE);
const sheetId = () => stage.documentOf('platform').tabIds.queue ?? 0;
const names = () => queue().rows.map(({ cells }) => cells.name);
const states = async () =>
  Promise.all(queue().rows.map(async ({ cells }) => (await stage.caseOf(String(cells.case))).state));

/** What Google answers to a person's own client. */
async function ask(person: string, ...requests: Request[]) {
  const { spreadsheetId } = stage.documentOf('platform');
  const answer = await fetch(`${stage.google.emulator.url}/v4/spreadsheets/${spreadsheetId}:batchUpdate`, {
    method: 'POST',
    headers: { authorization: `Bearer ${person}`, 'content-type': 'application/json' },
    body: JSON.stringify({ requests }),
  });
  return { status: answer.status, text: await answer.text() };
}

const type = (row: number, column: number, ...texts: string[]): Request => ({
  updateCells: {
    start: { sheetId: sheetId(), rowIndex: row, columnIndex: column },
    rows: [{ values: texts.map((stringValue) => ({ userEnteredValue: { stringValue } })) }],
    fields: 'userEnteredValue',
  },
});
const lines = (dimension: 'ROWS' | 'COLUMNS', startIndex: number) => ({
  sheetId: sheetId(),
  dimension,
  startIndex,
  endIndex: startIndex + 1,
});
const firstRow = () => queue().rows[0]?.index ?? 0;

/** What a protected range keeps from editors, each with the request that does it. */
const ACROSS: Record<string, () => Request[]> = {
  排序: () => [
    {
      sortRange: {
        range: { sheetId: sheetId(), startRowIndex: FIRST_DATA_ROW - 1 },
        sortSpecs: [{ dimensionIndex: queue().columns.name, sortOrder: 'DESCENDING' }],
      },
    },
  ],
  刪除列: () => [{ deleteDimension: { range: lines('ROWS', firstRow()) } }],
  '插入空白列、插入自己的欄位、搬動欄位': () => [
    { insertDimension: { range: lines('ROWS', firstRow()), inheritFromBefore: false } },
    { insertDimension: { range: lines('COLUMNS', queue().columns.school), inheritFromBefore: false } },
    { moveDimension: { source: lines('COLUMNS', queue().columns.level), destinationIndex: 1 } },
  ],
  '改標題、改工作表名稱': () => [
    type(LABEL_ROW - 1, queue().columns.name, '老師姓名'),
    { updateSheetProperties: { properties: { sheetId: sheetId(), title: '我的待審' }, fields: 'title' } },
  ],
  貼壞系統欄位: () => [type(firstRow(), queue().columns.name, '別人')],
  誤刪整張工作表: () => [{ deleteSheet: { sheetId: sheetId() } }],
};

/** What an editor does, and what is to be seen of it afterwards. */
const EDITS: Record<string, () => Promise<void>> = {
  async 填寫白底的欄位() {
    const { columns } = queue();
    expect((await ask(REVIEWER_ACCOUNT, type(firstRow(), columns.note, '自己的記號'))).status).toBe(200);
    await stage.settle();
    expect(queue().rows[0]?.cells.note).toBe('自己的記號');
    expect(await states()).toEqual(NAMES.map(() => 'in-review'));
  },
  async '複製貼上、向下填滿'() {
    const { columns } = queue();
    const cells = (startRowIndex: number, endRowIndex: number) => ({
      sheetId: sheetId(),
      startRowIndex,
      endRowIndex,
      startColumnIndex: columns.reason,
      endColumnIndex: columns.reason + 1,
    });
    const fill = {
      copyPaste: {
        source: cells(firstRow(), firstRow() + 1),
        destination: cells(firstRow() + 1, firstRow() + 3),
      },
    };
    const typed = type(firstRow(), columns.reason, '請補件');
    expect((await ask(REVIEWER_ACCOUNT, typed, fill)).status).toBe(200);
    await stage.settle();
    expect(queue().rows.map(({ cells: { reason } }) => reason)).toEqual(['請補件', '請補件', '請補件']);
  },
  async 篩選檢視() {
    const filter = { title: '我的', range: { sheetId: sheetId(), startRowIndex: LABEL_ROW - 1 } };
    expect((await ask(REVIEWER_ACCOUNT, { addFilterView: { filter } })).status).toBe(200);
    await stage.settle();
    expect(names().toSorted()).toEqual(NAMES.toSorted());
  },
  async '新增、複製自己的工作表'() {
    const made = await ask(
      REVIEWER_ACCOUNT,
      { addSheet: { properties: { title: '草稿' } } },
      { duplicateSheet: { sourceSheetId: sheetId(), newSheetName: '留底', insertSheetIndex: 3 } },
    );
    expect(made.status).toBe(200);
    await stage.settle();
    const { sheets } = stage.google.emulator.sheets.get(stage.documentOf('platform').spreadsheetId);
    expect(sheets?.map(({ properties }) => properties?.title)).toEqual(
      expect.arrayContaining(['草稿', '留底']),
    );
    expect(names().toSorted()).toEqual(NAMES.toSorted());
  },
};

/** The bold words that begin each line of the section, by whose list they stand in. */
function promises(): { editor: string[]; owner: string[] } {
  const guide = readFileSync('docs/reviewer.zh-TW.md', 'utf8');
  const [, section = ''] = /^## 可以放心做的事\n([^]*?)^## /mu.exec(guide) ?? [];
  const [editor = '', owner = ''] = section.split('承辦人是擁有者');
  const bold = (text: string) => [...text.matchAll(/^- \*\*(.+?)\*\*/gmu)].map(([, words = '']) => words);
  return { editor: bold(editor), owner: bold(owner) };
}

describe("the guide's 「可以放心做的事」", () => {
  it('promises nothing that is not tried here', () => {
    expect(promises()).toEqual({ editor: Object.keys(EDITS), owner: Object.keys(ACROSS) });
  });

  it.each(Object.keys(EDITS))('an editor may do this: %s', async (what) => EDITS[what]?.());

  it.each(Object.keys(ACROSS))('an editor may not, and only the protection says so: %s', async (what) => {
    for (const request of ACROSS[what]?.() ?? []) {
      const { status, text } = await ask(REVIEWER_ACCOUNT, request);
      expect([status, text]).toEqual([400, expect.stringContaining('protected cell or object')]);
    }
  });

  it.each(Object.keys(ACROSS))('the owner may, and no case is lost by it: %s', async (what) => {
    const cases = queue().rows.map(({ cells }) => cells.case);
    const { status, text } = await ask(OFFICE_ACCOUNT, ...(ACROSS[what]?.() ?? []));
    expect([status, text]).toEqual([200, expect.anything()]);
    await stage.settle();
    await stage.settle();
    expect(
      queue()
        .rows.map(({ cells }) => cells.case)
        .toSorted(),
    ).toEqual(cases.toSorted());
    expect(names().toSorted()).toEqual(NAMES.toSorted());
    expect(await states()).toEqual(NAMES.map(() => 'in-review'));
  });
});

it('the menu promises no more: its help names what editors fill in, and whom to ask for the rest', () => {
  const help = readFileSync('apps-script/desk/main.ts', 'utf8');
  expect(help).not.toMatch(/可以搬動|可以刪除|列可以/u);
  expect(help).toContain('要排序、插入或刪除列與欄，請洽承辦人');
});
