import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { exportPrintedOds } from '../../sync-service/src/exports/printed-ods.ts';
import { columnWidths, type PrintedTable, TABLE_CM } from '../../sync-service/src/exports/printed-table.ts';
import { exportPrintedXlsx } from '../../sync-service/src/exports/printed-xlsx.ts';
import { readOdsSheets } from '../../sync-service/src/tables/ods.ts';
import { readXlsxSheets } from '../../sync-service/src/tables/xlsx.ts';

const HOSTILE = [
  '=1+1',
  '＝HYPERLINK("http://x")',
  '@SUM(A1)',
  '<b>&"\'',
  '\uffff\u0000',
  'a\r\nb',
  '甲'.repeat(40_000),
];

function tableOf(changes: Partial<PrintedTable> = {}): PrintedTable {
  return {
    title: '補登名冊（第1批）',
    lines: ['依據本市補登作業辦理。', '製表日期：109年5月11日（一）'],
    columns: [{ label: '編號' }, { label: '姓名' }, { label: '證書字號' }, { label: '核對結果', room: 20 }],
    rows: [
      [1, '王小明', '南市教專字第1060000001號', ''],
      [2, '李小華', '南市教專字第1060000002號', ''],
    ],
    total: '共 2 件',
    ...changes,
  };
}

const partOf = (file: Uint8Array, part: string) => strFromU8(unzipSync(file)[part] ?? new Uint8Array());
const numbersOf = (xml: string, found: RegExp) =>
  [...xml.matchAll(found)].map(([, number]) => Number(number));
const sum = (all: readonly number[]) => all.reduce((a, b) => a + b, 0);

describe("the letter's table as .ods", () => {
  const file = exportPrintedOds(tableOf());
  const content = partOf(file, 'content.xml');
  const styles = partOf(file, 'styles.xml');

  it('begins with its type, not compressed, as readers of ODF ask for', () => {
    expect(strFromU8(file.subarray(30, 38))).toBe('mimetype');
    expect(strFromU8(file.subarray(38, 84))).toBe('application/vnd.oasis.opendocument.spreadsheet');
    for (const part of ['content.xml', 'styles.xml', 'meta.xml'])
      expect(partOf(file, 'META-INF/manifest.xml')).toContain(`full-path="${part}"`);
  });

  it('is printed on A4 landscape, with the page and the number of pages at the foot', () => {
    expect(styles).toMatch(
      /fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape"/u,
    );
    expect(styles).toMatch(
      /<style:footer><text:p[^>]*>第 <text:page-number>1<.* 頁，共 <text:page-count>1<.* 頁</u,
    );
    // The sheet goes by that page, and by no other.
    const [, page] = /<style:page-layout style:name="([^"]+)"/u.exec(styles) ?? [];
    const [, master, ofPage] =
      /<style:master-page style:name="([^"]+)" style:page-layout-name="([^"]+)"/u.exec(styles) ?? [];
    expect(ofPage).toBe(page);
    expect(content).toContain(`style:family="table" style:master-page-name="${master}"`);
  });

  it('fills the width of the page and no more', () => {
    const widths = numbersOf(content, /style:column-width="([\d.]+)cm"/gu);
    expect(widths).toHaveLength(4);
    expect(sum(widths)).toBeGreaterThan(26);
    expect(sum(widths)).toBeLessThan(26.7);
  });

  it('repeats its header, which alone is filled, and draws a line around each cell of the table', () => {
    const [header = ''] = /<table:table-header-rows>.*<\/table:table-header-rows>/u.exec(content) ?? [];
    expect(header.match(/<text:p>/gu)).toHaveLength(4);
    expect(content.indexOf('第1批')).toBeLessThan(content.indexOf(header));
    const bordered = [
      ...content.matchAll(/style:name="(\w+)" style:family="table-cell"><[^>]*fo:border="0/gu),
    ];
    expect(bordered.map(([, name]) => name)).toEqual(['head', 'text', 'number', 'total']);
    expect(content.match(/table:style-name="(?:text|number)"/gu)).toHaveLength(8);
    expect(content.match(/table:style-name="head"/gu)).toHaveLength(4);
  });

  it('names no style that it does not have', () => {
    const named = [...content.matchAll(/table:style-name="([^"]+)"/gu)].map(([, name]) => name);
    const had = [...content.matchAll(/style:name="([^"]+)" style:family/gu)].map(([, name]) => name);
    expect(had).toEqual(expect.arrayContaining([...new Set(named)]));
  });

  it('makes a row as high as its longest text needs', () => {
    const long = exportPrintedOds(tableOf({ rows: [[1, '王小明', '字'.repeat(200), '']] }));
    const heights = numbersOf(partOf(long, 'content.xml'), /style:row-height="(\d+)pt"/gu);
    expect(Math.max(...heights)).toBeGreaterThan(100);
  });

  it('keeps blanks within a text', () => {
    const spaced = exportPrintedOds(tableOf({ rows: [[1, '  王  小明', 'a\tb', '']] }));
    expect(readOdsSheets(spaced)[0]?.rows[4]?.cells.slice(1, 3)).toEqual(['  王  小明', 'a\tb']);
  });
});

describe("the letter's table as .xlsx", async () => {
  const file = await exportPrintedXlsx(tableOf());
  const sheet = partOf(file, 'xl/worksheets/sheet1.xml');

  it('is printed on A4 landscape, one page wide, with the page and the number of pages at the foot', () => {
    expect(sheet).toContain(
      '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>',
    );
    expect(sheet).toContain('<pageSetUpPr fitToPage="1"/>');
    expect(sheet).toContain('<oddFooter>&amp;C第 &amp;P 頁，共 &amp;N 頁</oddFooter>');
  });

  it('repeats the row of its header', () => {
    expect(partOf(file, 'xl/workbook.xml')).toMatch(/_xlnm\.Print_Titles"[^>]*>名冊!\$4:\$4</u);
  });

  it('has widths, merged lines, and a border around each cell of the table', () => {
    expect(numbersOf(sheet, /<col [^>]*width="([\d.]+)"/gu)).toHaveLength(4);
    const merged = [...sheet.matchAll(/<mergeCell ref="([^"]+)"/gu)].map(([, range]) => range);
    expect(merged).toEqual(['A1:D1', 'A2:D2', 'A3:D3', 'A7:D7']);
    const styles = partOf(file, 'xl/styles.xml');
    const borders = [...styles.matchAll(/<border>.*?<\/border>/gu)].map(([border]) =>
      border.includes('thin'),
    );
    const [, formats = ''] = /<cellXfs[^>]*>(.*?)<\/cellXfs>/u.exec(styles) ?? [];
    const hasBorder = numbersOf(formats, /<xf [^>]*borderId="(\d+)"/gu).map((id) => borders[id]);
    const styleOf = (cell: string) =>
      Number(new RegExp(`<c r="${cell}"[^>]*\\bs="(\\d+)"`, 'u').exec(sheet)?.[1]);
    for (const cell of ['A4', 'D4', 'A5', 'B5', 'C6', 'D6', 'A7', 'D7'])
      expect(hasBorder[styleOf(cell)], cell).toBe(true);
    for (const cell of ['A1', 'D3']) expect(hasBorder[styleOf(cell)], cell).toBe(false);
  });
});

describe.each(['ods', 'xlsx'] as const)("the letter's table as .%s", (format) => {
  const write = async (table: PrintedTable) =>
    format === 'ods' ? exportPrintedOds(table) : exportPrintedXlsx(table);
  const rowsOf = async (table: PrintedTable) => {
    const file = await write(table);
    const [sheet] = format === 'ods' ? readOdsSheets(file) : await readXlsxSheets(file);
    return sheet?.rows.map(({ cells }) => cells.map(String));
  };

  it('says title, basis, day, header, cases and their number, in this order', async () => {
    const { columns } = tableOf();
    const rows = (await rowsOf(tableOf()))?.map((row) => row.filter((cell) => cell !== ''));
    expect(rows).toEqual([
      ['補登名冊（第1批）'],
      ['依據本市補登作業辦理。'],
      ['製表日期：109年5月11日（一）'],
      columns.map(({ label }) => label),
      ['1', '王小明', '南市教專字第1060000001號'],
      ['2', '李小華', '南市教專字第1060000002號'],
      ['共 2 件'],
    ]);
  });

  it('holds no formula, wherever it was typed, and opens', async () => {
    const hostile = tableOf({
      title: HOSTILE[0] ?? '',
      lines: HOSTILE,
      columns: HOSTILE.map((label) => ({ label })),
      rows: [HOSTILE, HOSTILE.toReversed()],
      total: HOSTILE[1] ?? '',
    });
    const parts = unzipSync(await write(hostile));
    for (const [name, part] of Object.entries(parts))
      expect(strFromU8(part), name).not.toMatch(/table:formula|<f[ >]|\uffff/u);
    const texts = strFromU8(
      parts[format === 'ods' ? 'content.xml' : 'xl/sharedStrings.xml'] ?? new Uint8Array(),
    );
    const apostrophe = format === 'ods' ? '&#39;' : "'";
    expect(texts).toContain(`>${apostrophe}=1+1<`);
    expect(texts).not.toMatch(/<(?:text:p|t)[^>]*>[=＝@]/u);
    // The line that held nothing that XML can say is blank.
    expect(await rowsOf(hostile)).toHaveLength(HOSTILE.length + 4);
  });
});

describe('the widths of columns', () => {
  it('go by the longest cell, and leave room to write by hand in a blank one', () => {
    const [number = 0, name = 0, certificate = 0, check = 0] = columnWidths(tableOf(), TABLE_CM);
    expect(certificate).toBeGreaterThan(name);
    expect(name).toBeGreaterThan(number);
    expect(check).toBeGreaterThan(4);
    const wide = columnWidths(tableOf({ rows: [[1, '王'.repeat(5000), '字號', '']] }), TABLE_CM);
    expect(Math.min(...wide)).toBeGreaterThan(1);
  });
});
