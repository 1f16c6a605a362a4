import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { formattedOf, type Tab, valueOf } from '../sheets/workbook.ts';

export interface SheetColumn {
  index: number;
  label: string;
  note: string;
  width: number;
  kind: 'text' | 'check' | 'choice';
  choices: string[];
  locked: boolean;
}

export interface SheetRow {
  index: number;
  cells: (string | number | boolean)[];
  colour: string;
}

export interface SheetState {
  columns: SheetColumn[];
  rows: SheetRow[];
}

const LABEL_ROW = 1;
const FIRST_ROW = 2;

/** One tab as the page's grid needs it: the hidden key row left out, the label row as header. */
export function describeSheet(tab: Readonly<Tab>): SheetState {
  const header = tab.rows[LABEL_ROW] ?? [];
  const sample = tab.rows[FIRST_ROW] ?? [];
  const columns = Array.from(header, (cell, index): SheetColumn => {
    const condition = sample[index]?.dataValidation?.condition;
    return {
      index,
      label: formattedOf(cell),
      note: cell?.note ?? '',
      width: tab.columnMetadata[index]?.pixelSize ?? 100,
      kind: condition?.type === 'BOOLEAN' ? 'check' : condition?.type === 'ONE_OF_LIST' ? 'choice' : 'text',
      choices: condition?.values?.map((value) => value.userEnteredValue ?? '') ?? [],
      locked: isLocked(tab.protectedRanges, index),
    };
  });
  const colourOf = colouring(tab.conditionalFormats);
  const rows: SheetRow[] = [];
  for (let index = FIRST_ROW; index < tab.rows.length; index += 1) {
    const line = tab.rows[index];
    if (!line) continue;
    const cells = columns.map((column) => valueOf(line[column.index]) ?? '');
    if (cells.every((cell) => cell === '' || cell === false)) continue;
    rows.push({ index, cells, colour: colourOf(cells) });
  }
  return { columns, rows };
}

function isLocked(ranges: readonly sheets_v4.Schema$ProtectedRange[], column: number): boolean {
  return ranges.some(
    ({ range }) =>
      range?.endRowIndex === undefined &&
      column >= (range?.startColumnIndex ?? 0) &&
      column < (range?.endColumnIndex ?? Number.POSITIVE_INFINITY),
  );
}

/** The two shapes of formula that our tabs are coloured by; any other rule is not shown here. */
function colouring(rules: readonly sheets_v4.Schema$ConditionalFormatRule[]) {
  const known = rules.flatMap(({ booleanRule }) => {
    const formula = booleanRule?.condition?.values?.[0]?.userEnteredValue ?? '';
    const filled = /^=LEN\(\$([A-Z]+)3\)>0$/u.exec(formula);
    const contains = /^=ISNUMBER\(SEARCH\("(.*)",\$([A-Z]+)3\)\)$/u.exec(formula);
    const letters = filled?.[1] ?? contains?.[2];
    if (!letters) return [];
    const colour = cssColour(booleanRule?.format?.backgroundColor ?? {});
    return [{ column: columnIndex(letters), text: contains?.[1] ?? '', colour }];
  });
  return (cells: readonly unknown[]): string =>
    known.find(({ column, text }) => {
      const cell = String(cells[column] ?? '');
      return cell !== '' && cell.includes(text);
    })?.colour ?? '';
}

function columnIndex(letters: string): number {
  return [...letters].reduce((index, letter) => index * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function cssColour({ red, green, blue }: sheets_v4.Schema$Color): string {
  return `rgb(${[red, green, blue].map((part) => Math.round((part ?? 0) * 255)).join(' ')})`;
}
