import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Column, keysOf, type TabSpec } from '../../contract/tabs.ts';
import { LAYOUTS_FILE, MANAGED_TABS, type RecordedLayouts } from '../../scripts/layouts.ts';
import { decorationRequests, type TabLook, tabRequests } from '../../sync-service/src/google/layout.ts';
import { needsUpgrade, UPGRADE_FIELDS, upgradeTab } from '../../sync-service/src/google/layout-upgrade.ts';
import { type Cell, cellData, parseTab } from '../../sync-service/src/google/tab.ts';
import { openSheets } from '../emulator/sheets/open-sheets.ts';

const column = (label: string, more: Partial<Column> = {}): Column => ({ label, owner: 'service', ...more });
const OLD: TabSpec = {
  title: '待審',
  layout: 1,
  id: 'case',
  columns: {
    case: column('案號', { width: 140 }),
    name: column('姓名', { width: 100 }),
    state: column('狀態'),
    decision: column('決定', { owner: 'person', kind: 'choice' }),
    ready: column('送出', { owner: 'person', kind: 'check' }),
  },
  clears: [],
};
/** One release later: a column in the middle, one at the end, another label; the rest as it was. */
const NEW: TabSpec = {
  ...OLD,
  layout: 2,
  columns: {
    case: column('案號', { width: 140 }),
    name: column('教師姓名', { width: 200, since: 2 }),
    remark: column('備註', { width: 300, since: 2 }),
    state: column('狀態'),
    decision: column('決定', { owner: 'person', kind: 'choice' }),
    ready: column('送出', { owner: 'person', kind: 'check' }),
    checked: column('看過', { owner: 'person', kind: 'check', since: 2 }),
  },
  frozen: ['case', 'name'],
};
const RED = { red: 1, green: 0, blue: 0 };
const look: TabLook<string> = {
  choices: { decision: ['通過', '退回'] },
  rules: [{ title: '審核中', column: 'state', contains: '審核', colour: RED }],
};
const OWN_RULE = { type: 'CUSTOM_FORMULA', values: [{ userEnteredValue: '=$A3="x"' }] };

type Requests = ReturnType<typeof tabRequests>;
let google: Awaited<ReturnType<typeof openSheets>>;
beforeAll(async () => {
  google = await openSheets();
});
afterAll(() => google.emulator.close());

const keyRow = (cells: readonly string[]) =>
  cells.map((text) => ({ userEnteredValue: { stringValue: text } }));

/** A tab of the old layout with two cases. */
async function openTab(spec = OLD) {
  const id = await google.create();
  const edit = async (requests: Requests) => {
    if (requests.length > 0) await google.batch(id, ...requests);
  };
  const values = async () => (await google.read(id, 'Sheet1', 'UNFORMATTED_VALUE')) as Cell[][];
  const insertOwn = async (index: number, texts: readonly string[]) => {
    await edit([
      { appendDimension: { sheetId: 0, dimension: 'COLUMNS', length: 1 } },
      {
        insertDimension: {
          range: { sheetId: 0, dimension: 'COLUMNS', startIndex: index, endIndex: index + 1 },
        },
      },
      {
        updateCells: {
          start: { sheetId: 0, rowIndex: 1, columnIndex: index },
          rows: texts.map((text) => ({ values: [cellData(text)] })),
          fields: 'userEnteredValue',
        },
      },
    ]);
  };
  await edit([...tabRequests(spec, 0, look), ...decorationRequests(spec, 0, look)]);
  await edit([
    {
      updateCells: {
        start: { sheetId: 0, rowIndex: 2, columnIndex: 0 },
        rows: ['T-1', 'T-2'].map((number) => ({
          values: keysOf(spec).map((key) => cellData(key === 'case' ? number : `${key} ${number}`)),
        })),
        fields: 'userEnteredValue',
      },
    },
  ]);
  return {
    edit,
    values,
    insertOwn,
    sheet: async () => {
      const { data } = await google.sheets.get({ spreadsheetId: id });
      return data.sheets?.[0] ?? {};
    },
    cell: async (row: number, index: number) => (await google.cells(id))[row]?.[index] ?? {},
    deleteColumn: (index: number) =>
      edit([
        {
          deleteDimension: {
            range: { sheetId: 0, dimension: 'COLUMNS', startIndex: index, endIndex: index + 1 },
          },
        },
      ]),
    moveColumn: (from: number, to: number) =>
      edit([
        {
          moveDimension: {
            source: { sheetId: 0, dimension: 'COLUMNS', startIndex: from, endIndex: from + 1 },
            destinationIndex: to,
          },
        },
      ]),
    parse: async (as = NEW) => parseTab(as, { values: await values() }),
    /** The requests that bring it up to the new layout; `meanwhile` happens before they are sent. */
    async upgrade(layout: number, meanwhile?: () => Promise<void>) {
      const { data } = await google.sheets.get({ spreadsheetId: id, fields: UPGRADE_FIELDS });
      const { requests, decoration, tab } = upgradeTab(
        NEW,
        data.sheets?.[0] ?? {},
        look,
        parseTab(NEW, { values: await values() }),
        layout,
      );
      await meanwhile?.();
      await edit(requests);
      await edit(decoration);
      return tab;
    },
  };
}

describe('an older layout', () => {
  it('gets its new columns beside their neighbours, with labels, widths and check boxes', async () => {
    const tab = await openTab();
    await tab.upgrade(1);
    expect((await tab.values()).slice(0, 3)).toEqual([
      ['case', 'name', 'remark', 'state', 'decision', 'ready', 'checked'],
      ['案號', '教師姓名', '備註', '狀態', '決定', '送出', '看過'],
      ['T-1', 'name T-1', '', 'state T-1', 'decision T-1', 'ready T-1', false],
    ]);
    const { dataValidation } = await tab.cell(2, 6);
    expect(dataValidation?.condition?.type).toBe('BOOLEAN');
    // The neighbour's drop-down is not taken over.
    expect((await tab.cell(2, 3)).dataValidation).toBeUndefined();
    expect((await tab.cell(2, 4)).dataValidation?.condition?.type).toBe('ONE_OF_LIST');
  });

  it('has its old check boxes and drop-downs taken away where no case stands', async () => {
    const tab = await openTab();
    const over = { sheetId: 0, startRowIndex: 2, endRowIndex: 5000 };
    const rule = (type: string) => ({ condition: { type, values: [] }, strict: true });
    await tab.edit([
      { appendDimension: { sheetId: 0, dimension: 'ROWS', length: 4950 } },
      {
        setDataValidation: {
          range: { ...over, startColumnIndex: 4, endColumnIndex: 5 },
          rule: rule('BOOLEAN'),
        },
      },
    ]);
    expect((await tab.values()).length).toBe(5000);
    expect((await tab.parse()).height).toBe(4);
    await tab.upgrade(1);
    expect((await tab.values()).length).toBe(4);
    expect((await tab.cell(3, 5)).dataValidation?.condition?.type).toBe('BOOLEAN');
    expect((await tab.cell(4, 5)).dataValidation).toBeUndefined();
    expect((await tab.cell(3, 4)).dataValidation?.condition?.type).toBe('ONE_OF_LIST');
  });

  it('freezes its first columns, as far as nobody’s own lies between them', async () => {
    const frozen = async (own?: number) => {
      const tab = await openTab();
      if (own !== undefined) await tab.insertOwn(own, ['我的']);
      await tab.upgrade(1);
      return (await tab.sheet()).properties?.gridProperties?.frozenColumnCount ?? 0;
    };
    expect([await frozen(), await frozen(1), await frozen(0)]).toEqual([2, 1, 0]);
  });

  it('leaves persons’ cells white, makes the service’s grey and wraps what is read; blank rows stay as they are', async () => {
    const tab = await openTab();
    await tab.upgrade(1);
    const format = async (row: number, index: number) => (await tab.cell(row, index)).userEnteredFormat;
    for (const index of [0, 1, 2, 3])
      expect(await format(3, index)).toMatchObject({
        backgroundColor: { red: expect.closeTo(0.93, 2) },
        wrapStrategy: 'WRAP',
      });
    for (const index of [4, 5, 6]) expect((await format(3, index))?.backgroundColor).toBeUndefined();
    expect(await format(4, 0)).toBeUndefined();
  });

  it('keeps labels that people renamed, where the release did not change the column', async () => {
    const tab = await openTab();
    await tab.edit([
      {
        updateCells: {
          start: { sheetId: 0, rowIndex: 1, columnIndex: 2 },
          rows: [{ values: keyRow(['進度']) }],
          fields: 'userEnteredValue',
        },
      },
    ]);
    await tab.upgrade(1);
    const [, labels] = await tab.values();
    expect(labels).toEqual(['案號', '教師姓名', '備註', '進度', '決定', '送出', '看過']);
  });

  it('has protections, views and colours of the service once, and keeps those of people', async () => {
    const tab = await openTab();
    await tab.edit([
      { addFilterView: { filter: { title: '我的', range: { sheetId: 0, startRowIndex: 1 } } } },
      { addProtectedRange: { protectedRange: { range: { sheetId: 0 }, description: '我鎖的' } } },
      {
        addConditionalFormatRule: {
          index: 0,
          rule: {
            ranges: [{ sheetId: 0 }],
            booleanRule: { condition: OWN_RULE, format: { backgroundColor: RED } },
          },
        },
      },
    ]);
    for (const layout of [1, 1, 2]) {
      await tab.upgrade(layout);
      const { protectedRanges = [], filterViews = [], conditionalFormats = [] } = await tab.sheet();
      expect(protectedRanges.map(({ description }) => description).toSorted()).toEqual([
        '我鎖的',
        '標題列由系統維護',
        '這些欄位由系統維護，請在可填寫的欄位填寫',
      ]);
      expect(filterViews.map(({ title }) => title).toSorted()).toEqual(['審核中', '我的']);
      const formulas = conditionalFormats.map(
        ({ booleanRule }) => booleanRule?.condition?.values?.[0]?.userEnteredValue,
      );
      expect(formulas.toSorted()).toEqual(['=$A3="x"', '=ISNUMBER(SEARCH("審核",$D3))']);
    }
  });

  it('that came back from the version history is brought up again, whatever the ledger remembers', async () => {
    const tab = await openTab();
    expect(needsUpgrade(NEW, await tab.parse(), 2)).toBe(true);
    await tab.upgrade(2);
    expect((await tab.values())[1]).toContain('教師姓名');
    expect(needsUpgrade(NEW, await tab.parse(), 2)).toBe(false);
  });

  it('also where the first column is the new one, or the grid has no room', async () => {
    const tab = await openTab();
    const FIRST: TabSpec = {
      ...OLD,
      layout: 2,
      columns: { mark: column('記號', { since: 2 }), ...OLD.columns },
    };
    const { requests } = upgradeTab(FIRST, await tab.sheet(), look, await tab.parse(FIRST), 1);
    await tab.edit(requests);
    expect((await tab.values())[0]).toEqual(['mark', 'case', 'name', 'state', 'decision', 'ready']);
  });
});

describe('what people add while a tab is brought up', () => {
  it('is not written over: new columns are inserted, never taken', async () => {
    const tab = await openTab();
    const own = ['我的註記', '先打電話', '週五'];
    await tab.upgrade(1, () => tab.insertOwn(5, own));
    const values = await tab.values();
    const at = values[1]?.indexOf('我的註記') ?? -1;
    expect(values.slice(1).map((row) => row[at] ?? '')).toEqual(own);
    expect(values[0]?.[at] ?? '').toBe('');
    expect((await tab.parse()).missing).toEqual([]);
  });

  it('is not taken for empty because nothing is written in it yet', async () => {
    const tab = await openTab();
    await tab.edit([{ appendDimension: { sheetId: 0, dimension: 'COLUMNS', length: 1 } }]);
    const format = { backgroundColor: RED };
    await tab.edit([
      {
        repeatCell: {
          range: { sheetId: 0, startColumnIndex: 5, endColumnIndex: 6, startRowIndex: 2, endRowIndex: 4 },
          cell: { userEnteredFormat: format },
          fields: 'userEnteredFormat',
        },
      },
    ]);
    const { columns } = await tab.upgrade(1);
    expect(columns.checked).toBe(6);
    expect((await tab.cell(2, 6)).userEnteredFormat?.backgroundColor).toBeUndefined();
    expect((await tab.cell(2, 7)).userEnteredFormat?.backgroundColor).toMatchObject({ red: 1 });
  });
});

describe('each layout that a release has made', () => {
  const recorded: RecordedLayouts = JSON.parse(readFileSync(LAYOUTS_FILE, 'utf8'));
  const all = MANAGED_TABS.flatMap(({ spec }) =>
    Object.keys(recorded[spec.title] ?? {}).map((layout) => [spec.title, Number(layout), spec] as const),
  );
  it.each(all)('%s %i becomes the present one', async (title, layout, spec) => {
    const id = await google.create();
    const { columns = {} } = recorded[title]?.[layout] ?? {};
    const plainLook = { choices: {} };
    await google.batch(id, ...tabRequests({ ...spec, layout, columns }, 0, plainLook));
    const read = async () =>
      parseTab(spec, { values: (await google.read(id, 'Sheet1', 'UNFORMATTED_VALUE')) ?? [] });
    const { data } = await google.sheets.get({ spreadsheetId: id, fields: UPGRADE_FIELDS });
    const { requests } = upgradeTab(spec, data.sheets?.[0] ?? {}, plainLook, await read(), layout);
    await google.batch(id, ...requests);
    expect(await read()).toMatchObject({ missing: [], copies: [] });
    const [keys = [], labels = []] = (await google.read(id, 'Sheet1')) ?? [];
    for (const key of keysOf(spec)) expect(labels[keys.indexOf(key)]).toBe(spec.columns[key]?.label);
  });
});

describe('whatever people did to the columns', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('move' as const), a: fc.nat(6), b: fc.nat(6) }),
    fc.record({ kind: fc.constant('own' as const), a: fc.nat(6), b: fc.nat() }),
    fc.record({ kind: fc.constant('delete' as const), a: fc.nat(3), b: fc.nat() }),
  );

  it('each of ours stands once, theirs keep their order and words, and a repetition changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 5 }), fc.constantFrom(1, 2), async (steps, layout) => {
        const tab = await openTab();
        const ours = () => tab.parse(OLD).then(({ columns }) => columns);
        for (const [nth, { kind, a, b }] of steps.entries()) {
          const width = (await tab.values())[1]?.length ?? 0;
          if (kind === 'own') await tab.insertOwn(a % width, [`自訂${nth}`, `字${nth}`]);
          else if (kind === 'move' && a < width && b < width && b !== a && b !== a + 1)
            await tab.moveColumn(a, b);
          else if (kind === 'delete') {
            const key = keysOf(OLD).filter((each) => each !== 'case')[a] ?? 'name';
            const index = (await ours())[key] ?? -1;
            if (index >= 0) await tab.deleteColumn(index);
          }
        }
        const known = new Set(keysOf(NEW));
        const theirs = (values: Cell[][]) =>
          (values[1] ?? []).flatMap((label, index) =>
            known.has(String(values[0]?.[index] ?? '')) ? [] : [[label, values[2]?.[index] ?? '']],
          );
        const standing = (values: Cell[][]) =>
          (values[0] ?? []).filter((key) => keysOf(OLD).includes(String(key)));
        const before = await tab.values();
        const after = await tab.upgrade(layout);
        const now = await tab.values();
        const parsed = await tab.parse();
        expect(parsed).toMatchObject({ missing: [], copies: [], columns: after.columns });
        expect(theirs(now).filter(([label]) => label !== '')).toEqual(
          theirs(before).filter(([label]) => label !== ''),
        );
        const kept = new Set(standing(before));
        expect(standing(now).filter((key) => kept.has(key))).toEqual(standing(before));
        await tab.upgrade(layout);
        expect(await tab.values()).toEqual(now);
      }),
      { numRuns: 25 },
    );
  });
});
