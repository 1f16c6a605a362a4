import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CASES, DISPATCH, QUEUE } from '../../contract/tabs.ts';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.submit('advanced-mentor-105-earlier', { ...COMPLETE, 'school-year': '104', name: '王<b>小明' });
  await stage.settle();
});
afterAll(() => stage.close());

const placeOf = (key: string, row: number) => {
  const { spreadsheetId, tabIds } = stage.documentOf('city-center');
  return { spreadsheetId, sheetId: tabIds[key] ?? 0, row, rows: 1 };
};

describe('the menu 補登作業', () => {
  it("stands in every queue's spreadsheet and in the office's", async () => {
    const effects = await stage.script.opened(placeOf('queue', 1).spreadsheetId);
    expect(effects).toEqual([
      {
        kind: 'menu',
        title: '補登作業',
        items: ['立即更新', '選取的案件選入函報名冊', '看選取案件的經過', '說明'].map((label) =>
          expect.objectContaining({ label }),
        ),
      },
    ]);
    const opened = stage.script.triggers().filter((trigger) => trigger.event === 'open');
    expect(opened).toHaveLength(stage.program.queues.length + 1);
  });

  it('asks the service to look now', async () => {
    const effects = await stage.script.runAt('menuLook', placeOf('queue', 1));
    expect(effects).toEqual([{ kind: 'toast', text: '已通知系統，稍候即更新。' }]);
  });

  it("shows the selected case's history in the sidebar, and says so where no case is selected", async () => {
    const [sidebar] = await stage.script.runAt('menuHistory', placeOf('queue', 3));
    expect(sidebar).toMatchObject({ kind: 'sidebar', title: 'TN109-000001 的經過' });
    expect(sidebar && 'content' in sidebar ? sidebar.content : '').toContain('收件（審核中）');
    expect(await stage.script.runAt('menuHistory', placeOf('queue', 2))).toEqual([
      { kind: 'toast', text: '請先選取一個案件的列。' },
    ]);
  });

  it('says so where the row bears a number that no case has', async () => {
    stage.google.emulator.sheets.batchUpdate(placeOf('queue', 1).spreadsheetId, {
      requests: [
        {
          updateCells: {
            start: { sheetId: placeOf('queue', 1).sheetId, rowIndex: 9, columnIndex: 0 },
            rows: [{ values: [{ userEnteredValue: { stringValue: 'TN109-999999' } }] }],
            fields: 'userEnteredValue',
          },
        },
      ],
    });
    const [sidebar] = await stage.script.runAt('menuHistory', placeOf('queue', 10));
    expect(sidebar && 'content' in sidebar ? sidebar.content : '').toContain('查無這個案號');
  });

  it('selects rows for dispatch, and of a whole column only those that hold a case', async () => {
    expect(await stage.script.runAt('menuSelect', placeOf('queue', 3))).toMatchObject([{ kind: 'toast' }]);
    stage.type('city-center', 'queue', QUEUE, 'TN109-000001', {
      decision: '審核通過，列入函報',
      ready: true,
    });
    await stage.afterGrace();
    expect(await stage.script.runAt('menuSelect', { ...placeOf('dispatch', 1), rows: 5000 })).toEqual([
      { kind: 'toast', text: '已選入 1 列。' },
    ]);
    const rows = stage.readTab('city-center', 'dispatch', DISPATCH).rows;
    expect(rows.map((row) => row.cells.select)).toEqual([true]);
    expect(await stage.script.runAt('menuSelect', placeOf('dispatch', 9))).toEqual([
      { kind: 'toast', text: '選取的範圍裡沒有案件，請選取要函報的列。' },
    ]);
  });

  it('helps', async () => {
    expect(await stage.script.runAt('menuHelp', placeOf('queue', 1))).toMatchObject([
      { kind: 'sidebar', title: '補登作業說明' },
    ]);
  });
});

describe('a tick', () => {
  it("gets the reviewer's name where Google tells it, and keeps a name that stands there", async () => {
    await stage.submit('initial', {
      ...COMPLETE,
      email: 'b@example.com',
      name: '乙',
      'certificate-number': '初字第2號',
    });
    await stage.settle();
    const tab = stage.readTab('city-center', 'queue', QUEUE);
    const { spreadsheetId, sheetId } = placeOf('queue', 1);
    const row = tab.rows[0]?.index ?? 0;
    const tick = async () => {
      stage.google.emulator.sheets.editCells(spreadsheetId, [
        { sheetId, row, column: tab.columns.ready, value: true },
      ]);
      stage.script.edited({
        spreadsheetId,
        sheetId,
        row,
        column: tab.columns.ready,
        user: 'chen@office.example',
      });
      await stage.script.idle();
      return stage.readTab('city-center', 'queue', QUEUE).rows[0]?.cells.reviewer;
    };
    expect(await tick()).toBe('chen');
    stage.type('city-center', 'queue', QUEUE, String(tab.rows[0]?.cells.case), { reviewer: '林審核' });
    expect(await tick()).toBe('林審核');
    expect(stage.script.failures()).toEqual([]);
  });

  it('that is filled down stamps every ticked row, and no other', async () => {
    await Promise.all(
      ['三', '四'].map((name) =>
        stage.submit('initial', { ...COMPLETE, name, 'certificate-number': `初字第${name}號` }),
      ),
    );
    await stage.settle();
    const tab = stage.readTab('city-center', 'queue', QUEUE);
    const { spreadsheetId, sheetId } = placeOf('queue', 1);
    const [first, second, third] = tab.rows.slice(-3).map((row) => row.index);
    if (first === undefined || second === undefined || third === undefined) throw new Error('three rows');
    stage.google.emulator.sheets.editCells(
      spreadsheetId,
      [second, third].map((row) => ({ sheetId, row, column: tab.columns.ready, value: true })),
    );
    stage.script.edited({
      spreadsheetId,
      sheetId,
      row: first,
      rows: 4,
      column: tab.columns.decision,
      columns: tab.columns.ready - tab.columns.decision + 1,
      user: 'wu@office.example',
    });
    await stage.script.idle();
    const after = stage.readTab('city-center', 'queue', QUEUE).rows.filter((row) => row.index >= second);
    expect(after.map((row) => row.cells.reviewer)).toEqual(['wu', 'wu']);
    expect(stage.script.failures()).toEqual([]);
  });

  it("gets the administrator's name in the list of all cases", async () => {
    const { spreadsheetId, tabIds } = stage.documentOf('office');
    const tab = stage.readTab('office', 'cases', CASES);
    const [row] = tab.rows;
    const place = { sheetId: tabIds.cases ?? 0, row: row?.index ?? 0, column: tab.columns.ready };
    stage.google.emulator.sheets.editCells(spreadsheetId, [{ ...place, value: true }]);
    stage.script.edited({ spreadsheetId, ...place, user: 'admin@office.example' });
    await stage.script.idle();
    expect(stage.readTab('office', 'cases', CASES).rows[0]?.cells.actor).toBe('admin');
  });
});
