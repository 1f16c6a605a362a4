import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import type { Area } from '../ranges/a1.ts';
import { canonical } from '../protocol/canonical.ts';
import { CELL_FORMAT, COLUMN_WIDTH, ROW_HEIGHT, THEME_COLOURS } from '../protocol/defaults.ts';
import { effectiveValue, linkOf } from '../formulas/formula.ts';
import { shownText } from './values.ts';
import type { CellData, Extended, Tab, Workbook } from '../workbook.ts';

type Format = sheets_v4.Schema$CellFormat;

/** The cells of an area as Google gives them with `includeGridData`: what was entered, and what it comes to. */
export function gridData(workbook: Workbook, tab: Tab, area: Area): sheets_v4.Schema$GridData {
  const endRow = Math.min(area.endRow, tab.rowCount);
  const endColumn = Math.min(area.endColumn, tab.columnCount);
  const rowData: sheets_v4.Schema$RowData[] = [];
  for (let row = area.startRow; row < Math.min(endRow, tab.rows.length); row += 1) {
    const values: CellData[] = [];
    const width = Math.min(endColumn, tab.rows[row]?.length ?? 0);
    for (let column = area.startColumn; column < width; column += 1)
      values.push(shownCell(workbook, tab, row, column));
    while (values.length > 0 && Object.keys(values.at(-1) ?? {}).length === 0) values.pop();
    rowData.push(values.length > 0 ? { values } : {});
  }
  while (rowData.length > 0 && !rowData.at(-1)?.values) rowData.pop();
  return {
    ...(area.startRow > 0 ? { startRow: area.startRow } : {}),
    ...(area.startColumn > 0 ? { startColumn: area.startColumn } : {}),
    ...(rowData.length > 0 ? { rowData } : {}),
    rowMetadata: metadata(workbook, tab, 'ROWS', area.startRow, endRow),
    columnMetadata: metadata(workbook, tab, 'COLUMNS', area.startColumn, endColumn),
  };
}

function metadata(
  workbook: Workbook,
  tab: Tab,
  dimension: 'ROWS' | 'COLUMNS',
  start: number,
  end: number,
): sheets_v4.Schema$DimensionProperties[] {
  const [list, pixelSize] =
    dimension === 'ROWS' ? [tab.rowMetadata, ROW_HEIGHT] : [tab.columnMetadata, COLUMN_WIDTH];
  const tied = workbook.developerMetadata.filter(
    ({ location }) =>
      location?.dimensionRange?.dimension === dimension &&
      (location.dimensionRange.sheetId ?? 0) === tab.properties.sheetId,
  );
  return Array.from({ length: Math.max(0, end - start) }, (_, offset) => {
    const own = list[start + offset];
    const developerMetadata = tied.filter(
      ({ location }) => location?.dimensionRange?.startIndex === start + offset,
    );
    return {
      ...(own ? canonical('DimensionProperties', { pixelSize, ...own }) : { pixelSize }),
      ...(developerMetadata.length > 0 ? { developerMetadata } : {}),
    };
  });
}

function shownCell(workbook: Workbook, tab: Tab, row: number, column: number): CellData {
  const cell = tab.rows[row]?.[column];
  if (!cell || Object.keys(cell).length === 0) return {};
  const { userEnteredValue, userEnteredFormat, ...rest } = cell;
  if (!userEnteredValue && !userEnteredFormat) return rest;
  const value = effectiveValue(workbook, tab, row, column, cell);
  const hyperlink = linkOf(workbook, tab, row, column, cell) ?? userEnteredFormat?.textFormat?.link?.uri;
  return {
    ...(userEnteredValue ? { userEnteredValue } : {}),
    ...(value ? { effectiveValue: value, formattedValue: shownText(value, cell) } : {}),
    ...(userEnteredFormat ? { userEnteredFormat } : {}),
    effectiveFormat: effectiveFormat(userEnteredFormat, value, Boolean(hyperlink)),
    ...(hyperlink ? { hyperlink } : {}),
    ...rest,
  };
}

function alignment(value: Extended | undefined): string | null {
  if (!value) return null;
  if (typeof value.numberValue === 'number') return 'RIGHT';
  return typeof value.boolValue === 'boolean' || value.errorValue ? 'CENTER' : 'LEFT';
}

const LINK: sheets_v4.Schema$TextFormat = {
  foregroundColor: THEME_COLOURS.LINK ?? {},
  underline: true,
  foregroundColorStyle: { themeColor: 'LINK' },
};

/** The default, then what the kind of value brings, then what was set on the cell. */
function effectiveFormat(format: Format | undefined, value: Extended | undefined, isLink: boolean): Format {
  const aligned = alignment(value);
  return {
    ...CELL_FORMAT,
    ...(aligned ? { horizontalAlignment: aligned } : {}),
    ...(isLink ? { hyperlinkDisplayType: 'LINKED' } : {}),
    ...format,
    padding: { ...CELL_FORMAT.padding, ...format?.padding },
    textFormat: { ...CELL_FORMAT.textFormat, ...(isLink ? LINK : {}), ...format?.textFormat },
  };
}
