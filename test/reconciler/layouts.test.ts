import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { INTAKE, QUEUE } from '../../contract/tabs.ts';
import type { Fault } from '../../emulator/src/faults.ts';
import { writeValue } from '../../sync-service/src/ledger/key-values.ts';
import { query } from '../../sync-service/src/ledger/query.ts';
import { COMPLETE, GRACE_MS, openStage, type Stage } from '../stage/stage.ts';
import { storyOn } from '../stage/story.ts';

let stage: Stage;
let number: string;
let fault: Fault | null;
beforeEach(async () => {
  fault = null;
  stage = await openStage({ googleFault: ({ path }) => (path.endsWith(':batchUpdate') ? fault : null) });
  number = (await storyOn(stage).open('advanced-mentor-106-107')).number;
});
afterEach(() => stage.close());

const tab = () => stage.readTab('platform', 'queue', QUEUE);
const sheetId = () => stage.documentOf('platform').tabIds.queue ?? 0;
const edit = (...requests: object[]) =>
  stage.google.emulator.sheets.batchUpdate(stage.documentOf('platform').spreadsheetId, { requests });
const write = (rowIndex: number, columnIndex: number, ...texts: string[]) => ({
  updateCells: {
    start: { sheetId: sheetId(), rowIndex, columnIndex },
    rows: texts.map((stringValue) => ({ values: [{ userEnteredValue: { stringValue } }] })),
    fields: 'userEnteredValue',
  },
});
const columns = (startIndex: number, endIndex = startIndex + 1) => ({
  sheetId: sheetId(),
  dimension: 'COLUMNS',
  startIndex,
  endIndex,
});
const sheet = () =>
  stage.google.emulator.sheets
    .get(stage.documentOf('platform').spreadsheetId, {})
    .sheets?.find(({ properties }) => properties?.sheetId === sheetId());
const texts = (rowIndex: number) => {
  const { valueRanges } = stage.google.emulator.sheets.valuesBatchGetByDataFilter(
    stage.documentOf('platform').spreadsheetId,
    {
      dataFilters: [
        { gridRange: { sheetId: sheetId(), startRowIndex: rowIndex, endRowIndex: rowIndex + 1 } },
      ],
    },
  );
  return (valueRanges?.[0]?.valueRange?.values?.[0] ?? []) as string[];
};

describe('a column that the tab lacks', () => {
  it('is put back beside its neighbours with label and content; nothing pauses, a person’s own column stays', async () => {
    const { columns: at } = tab();
    edit({ deleteDimension: { range: columns(at.school) } });
    edit({ insertDimension: { range: columns(1) } }, write(1, 1, '我的註記', '先打電話'));
    expect(await stage.service.cycle()).toMatchObject({ paused: [], failed: [] });
    expect(texts(1)[1]).toBe('我的註記');
    expect(texts(2)[1]).toBe('先打電話');
    expect(texts(1)[texts(1).indexOf('姓名') + 1]).toBe('服務學校');
    expect(tab().rows[0]?.cells).toMatchObject({ case: number, school: expect.stringContaining('國小') });
    expect(await stage.service.cycle()).toMatchObject({ written: 0, paused: [] });
    const alerts = stage.mailsTo('admin@office.example').filter(({ subject }) => subject.includes('暫停'));
    expect(alerts).toEqual([]);
  });

  it('works again where reviewers need it: check box, drop-down and the decision itself', async () => {
    const { columns: at } = tab();
    for (const index of [at.ready, at.decision].toSorted((one, other) => other - one))
      edit({ deleteDimension: { range: columns(index) } });
    await stage.settle();
    await storyOn(stage).decide('platform', number, '通過登錄');
    expect((await stage.caseOf(number)).state).toBe('registered');
  });
});

/** A copy of the reviewers' reasons, key and all, with this text in the first row of data. */
function copyReasons(text: string): number {
  const width = texts(0).length;
  edit({ appendDimension: { sheetId: sheetId(), dimension: 'COLUMNS', length: 1 } });
  edit(write(0, width, 'reason', '備份', text));
  return width;
}

describe('a column that somebody copied with its key', () => {
  it('becomes a column of their own', async () => {
    const { columns: at } = tab();
    stage.type('platform', 'queue', QUEUE, number, { reason: '想一想' });
    const copy = copyReasons('想一想');
    expect(await stage.service.cycle()).toMatchObject({ paused: [], failed: [] });
    expect(texts(0)[copy] ?? '').toBe('');
    expect(texts(2)[copy]).toBe('想一想');
    expect(tab().columns.reason).toBe(at.reason);
    expect(await stage.service.cycle()).toMatchObject({ written: 0 });
  });

  it('pauses the tab where it says something else, until one of the two is deleted', async () => {
    const copy = copyReasons('抄下來的');
    expect((await stage.service.cycle())?.paused[0]).toContain('請刪除多出來的那一欄');
    expect(texts(2)[copy]).toBe('抄下來的');
    edit({ deleteDimension: { range: columns(copy) } });
    expect(await stage.service.cycle()).toMatchObject({ paused: [], failed: [] });
    expect(tab().rows[0]?.cells.reason).toBe('');
  });
});

describe('a tick in a row whose columns are not whole', () => {
  it('is judged when they are back, and still counts', async () => {
    stage.type('platform', 'queue', QUEUE, number, { decision: '通過登錄', reviewer: '審核者', ready: true });
    await stage.service.cycle();
    for (const key of ['certificateNumber', 'school'] as const)
      edit({ deleteDimension: { range: columns(tab().columns[key]) } });
    stage.clock.advance(GRACE_MS + 1000);
    await stage.service.cycle();
    expect((await stage.caseOf(number)).result).toBe('');
    await stage.service.cycle();
    expect((await stage.caseOf(number)).state).toBe('registered');
  });
});

describe('a reply that is lost while a tab is brought up', () => {
  it.each([
    'lost-reply',
    'reset-before',
    'unavailable',
  ] as const)('(%s) leaves the next cycle to do what is missing, and nothing twice', async (kind) => {
    const before = sheet()?.protectedRanges?.length;
    edit({ deleteDimension: { range: columns(tab().columns.school) } });
    fault = kind;
    await stage.service.cycle();
    fault = null;
    await stage.settle();
    expect(texts(0).filter((key) => key === 'school')).toHaveLength(1);
    expect(sheet()?.protectedRanges).toHaveLength(before ?? 0);
    expect(await stage.service.cycle()).toMatchObject({ written: 0, paused: [], failed: [] });
  });
});

describe('the intake', () => {
  it('is a managed tab: people move columns and add theirs, a lost one comes back, nothing is lost', async () => {
    const { spreadsheetId, tabIds } = stage.documentOf('office');
    const intake = () => stage.readTab('office', 'intake', INTAKE);
    const change = (...requests: object[]) =>
      stage.google.emulator.sheets.batchUpdate(spreadsheetId, { requests });
    const at = (startIndex: number) => ({
      sheetId: tabIds.intake ?? 0,
      dimension: 'COLUMNS',
      startIndex,
      endIndex: startIndex + 1,
    });
    change(
      { moveDimension: { source: at(0), destinationIndex: 4 } },
      { insertDimension: { range: at(2) } },
      { deleteDimension: { range: at(intake().columns.source + 1) } },
    );
    // The script cannot write a row without this column; the sweep comes back to the response.
    await stage.submit('advanced-mentor-106-107', { ...COMPLETE, email: 'second@example.com', name: '乙' });
    await stage.script.idle();
    expect(await stage.service.cycle()).toMatchObject({ paused: [], failed: [] });
    expect(intake().missing).toEqual([]);
    await stage.script.fireClock();
    await stage.settle();
    expect(stage.mailsTo('second@example.com')).toHaveLength(1);
    const cases = await query(stage.service.store.db).selectFrom('cases').select('number').execute();
    expect(cases).toHaveLength(2);
  });
});

describe('a tab of an older layout', () => {
  it('gets labels and protections anew, once, and keeps what is a person’s', async () => {
    const before = {
      protections: sheet()?.protectedRanges?.length,
      views: sheet()?.filterViews?.length,
      colours: sheet()?.conditionalFormats?.length,
    };
    edit(write(1, tab().columns.name, '舊標題'), {
      addFilterView: { filter: { title: '我的篩選', range: { sheetId: sheetId(), startRowIndex: 1 } } },
    });
    await writeValue(stage.service.store.db, 'layout/queue:platform/queue', '0');
    expect((await stage.service.cycle())?.written).toBeGreaterThan(0);
    expect(texts(1)[tab().columns.name]).toBe('姓名');
    expect(sheet()?.protectedRanges).toHaveLength(before.protections ?? 0);
    expect(sheet()?.conditionalFormats).toHaveLength(before.colours ?? 0);
    expect(sheet()?.filterViews?.map(({ title }) => title)).toContain('我的篩選');
    expect(sheet()?.filterViews).toHaveLength((before.views ?? 0) + 1);
    expect(await stage.service.cycle()).toMatchObject({ written: 0 });
  });
});

describe('the identity column', () => {
  it('alone pauses its tab', async () => {
    edit(write(0, tab().columns.case, 'oops'));
    expect((await stage.service.cycle())?.paused).toHaveLength(1);
  });
});
