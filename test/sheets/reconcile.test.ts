import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keysOf, ownedBy, QUEUE } from '../../contract/tabs.ts';
import {
  type DesiredRow,
  personContent,
  planTab,
  type Settled,
} from '../../sync-service/src/sheets/reconcile.ts';
import { type Cell, parseTab } from '../../sync-service/src/sheets/tab.ts';

const QUEUE_KEYS = keysOf(QUEUE);
const SERVICE_KEYS = ownedBy(QUEUE, 'service');
type QueueTab = Parameters<typeof planTab<(typeof QUEUE_KEYS)[number]>>[2];

function planQueue(sheetId: number, tab: QueueTab, rows: DesiredRow[], read: Map<string, Settled[]>) {
  return planTab(QUEUE, sheetId, tab, rows, read);
}

/** A little spreadsheet that carries out the requests a plan may hold. */
function sheet(rows: Cell[][]) {
  const values: Cell[][] = [
    QUEUE_KEYS,
    QUEUE_KEYS.map((key) => QUEUE.columns[key].label),
    ...rows.map((row) => [...row]),
  ];
  const tab = () => parseTab('待審', QUEUE_KEYS, { values });
  return {
    tab,
    apply(plan: ReturnType<typeof planQueue>) {
      for (const request of plan.requests) {
        if (request.updateCells) {
          const { start, rows: written } = request.updateCells;
          const entered = written?.[0]?.values?.[0]?.userEnteredValue;
          const line = values[start?.rowIndex ?? 0] ?? [];
          line[start?.columnIndex ?? 0] =
            entered?.stringValue ?? entered?.numberValue ?? entered?.boolValue ?? '';
        } else if (request.appendCells) {
          for (const row of request.appendCells.rows ?? []) {
            values.push(
              (row.values ?? []).map((cell) => {
                const entered = cell.userEnteredValue;
                return entered?.stringValue ?? entered?.numberValue ?? entered?.boolValue ?? '';
              }),
            );
          }
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
const none = new Map<string, Settled[]>();

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
        const touched = new Map(tab.rows.map((each) => [each.index, personContent(QUEUE, each)]));
        for (const { updateCells, deleteDimension } of plan.requests) {
          if (updateCells) expect(writable).toContain(QUEUE_KEYS[updateCells.start?.columnIndex ?? -1]);
          const deleted = deleteDimension?.range?.startIndex;
          if (deleted !== undefined && deleted !== null)
            expect(touched.get(deleted)).toBe('["","","","",false]');
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
        const kept = grid.tab().rows.filter((each) => each.cells.case !== '');
        expect(kept.map((each) => each.cells.case).toSorted()).toEqual(wanted.filter(Boolean).toSorted());
      }),
    );
  });
});
