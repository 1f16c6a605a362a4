import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';

export interface SheetColumn {
  index: number;
  label: string;
  note: string;
  width: number;
  kind: 'text' | 'check' | 'choice';
  choices: string[];
  locked: boolean;
}

export interface SheetState {
  columns: SheetColumn[];
  rows: { index: number; cells: (string | number | boolean)[]; colour: string }[];
}

const LABEL_ROW = 1;
const FIRST_ROW = 2;

/** One tab as the page's grid needs it: the hidden key row left out, the label row as header. */
export function describeSheet(book: sheets_v4.Schema$Spreadsheet, gid: number): SheetState {
  const sheet = book.sheets?.find((each) => each.properties?.sheetId === gid) ?? book.sheets?.[0];
  const data = sheet?.data?.[0];
  const rows = data?.rowData ?? [];
  const header = rows[LABEL_ROW]?.values ?? [];
  const sample = rows[FIRST_ROW]?.values ?? [];
  const columns = header.map((cell, index): SheetColumn => {
    const condition = sample[index]?.dataValidation?.condition;
    return {
      index,
      label: cell.formattedValue ?? '',
      note: cell.note ?? '',
      width: data?.columnMetadata?.[index]?.pixelSize ?? 100,
      kind: condition?.type === 'BOOLEAN' ? 'check' : condition?.type === 'ONE_OF_LIST' ? 'choice' : 'text',
      choices: condition?.values?.map((value) => value.userEnteredValue ?? '') ?? [],
      locked: isLocked(sheet?.protectedRanges ?? [], index),
    };
  });
  const body = rows.slice(FIRST_ROW).flatMap(({ values = [] }, offset) => {
    const cells = columns.map((_, index) => valueOf(values[index]));
    if (cells.every((cell) => cell === '' || cell === false)) return [];
    return [{ index: FIRST_ROW + offset, cells, colour: colourOf(sheet?.conditionalFormats ?? [], cells) }];
  });
  return { columns, rows: body };
}

function valueOf(cell: sheets_v4.Schema$CellData | undefined): string | number | boolean {
  const value = cell?.userEnteredValue;
  return value?.boolValue ?? value?.numberValue ?? value?.stringValue ?? value?.formulaValue ?? '';
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
function colourOf(
  rules: readonly sheets_v4.Schema$ConditionalFormatRule[],
  cells: readonly unknown[],
): string {
  for (const { booleanRule } of rules) {
    const formula = booleanRule?.condition?.values?.[0]?.userEnteredValue ?? '';
    const filled = /^=LEN\(\$([A-Z]+)3\)>0$/u.exec(formula);
    const contains = /^=ISNUMBER\(SEARCH\("(.*)",\$([A-Z]+)3\)\)$/u.exec(formula);
    const cell = String(cells[columnIndex(filled?.[1] ?? contains?.[2] ?? 'A')] ?? '');
    const holds = filled ? cell !== '' : contains ? cell.includes(contains[1] ?? '') : false;
    if (holds) return cssColour(booleanRule?.format?.backgroundColor ?? {});
  }
  return '';
}

function columnIndex(letters: string): number {
  return [...letters].reduce((index, letter) => index * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function cssColour({ red, green, blue }: sheets_v4.Schema$Color): string {
  return `rgb(${[red, green, blue].map((part) => Math.round((part ?? 0) * 255)).join(' ')})`;
}
