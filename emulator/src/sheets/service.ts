import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import type { DriveService } from '../drive/service.ts';
import { invalid, notFound } from '../errors.ts';
import type { Journal } from '../journal.ts';
import { type Area, parseA1, printA1 } from './a1.ts';
import type { Writer } from './protection.ts';
import { runBatch } from './requests.ts';
import {
  cellAt,
  checkCell,
  formattedOf,
  newTab,
  putCell,
  type Tab,
  valueOf,
  type Workbook,
} from './workbook.ts';

export const SPREADSHEET_TYPE = 'application/vnd.google-apps.spreadsheet';

export interface ValueOptions {
  majorDimension?: string;
  valueRenderOption?: string;
}

type Extended = sheets_v4.Schema$ExtendedValue;

/** Spreadsheets in the JSON shapes of Sheets v4. Emits `change` with the spreadsheet's id. */
export class SheetsService extends EventEmitter<{ change: [string] }> {
  readonly #workbooks = new Map<string, Workbook>();
  readonly #drive: DriveService;
  readonly #journal: Journal;
  readonly #baseUrl: () => string;

  constructor(drive: DriveService, journal: Journal, baseUrl: () => string) {
    super();
    this.#drive = drive;
    this.#journal = journal;
    this.#baseUrl = baseUrl;
    journal.register(
      'sheets.create',
      ({ id, body }: { id: string; body: sheets_v4.Schema$Spreadsheet }) => void this.#create(id, body),
    );
    journal.register(
      'sheets.batch',
      ({ id, requests, writer }: { id: string; requests: sheets_v4.Schema$Request[]; writer: Writer }) => {
        const workbook = this.#workbook(id);
        runBatch(workbook, requests, writer, describeTab(workbook));
      },
    );
    journal.register('sheets.values', ({ id, writes }: { id: string; writes: ValueWrite[] }) =>
      this.#write(id, writes),
    );
  }

  create(body: sheets_v4.Schema$Spreadsheet): sheets_v4.Schema$Spreadsheet {
    const id = randomBytes(22).toString('base64url');
    const title = body.properties?.title ?? 'Untitled spreadsheet';
    const workbook = this.#create(id, body);
    this.#journal.append('sheets.create', { id, body });
    this.#drive.add({ id, name: title, mimeType: SPREADSHEET_TYPE });
    return this.#describe(workbook);
  }

  #create(id: string, body: sheets_v4.Schema$Spreadsheet): Workbook {
    const properties = {
      title: 'Untitled spreadsheet',
      locale: 'en_US',
      timeZone: 'Etc/GMT',
      autoRecalc: 'ON_CHANGE',
      ...body.properties,
    };
    const workbook: Workbook = { id, properties, tabs: [], nextId: 1 };
    const given = body.sheets?.length ? body.sheets : [{ properties: { title: 'Sheet1' } }];
    for (const [index, sheet] of given.entries()) {
      const sheetId = sheet.properties?.sheetId ?? (index === 0 ? 0 : workbook.nextId);
      workbook.nextId = Math.max(workbook.nextId, sheetId + 1);
      workbook.tabs.push(
        newTab(sheetId, sheet.properties?.title ?? `Sheet${index + 1}`, index, sheet.properties ?? {}),
      );
    }
    this.#workbooks.set(id, workbook);
    return workbook;
  }

  get(
    id: string,
    options: { includeGridData?: boolean; ranges?: string[] } = {},
  ): sheets_v4.Schema$Spreadsheet {
    return this.#describe(this.#workbook(id), options);
  }

  /** One tab as it is kept, to read only: a page shows thousands of rows without a copy of each. */
  tab(id: string, sheetId: number): Readonly<Tab> | null {
    const { tabs } = this.#workbook(id);
    return tabs.find((each) => each.properties.sheetId === sheetId) ?? tabs[0] ?? null;
  }

  batchUpdate(
    id: string,
    body: sheets_v4.Schema$BatchUpdateSpreadsheetRequest,
    options: { as?: Writer } = {},
  ): sheets_v4.Schema$BatchUpdateSpreadsheetResponse {
    const workbook = this.#workbook(id);
    const requests = body.requests ?? [];
    if (requests.length === 0) throw invalid('Must specify at least one request.');
    const writer = options.as ?? 'service';
    const replies = runBatch(workbook, requests, writer, describeTab(workbook));
    this.#journal.append('sheets.batch', { id, requests, writer });
    this.#touched(id);
    return {
      spreadsheetId: id,
      replies,
      ...(body.includeSpreadsheetInResponse ? { updatedSpreadsheet: this.#describe(workbook) } : {}),
    };
  }

  /** What one typed cell does: text, number or tick, never a formula; bound by protection and validation. */
  editCells(id: string, edits: readonly CellEdit[]): void {
    const requests = edits.map(({ sheetId, row, column, value }) => ({
      updateCells: {
        start: { sheetId, rowIndex: row, columnIndex: column },
        rows: [{ values: [value === '' ? {} : { userEnteredValue: typedValue(value) }] }],
        fields: 'userEnteredValue',
      },
    }));
    this.batchUpdate(id, { requests }, { as: 'editor' });
  }

  valuesGet(id: string, range: string, options: ValueOptions = {}): sheets_v4.Schema$ValueRange {
    const workbook = this.#workbook(id);
    const { tab, area } = this.#area(workbook, range);
    return readValues(tab, area, options);
  }

  valuesBatchGet(
    id: string,
    ranges: string[],
    options: ValueOptions = {},
  ): sheets_v4.Schema$BatchGetValuesResponse {
    return { spreadsheetId: id, valueRanges: ranges.map((range) => this.valuesGet(id, range, options)) };
  }

  valuesBatchGetByDataFilter(
    id: string,
    body: sheets_v4.Schema$BatchGetValuesByDataFilterRequest,
  ): sheets_v4.Schema$BatchGetValuesByDataFilterResponse {
    const workbook = this.#workbook(id);
    const options: ValueOptions = {
      ...(body.majorDimension ? { majorDimension: body.majorDimension } : {}),
      ...(body.valueRenderOption ? { valueRenderOption: body.valueRenderOption } : {}),
    };
    const valueRanges = (body.dataFilters ?? []).map((filter) => {
      if (filter.a1Range) {
        const { tab, area } = this.#area(workbook, filter.a1Range);
        return { valueRange: readValues(tab, area, options), dataFilters: [filter] };
      }
      const range = filter.gridRange;
      if (!range) throw invalid('Invalid dataFilter: only gridRange and a1Range are supported here.');
      const tab = workbook.tabs.find((each) => each.properties.sheetId === (range.sheetId ?? 0));
      if (!tab) throw invalid(`No grid with id: ${range.sheetId ?? 0}`);
      const area: Area = {
        title: tab.properties.title,
        startRow: range.startRowIndex ?? 0,
        endRow: range.endRowIndex ?? Number.POSITIVE_INFINITY,
        startColumn: range.startColumnIndex ?? 0,
        endColumn: range.endColumnIndex ?? Number.POSITIVE_INFINITY,
      };
      return { valueRange: readValues(tab, area, options), dataFilters: [filter] };
    });
    return { spreadsheetId: id, valueRanges };
  }

  valuesUpdate(
    id: string,
    range: string,
    body: sheets_v4.Schema$ValueRange,
    options: { valueInputOption?: string } = {},
  ): sheets_v4.Schema$UpdateValuesResponse {
    const option = options.valueInputOption;
    if (option !== 'RAW' && option !== 'USER_ENTERED')
      throw invalid("'valueInputOption' is required but not specified");
    const { tab, area } = this.#area(this.#workbook(id), range);
    const values = body.values ?? [];
    const columns = Math.max(0, ...values.map((row) => row.length));
    if (area.startRow + values.length > area.endRow || area.startColumn + columns > area.endColumn) {
      const wanted = printA1(tab.properties.title, area, tab.rowCount, tab.columnCount);
      throw invalid(
        `Requested writing within range [${wanted}], but tried writing to row [${area.startRow + values.length}]`,
      );
    }
    const writes = values.flatMap((row, y) =>
      row.flatMap((value: unknown, x: number) =>
        // A null cell is left as it is.
        value === null || value === undefined
          ? []
          : [
              {
                sheetId: tab.properties.sheetId,
                row: area.startRow + y,
                column: area.startColumn + x,
                value: enteredValue(value, option),
              },
            ],
      ),
    );
    this.#write(id, writes);
    this.#journal.append('sheets.values', { id, writes });
    this.#touched(id);
    const written = { ...area, endRow: area.startRow + values.length, endColumn: area.startColumn + columns };
    return {
      spreadsheetId: id,
      updatedRange: printA1(tab.properties.title, written, tab.rowCount, tab.columnCount),
      updatedRows: values.length,
      updatedColumns: columns,
      updatedCells: writes.length,
    };
  }

  #write(id: string, writes: readonly ValueWrite[]) {
    const workbook = this.#workbook(id);
    for (const { value } of writes) checkCell(value);
    for (const { sheetId, row, column, value } of writes) {
      const tab = workbook.tabs.find((each) => each.properties.sheetId === sheetId);
      if (!tab) continue;
      tab.rowCount = Math.max(tab.rowCount, row + 1);
      tab.columnCount = Math.max(tab.columnCount, column + 1);
      const { userEnteredValue: _, ...rest } = cellAt(tab, row, column) ?? {};
      putCell(tab, row, column, value ? { ...rest, userEnteredValue: value } : rest, []);
    }
  }

  #touched(id: string) {
    this.#drive.touch(id);
    this.emit('change', id);
  }

  #workbook(id: string): Workbook {
    const workbook = this.#workbooks.get(id);
    if (!workbook || !this.#drive.has(id)) {
      if (workbook && !this.#drive.ready) return workbook;
      throw notFound();
    }
    return workbook;
  }

  #area(workbook: Workbook, range: string): { tab: Tab; area: Area } {
    const area = parseA1(
      range,
      workbook.tabs.map((tab) => tab.properties.title),
    );
    const tab =
      area.title === null
        ? workbook.tabs[0]
        : workbook.tabs.find((each) => each.properties.title === area.title);
    if (!tab) throw invalid(`Unable to parse range: ${range}`);
    if (area.startRow >= tab.rowCount || area.startColumn >= tab.columnCount) {
      const grid = `Max rows: ${tab.rowCount}, max columns: ${tab.columnCount}`;
      throw invalid(`Range (${range}) exceeds grid limits. ${grid}`);
    }
    return { tab, area };
  }

  #describe(workbook: Workbook, options: { includeGridData?: boolean } = {}): sheets_v4.Schema$Spreadsheet {
    const describe = describeTab(workbook);
    return {
      spreadsheetId: workbook.id,
      properties: workbook.properties,
      sheets: workbook.tabs.map((tab) => ({
        properties: describe(tab),
        ...(tab.protectedRanges.length > 0 ? { protectedRanges: tab.protectedRanges } : {}),
        ...(tab.conditionalFormats.length > 0 ? { conditionalFormats: tab.conditionalFormats } : {}),
        ...(tab.filterViews.length > 0 ? { filterViews: tab.filterViews } : {}),
        ...(tab.charts.length > 0 ? { charts: tab.charts } : {}),
        ...(options.includeGridData ? { data: [gridData(tab)] } : {}),
      })),
      spreadsheetUrl: `${this.#baseUrl()}/spreadsheets/d/${workbook.id}/edit`,
    };
  }
}

export interface CellEdit {
  sheetId: number;
  row: number;
  column: number;
  value: string | number | boolean;
}

function typedValue(value: CellEdit['value']): Extended {
  if (typeof value === 'boolean') return { boolValue: value };
  return typeof value === 'number' ? { numberValue: value } : { stringValue: value };
}

interface ValueWrite {
  sheetId: number;
  row: number;
  column: number;
  value: Extended | null;
}

function describeTab(workbook: Workbook) {
  return (tab: Tab): sheets_v4.Schema$SheetProperties => {
    const { hidden, ...rest } = tab.properties;
    return {
      ...rest,
      index: workbook.tabs.indexOf(tab),
      gridProperties: {
        rowCount: tab.rowCount,
        columnCount: tab.columnCount,
        ...tab.properties.gridProperties,
      },
      // Proto3: what is false or zero is not said, but for the ids that Google always gives.
      ...(hidden ? { hidden } : {}),
    };
  };
}

/** Type guessing of USER_ENTERED as far as plain entries go; a formula is kept as a formula and never evaluated. */
function enteredValue(value: unknown, option: string): Extended | null {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return { numberValue: value };
  const text = String(value);
  if (text === '') return null;
  if (option === 'RAW') return { stringValue: text };
  if (text.startsWith("'")) return { stringValue: text.slice(1) };
  if (text.startsWith('=') && text.length > 1) return { formulaValue: text };
  if (/^(true|false)$/i.test(text)) return { boolValue: text.toLowerCase() === 'true' };
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return { numberValue: Number(text) };
  return { stringValue: text };
}

/** Values of an area, with trailing empty rows and cells left out. */
function readValues(tab: Tab, area: Area, options: ValueOptions): sheets_v4.Schema$ValueRange {
  const render = options.valueRenderOption ?? 'FORMATTED_VALUE';
  const endRow = Math.min(area.endRow, tab.rowCount);
  const endColumn = Math.min(area.endColumn, tab.columnCount);
  const rendered = (cell: sheets_v4.Schema$CellData | undefined) =>
    render === 'FORMATTED_VALUE' ? formattedOf(cell) : (valueOf(cell) ?? '');
  const isBlank = (cells: readonly (sheets_v4.Schema$CellData | undefined)[] = []) => {
    for (let column = area.startColumn; column < Math.min(endColumn, cells.length); column += 1)
      if (cells[column] !== undefined && rendered(cells[column]) !== '') return false;
    return true;
  };
  // From below: most of a prepared tab is blank rows with check boxes.
  let end = Math.min(endRow, tab.rows.length);
  while (end > area.startRow && isBlank(tab.rows[end - 1])) end -= 1;
  const rows: unknown[][] = [];
  for (let row = area.startRow; row < end; row += 1) {
    const cells = tab.rows[row] ?? [];
    const line: unknown[] = [];
    for (let column = area.startColumn; column < Math.min(endColumn, cells.length); column += 1)
      line.push(rendered(cells[column]));
    while (line.length > 0 && line.at(-1) === '') line.pop();
    rows.push(line);
  }
  const columns = options.majorDimension === 'COLUMNS';
  const values = columns ? transpose(rows) : rows;
  return {
    range: printA1(tab.properties.title, area, tab.rowCount, tab.columnCount),
    majorDimension: columns ? 'COLUMNS' : 'ROWS',
    ...(values.length > 0 ? { values } : {}),
  };
}

function transpose(rows: unknown[][]): unknown[][] {
  const width = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, column) => {
    const line = rows.map((row) => row[column] ?? '');
    while (line.length > 0 && line.at(-1) === '') line.pop();
    return line;
  });
}

function gridData(tab: Tab): sheets_v4.Schema$GridData {
  return {
    rowData: tab.rows.map((cells) => ({
      values: Array.from(cells ?? [], (cell) => {
        const value = cell?.userEnteredValue;
        return { ...cell, ...(value ? { effectiveValue: value, formattedValue: formattedOf(cell) } : {}) };
      }),
    })),
    rowMetadata: Array.from({ length: tab.rowCount }, (_, row) => ({
      pixelSize: 21,
      ...tab.rowMetadata[row],
    })),
    columnMetadata: Array.from({ length: tab.columnCount }, (_, column) => ({
      pixelSize: 100,
      ...tab.columnMetadata[column],
    })),
  };
}
