import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { callerLacksPermission, type Role, suffices } from '../drive/access.ts';
import type { DriveService } from '../drive/service.ts';
import { ApiError, invalid, notFound } from '../errors.ts';
import type { Journal } from '../journal.ts';
import { DEFAULT_SWITCHES, type Switches } from '../switches.ts';
import { actingPerson, asProgram } from '../people.ts';
import { createWorkbook } from './create.ts';
import { describeSheets, describeTab, type Part } from './describe.ts';
import { canonical } from './protocol/canonical.ts';
import { checkProtection, OWNER, type Writer } from './ranges/protection.ts';
import { checkLimits, resolveFilter, resolveRange } from './ranges/ranges.ts';
import { runBatch } from './requests/run.ts';
import { metadataOf } from './requests/groups.ts';
import { copyTab, freeTitle, refusePlace } from './requests/sheets.ts';
import { enteredValue, entryRequest } from './cells/entered.ts';
import { readValues, type ValueOptions, type ValueWrite } from './cells/values.ts';
import { ValueWriter } from './cells/value-writer.ts';
import {
  cellAt,
  checkCell,
  checkSize,
  counted,
  lastDataRow,
  newId,
  putCell,
  type Tab,
  tabOf,
  type Workbook,
} from './workbook.ts';

export const SPREADSHEET_TYPE = 'application/vnd.google-apps.spreadsheet';

type Request = sheets_v4.Schema$Request;

export interface GetOptions {
  includeGridData?: boolean | null | undefined;
  ranges?: readonly string[] | null | undefined;
  dataFilters?: readonly sheets_v4.Schema$DataFilter[] | null | undefined;
}

interface Created {
  id: string;
  body: sheets_v4.Schema$Spreadsheet;
  unsetCheckboxes?: Switches['unsetCheckboxes'];
}

type SheetsSwitches = Pick<Switches, 'filterAnswers' | 'unsetCheckboxes'>;

export interface CellEdit {
  sheetId: number;
  row: number;
  column: number;
  value: string | number | boolean;
}

/** Keeps spreadsheets in the JSON shapes of Sheets v4. Emits `change` with the spreadsheet's id. */
export class SheetsService extends EventEmitter<{ change: [string] }> {
  readonly #workbooks = new Map<string, Workbook>();
  /** How many rows from the top may hold values, since the last write. */
  readonly #filledRows = new WeakMap<Tab, number>();
  readonly #drive: DriveService;
  readonly #journal: Journal;
  readonly #switches: SheetsSwitches;
  /** Writes through `values.*`. */
  readonly values: ValueWriter;

  constructor(drive: DriveService, journal: Journal, switches: SheetsSwitches = DEFAULT_SWITCHES) {
    super();
    this.#switches = switches;
    this.#drive = drive;
    this.#journal = journal;
    this.values = new ValueWriter({
      workbook: (id) => this.#workbook(id, 'writer'),
      write: (id, writes) => this.#writeValues(id, writes),
      batch: (id, requests) => void this.batchUpdate(id, { requests }),
    });
    journal.register(
      'sheets.create',
      ({ id, body, unsetCheckboxes = 'blank' }: Created) =>
        void this.#workbooks.set(id, createWorkbook(id, body, { unsetCheckboxes })),
    );
    journal.register(
      'sheets.batch',
      // Whatever was written down was allowed to whoever asked for it.
      ({ id, requests }: { id: string; requests: Request[] }) =>
        void runBatch(this.#workbook(id), requests, OWNER, true),
    );
    journal.register('sheets.copy', ({ from, id, title }: { from: string; id: string; title: string }) =>
      this.#copy(from, id, title),
    );
    journal.register('sheets.values', ({ id, writes }: { id: string; writes: ValueWrite[] }) =>
      writeCells(this.#workbook(id), writes),
    );
    journal.register(
      'sheets.copyTab',
      ({ id, sheetId, to }: { id: string; sheetId: number; to: string }) =>
        void this.#copyTab(id, sheetId, to),
    );
  }

  has(id: string): boolean {
    return this.#workbooks.has(id);
  }

  create(body: sheets_v4.Schema$Spreadsheet): sheets_v4.Schema$Spreadsheet {
    refusePlace(body.properties ?? {});
    const id = newSpreadsheetId();
    const workbook = createWorkbook(id, body, this.#switches);
    this.#workbooks.set(id, workbook);
    // A spreadsheet keeps the position that it was made under: played again under another, its rows would lie elsewhere.
    const { unsetCheckboxes } = this.#switches;
    this.#journal.append('sheets.create', { id, body, unsetCheckboxes });
    this.#drive.add({ id, name: workbook.properties.title ?? '', mimeType: SPREADSHEET_TYPE });
    return this.#describe(workbook, {});
  }

  /** Makes another spreadsheet with the same tabs and cells, as Drive's files.copy does. */
  copy(from: string, title: string): string {
    this.#workbook(from);
    const id = newSpreadsheetId();
    this.#copy(from, id, title);
    this.#journal.append('sheets.copy', { from, id, title });
    this.#drive.add({ id, name: title, mimeType: SPREADSHEET_TYPE });
    return id;
  }

  #copy(from: string, id: string, title: string) {
    const workbook = structuredClone(this.#workbook(from));
    this.#workbooks.set(id, { ...workbook, id, properties: { ...workbook.properties, title } });
  }

  get(id: string, options: GetOptions = {}): sheets_v4.Schema$Spreadsheet {
    return this.#describe(this.#workbook(id), options);
  }

  timeZone(id: string): string {
    return this.#workbook(id).properties.timeZone ?? 'Etc/GMT';
  }

  /** One tab as it is kept, to read only: a page shows thousands of rows without a copy of each. */
  tab(id: string, sheetId: number): Readonly<Tab> | null {
    const { tabs } = this.#workbook(id);
    return tabs.find((each) => each.properties.sheetId === sheetId) ?? tabs[0] ?? null;
  }

  batchUpdate(
    id: string,
    body: sheets_v4.Schema$BatchUpdateSpreadsheetRequest,
    { byHand = false }: { byHand?: boolean } = {},
  ): sheets_v4.Schema$BatchUpdateSpreadsheetResponse {
    const workbook = this.#workbook(id, 'writer');
    const requests = body.requests ?? [];
    if (requests.length === 0) throw invalid('Must specify at least one request.');
    const replies = runBatch(workbook, requests, { ...this.writer(id), byHand });
    this.#journal.append('sheets.batch', { id, requests });
    this.#touched(id);
    return {
      spreadsheetId: id,
      replies,
      ...(body.includeSpreadsheetInResponse
        ? {
            updatedSpreadsheet: this.#describe(workbook, {
              includeGridData: body.responseIncludeGridData,
              ranges: body.responseRanges,
            }),
          }
        : {}),
    };
  }

  /** What a person types into cells: parsed as Sheets does; an editor is bound by protection and validation. */
  editCells(id: string, edits: readonly CellEdit[]): void {
    const workbook = this.#workbook(id);
    const requests = edits.map(({ sheetId, row, column, value }) => {
      const cell = cellAt(tabOf(workbook, sheetId), row, column);
      const start = { sheetId, rowIndex: row, columnIndex: column };
      return entryRequest(start, enteredValue(value, 'USER_ENTERED', cell), cell);
    });
    this.batchUpdate(id, { requests }, { byHand: true });
  }

  /** Whom protected ranges bind, if whoever asks wrote through the API. */
  writer(id: string): Writer {
    return this.#drive.role(id) === 'owner' ? OWNER : { ...OWNER, editor: actingPerson() ?? '' };
  }

  copyTo(id: string, sheetId: number, to: string): sheets_v4.Schema$SheetProperties {
    const tab = this.#copyTab(id, sheetId, to);
    this.#journal.append('sheets.copyTab', { id, sheetId, to });
    this.#touched(to);
    return describeTab(this.#workbook(to), tab);
  }

  #copyTab(id: string, sheetId: number, to: string): Tab {
    const source = this.#workbook(id).tabs.find((tab) => tab.properties.sheetId === sheetId);
    if (!source) throw invalid(`No sheet with id: ${sheetId}`);
    const target = this.#workbook(to, 'writer');
    checkSize(target, source.rowCount * source.columnCount);
    const plain = `Copy of ${source.properties.title}`;
    const title = freeTitle(target, (number) => (number === 1 ? plain : `${plain} ${number - 1}`));
    const tab = copyTab(source, newId(target, []), title, () => newId(target, []));
    target.tabs.push(tab);
    return tab;
  }

  valuesGet(id: string, range: string, options: ValueOptions = {}): sheets_v4.Schema$ValueRange {
    const workbook = this.#workbook(id);
    const found = resolveRange(workbook, range);
    checkLimits(found);
    return readValues(workbook, found, options, this.#filled(found.tab));
  }

  valuesBatchGet(
    id: string,
    ranges: readonly string[],
    options: ValueOptions = {},
  ): sheets_v4.Schema$BatchGetValuesResponse {
    this.#workbook(id);
    const valueRanges = ranges.map((range) => this.valuesGet(id, range, options));
    return { spreadsheetId: id, ...(valueRanges.length > 0 ? { valueRanges } : {}) };
  }

  valuesBatchGetByDataFilter(
    id: string,
    body: sheets_v4.Schema$BatchGetValuesByDataFilterRequest,
  ): sheets_v4.Schema$BatchGetValuesByDataFilterResponse {
    const workbook = this.#workbook(id);
    const valueRanges = (body.dataFilters ?? []).flatMap((filter) =>
      resolveFilter(workbook, filter).map((found) => {
        checkLimits(found);
        const valueRange = readValues(workbook, found, body, this.#filled(found.tab));
        return { valueRange, dataFilters: [filter] };
      }),
    );
    if (this.#switches.filterAnswers === 'reversed') valueRanges.reverse();
    return { spreadsheetId: id, ...(valueRanges.length > 0 ? { valueRanges } : {}) };
  }

  developerMetadata(id: string, metadataId: number): sheets_v4.Schema$DeveloperMetadata {
    const found = this.#workbook(id).developerMetadata.find((each) => each.metadataId === metadataId);
    if (!found) throw notFound();
    return found;
  }

  searchDeveloperMetadata(
    id: string,
    { dataFilters = [] }: sheets_v4.Schema$SearchDeveloperMetadataRequest,
  ): sheets_v4.Schema$SearchDeveloperMetadataResponse {
    const workbook = this.#workbook(id);
    const matches = new Map<sheets_v4.Schema$DeveloperMetadata, sheets_v4.Schema$DataFilter[]>();
    for (const filter of dataFilters)
      for (const found of metadataOf(workbook, filter))
        matches.set(found, [...(matches.get(found) ?? []), filter]);
    const matchedDeveloperMetadata = [...matches].map(([developerMetadata, filters]) => ({
      developerMetadata,
      dataFilters: filters,
    }));
    return matchedDeveloperMetadata.length > 0 ? { matchedDeveloperMetadata } : {};
  }

  #writeValues(id: string, writes: readonly ValueWrite[]) {
    if (writes.length > 0) {
      this.#checkProtection(id, writes);
      writeCells(this.#workbook(id), writes);
      this.#journal.append('sheets.values', { id, writes });
    }
    this.#touched(id);
  }

  #checkProtection(id: string, writes: readonly ValueWrite[]) {
    const writer = this.writer(id);
    if (writer.editor === null) return;
    const { tabs } = this.#workbook(id);
    for (const { sheetId, row, column } of writes) {
      const tab = tabs.find(({ properties }) => properties.sheetId === sheetId);
      const cell = { startRow: row, endRow: row + 1, startColumn: column, endColumn: column + 1 };
      if (tab) checkProtection(tab, cell, writer);
    }
  }

  /** Most of a prepared tab is blank rows with check boxes: they are gone through once after each write. */
  #filled(tab: Tab): number {
    const known = this.#filledRows.get(tab);
    if (known !== undefined) return known;
    const filled = lastDataRow(tab) + 1;
    this.#filledRows.set(tab, filled);
    return filled;
  }

  #touched(id: string) {
    for (const tab of this.#workbook(id).tabs) this.#filledRows.delete(tab);
    this.#drive.touch(id, this.#workbook(id).properties.title ?? undefined);
    asProgram(() => this.emit('change', id));
  }

  /** @throws ApiError where there is none, or the acting person may not do with it what they want */
  #workbook(id: string, needed: Role = 'reader'): Workbook {
    const workbook = this.#workbooks.get(id);
    if (!workbook || !this.#drive.has(id)) {
      if (workbook && !this.#drive.ready) return workbook;
      if (!workbook && this.#drive.has(id))
        throw new ApiError('FAILED_PRECONDITION', 'This operation is not supported for this document');
      throw notFound();
    }
    if (this.#drive.hides(id)) throw notFound();
    if (!suffices(this.#drive.role(id), needed)) throw callerLacksPermission();
    return workbook;
  }

  #describe(workbook: Workbook, options: GetOptions): sheets_v4.Schema$Spreadsheet {
    const parts: Part[] | null = options.dataFilters?.length
      ? options.dataFilters.flatMap((filter) => resolveFilter(workbook, filter))
      : options.ranges?.length
        ? options.ranges.map((range) => resolveRange(workbook, range))
        : null;
    for (const part of parts ?? []) checkLimits(part);
    const developerMetadata = workbook.developerMetadata.filter(
      ({ location }) => location?.locationType === 'SPREADSHEET',
    );
    return {
      spreadsheetId: workbook.id,
      // A file that is renamed in Drive is renamed here.
      properties: { ...workbook.properties, title: this.#drive.get(workbook.id).name ?? '' },
      sheets: describeSheets(workbook, parts, {
        withData: options.includeGridData ?? false,
        writer: this.writer(workbook.id),
      }),
      ...(workbook.namedRanges.length > 0
        ? { namedRanges: workbook.namedRanges.map((named) => canonical('NamedRange', named)) }
        : {}),
      spreadsheetUrl: `https://docs.google.com/spreadsheets/d/${workbook.id}/edit`,
      ...(developerMetadata.length > 0 ? { developerMetadata } : {}),
    };
  }
}

/** The id is as long as Google's. */
function newSpreadsheetId(): string {
  return randomBytes(33).toString('base64url');
}

/** Writes all cells or none. */
function writeCells(workbook: Workbook, writes: readonly ValueWrite[]): void {
  for (const { value } of writes) checkCell(value);
  for (const { sheetId, row, column, value, numberFormat } of writes) {
    const tab = workbook.tabs.find((each) => each.properties.sheetId === sheetId);
    if (!tab) continue;
    const { userEnteredValue: _, textFormatRuns: __, ...rest } = cellAt(tab, row, column) ?? {};
    const cell = { ...rest, ...(value ? { userEnteredValue: value } : {}) };
    if (numberFormat && !rest.userEnteredFormat?.numberFormat)
      cell.userEnteredFormat = { ...rest.userEnteredFormat, numberFormat };
    putCell(tab, row, column, counted(workbook, cell), []);
  }
}
