import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keysOf, ownedBy, QUEUE } from '../../contract/tabs.ts';
import {
  type DesiredRow,
  personContent,
  planTab,
  type HandledRow,
} from '../../sync-service/src/google/reconcile.ts';
import { type Cell, parseTab } from '../../sync-service/src/google/tab.ts';

const QUEUE_KEYS = keysOf(QUEUE);
const SERVICE_KEYS = ownedBy(QUEUE, 'service');
type QueueTab = Parameters<typeof planTab<(typeof QUEUE_KEYS)[number]>>[2];

function planQueue(sheetId: number, tab: QueueTab, rows: DesiredRow[], read: Map<string, HandledRow[]>) {
  return planTab(QUEUE, sheetId, tab, rows, read);
}

/** A little spreadsheet that carries out the requests a plan may hold. */
function sheet(rows: Cell[][]) {
  const values: Cell[][] = [
    QUEUE_KEYS,
    QUEUE_KEYS.map((key) => QUEUE.columns[key].label),
    ...rows.map((row) => [...row]),
  ];
  const tab = () => parseTab(QUEUE, { values });
  return {
    tab,
    apply(plan: ReturnType<typeof planQueue>) {
      for (const request of plan.requests) {
        if (request.updateCells) {
          const { start, rows: written } = request.updateCells;
          for (const [y, { values: cells }] of (written ?? []).entries())
            for (const [x, cell] of (cells ?? []).entries()) {
              const entered = cell.userEnteredValue;
              const line = (values[(start?.rowIndex ?? 0) + y] ??= []);
              line[(start?.columnIndex ?? 0) + x] =
                entered?.stringValue ?? entered?.numberValue ?? entered?.boolValue ?? '';
            }
        } else if (request.insertDimension) {
          const { startIndex, endIndex } = request.insertDimension.range ?? {};
          const count = (endIndex ?? 0) - (startIndex ?? 0);
          values.splice(startIndex ?? 0, 0, ...Array.from({ length: count }, (): Cell[] => []));
        } else if (request.deleteDimension) {
          values.splice(request.deleteDimension.range?.startIndex ?? 0, 1);
        }
      }
    },
  };
}

function row(caseNumber: string, cells: Partial<Record<string, Cell>> = {}): Cell[] {
  return QUEUE_KEYS.map((key) =>
    key === 'case' ? caseNumber : (cells[key] ?? (key === 'ready' ? false : '')),
  );
}

const desired = (caseNumber: string, name = '') => ({ id: caseNumber, cells: { name } });
const none = new Map<string, HandledRow[]>();

describe('planQueue', () => {
  it('appends what is missing, updates what differs, deletes what is finished', () => {
    const grid = sheet([row('T-1', { name: '舊' }), row('T-2')]);
    const plan = planQueue(0, grid.tab(), [desired('T-1', '新'), desired('T-3')], none);
    expect(plan).toMatchObject({ appended: 1, updated: 1, deleted: 1 });
    grid.apply(plan);
    expect(grid.tab().rows.map((each) => [each.cells.case, each.cells.name])).toEqual([
      ['T-1', '新'],
      ['T-3', ''],
    ]);
  });

  it('asks for nothing where the sheet is right', () => {
    const grid = sheet([row('T-1', { name: '甲' })]);
    expect(planQueue(0, grid.tab(), [desired('T-1', '甲')], none).requests).toEqual([]);
  });

  it('never deletes a row in which a person has typed something unread', () => {
    const grid = sheet([row('T-1', { note: '打電話問過' })]);
    expect(planQueue(0, grid.tab(), [], none).deleted).toBe(0);
  });

  it('deletes a decided row only while it still says what was read', () => {
    const grid = sheet([row('T-1', { decision: '通過登錄', ready: true })]);
    const content = personContent(QUEUE, grid.tab().rows[0]!);
    expect(planQueue(0, grid.tab(), [], new Map([['T-1', [{ content, refused: false }]]])).deleted).toBe(1);
    expect(
      planQueue(0, grid.tab(), [], new Map([['T-1', [{ content: '["else"]', refused: false }]]])).deleted,
    ).toBe(0);
  });

  it('keeps, of a doubled row, the one a person has worked in', () => {
    const grid = sheet([row('T-1'), row('T-1', { reason: '缺頁' })]);
    grid.apply(planQueue(0, grid.tab(), [desired('T-1')], none));
    expect(grid.tab().rows.map((each) => each.cells.reason)).toEqual(['缺頁']);
  });

  it('deletes a copy that says the same as the row that stays, and keeps one that says something else', () => {
    const typed = { decision: '退回補件', reason: '缺頁' };
    const grid = sheet([row('T-1', typed), row('T-1', typed), row('T-1', { ...typed, reason: '缺兩頁' })]);
    grid.apply(planQueue(0, grid.tab(), [desired('T-1')], none));
    expect(grid.tab().rows.map((each) => each.cells.reason)).toEqual(['缺頁', '缺兩頁']);
  });

  it('empties only the cells that are settled, and keeps a copy in which others are not', () => {
    const typed = { decision: '退回補件', reason: '缺頁' };
    const grid = sheet([row('T-1', typed), row('T-1', { ...typed, reason: '缺兩頁' })]);
    const settled = grid.tab().rows.map((each): HandledRow => {
      const content = personContent(QUEUE, each);
      return { content, refused: false, clears: ['decision'] };
    });
    grid.apply(planQueue(0, grid.tab(), [desired('T-1')], new Map([['T-1', settled]])));
    expect(grid.tab().rows.map(({ cells }) => [cells.decision, cells.reason])).toEqual([
      ['', '缺頁'],
      ['退回補件', '缺兩頁'],
    ]);
  });

  it.each(['T-9', ''])('says in a row that no case stands behind why it was refused: %j', (number) => {
    const grid = sheet([row(number, { decision: '通過登錄', ready: true })]);
    const read = () => {
      const content = personContent(QUEUE, grid.tab().rows[0]!);
      return new Map([[number, [{ content, refused: true, sentence: '查無案號，未採用。' }]]]);
    };
    grid.apply(planQueue(0, grid.tab(), [], read()));
    expect(grid.tab().rows[0]?.cells).toMatchObject({
      decision: '通過登錄',
      ready: false,
      result: '查無案號，未採用。',
    });
    expect(planQueue(0, grid.tab(), [], read()).requests).toEqual([]);
  });

  it('leaves a row without a case number to the person who made it', () => {
    const grid = sheet([row('', { note: '小計' })]);
    expect(planQueue(0, grid.tab(), [], none).requests).toEqual([]);
  });

  it('never writes a reviewer column of a row that it has not read', () => {
    const writable = new Set<string>(SERVICE_KEYS);
    const cellsOf = fc.record({ decision: fc.string(), reason: fc.string(), note: fc.string() });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('T-1', 'T-2', 'T-3'), cellsOf)), (lines) => {
        const grid = sheet(lines.map(([number, cells]) => row(number, cells)));
        const tab = grid.tab();
        const plan = planQueue(0, tab, [desired('T-1', '甲'), desired('T-2', '乙')], none);
        const said = (each: (typeof tab.rows)[number]) =>
          `${String(each.cells.case)} ${personContent(QUEUE, each)}`;
        const doomed = new Set(
          plan.requests.map((request) => request.deleteDimension?.range?.startIndex ?? -1),
        );
        const managed = new Set(tab.rows.filter((each) => !doomed.has(each.index)).map(said));
        const touched = new Map(tab.rows.map((each) => [each.index, each]));
        for (const { updateCells, deleteDimension } of plan.requests) {
          if (updateCells) expect(writable).toContain(QUEUE_KEYS[updateCells.start?.columnIndex ?? -1]);
          const deleted = deleteDimension?.range?.startIndex;
          const gone = touched.get(deleted ?? -1);
          // Untouched, or a copy of a row that stays: nothing that was typed is lost.
          if (gone && personContent(QUEUE, gone) !== '["","",false,"",""]')
            expect(managed).toContain(said(gone));
        }
      }),
    );
  });

  it('converges: applied once, a second plan is empty, from any mess of untouched rows', () => {
    const number = fc.constantFrom('T-1', 'T-2', 'T-3', 'T-4', '');
    fc.assert(
      fc.property(fc.array(fc.tuple(number, fc.string())), fc.uniqueArray(number), (lines, wanted) => {
        const grid = sheet(lines.map(([caseNumber, name]) => row(caseNumber, { name })));
        const target = wanted.filter(Boolean).map((caseNumber) => desired(caseNumber, '王'));
        grid.apply(planQueue(0, grid.tab(), target, none));
        expect(planQueue(0, grid.tab(), target, none).requests).toEqual([]);
        const managed = grid.tab().rows.filter((each) => each.cells.case !== '');
        expect(managed.map((each) => each.cells.case).toSorted()).toEqual(wanted.filter(Boolean).toSorted());
      }),
    );
  });
});
