import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { recordOf } from '../../../contract/records.ts';
import {
  type Column,
  FIRST_DATA_ROW,
  keysOf,
  LABEL_ROW,
  ownedBy,
  type TabSpec,
} from '../../../contract/tabs.ts';

/** Rows of a fresh tab, with room for its charts. The grid grows with its rows. */
const FRESH_ROWS = 50;
const FIRST = FIRST_DATA_ROW - 1;
/** What of a cell a label fills. */
const LABEL_FIELDS = 'userEnteredValue,userEnteredFormat,note';
const HEADER_COLOUR = { red: 0.89, green: 0.93, blue: 0.97 };
/** Of cells that no person fills in; those that one does stay white. */
const SERVICE_COLOUR = { red: 0.93, green: 0.945, blue: 0.94 };

type Request = sheets_v4.Schema$Request;

/** A label as it stands in row 2. */
function labelCell({ label, note }: Pick<Column, 'label' | 'note'>): sheets_v4.Schema$CellData {
  return {
    userEnteredValue: { stringValue: label },
    userEnteredFormat: {
      textFormat: { bold: true },
      backgroundColor: HEADER_COLOUR,
      wrapStrategy: 'WRAP',
    },
    ...(note ? { note } : {}),
  };
}

/** Writes one column's label. */
export function labelRequest(
  sheetId: number,
  column: Pick<Column, 'label' | 'note'>,
  index: number,
): Request {
  return {
    updateCells: {
      start: { sheetId, rowIndex: LABEL_ROW - 1, columnIndex: index },
      rows: [{ values: [labelCell(column)] }],
      fields: LABEL_FIELDS,
    },
  };
}

/** Writes the keys and the labels, hides the row of keys and freezes both, as every managed tab has them. */
function headerRequests(sheetId: number, columns: Record<string, Pick<Column, 'label' | 'note'>>): Request[] {
  return [
    {
      updateCells: {
        start: { sheetId, rowIndex: 0, columnIndex: 0 },
        rows: [
          { values: Object.keys(columns).map((key) => ({ userEnteredValue: { stringValue: key } })) },
          { values: Object.values(columns).map(labelCell) },
        ],
        fields: LABEL_FIELDS,
      },
    },
    {
      updateSheetProperties: {
        properties: { sheetId, gridProperties: { frozenRowCount: 2 } },
        fields: 'gridProperties.frozenRowCount',
      },
    },
    {
      updateDimensionProperties: {
        range: { sheetId, dimension: 'ROWS', startIndex: 0, endIndex: 1 },
        properties: { hiddenByUser: true },
        fields: 'hiddenByUser',
      },
    },
  ];
}

/** A colour for whole rows, or a view of some rows, that depends on what one column says. */
export interface RowRule<K extends string> {
  title: string;
  column: K;
  /** The text to look for; without it the rule holds for every cell that is not blank. */
  contains?: string;
  /** The colour of the rows; without it the rule only makes a filter view. */
  colour?: { red: number; green: number; blue: number };
}

export interface TabLook<K extends string> {
  /** Choices of the drop-down columns. */
  choices: Partial<Record<K, readonly string[]>>;
  /** Cells of the service on which a row's own choices depend. */
  choicesBy?: readonly K[];
  /** Columns in which nothing can ever stand here, so that they are not shown. */
  hidden?: readonly K[];
  /** Nobody but the service and the script may edit anything. */
  closed?: boolean;
  rules?: readonly RowRule<K>[];
  charts?: readonly ChartLook<K>[];
}

/** A chart of some of the tab's rows, counted from the first one with data; the first column names them. */
export interface ChartLook<K extends string> {
  title: string;
  from: number;
  rows: number;
  /** One series each; named by their labels where the rows begin below them. */
  columns: readonly K[];
}

/** Columns that a chart of Google's default width covers, with the free one before it. */
const CHART_COLUMNS = 8;

/** Everything that a fresh tab cannot do without: its grid, headers, widths, protection. */
export function tabRequests<K extends string>(
  spec: TabSpec<K>,
  sheetId: number,
  look: TabLook<K>,
): Request[] {
  const keys = keysOf(spec);
  const columns = recordOf(keys, (key) => keys.indexOf(key));
  const columnCount = keys.length + (look.charts ? CHART_COLUMNS : 0);
  return [
    {
      updateSheetProperties: {
        properties: { sheetId, gridProperties: { rowCount: FRESH_ROWS, columnCount } },
        fields: 'gridProperties(rowCount,columnCount)',
      },
    },
    ...headerRequests(sheetId, spec.columns),
    ...keys.flatMap((key) => widthRequests(spec.columns[key], sheetId, columns[key])),
    ...hidingRequests(sheetId, columns, look.hidden ?? []),
    ...protectionRequests(spec, sheetId, look, columns),
  ];
}

/**
 * What makes a fresh tab easier to look at: frozen columns, colours, filter views, charts. Google refuses a batch as a
 * whole, so that these go in one of their own: an office without a chart works, one without its tabs does not.
 */
export function decorationRequests<K extends string>(
  spec: TabSpec<K>,
  sheetId: number,
  look: Pick<TabLook<K>, 'rules' | 'charts'>,
): Request[] {
  const keys = keysOf(spec);
  const columns = recordOf(keys, (key) => keys.indexOf(key));
  return [
    ...frozenRequests(spec, sheetId, columns),
    ...(look.rules ?? []).flatMap((rule) => ruleRequests(sheetId, rule, columns)),
    ...(look.charts ?? []).map((chart, index) => chartRequest(keys, sheetId, chart, index)),
  ];
}

/**
 * Freezes the columns that are to stay in sight as far as they are the leftmost ones: frozen together with what lies
 * between them in an older office, they would leave no room for the rest of the row.
 */
export function frozenRequests<K extends string>(
  { frozen = [] }: Pick<TabSpec<K>, 'frozen'>,
  sheetId: number,
  columns: Readonly<Record<K, number>>,
): Request[] {
  const places = new Set(frozen.map((key) => columns[key]));
  let frozenColumnCount = 0;
  while (places.has(frozenColumnCount)) frozenColumnCount += 1;
  if (frozenColumnCount === 0) return [];
  const properties = { sheetId, gridProperties: { frozenColumnCount } };
  return [{ updateSheetProperties: { properties, fields: 'gridProperties.frozenColumnCount' } }];
}

/** What the service's own protections are called: by that they are found again. */
export const PROTECTIONS = {
  whole: '收件資料由系統寫入，請勿更動',
  header: '標題列由系統維護',
  columns: '這些欄位由系統維護，請在可填寫的欄位填寫',
} as const;

export function protectionRequests<K extends string>(
  spec: TabSpec<K>,
  sheetId: number,
  { closed = false }: Pick<TabLook<K>, 'closed'>,
  columns: Record<K, number>,
): Request[] {
  if (closed) return [protect({ sheetId }, PROTECTIONS.whole)];
  // A row that is inserted where a range begins pushes the range down. The first case would lie above it, unprotected.
  const top = ownedBy(spec, 'person').length > 0 ? LABEL_ROW - 1 : FIRST;
  return [
    protect({ sheetId, startRowIndex: 0, endRowIndex: FIRST }, PROTECTIONS.header),
    ...runsOf(ownedBy(spec, 'service').map((key) => columns[key])).map(([start, end]) =>
      protect(
        { sheetId, startRowIndex: top, startColumnIndex: start, endColumnIndex: end },
        PROTECTIONS.columns,
      ),
    ),
  ];
}

/** Rows of a tab, as [from, to). */
export interface Rows {
  from: number;
  to: number;
}

function cellsOf(sheetId: number, column: number, rows: Rows): sheets_v4.Schema$GridRange {
  return {
    sheetId,
    startRowIndex: rows.from,
    endRowIndex: rows.to,
    startColumnIndex: column,
    endColumnIndex: column + 1,
  };
}

/**
 * The drop-down of one column in some rows.
 * @param strict whether Google refuses what is not in the list
 */
export function dropDownRequest(
  sheetId: number,
  column: number,
  choices: readonly string[],
  rows: Rows,
  strict = true,
): Request {
  const values = choices.map((userEnteredValue) => ({ userEnteredValue }));
  const rule = { condition: { type: 'ONE_OF_LIST', values }, strict, showCustomUi: true };
  return { setDataValidation: { range: cellsOf(sheetId, column, rows), rule } };
}

/** Hides columns in which nothing can stand; the person who wants to see one may show it. */
export function hidingRequests<K extends string>(
  sheetId: number,
  columns: Readonly<Record<K, number>>,
  hidden: readonly K[],
  hiddenByUser = true,
): Request[] {
  return runsOf(hidden.map((key) => columns[key])).map(([startIndex, endIndex]) => ({
    updateDimensionProperties: {
      range: { sheetId, dimension: 'COLUMNS', startIndex, endIndex },
      properties: { hiddenByUser },
      fields: 'hiddenByUser',
    },
  }));
}

/**
 * What rows with cases need and blank ones must not have: check boxes, drop-downs, and formats. An untouched check box
 * may count as data: laid over blank rows, the next case would land below them.
 */
export function rowRequests<K extends string>(
  spec: Pick<TabSpec<K>, 'columns'>,
  sheetId: number,
  columns: Readonly<Record<K, number>>,
  choices: TabLook<K>['choices'],
  rows: Rows,
): Request[] {
  if (rows.to <= rows.from) return [];
  const entering = keysOf(spec).flatMap((key): Request[] => {
    const range = cellsOf(sheetId, columns[key], rows);
    const list = choices[key];
    if (spec.columns[key].kind === 'check')
      return [{ setDataValidation: { range, rule: { condition: { type: 'BOOLEAN' }, strict: true } } }];
    return list ? [dropDownRequest(sheetId, columns[key], list, rows)] : [];
  });
  return [...entering, ...formatRequests(spec, sheetId, columns, rows)];
}

/**
 * Grey and white tell whose cells are whose, where both write in a tab; long texts are read without opening each cell.
 * Persons' words are texts: without that format 0912345678 loses its zero, 2020/5/1 becomes a number and =請補件 an error.
 */
function formatRequests<K extends string>(
  spec: Pick<TabSpec<K>, 'columns'>,
  sheetId: number,
  columns: Readonly<Record<K, number>>,
  rows: Rows,
): Request[] {
  const persons = ownedBy(spec, 'person');
  const format = (keys: readonly K[], own: sheets_v4.Schema$CellFormat): Request[] => {
    const userEnteredFormat = { ...own, wrapStrategy: 'WRAP' };
    const fields = `userEnteredFormat(${Object.keys(userEnteredFormat).join(',')})`;
    return runsOf(keys.map((key) => columns[key])).map(([start, end]) => ({
      repeatCell: {
        range: { ...cellsOf(sheetId, start, rows), endColumnIndex: end },
        cell: { userEnteredFormat },
        fields,
      },
    }));
  };
  return [
    ...format(ownedBy(spec, 'service'), persons.length > 0 ? { backgroundColor: SERVICE_COLOUR } : {}),
    ...format(
      persons.filter((key) => !spec.columns[key].kind),
      { numberFormat: { type: 'TEXT' } },
    ),
  ];
}

/** Takes check boxes and drop-downs away from blank rows, over which earlier releases laid them. */
export function blankRowRequests<K extends string>(
  spec: Pick<TabSpec<K>, 'columns'>,
  sheetId: number,
  columns: Readonly<Record<K, number>>,
  rows: Rows,
): Request[] {
  if (rows.to <= rows.from) return [];
  return keysOf(spec).flatMap((key): Request[] => {
    const { kind } = spec.columns[key];
    if (kind === undefined) return [];
    const fields = kind === 'check' ? 'userEnteredValue,dataValidation' : 'dataValidation';
    return [{ updateCells: { range: cellsOf(sheetId, columns[key], rows), fields } }];
  });
}

/** How wide a column is, and whether it shows. */
export function widthRequests({ width, hidden }: Column, sheetId: number, index: number): Request[] {
  if (!width && !hidden) return [];
  return [
    {
      updateDimensionProperties: {
        range: { sheetId, dimension: 'COLUMNS', startIndex: index, endIndex: index + 1 },
        properties: { ...(width ? { pixelSize: width } : {}), ...(hidden ? { hiddenByUser: true } : {}) },
        fields: [...(width ? ['pixelSize'] : []), ...(hidden ? ['hiddenByUser'] : [])].join(','),
      },
    },
  ];
}

/** Runs of neighbouring columns, as [start, end). */
export function runsOf(indexes: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const index of indexes.toSorted((one, other) => one - other)) {
    const last = runs.at(-1);
    if (last && last[1] === index) last[1] = index + 1;
    else runs.push([index, index + 1]);
  }
  return runs;
}

/** Nobody is named: the owner, whose consent the service has, edits protected cells all the same. */
function protect(range: sheets_v4.Schema$GridRange, description: string): Request {
  return {
    addProtectedRange: {
      protectedRange: { range, description, warningOnly: false, editors: { users: [] } },
    },
  };
}

/** Makes the colour and the filter view of one rule. */
export function ruleRequests<K extends string>(
  sheetId: number,
  rule: RowRule<K>,
  columns: Record<K, number>,
): Request[] {
  const index = columns[rule.column];
  const width = Math.max(...Object.values<number>(columns)) + 1;
  // Without an end: what is inserted below belongs to it too.
  const body = { sheetId, startRowIndex: FIRST };
  const text = rule.contains;
  const condition =
    text === undefined
      ? { type: 'NOT_BLANK' }
      : { type: 'TEXT_CONTAINS', values: [{ userEnteredValue: text }] };
  const view = {
    title: rule.title,
    range: {
      sheetId,
      startRowIndex: 1,
      startColumnIndex: 0,
      endColumnIndex: width,
    },
    filterSpecs: [{ columnIndex: index, filterCriteria: { condition } }],
  };
  const cell = `$${columnLetter(index)}${FIRST_DATA_ROW}`;
  const test =
    text === undefined ? `=LEN(${cell})>0` : `=ISNUMBER(SEARCH("${text.replaceAll('"', '""')}",${cell}))`;
  const format = rule.colour && {
    addConditionalFormatRule: {
      rule: {
        ranges: [{ ...body, startColumnIndex: 0, endColumnIndex: width }],
        booleanRule: {
          condition: { type: 'CUSTOM_FORMULA', values: [{ userEnteredValue: test }] },
          format: { backgroundColor: rule.colour },
        },
      },
      index: 0,
    },
  };
  return [{ addFilterView: { filter: view } }, ...(format ? [format] : [])];
}

/** Rows that a chart of Google's default height covers. */
const CHART_ROWS = 19;

function chartRequest<K extends string>(
  keys: readonly K[],
  sheetId: number,
  { title, from, rows, columns }: ChartLook<K>,
  nth: number,
): Request {
  const headerCount = from === 0 ? 1 : 0;
  const source = (index: number) => ({
    sourceRange: {
      sources: [
        {
          sheetId,
          startRowIndex: FIRST + from - headerCount,
          endRowIndex: FIRST + from + rows,
          startColumnIndex: index,
          endColumnIndex: index + 1,
        },
      ],
    },
  });
  const anchorCell = { sheetId, rowIndex: FIRST + nth * CHART_ROWS, columnIndex: keys.length + 1 };
  return {
    addChart: {
      chart: {
        spec: {
          title,
          basicChart: {
            chartType: 'BAR',
            legendPosition: headerCount > 0 ? 'BOTTOM_LEGEND' : 'NO_LEGEND',
            headerCount,
            domains: [{ domain: source(0) }],
            series: columns.map((column) => ({ series: source(keys.indexOf(column)) })),
          },
        },
        position: { overlayPosition: { anchorCell } },
      },
    },
  };
}

function columnLetter(index: number): string {
  return index < 26
    ? String.fromCharCode(65 + index)
    : columnLetter(Math.floor(index / 26) - 1) + columnLetter(index % 26);
}
