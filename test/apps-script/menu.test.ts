import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DISPATCH, QUEUE } from '../../contract/tabs.ts';
import { COMPLETE, openStage, type Stage } from '../sync/stage.ts';

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
  it('stands in every queue spreadsheet', async () => {
    const effects = await stage.script.runAt('onOpenSheet', placeOf('queue', 1));
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
    expect(opened).toHaveLength(stage.program.queues.length);
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

  it('selects rows for dispatch', async () => {
    expect(await stage.script.runAt('menuSelect', placeOf('queue', 3))).toMatchObject([{ kind: 'toast' }]);
    stage.type('city-center', 'queue', QUEUE, 'TN109-000001', {
      decision: '審核通過，列入函報',
      ready: true,
    });
    await stage.afterGrace();
    await stage.script.runAt('menuSelect', placeOf('dispatch', 3));
    expect(stage.readTab('city-center', 'dispatch', DISPATCH).rows[0]?.cells.select).toBe(true);
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
});
