import { describe, expect, it } from 'vitest';
import { BrokenTabError, cellData, parseTab } from '../../sync-service/src/google/tab.ts';

const SPEC = {
  title: '待審',
  id: 'case',
  columns: {
    case: { label: '案號', owner: 'service' },
    name: { label: '姓名', owner: 'service' },
    ready: { label: '送出', owner: 'person' },
  },
} as const;

describe('parseTab', () => {
  it('finds columns by machine key, whatever their order and labels', () => {
    const tab = parseTab(SPEC, {
      values: [
        ['ready', '', 'name', 'case'],
        ['好了沒', '', '誰', '號'],
        [true, 'own', '王小明', 'T-1'],
      ],
    });
    expect(tab.columns).toEqual({ case: 3, name: 2, ready: 0 });
    expect(tab.rows).toEqual([{ index: 2, cells: { case: 'T-1', name: '王小明', ready: true } }]);
  });

  it('passes over rows that are blank or hold only unticked boxes', () => {
    const tab = parseTab(SPEC, {
      values: [['case', 'name', 'ready'], [], ['', '', false], [], ['T-1'], ['', '', false]],
    });
    expect(tab.rows.map((row) => row.index)).toEqual([4]);
  });

  it('reads the first row of data where somebody deleted the labels', () => {
    const tab = parseTab(SPEC, {
      values: [
        ['case', 'name', 'ready'],
        ['T-1', '王小明', false],
      ],
    });
    expect(tab.labels).toBe('gone');
    expect(tab.rows.map((row) => row.cells.case)).toEqual(['T-1']);
    expect(parseTab(SPEC, { values: [['case', 'name', 'ready']] }).labels).toBe('blank');
  });

  it('is broken only where the identity is lost or doubled, and says what to do', () => {
    const lost = () => parseTab(SPEC, { values: [['name', 'ready']] });
    expect(lost).toThrow(BrokenTabError);
    expect(lost).toThrow(/「待審」.*缺少欄位鍵：case（案號）.*還原/);
    expect(() => parseTab(SPEC, { values: [['case', 'case', 'ready']] })).toThrow(/欄位鍵重複：case/);
    expect(() => parseTab(SPEC, {})).toThrow(BrokenTabError);
  });

  it('reads a missing column as empty and says that it is missing', () => {
    const tab = parseTab(SPEC, { values: [['case'], ['案號', '我的'], ['T-1', 'mine', 'also mine']] });
    expect(tab).toMatchObject({ missing: ['name', 'ready'], columns: { case: 0, name: -1, ready: -1 } });
    expect(tab.rows[0]?.cells).toEqual({ case: 'T-1', name: '', ready: '' });
  });

  it('reads the leftmost of copied columns that say the same', () => {
    const tab = parseTab(SPEC, {
      values: [
        ['case', 'ready', 'name', 'ready'],
        ['', '', '', ''],
        ['T-1', true, '王', true],
        ['T-2', '', '李', false],
      ],
    });
    expect(tab).toMatchObject({ missing: [], copies: [3], columns: { ready: 1 } });
    expect(tab.rows[0]?.cells.ready).toBe(true);
  });

  it('does not guess which of two different columns is meant', () => {
    const values = [
      ['case', 'ready', 'name', 'name'],
      ['', '', '', ''],
      ['T-1', true, '王', '先打電話'],
    ];
    expect(() => parseTab(SPEC, { values })).toThrow(/欄位鍵重複：name（姓名）.*請刪除多出來的那一欄/);
  });
});

describe('cellData', () => {
  it.each(['=1+1', '+886', '-x', '@SUM(A1)', "'quoted"])('keeps %j as text', (text) => {
    expect(cellData(text)).toEqual({ userEnteredValue: { stringValue: text } });
  });

  it('writes numbers and ticks as such, and nothing as an empty cell', () => {
    expect(cellData(107)).toEqual({ userEnteredValue: { numberValue: 107 } });
    expect(cellData(false)).toEqual({ userEnteredValue: { boolValue: false } });
    expect(cellData('')).toEqual({});
  });
});
