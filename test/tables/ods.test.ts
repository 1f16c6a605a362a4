import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readOdsSheets } from '../../sync-service/src/tables/ods.ts';
import { TableError } from '../../sync-service/src/tables/table-error.ts';
import { odsCell, odsFile, odsRow, odsTable } from './files.ts';

const rowsOf = (tables: string, styles = '') =>
  readOdsSheets(odsFile(tables, styles)).map(({ rows }) => rows.map(({ cells }) => cells));
const cellsOf = (cells: string) => rowsOf(odsTable(`<table:table-row>${cells}</table:table-row>`))[0]?.[0];

describe('the rows of an .ods', () => {
  it('are read from header rows, outline groups within groups, and where a filter hides them', () => {
    const rows = [
      `<table:table-header-rows>${odsRow('姓名')}</table:table-header-rows>`,
      `<table:table-row-group>${odsRow('甲')}<table:table-row-group table:display="false">${odsRow('乙')}`,
      `</table:table-row-group></table:table-row-group>`,
      `<table:table-rows>${odsRow('丙').replace('<table:table-row', '<table:table-row table:visibility="filter"')}`,
      `</table:table-rows>`,
    ];
    expect(rowsOf(odsTable(rows.join('')))).toEqual([[['姓名'], ['甲'], ['乙'], ['丙']]]);
  });

  it('bear the numbers of the spreadsheet, whatever is repeated or blank between them', () => {
    const blank = '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>';
    const twice = odsRow('乙').replace('<table:table-row', '<table:table-row table:number-rows-repeated="2"');
    const rest =
      '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>';
    const [sheet] = readOdsSheets(odsFile(odsTable(odsRow('甲') + blank + twice + rest + odsRow('末'))));
    expect(sheet?.rows).toEqual([
      { line: 1, cells: ['甲'] },
      { line: 5, cells: ['乙'] },
      { line: 6, cells: ['乙'] },
      { line: 1_048_007, cells: ['末'] },
    ]);
  });

  it('are refused where there are too many cells to be a list', () => {
    const many = odsRow('甲').replace(
      '<table:table-row',
      '<table:table-row table:number-rows-repeated="99999999"',
    );
    expect(() => rowsOf(odsTable(many))).toThrow(TableError);
  });
});

describe('the cells of an .ods', () => {
  it('say what a person sees: no comment, no drawing, no reading above a name', () => {
    const annotation = '<office:annotation><text:p>註解</text:p></office:annotation>';
    const drawing = '<draw:frame><draw:text-box><text:p>圖說</text:p></draw:text-box></draw:frame>';
    const ruby =
      '<text:ruby><text:ruby-base>喆</text:ruby-base><text:ruby-text>ㄓㄜˊ</text:ruby-text></text:ruby>';
    const cell = (inner: string) =>
      `<table:table-cell office:value-type="string">${inner}</table:table-cell>`;
    expect(
      cellsOf(
        cell(`${annotation}<text:p>王小明</text:p>${drawing}`) +
          cell(`<text:p>陳${ruby}<text:span>宇</text:span></text:p>`) +
          cell(
            '<text:p>一<text:s text:c="2"/>二<text:tab/>三<text:line-break/>四</text:p><text:p>五\n   六</text:p>',
          ) +
          cell('<text:p><text:a>a@example.com</text:a> &amp; &lt;b&gt; <![CDATA[<c>]]></text:p>'),
      ),
    ).toEqual(['王小明', '陳喆宇', '一  二\t三\n四\n五\n六', 'a@example.com & <b> <c>']);
  });

  it('are numbers, dates and yes or no by their values, and codes as they are shown', () => {
    const cell = (attributes: string, shown: string) =>
      `<table:table-cell ${attributes}><text:p>${shown}</text:p></table:table-cell>`;
    const float = (value: string, shown: string) =>
      cell(`office:value-type="float" office:value="${value}"`, shown);
    const date = (value: string) => cell(`office:value-type="date" office:date-value="${value}"`, '####');
    expect(
      cellsOf(
        float('14601', '014601') +
          float('1070026587001', '1.07E+12') +
          float('106', '106') +
          date('2020-04-21') +
          date('2020-04-21T15:02:56.4') +
          date('2020-04-21T00:00:00') +
          cell('office:value-type="boolean" office:boolean-value="true"', '真') +
          cell('office:value-type="percentage" office:value="0.5"', '50%'),
      ),
    ).toEqual([
      '014601',
      '1070026587001',
      '106',
      '2020/4/21',
      '2020/4/21 15:02:56',
      '2020/4/21 0:00:00',
      'TRUE',
      '50%',
    ]);
  });

  it('stand in their columns though others are repeated, merged or blank', () => {
    const repeated = odsCell('甲').replace(' office', ' table:number-columns-repeated="2" office');
    const covered = odsCell('蓋住').replaceAll('table:table-cell', 'table:covered-table-cell');
    expect(
      cellsOf(`${repeated}<table:table-cell table:number-columns-repeated="2"/>${covered}${odsCell('乙')}`),
    ).toEqual(['甲', '甲', '', '', '', '乙']);
  });

  it('lose the apostrophe that our own exports put before what would be evaluated', () => {
    expect(cellsOf(odsCell("'=1+1") + odsCell("'＠x") + odsCell("'王"))).toEqual(['=1+1', '＠x', "'王"]);
  });
});

describe('the sheets of an .ods', () => {
  it('are those that a person sees, in their order', () => {
    const hidden =
      '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>';
    const shown =
      '<style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/></style:style>';
    const tables = [
      odsTable(odsRow('藏'), ' table:style-name="ta2"'),
      odsTable(odsRow('藏'), ' table:display="false"'),
      odsTable(odsRow('一'), ' table:style-name="ta1"'),
      odsTable(odsRow('二')),
    ];
    const copies = `<table:dde-links><table:dde-link>${odsTable(odsRow('外部'))}</table:dde-link></table:dde-links>`;
    expect(rowsOf(tables.join('') + copies, hidden + shown)).toEqual([[['一']], [['二']]]);
  });

  it('are looked for by namespace, whatever its prefix is', () => {
    const content = `<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><o:body><o:spreadsheet><table><table-row><table-cell><t:p>甲</t:p></table-cell></table-row></table></o:spreadsheet></o:body></o:document-content>`;
    const [sheet] = readOdsSheets(zipSync({ 'content.xml': strToU8(content) }));
    expect(sheet?.rows).toEqual([{ line: 1, cells: ['甲'] }]);
  });
});
