import { afterEach, expect, it } from 'vitest';
import { CASES, DASHBOARD } from '../../contract/tabs.ts';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const sheetOf = (role: string, key: string) => {
  const { spreadsheetId, tabIds } = stage.documentOf(role);
  const { sheets } = stage.google.emulator.sheets.get(spreadsheetId);
  return sheets?.find(({ properties }) => properties?.sheetId === tabIds[key]);
};

it('lies inside of its grid: an anchor beyond it would be refused by Google, and the set-up with it', async () => {
  stage = await openStage();
  const dashboard = sheetOf('office', 'dashboard');
  const { rowCount = 0, columnCount = 0 } = dashboard?.properties?.gridProperties ?? {};
  const anchors = dashboard?.charts?.map(({ position }) => position?.overlayPosition?.anchorCell);
  expect(anchors).toHaveLength(2);
  for (const anchor of anchors ?? []) {
    expect(anchor?.columnIndex).toBeLessThan(columnCount ?? 0);
    expect(anchor?.rowIndex).toBeLessThan(rowCount ?? 0);
  }
  expect(sheetOf('platform', 'queue')).toMatchObject({
    filterViews: expect.arrayContaining([expect.objectContaining({ title: '逾期' })]),
  });
});

it('that Google refuses leaves an office without charts, which works', async () => {
  const written = new Map<string, number>();
  stage = await openStage({
    // Of each spreadsheet the first batch makes its tabs, the second dresses and the third decorates them.
    googleFault: ({ path }) => {
      if (!path.startsWith('/v4/') || !path.endsWith(':batchUpdate')) return null;
      written.set(path, (written.get(path) ?? 0) + 1);
      return written.get(path) === 3 ? 'permission-denied' : null;
    },
  });
  expect(sheetOf('office', 'dashboard')?.charts).toBeUndefined();
  expect(sheetOf('platform', 'queue')?.filterViews).toBeUndefined();
  await stage.submit('initial', COMPLETE);
  await stage.settle();
  expect(stage.readTab('office', 'dashboard', DASHBOARD).rows.length).toBeGreaterThan(0);
  expect(stage.readTab('office', 'cases', CASES).rows).toHaveLength(1);
});
