import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { FIRST_DATA_ROW, KEY_ROW, LABEL_ROW } from '../../../contract/tabs.ts';
import { formattedOf, type Tab, valueOf } from '../sheets/workbook.ts';
import { describeCharts, type SheetChart } from './sheet-charts.ts';
import { describeColours, describeViews, type SheetView } from './sheet-views.ts';

export interface SheetColumn {
  index: number;
  label: string;
  note: string;
  width: number;
  kind: 'text' | 'check' | 'choice';
  choices: string[];
  locked: boolean;
  hidden: boolean;
  /** Inserted by a person: the service knows nothing of it. */
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

/** A tab that is none of the office's is shown with some room to write in. */
const PLAIN_ROWS = 20;
const PLAIN_COLUMNS = 8;

/** One tab as the page's grid needs it: the hidden key row left out, the label row as header. */
export function describeSheet(tab: Readonly<Tab>): SheetState {
  const keys = tab.rows[KEY_ROW - 1] ?? [];
  const plain = !keys.some((cell) => valueOf(cell));
  const columns = plain ? plainColumns(tab) : keyedColumns(tab);
  const colourOf = describeColours(tab.conditionalFormats);
  const first = plain ? 0 : FIRST_DATA_ROW - 1;
  const rows: SheetRow[] = [];
  for (let index = first; index < Math.max(tab.rows.length, plain ? PLAIN_ROWS : 0); index += 1) {
    const line = tab.rows[index] ?? [];
    const cells = columns.map((column) => valueOf(line[column.index]) ?? '');
    rows.push({ index, cells, colour: colourOf(cells) });
  }
  // Blank rows between are rows that somebody inserted; below the last there is nothing to see.
  if (!plain) rows.length = rows.findLastIndex(({ cells }) => !cells.every(isBlank)) + 1;
  return { columns, rows, views: describeViews(tab), charts: describeCharts(tab) };
}

const isBlank = (cell: unknown) => cell === '' || cell === false;

function keyedColumns(tab: Readonly<Tab>): SheetColumn[] {
  const sample = tab.rows[FIRST_DATA_ROW - 1] ?? [];
  const keys = tab.rows[KEY_ROW - 1] ?? [];
  return Array.from(tab.rows[LABEL_ROW - 1] ?? [], (cell, index): SheetColumn => {
    const condition = sample[index]?.dataValidation?.condition;
    return {
      index,
      label: formattedOf(cell),
      note: cell?.note ?? '',
      width: tab.columnMetadata[index]?.pixelSize ?? 100,
      kind: condition?.type === 'BOOLEAN' ? 'check' : condition?.type === 'ONE_OF_LIST' ? 'choice' : 'text',
      choices: condition?.values?.map((value) => value.userEnteredValue ?? '') ?? [],
      locked: isLocked(tab.protectedRanges, index),
      hidden: tab.columnMetadata[index]?.hiddenByUser ?? false,
      own: !valueOf(keys[index]),
    };
  });
}

function plainColumns(tab: Readonly<Tab>): SheetColumn[] {
  const used = Math.max(0, ...Array.from(tab.rows, (row) => row?.length ?? 0));
  return Array.from({ length: Math.max(used, PLAIN_COLUMNS) }, (_, index) => ({
    index,
    label: String.fromCodePoint(65 + (index % 26)),
    note: '',
    width: 120,
    kind: 'text',
    choices: [],
    locked: isLocked(tab.protectedRanges, index),
    hidden: false,
    own: true,
  }));
}

function isLocked(ranges: readonly sheets_v4.Schema$ProtectedRange[], column: number): boolean {
  return ranges.some(
    ({ range }) =>
      range?.endRowIndex === undefined &&
      column >= (range?.startColumnIndex ?? 0) &&
      column < (range?.endColumnIndex ?? Number.POSITIVE_INFINITY),
  );
}
