import { describe, expect, it } from 'vitest';
import { faultOf, remarksOf } from '../../sync-service/src/tables/faults.ts';
import { findColumns } from '../../sync-service/src/tables/find-columns.ts';
import type { WantedColumn } from '../../sync-service/src/tables/place-columns.ts';
import type { Sheet } from '../../sync-service/src/tables/sheet.ts';
import { bareTitleKey, titleKey } from '../../sync-service/src/tables/titles.ts';

const sheet = (rows: string[][], name = ''): Sheet => ({
  name,
  rows: rows.map((cells, at) => ({ line: at + 1, cells })),
});
const WANTED: WantedColumn<'name' | 'mail' | 'number'>[] = [
  { key: 'name', titles: ['姓名'], required: true, containedUnless: /承辦/u },
  { key: 'mail', titles: ['電子郵件', 'email'], containedUnless: /承辦/u },
  { key: 'number', titles: ['證書字號', '字號'], containedUnless: /身分證/u },
];
const find = (...rows: string[][]) => findColumns([sheet(rows)], WANTED);
const answers = (...rows: string[][]) =>
  find(...rows).rows.map(({ get }) => [get('name'), get('mail'), get('number')]);

describe('one writing of a title', () => {
  it.each([
    ['作業平台顯示情形', '作業平臺顯示情形'],
    ['証書字號', '證書字號'],
    ['證書字号', '證書字號'],
    ['服務學校（全名）', '服務學校 (全名)'],
    ['服務學校〔全名〕', '服務學校【全名】'],
    ['電子\n郵件', '電子郵件'],
    ['\ufeff姓　名 ', '姓名'],
    ['ｅ-Ｍａｉｌ', 'e-mail'],
    ['姓名 *', '姓名：'],
  ])('%s is %s', (one, other) => expect(titleKey(one)).toBe(titleKey(other)));

  it('without what stands in brackets, unless nothing else does', () => {
    expect(bareTitleKey('服務學校（請填全名）*')).toBe('服務學校');
    expect(bareTitleKey('（姓名）')).toBe('(姓名)');
  });
});

describe('which column is which', () => {
  it('an exact title is never beaten by one that contains it, wherever they stand', () => {
    const columns: [string, string][] = [
      ['承辦人電子郵件', 'clerk@example.com'],
      ['備用電子郵件', 'spare@example.com'],
      ['電子郵件', 'wang@example.com'],
      ['身分證字號', 'D100000004'],
      ['證書字號', '南市教專字第1號'],
      ['承辦人姓名', '李承辦'],
      ['姓名', '王小明'],
    ];
    for (const order of [columns, columns.toReversed()])
      expect(
        answers(
          order.map(([title]) => title),
          order.map(([, answer]) => answer),
        ),
      ).toEqual([['王小明', 'wang@example.com', '南市教專字第1號']]);
  });

  it('a longer title does where no exact one is there, but not that of somebody or something else', () => {
    expect(answers(['教師姓名', '服務單位電子郵件', '研習字號'], ['王', 'a', '1'])).toEqual([
      ['王', 'a', '1'],
    ]);
    expect(answers(['教師姓名', '承辦人電子郵件', '身分證字號'], ['王', 'a', 'D1'])).toEqual([
      ['王', '', ''],
    ]);
    expect(answers(['姓名（與證書相同）', 'Email'], ['王', 'a'])).toEqual([['王', 'a', '']]);
  });

  it('several columns of one title are joined, the first that says anything', () => {
    const rows = [
      ['姓名', '電子郵件', '姓 名'],
      ['', 'a', '王'],
      ['陳', 'b', '林'],
      ['', 'c', ''],
    ];
    expect(answers(...rows).map(([name]) => name)).toEqual(['王', '陳', '']);
    const last = findColumns([sheet(rows)], [{ key: 'name', titles: ['姓名'], lastCounts: true }]);
    expect(last.rows.map(({ get }) => get('name'))).toEqual(['王', '林', '']);
  });

  it('of several titles that would do none is taken, and all are named', () => {
    const unclear = find(['教師姓名', '家長姓名', '學校電子郵件', '個人電子郵件'], ['a', 'b', 'c', 'd']);
    expect(faultOf(unclear)).toBe('「教師姓名」「家長姓名」都像是「姓名」，請只留一欄或改名');
    expect(remarksOf(unclear).join()).toContain(
      '「學校電子郵件」「個人電子郵件」都像是「電子郵件」，都沒有讀入',
    );
    expect(unclear.rows[0]?.get('mail')).toBe('');
  });

  it('what is missing and what nobody reads is named, blank columns are not', () => {
    const table = find(['序號', '電子郵件', '', '', '備註'], ['1', 'a', 'x', '', ''], ['2', 'b']);
    expect(faultOf(table)).toBe('第 1 列缺少欄位「姓名」');
    expect(remarksOf(table)).toEqual(['沒有讀入的欄位：「序號」「第 3 欄（沒有標題）」']);
    expect(faultOf(find())).toBe('第 1 列缺少欄位「姓名」');
  });
});

describe('where a table begins', () => {
  it('is the row whose titles are most of those that are asked for', () => {
    const table = find(
      ['綠川國小教師姓名名冊', '', ''],
      ['製表日期', '109.4.20'],
      ['姓名', '電子郵件'],
      ['王', 'a'],
    );
    expect(table.titleLine).toBe(3);
    expect(table.rows.map(({ line, get }) => [line, get('name')])).toEqual([[4, '王']]);
    expect(remarksOf(table)).toEqual([]);
  });

  it('titles that are repeated below are no row', () => {
    expect(answers(['姓名', '電子郵件'], ['王', 'a'], ['姓名', '電子郵件'], ['陳', 'b'])).toEqual([
      ['王', 'a', ''],
      ['陳', 'b', ''],
    ]);
  });

  it('is the sheet that has them; another one that holds anything is named', () => {
    const sheets = [
      sheet([['填表說明'], ['請填姓名']], '說明'),
      sheet([['姓名'], ['王']], '名冊'),
      sheet([], '空白'),
    ];
    const table = findColumns(sheets, WANTED);
    expect(table.rows.map(({ get }) => get('name'))).toEqual(['王']);
    expect(remarksOf(table)).toEqual(['沒有讀入的工作表：「說明」']);
  });
});
