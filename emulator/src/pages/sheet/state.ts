import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { mayEditRange, type Writer } from '../../sheets/ranges/protection.ts';
import { type CellData, formattedOf, type Tab, valueOf, widthOf } from '../../sheets/workbook.ts';
import { describeCharts, type SheetChart } from './charts.ts';
import { describeColours, describeViews, type SheetView } from './views.ts';

export interface SheetColumn {
  index: number;
  label: string;
  note: string;
  width: number;
  kind: 'text' | 'check' | 'choice';
  choices: string[];
  locked: boolean;
  hidden: boolean;
  /** No program keeps anything in its hidden cells above the header: a person may delete it. */
  own: boolean;
}

export interface SheetRow {
  index: number;
  cells: (string | number | boolean)[];
  colour: string;
}

export interface SheetLook {
  columns: SheetColumn[];
  views: SheetView[];
  charts: SheetChart[];
}

export interface SheetState extends SheetLook {
  rows: SheetRow[];
}

/** A tab without a header is shown with some room to write in. */
const PLAIN_ROWS = 20;
const PLAIN_COLUMNS = 8;

/** How many rows stand above the data; the last of them is the header. */
export function frozenRowsOf(tab: Readonly<Tab>): number {
  return tab.properties.gridProperties?.frozenRowCount ?? 0;
}

/** One tab as the page's grid needs it: hidden rows left out, the last frozen row as header. */
export function describeSheet(tab: Readonly<Tab>, writer: Writer): SheetState {
  const first = frozenRowsOf(tab);
  const columns = first > 0 ? headedColumns(tab, first, writer) : plainColumns(tab, writer);
  const colourOf = describeColours(tab.conditionalFormats);
  const rows: SheetRow[] = [];
  for (let index = first; index < Math.max(tab.rows.length, first > 0 ? 0 : PLAIN_ROWS); index += 1) {
    if (tab.rowMetadata[index]?.hiddenByUser) continue;
    const line = tab.rows[index] ?? [];
    const cells = columns.map((column) => shownValue(line[column.index]));
    rows.push({ index, cells, colour: colourOf(cells) });
  }
  // Blank rows between are rows that somebody inserted; below the last there is nothing to see.
  if (first > 0) rows.length = rows.findLastIndex(({ cells }) => !cells.every(isBlank)) + 1;
  return { columns, rows, views: describeViews(tab), charts: describeCharts(tab) };
}

/** A number is shown in its own format: a date that was typed is not its serial number. */
export function shownValue(cell: CellData | undefined): string | number | boolean {
  const value = valueOf(cell) ?? '';
  return typeof value === 'number' && cell?.userEnteredFormat?.numberFormat ? formattedOf(cell) : value;
}

const isBlank = (cell: unknown) => cell === '' || cell === false;

function headedColumns(tab: Readonly<Tab>, frozen: number, writer: Writer): SheetColumn[] {
  const sample = tab.rows[frozen] ?? [];
  const hidden = tab.rows.slice(0, frozen - 1).filter((_, row) => tab.rowMetadata[row]?.hiddenByUser);
  const labels = tab.rows[frozen - 1] ?? [];
  return Array.from({ length: widthOf(tab) }, (_, index): SheetColumn => {
    const cell = labels[index];
    const condition = sample[index]?.dataValidation?.condition;
    return {
      index,
      label: formattedOf(cell),
      note: cell?.note ?? '',
      width: tab.columnMetadata[index]?.pixelSize ?? 100,
      kind: condition?.type === 'BOOLEAN' ? 'check' : condition?.type === 'ONE_OF_LIST' ? 'choice' : 'text',
      choices: condition?.values?.map((value) => value.userEnteredValue ?? '') ?? [],
      locked: isLocked(tab.protectedRanges, index, writer),
      hidden: tab.columnMetadata[index]?.hiddenByUser ?? false,
      own: hidden.every((row) => !valueOf(row?.[index])),
    };
  });
}

function plainColumns(tab: Readonly<Tab>, writer: Writer): SheetColumn[] {
  return Array.from({ length: Math.max(widthOf(tab), PLAIN_COLUMNS) }, (_, index) => ({
    index,
    label: String.fromCodePoint(65 + (index % 26)),
    note: '',
    width: 120,
    kind: 'text',
    choices: [],
    locked: isLocked(tab.protectedRanges, index, writer),
    hidden: false,
    own: true,
  }));
}

function isLocked(
  ranges: readonly sheets_v4.Schema$ProtectedRange[],
  column: number,
  writer: Writer,
): boolean {
  return ranges.some(
    ({ range, ...rest }) =>
      !mayEditRange(rest, writer) &&
      range?.endRowIndex === undefined &&
      column >= (range?.startColumnIndex ?? 0) &&
      column < (range?.endColumnIndex ?? Number.POSITIVE_INFINITY),
  );
}
