import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { columnLetters } from '../../sheets/ranges/a1.ts';
import { mayEditRange, type Writer } from '../../sheets/ranges/protection.ts';
import { type CellData, formattedOf, type Tab, valueOf } from '../../sheets/workbook.ts';
import { describeCharts, type SheetChart } from './charts.ts';
import { COLUMN_WIDTH } from '../../sheets/protocol/defaults.ts';
import { cssColour, describeColours, describeViews, type SheetView } from './views.ts';

export interface SheetColumn {
  index: number;
  /** A, B, … as formulas call it. */
  letters: string;
  label: string;
  note: string;
  width: number;
  /** The background of the header. */
  fill: string;
  /** It stands still while the others scroll by. */
  frozen: boolean;
  locked: boolean;
  hidden: boolean;
  /** No program keeps anything in its hidden cells above the header: a person may delete it. */
  own: boolean;
}

/** How one cell looks and what it takes, as the spreadsheet says it. */
export interface CellLook {
  /** Its background; '' where it has none. */
  fill: string;
  wrap: boolean;
  kind: 'text' | 'check' | 'choice';
  choices: string[];
}

export interface SheetRow {
  index: number;
  /** Down to the last that is not blank. */
  cells: (string | number | boolean)[];
  /** Which of the looks its cells have. */
  look: number;
}

export interface SheetLook {
  columns: SheetColumn[];
  views: SheetView[];
  charts: SheetChart[];
  /** Each look that a row has, once: the looks of its cells by column. */
  looks: CellLook[][];
}

export interface SheetState extends SheetLook {
  rows: SheetRow[];
}

/** How many rows stand above the data; the last of them is the header. */
export function frozenRowsOf(tab: Readonly<Tab>): number {
  return tab.properties.gridProperties?.frozenRowCount ?? 0;
}

/**
 * One tab as the page's grid needs it, and nothing that the spreadsheet does not say: its whole grid without hidden
 * rows, the last frozen row as header.
 */
export function describeSheet(tab: Readonly<Tab>, writer: Writer): SheetState {
  const first = frozenRowsOf(tab);
  const columns = describeColumns(tab, first, writer);
  const coloursOf = describeColours(tab.conditionalFormats);
  const looks = distinctLooks();
  const rows: SheetRow[] = [];
  for (let index = first; index < tab.rowCount; index += 1) {
    if (tab.rowMetadata[index]?.hiddenByUser) continue;
    const line = tab.rows[index] ?? [];
    const values = columns.map((column) => shownValue(line[column.index]));
    const colourAt = coloursOf(index, values);
    const look = looks.of(columns, (column) => lookOf(line[column], colourAt(column)));
    rows.push({ index, cells: values.slice(0, values.findLastIndex((value) => value !== '') + 1), look });
  }
  return { columns, rows, views: describeViews(tab), charts: describeCharts(tab), looks: looks.all };
}

/** Rows look alike: each look is told once. */
function distinctLooks() {
  const all: CellLook[][] = [];
  const known = new Map<string, number>();
  return {
    all,
    of(columns: readonly SheetColumn[], lookAt: (column: number) => CellLook): number {
      const look = columns.map(({ index }) => lookAt(index));
      const key = look
        .map(({ fill, wrap, kind, choices }) => [fill, wrap, kind, ...choices].join('\t'))
        .join('\n');
      const found = known.get(key) ?? all.push(look) - 1;
      known.set(key, found);
      return found;
    },
  };
}

function lookOf(cell: CellData | undefined, colour: string): CellLook {
  const format = cell?.userEnteredFormat;
  const condition = cell?.dataValidation?.condition;
  return {
    fill: colour || fillOf(format),
    wrap: format?.wrapStrategy === 'WRAP',
    kind: condition?.type === 'BOOLEAN' ? 'check' : condition?.type === 'ONE_OF_LIST' ? 'choice' : 'text',
    choices: condition?.values?.map((value) => value.userEnteredValue ?? '') ?? [],
  };
}

function fillOf(format: sheets_v4.Schema$CellFormat | undefined): string {
  return format?.backgroundColor ? cssColour(format.backgroundColor) : '';
}

/** A number is shown in its own format: a date that was typed is not its serial number. */
export function shownValue(cell: CellData | undefined): string | number | boolean {
  const value = valueOf(cell) ?? '';
  return typeof value === 'number' && cell?.userEnteredFormat?.numberFormat ? formattedOf(cell) : value;
}

function describeColumns(tab: Readonly<Tab>, frozenRows: number, writer: Writer): SheetColumn[] {
  const { frozenColumnCount } = tab.properties.gridProperties ?? {};
  const hidden = tab.rows
    .slice(0, Math.max(0, frozenRows - 1))
    .filter((_, row) => tab.rowMetadata[row]?.hiddenByUser);
  const labels = tab.rows[frozenRows - 1];
  return Array.from({ length: tab.columnCount }, (_, index): SheetColumn => {
    const cell = labels?.[index];
    return {
      index,
      letters: columnLetters(index),
      label: labels ? formattedOf(cell) : columnLetters(index),
      note: cell?.note ?? '',
      width: tab.columnMetadata[index]?.pixelSize ?? COLUMN_WIDTH,
      fill: fillOf(cell?.userEnteredFormat),
      frozen: index < (frozenColumnCount ?? 0),
      locked: isLocked(tab.protectedRanges, index, writer),
      hidden: tab.columnMetadata[index]?.hiddenByUser ?? false,
      own: hidden.every((row) => !valueOf(row?.[index])),
    };
  });
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
