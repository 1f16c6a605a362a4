import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CASES, DISPATCH, HISTORY, QUEUE } from '../../contract/tabs.ts';
import type { UiEffect } from '../../emulator/src/script/protocol.ts';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  await stage.submit('advanced-mentor-105-earlier', {
    ...COMPLETE,
    'school-year': '104',
    name: '王<b>小明',
    note: '急件',
  });
  await stage.settle();
  // Whoever edits a cell may edit the spreadsheet.
  for (const emailAddress of ['chen@office.example', 'wu@office.example', 'admin@office.example'])
    for (const role of ['city-center', 'office'])
      stage.google.emulator.drive.createPermission(
        stage.documentOf(role).spreadsheetId,
        { type: 'user', role: 'writer', emailAddress },
        { transfer: false, notify: false },
      );
});
afterEach(() => stage.close());

const placeOf = (key: string, row: number) => {
  const { spreadsheetId, tabIds } = stage.documentOf('city-center');
  return { spreadsheetId, sheetId: tabIds[key] ?? 0, row, rows: 1 };
};

/** What a sidebar shows. */
const contentOf = (effect: UiEffect | undefined) => (effect && 'content' in effect ? effect.content : '');

describe('the menu 補登作業', () => {
  it("stands in every queue's spreadsheet and in the office's, without a trigger or a consent", async () => {
    for (const role of ['office', ...stage.program.queues.map(({ key }) => key)])
      expect(await stage.script.opened(stage.documentOf(role).spreadsheetId, 'chen@office.example')).toEqual([
        {
          kind: 'menu',
          title: '補登作業',
          items: ['看選取的案件', '選取的案件選入函報名冊', '說明'].map((label) =>
            expect.objectContaining({ label }),
          ),
        },
      ]);
    expect(stage.script.triggers().some(({ event }) => event === 'open' || event === 'edit')).toBe(false);
  });

  it('is made by a script without secret, property or request', async () => {
    const { projects } = stage.script;
    for (const role of ['office', ...stage.program.queues.map(({ key }) => key)]) {
      const [scriptId = '', ...more] = projects.boundTo(stage.documentOf(role).spreadsheetId);
      expect(more).toEqual([]);
      const source = JSON.stringify(projects.content(scriptId));
      for (const word of [
        stage.service.pingSecret,
        stage.service.web.url,
        'UrlFetchApp',
        'PropertiesService',
      ])
        expect(source).not.toContain(word);
      expect(source).not.toContain('script.external_request');
    }
  });

  it("shows the selected case's answers, evidence and history, and says so where none is selected", async () => {
    const [sidebar] = await stage.script.runAt('menuCase', placeOf('queue', 3));
    expect(sidebar).toMatchObject({ kind: 'sidebar', title: 'TN109-000001' });
    const content = contentOf(sidebar);
    expect(content).toContain('收件（審核中）');
    expect(content).toContain('姓名：王&#60;b&#62;小明');
    expect(content).toContain('備註：急件');
    expect(content).toContain(`<a href="${COMPLETE.evidence}" target="_blank"`);
    expect(content).not.toContain(COMPLETE.email);
    expect(await stage.script.runAt('menuCase', placeOf('queue', 2))).toEqual([
      { kind: 'toast', title: '補登作業', text: '請先選取一個案件的列。' },
    ]);
  });

  it("shows nothing of another desk's case, whatever number is typed", async () => {
    const { spreadsheetId, tabIds } = stage.documentOf('platform');
    stage.google.emulator.sheets.batchUpdate(spreadsheetId, {
      requests: [
        {
          updateCells: {
            start: { sheetId: tabIds.queue ?? 0, rowIndex: 9, columnIndex: 0 },
            rows: [{ values: [{ userEnteredValue: { stringValue: 'TN109-000001' } }] }],
            fields: 'userEnteredValue',
          },
        },
      ],
    });
    const place = { spreadsheetId, sheetId: tabIds.queue ?? 0, row: 10, rows: 1 };
    const [sidebar] = await stage.script.runAt('menuCase', place);
    expect(contentOf(sidebar)).toContain('還沒有這一案');
    expect(contentOf(sidebar)).not.toContain('王');
    expect(stage.readTab('platform', 'history', HISTORY).rows).toEqual([]);
  });

  it('shows in the office whatever is open', async () => {
    const { spreadsheetId, tabIds } = stage.documentOf('office');
    const place = { spreadsheetId, sheetId: tabIds.cases ?? 0, row: 3, rows: 1 };
    const [sidebar] = await stage.script.runAt('menuCase', place);
    expect(contentOf(sidebar)).toContain('收件（審核中）');
  });

  it('selects rows for dispatch, and of a whole column only those that hold a case', async () => {
    expect(await stage.script.runAt('menuSelect', placeOf('queue', 3))).toMatchObject([{ kind: 'toast' }]);
    stage.type('city-center', 'queue', QUEUE, 'TN109-000001', {
      decision: '審核通過，列入函報',
      ready: true,
    });
    await stage.afterGrace();
    expect(await stage.script.runAt('menuSelect', { ...placeOf('dispatch', 1), rows: 5000 })).toEqual([
      { kind: 'toast', title: '補登作業', text: '已選入 1 列。' },
    ]);
    const rows = stage.readTab('city-center', 'dispatch', DISPATCH).rows;
    expect(rows.map((row) => row.cells.select)).toEqual([true]);
    expect(await stage.script.runAt('menuSelect', placeOf('dispatch', 9))).toEqual([
      { kind: 'toast', title: '補登作業', text: '選取的範圍裡沒有案件，請選取要函報的列。' },
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

describe('where Google does not tell who edits', () => {
  it('a tick is taken without a name, which stays for the reviewer to type', async () => {
    const other = await openStage({ switches: { editUser: 'hidden' } });
    try {
      await other.submit('initial', COMPLETE);
      await other.settle();
      const { spreadsheetId, tabIds } = other.documentOf('city-center');
      other.type('city-center', 'queue', QUEUE, 'TN109-000001', { decision: '通過登錄', ready: true });
      const { columns, rows } = other.readTab('city-center', 'queue', QUEUE);
      const place = { sheetId: tabIds.queue ?? 0, row: rows[0]?.index ?? 0, column: columns.ready };
      other.script.edited({ spreadsheetId, ...place, user: 'office@budeng.invalid' });
      await other.script.idle();
      expect(other.script.failures()).toEqual([]);
      expect(other.readTab('city-center', 'queue', QUEUE).rows[0]?.cells.reviewer).toBe('');
      await other.afterGrace();
      expect((await other.caseOf('TN109-000001')).state).toBe('registered');
    } finally {
      await other.close();
    }
  });
});
