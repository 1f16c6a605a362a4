import { afterEach, describe, expect, it } from 'vitest';
import { CASES, QUEUE } from '../../contract/tabs.ts';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const FORM = 'advanced-mentor-106-107';
const cells = (role: string, key: string) => {
  const { spreadsheetId, tabIds } = stage.documentOf(role);
  const { sheets } = stage.google.emulator.sheets.get(spreadsheetId, { includeGridData: true });
  const sheet = sheets?.find(({ properties }) => properties?.sheetId === tabIds[key]);
  return sheet?.data?.[0]?.rowData?.map(({ values }) => values ?? []) ?? [];
};
const send = async (name: string) => {
  await stage.submit(FORM, { ...COMPLETE, name, email: `${name.length}@example.com` });
  await stage.settle();
};

describe.each(['data', 'blank'] as const)('where an untouched check box counts as %s', (unsetCheckboxes) => {
  it('the first case stands in the first row, with its own check box, drop-down and formats', async () => {
    stage = await openStage({ switches: { unsetCheckboxes } });
    expect(cells('platform', 'queue')).toHaveLength(2);
    await send('王小明');
    const tab = stage.readTab('platform', 'queue', QUEUE);
    expect(tab.rows.map(({ index }) => index)).toEqual([2]);
    const row = cells('platform', 'queue')[2] ?? [];
    const at = (key: keyof typeof QUEUE.columns) => row[tab.columns[key]];
    expect(at('ready')?.dataValidation?.condition?.type).toBe('BOOLEAN');
    expect(at('decision')?.dataValidation?.condition?.values).toContainEqual({
      userEnteredValue: '通過登錄',
    });
    for (const key of ['reason', 'reviewer', 'note'] as const)
      expect(at(key)?.userEnteredFormat?.numberFormat?.type).toBe('TEXT');
    for (const [key, { owner, kind }] of Object.entries(QUEUE.columns)) {
      const format = at(key as keyof typeof QUEUE.columns)?.userEnteredFormat;
      expect([key, format?.backgroundColor !== undefined]).toEqual([key, owner === 'service']);
      expect([key, format?.wrapStrategy]).toEqual([key, owner === 'person' && kind ? undefined : 'WRAP']);
    }
    expect(cells('platform', 'queue')).toHaveLength(3);
  });

  it('a column of check boxes that a person adds moves no case down', async () => {
    stage = await openStage({ switches: { unsetCheckboxes } });
    await send('王小明');
    const { spreadsheetId, tabIds } = stage.documentOf('office');
    const { columns } = stage.readTab('office', 'cases', CASES);
    const own = Math.max(...Object.values(columns)) + 1;
    const sheetId = tabIds.cases ?? 0;
    stage.google.emulator.sheets.batchUpdate(spreadsheetId, {
      requests: [
        { appendDimension: { sheetId, dimension: 'COLUMNS', length: 1 } },
        {
          repeatCell: {
            range: { sheetId, startRowIndex: 2, startColumnIndex: own, endColumnIndex: own + 1 },
            cell: {
              userEnteredValue: { boolValue: false },
              dataValidation: { condition: { type: 'BOOLEAN' }, strict: true },
            },
            fields: 'userEnteredValue,dataValidation',
          },
        },
      ],
    });
    await send('李小華');
    const rows = stage.readTab('office', 'cases', CASES).rows;
    expect(rows.map(({ index, cells: { case: number } }) => [index, number])).toEqual([
      [2, 'TN109-000001'],
      [3, 'TN109-000002'],
    ]);
    expect(cells('office', 'cases')[3]?.[own]?.dataValidation?.condition?.type).toBe('BOOLEAN');
  });
});

it('a grid that is full grows, and what a person types below the last case is not written over', async () => {
  stage = await openStage();
  await send('王小明');
  const { spreadsheetId, tabIds } = stage.documentOf('platform');
  const sheetId = tabIds.queue ?? 0;
  const tab = stage.readTab('platform', 'queue', QUEUE);
  const range = { sheetId, dimension: 'ROWS', startIndex: 3, endIndex: tab.rowCount };
  stage.google.emulator.sheets.batchUpdate(spreadsheetId, { requests: [{ deleteDimension: { range } }] });
  await send('李小華');
  await send('張小美');
  const after = stage.readTab('platform', 'queue', QUEUE);
  expect(after.rows.map(({ index }) => index)).toEqual([2, 3, 4]);
  stage.paste('platform', 'queue', QUEUE, 5, { note: '我先記在這裡' });
  await send('陳小英');
  expect(
    stage
      .readTab('platform', 'queue', QUEUE)
      .rows.map((row) => [row.index, row.cells.case || row.cells.note]),
  ).toEqual([
    [2, 'TN109-000001'],
    [3, 'TN109-000002'],
    [4, 'TN109-000003'],
    [5, '我先記在這裡'],
    [6, 'TN109-000004'],
  ]);
});
