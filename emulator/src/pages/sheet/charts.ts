import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { formattedOf, type Tab, valueOf } from '../../sheets/workbook.ts';

/** What a native chart of the tab shows. */
export interface SheetChart {
  title: string;
  kind: 'bars' | 'columns' | 'lines';
  labels: string[];
  series: { name: string; values: number[] }[];
}

/** Basic charts of this tab's own cells, with the numbers that stand there now. */
export function describeCharts(tab: Readonly<Tab>): SheetChart[] {
  return tab.charts.flatMap(({ spec }) => {
    const basic = spec?.basicChart;
    if (!basic) return [];
    const cellsOf = (data: sheets_v4.Schema$ChartData | undefined) =>
      cellsIn(tab, data?.sourceRange?.sources?.[0] ?? {});
    const header = basic.headerCount ?? 0;
    const labels = cellsOf(basic.domains?.[0]?.domain).slice(header).map(formattedOf);
    const series = (basic.series ?? []).map(({ series: data }) => {
      const cells = cellsOf(data);
      return {
        name: header > 0 ? formattedOf(cells[0]) : '',
        values: cells.slice(header).map((cell) => Number(valueOf(cell) ?? 0)),
      };
    });
    const kind = basic.chartType === 'LINE' ? 'lines' : basic.chartType === 'COLUMN' ? 'columns' : 'bars';
    return [{ title: spec.title ?? '', kind, labels, series } satisfies SheetChart];
  });
}

/** Reads the cells of a range that is one column or one row wide. */
function cellsIn(tab: Readonly<Tab>, range: sheets_v4.Schema$GridRange) {
  const [top, left] = [range.startRowIndex ?? 0, range.startColumnIndex ?? 0];
  const [bottom, right] = [range.endRowIndex ?? tab.rows.length, range.endColumnIndex ?? left + 1];
  const cells = [];
  for (let row = top; row < bottom; row += 1)
    for (let column = left; column < right; column += 1) cells.push(tab.rows[row]?.[column]);
  return cells;
}
