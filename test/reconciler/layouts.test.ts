import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { QUEUE } from '../../contract/tabs.ts';
import { writeValue } from '../../sync-service/src/ledger/key-values.ts';
import { openStage, type Stage } from '../stage/stage.ts';
import { storyOn } from '../stage/story.ts';

let stage: Stage;
let number: string;
beforeEach(async () => {
  stage = await openStage();
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
  it('is added at the right with its label and content; nothing pauses, a person’s own column stays', async () => {
    const { columns: at } = tab();
    edit({ deleteDimension: { range: columns(at.school) } });
    edit({ insertDimension: { range: columns(3) } }, write(1, 3, '我的註記', '先打電話'));
    expect(await stage.service.cycle()).toMatchObject({ paused: [], failed: [] });
    expect(texts(1)[3]).toBe('我的註記');
    expect(texts(2)[3]).toBe('先打電話');
    expect(texts(1).at(-1)).toBe('服務學校');
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

describe('a column that somebody copied with its key', () => {
  it('becomes a column of their own', async () => {
    const { columns: at } = tab();
    const width = texts(0).length;
    edit(
      { appendDimension: { sheetId: sheetId(), dimension: 'COLUMNS', length: 1 } },
      write(0, width, 'reason', '備份', '抄下來的'),
    );
    expect(await stage.service.cycle()).toMatchObject({ paused: [], failed: [] });
    expect(texts(0)[width] ?? '').toBe('');
    expect(texts(2)[width]).toBe('抄下來的');
    expect(tab().columns.reason).toBe(at.reason);
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
