import { writeXlsx } from 'hucre/xlsx';
import type { CellStyle, CellValue, Cell } from 'hucre';
import {
  columnWidths,
  PAGE_CM,
  pageLine,
  type PrintedTable,
  rowHeight,
  TABLE_CM,
  TEXT_POINTS,
  TITLE_POINTS,
} from './printed-table.ts';
import { inert } from './table.ts';

const CM_PER_INCH = 2.54;
/** Excel counts widths in digits of its usual letters: 7 pixels each, and 5 of padding. */
const excelWidth = (cm: number) => Math.max(1, ((cm / CM_PER_INCH) * 96 - 5) / 7);

const LINE = { style: 'thin', color: { rgb: '000000' } } as const;
const BORDER = { top: LINE, bottom: LINE, left: LINE, right: LINE };
const styleOf = (
  horizontal: 'left' | 'center' | 'right',
  rest: { size?: number; bold?: true; border?: true; fill?: string } = {},
): CellStyle => ({
  font: { name: '標楷體', size: rest.size ?? TEXT_POINTS, ...(rest.bold ? { bold: true } : {}) },
  alignment: { horizontal, vertical: 'center', wrapText: true },
  ...(rest.border ? { border: BORDER } : {}),
  ...(rest.fill ? { fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: rest.fill } } } : {}),
});
const STYLES = {
  title: styleOf('center', { size: TITLE_POINTS, bold: true }),
  line: styleOf('left'),
  head: styleOf('center', { bold: true, border: true, fill: 'E7E6E6' }),
  text: styleOf('left', { border: true }),
  number: styleOf('center', { border: true }),
  total: styleOf('right', { bold: true, border: true }),
};

/** Writes the table as .xlsx, ready to be printed. */
export async function exportPrintedXlsx(table: PrintedTable): Promise<Uint8Array> {
  const { title, lines, columns, rows, total } = table;
  const widths = columnWidths(table, TABLE_CM);
  const headRow = 1 + lines.length;
  const lastRow = headRow + rows.length + 1;
  const wide = new Map([
    [0, { text: title, style: STYLES.title }],
    ...lines.map((text, i) => [i + 1, { text, style: STYLES.line }] as const),
    [lastRow, { text: total, style: STYLES.total }],
  ]);
  const values: CellValue[][] = [];
  const cells = new Map<string, Partial<Cell>>();
  const put = (row: number, column: number, value: string | number, style: CellStyle) => {
    // A blank text is no blank cell: a filter would list it.
    (values[row] ??= [])[column] = value === '' ? null : inert(value);
    cells.set(`${row},${column}`, { style });
  };
  // Each merged cell has its border of its own, or the line ends after the first column.
  for (const [row, { text, style }] of wide)
    for (const column of columns.keys()) put(row, column, column === 0 ? text : '', style);
  for (const [column, { label }] of columns.entries()) put(headRow, column, label, STYLES.head);
  for (const [index, row] of rows.entries())
    for (const [column, value] of row.entries())
      put(headRow + 1 + index, column, value, typeof value === 'number' ? STYLES.number : STYLES.text);
  const margin = PAGE_CM.margin / CM_PER_INCH;
  const repeated = `$${headRow + 1}:$${headRow + 1}`;
  return writeXlsx({
    properties: { title: String(inert(title)) },
    sheets: [
      {
        name: '名冊',
        rows: values,
        cells,
        columns: widths.map((width) => ({ width: excelWidth(width) })),
        merges:
          columns.length > 1
            ? [...wide.keys()].map((row) => ({
                startRow: row,
                endRow: row,
                startCol: 0,
                endCol: columns.length - 1,
              }))
            : [],
        // Programs fit the height of a row to its text by themselves, but not of one that is merged.
        rowDefs: new Map(
          [...wide].map(([row, { text, style }]) => [
            row,
            { height: rowHeight([text], [TABLE_CM], style.font?.size) },
          ]),
        ),
        freezePane: { rows: headRow + 1 },
        pageSetup: {
          paperSize: 'a4',
          orientation: 'landscape',
          fitToPage: true,
          fitToWidth: 1,
          fitToHeight: 0,
          margins: { top: margin, bottom: margin, left: margin, right: margin, header: 0.3, footer: 0.3 },
          printTitlesRow: repeated,
          horizontalCentered: true,
        },
        headerFooter: { oddFooter: `&C${pageLine('&P', '&N')}` },
      },
    ],
  });
}
