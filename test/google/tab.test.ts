import { describe, expect, it } from 'vitest';
import { BrokenTabError, cellData, parseTab } from '../../sync-service/src/google/tab.ts';

const KEYS = ['case', 'name', 'ready'] as const;

describe('parseTab', () => {
  it('finds columns by machine key, whatever their order and labels', () => {
    const tab = parseTab('待審', KEYS, {
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
    const tab = parseTab('待審', KEYS, {
      values: [['case', 'name', 'ready'], [], ['', '', false], [], ['T-1'], ['', '', false]],
    });
    expect(tab.rows.map((row) => row.index)).toEqual([4]);
  });

  it('reads the first row of data where somebody deleted the labels', () => {
    const tab = parseTab('待審', KEYS, {
      values: [
        ['case', 'name', 'ready'],
        ['T-1', '王小明', false],
      ],
    });
    expect(tab.labels).toBe('gone');
    expect(tab.rows.map((row) => row.cells.case)).toEqual(['T-1']);
    expect(parseTab('待審', KEYS, { values: [['case', 'name', 'ready']] }).labels).toBe('blank');
  });

  it('says which key is missing and which is doubled, and what to do', () => {
    const broken = () => parseTab('待審', KEYS, { values: [['case', 'case', 'ready']] });
    expect(broken).toThrow(BrokenTabError);
    expect(broken).toThrow(/「待審」.*缺少欄位鍵：name；欄位鍵重複：case.*還原/);
  });

  it('takes an empty sheet for one without keys', () => {
    expect(() => parseTab('待審', KEYS, {})).toThrow(/case、name、ready/);
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
