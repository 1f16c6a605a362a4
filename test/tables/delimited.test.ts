import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDelimited } from '../../sync-service/src/tables/delimited.ts';
import { TableError } from '../../sync-service/src/tables/table-error.ts';

const ROWS = [
  ['姓名', '備註'],
  ['王小明', '有, 逗號; 分號'],
  ['陳大同', '兩\n行'],
];
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
const written = (rows: readonly (readonly string[])[], delimiter: string) =>
  rows.map((row) => row.map(quoted).join(delimiter)).join('\r\n');

describe('a CSV', () => {
  it.each([',', '\t', ';', '|'])('is parted by %j, as its own rows say', (delimiter) => {
    expect(parseDelimited(written(ROWS, delimiter))).toEqual(ROWS);
    expect(parseDelimited(`\ufeffsep=${delimiter}\r\n${written(ROWS, delimiter)}`)).toEqual(ROWS);
  });

  it('says by what it is parted where that is none of the usual', () => {
    expect(parseDelimited('sep=^\n姓名^備註\n王,小明^x\n')).toEqual([
      ['姓名', '備註'],
      ['王,小明', 'x'],
    ]);
  });

  it('has a title line, other marks in its texts, and one column only', () => {
    expect(parseDelimited('綠川國小 109 學年度\n姓名\t備註\nChen, Da-tung\ta, b, c\n')).toEqual([
      ['綠川國小 109 學年度'],
      ['姓名', '備註'],
      ['Chen, Da-tung', 'a, b, c'],
    ]);
    expect(parseDelimited('姓名\n王小明\n')).toEqual([['姓名'], ['王小明']]);
    expect(parseDelimited('')).toEqual([]);
  });

  it('refuses quotation marks that are out of place, with the row', () => {
    expect(() => parseDelimited('a,b\n1,2\n"x,3\n4,5\n')).toThrow(TableError);
    expect(() => parseDelimited('a,b\n1,2\n"x,3\n4,5\n')).toThrow(/第 3 列有一個引號「"」沒有結尾/u);
    expect(() => parseDelimited('a,b\n1,x"y\n')).toThrow(/第 2 列有一個引號「"」位置不對/u);
  });

  it('gives back what was written, whatever it was', () => {
    const cell = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\r', ''));
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(table, fc.constantFrom(',', '\t', ';', '|'), (rows, delimiter) => {
        // Of rows of one width, as spreadsheets write them.
        const width = Math.min(...rows.map((row) => row.length));
        const even = rows.map((row) => row.slice(0, width));
        expect(parseDelimited(written(even, delimiter))).toEqual(even);
      }),
    );
  });
});
