import { strToU8, zipSync } from 'fflate';
import { writeXlsx } from 'hucre/xlsx';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storable } from '../../contract/cell-text.ts';
import { exportTable, TABLE_FORMATS } from '../../sync-service/src/exports/table.ts';
import { readSheets } from '../../sync-service/src/tables/read-sheets.ts';
import { TableError } from '../../sync-service/src/tables/table-error.ts';
import { testFolder } from './files.ts';

const { write } = testFolder();
const cellsOf = async (path: string) =>
  (await readSheets(path)).map(({ rows }) => rows.map(({ cells }) => cells));

describe('a file with tables', () => {
  it.each(TABLE_FORMATS)('that we export as %s comes back as it was', async (format) => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('=1+1', '@SUM(A1)', '-', '+886', '兩\n行', '兩 \n 行', "'", '014601', '𠮷 喆', '＝x'),
    );
    const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        // What a cell cannot hold is not asked for back; a spreadsheet keeps no row without anything in it.
        const kept = rows
          .map((row) =>
            row.map((text) =>
              storable(text)
                .replace(/\r\n?/gu, '\n')
                .replace(/[\t ]+/gu, ' ')
                .replace(/ ?\n ?/gu, '\n')
                .trim(),
            ),
          )
          .filter((row) => row.some((text) => text !== ''));
        const file = write(
          `round-${(round += 1)}.${format}`,
          await exportTable(format, '表', ['一', '二', '三'], kept),
        );
        const [read = []] = await cellsOf(file);
        const whole = read.map((row) => ['', '', ''].map((blank, at) => row[at] ?? blank));
        expect(whole).toEqual([['一', '二', '三'], ...kept]);
      }),
      { numRuns: 40 },
    );
  });

  it.each(TABLE_FORMATS)('that we export as %s loses our apostrophe before a tab too', async (format) => {
    const file = write(
      `tab.${format}`,
      await exportTable(format, '表', ['學校', '姓名'], [['\t六信\t', '王']]),
    );
    const [[, [cell = ''] = []] = []] = await cellsOf(file);
    expect(cell.trim()).toBe('六信');
  });

  it('that Excel keeps: codes as shown, dates with the time that is shown, visible sheets only', async () => {
    const at = new Date(Date.UTC(2020, 3, 21, 15, 2, 56));
    const midnight = new Date(Date.UTC(2020, 3, 21));
    const cells = new Map([
      ['0,0', { value: 14601, style: { numFmt: '000000' } }],
      ['0,1', { value: at, style: { numFmt: 'yyyy/m/d h:mm' } }],
      ['0,2', { value: midnight, style: { numFmt: 'yyyy/m/d h:mm' } }],
      ['0,3', { value: midnight, style: { numFmt: 'yyyy/m/d' } }],
    ]);
    const rows = [[14601, at, midnight, midnight, true, 1070026587001], [], ['下']];
    const sheets = [
      { name: '藏', hidden: true, rows: [['藏']] },
      { name: '更藏', veryHidden: true, rows: [['藏']] },
      { name: '名冊', rows, cells },
      { name: '第二張', rows: [['甲']] },
    ];
    const read = await readSheets(write('excel.xlsx', await writeXlsx({ sheets })));
    expect(read).toEqual([
      {
        name: '名冊',
        rows: [
          {
            line: 1,
            cells: [
              '014601',
              '2020/4/21 15:02:56',
              '2020/4/21 0:00:00',
              '2020/4/21',
              'TRUE',
              '1070026587001',
            ],
          },
          { line: 3, cells: ['下', '', '', '', '', ''] },
        ],
      },
      { name: '第二張', rows: [{ line: 1, cells: ['甲'] }] },
    ]);
  });

  it('without the readings that Excel keeps above names', async () => {
    const strings = `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>陳喆宇</t><rPh sb="1" eb="2"><t>ㄓㄜˊ</t></rPh></si></sst>`;
    const { unzipSync } = await import('fflate');
    const plain = unzipSync(await writeXlsx({ sheets: [{ name: '表', rows: [['x']] }] }));
    const file = write('ruby.xlsx', zipSync({ ...plain, 'xl/sharedStrings.xml': strToU8(strings) }));
    expect(await cellsOf(file)).toEqual([[['陳喆宇']]]);
  });

  it('is told by its content, not by its name', async () => {
    const ods = await exportTable('ods', '表', ['姓名'], [['王小明']]);
    expect(await cellsOf(write('really-ods.csv', ods))).toEqual([[['姓名'], ['王小明']]]);
    expect(await cellsOf(write('really-ods.xlsx', ods))).toEqual([[['姓名'], ['王小明']]]);
    expect(await cellsOf(write('none', '姓名\n王小明\n'))).toEqual([[['姓名'], ['王小明']]]);
  });

  it.each<[name: string, content: string | Uint8Array, sentence: RegExp]>([
    ['old.xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /另存新檔為 \.xlsx/u],
    ['locked.xlsx', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /加了密碼/u],
    ['cut.ods', 'PK\u0003\u0004 and nothing more', /已損毀或加了密碼/u],
    ['word.ods', zipSync({ 'word/document.xml': strToU8('<a/>') }), /不是 ods 或 xlsx 檔/u],
    ['secret.ods', zipSync({ 'content.xml': strToU8('\u0001\u0002 encrypted') }), /已損毀或加了密碼/u],
    ['print.csv', '%PDF-1.7', /是 PDF/u],
    ['page.csv', '\ufeff <!DOCTYPE html><table></table>', /網頁/u],
  ])('%s is refused in words', async (name, content, sentence) => {
    const file = write(name, content);
    await expect(readSheets(file)).rejects.toThrow(TableError);
    await expect(readSheets(file)).rejects.toThrow(sentence);
  });
});
