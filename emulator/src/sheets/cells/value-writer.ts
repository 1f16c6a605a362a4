import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { ApiError, invalid } from '../../errors.ts';
import { type Area, printA1 } from '../ranges/a1.ts';
import { findTable } from './append.ts';
import { checkLimits, type Found, resolveFilter, resolveRange } from '../ranges/ranges.ts';
import { type Plan, planWrite, readValues, type ValueOptions, type ValueWrite } from './values.ts';
import { cellAt, checkCell, isBlank, type Tab, type Workbook } from '../workbook.ts';

export interface WriteOptions {
  valueInputOption?: string | null | undefined;
  insertDataOption?: string | null | undefined;
  includeValuesInResponse?: boolean | null | undefined;
  responseValueRenderOption?: string | null | undefined;
  responseDateTimeRenderOption?: string | null | undefined;
}

/** What the writer needs of the service: journal and events are its business. */
interface Store {
  workbook(id: string): Workbook;
  write(id: string, writes: readonly ValueWrite[]): void;
  batch(id: string, requests: sheets_v4.Schema$Request[]): void;
}

function inputOption({ valueInputOption: option }: WriteOptions): string {
  if (option !== 'RAW' && option !== 'USER_ENTERED')
    throw invalid("'valueInputOption' is required but not specified");
  return option;
}

/** Names the item of a list that an error is about. */
function naming<T>(prefix: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 'INVALID_ARGUMENT') throw error;
    throw new ApiError(error.status, `${prefix}: ${error.message}`, error.details);
  }
}

/** Carries out `values.update`, `append`, `clear`, and their batches. */
export class ValueWriter {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  update(
    id: string,
    range: string,
    body: sheets_v4.Schema$ValueRange,
    options: WriteOptions,
  ): sheets_v4.Schema$UpdateValuesResponse {
    const option = inputOption(options);
    const workbook = this.#store.workbook(id);
    const plan = this.#plan(workbook, resolveRange(workbook, range), body, option);
    this.#store.write(id, plan.writes);
    return this.#updated(id, workbook, plan, options, body.majorDimension);
  }

  #plan(workbook: Workbook, found: Found, body: sheets_v4.Schema$ValueRange, option: string): Plan {
    checkLimits(found, true);
    if (body.range) {
      const own = resolveRange(workbook, body.range);
      const print = ({ tab, area }: Found) => printA1(tab.properties.title, area, tab);
      if (print(own) !== print(found))
        throw invalid(
          `Requested writing within range [${print(found)}], but body specified range [${print(own)}]`,
        );
    }
    const plan = planWrite(found, body, option);
    checkLimits(plan, true);
    for (const { value } of plan.writes) checkCell(value);
    return plan;
  }

  batchUpdate(
    id: string,
    body: sheets_v4.Schema$BatchUpdateValuesRequest,
  ): sheets_v4.Schema$BatchUpdateValuesResponse {
    const option = inputOption(body);
    const workbook = this.#store.workbook(id);
    const data = body.data ?? [];
    const plans = data.map((each, index) =>
      naming(`Invalid data[${index}]`, () =>
        this.#plan(workbook, resolveRange(workbook, each.range ?? ''), each, option),
      ),
    );
    this.#store.write(
      id,
      plans.flatMap(({ writes }) => writes),
    );
    const responses = plans.map((plan, index) =>
      this.#updated(id, workbook, plan, body, data[index]?.majorDimension),
    );
    return { spreadsheetId: id, ...totals(plans), ...(responses.length > 0 ? { responses } : {}) };
  }

  batchUpdateByDataFilter(
    id: string,
    body: sheets_v4.Schema$BatchUpdateValuesByDataFilterRequest,
  ): sheets_v4.Schema$BatchUpdateValuesByDataFilterResponse {
    const option = inputOption(body);
    const workbook = this.#store.workbook(id);
    const plans = (body.data ?? []).flatMap((each, index) =>
      naming(`Invalid data[${index}]`, () => {
        const { dataFilter = {}, ...values } = each;
        return resolveFilter(workbook, dataFilter).map((found) => ({
          plan: this.#plan(workbook, found, values, option),
          dataFilter,
          majorDimension: each.majorDimension,
        }));
      }),
    );
    this.#store.write(
      id,
      plans.flatMap(({ plan }) => plan.writes),
    );
    const responses = plans.map(({ plan, dataFilter, majorDimension }) => {
      const { spreadsheetId: _, ...updated } = this.#updated(id, workbook, plan, body, majorDimension);
      return { ...updated, dataFilter };
    });
    return {
      spreadsheetId: id,
      ...totals(plans.map(({ plan }) => plan)),
      ...(responses.length > 0 ? { responses } : {}),
    };
  }

  append(
    id: string,
    range: string,
    body: sheets_v4.Schema$ValueRange,
    options: WriteOptions,
  ): sheets_v4.Schema$AppendValuesResponse {
    const option = inputOption(options);
    const workbook = this.#store.workbook(id);
    const found = resolveRange(workbook, range);
    checkLimits(found);
    const { tab } = found;
    const table = findTable(found);
    const start: Area = table ? { ...table, startRow: table.endRow } : { ...found.area };
    const plan = planWrite({ tab, area: start, isStart: true }, body, option);
    for (const { value } of plan.writes) checkCell(value);
    const rows = plan.area.endRow - plan.area.startRow;
    const hasValues = (body.values?.length ?? 0) > 0;
    const room: sheets_v4.Schema$Request[] = [];
    const { sheetId } = tab.properties;
    const isInserting = options.insertDataOption === 'INSERT_ROWS' && start.startRow < tab.rowCount;
    if (hasValues && isInserting)
      room.push({
        insertDimension: {
          range: { sheetId, dimension: 'ROWS', startIndex: start.startRow, endIndex: start.startRow + rows },
          inheritFromBefore: start.startRow > 0,
        },
      });
    else if (plan.area.endRow > tab.rowCount)
      room.push({ appendDimension: { sheetId, dimension: 'ROWS', length: plan.area.endRow - tab.rowCount } });
    if (plan.area.endColumn > tab.columnCount)
      room.push({
        appendDimension: {
          sheetId,
          dimension: 'COLUMNS',
          length: plan.area.endColumn - tab.columnCount,
        },
      });
    if (hasValues && room.length > 0) this.#store.batch(id, room);
    this.#store.write(id, plan.writes);
    return {
      spreadsheetId: id,
      ...(table ? { tableRange: printA1(tab.properties.title, table) } : {}),
      updates: this.#updated(id, workbook, plan, options, body.majorDimension),
    };
  }

  clear(id: string, range: string): sheets_v4.Schema$ClearValuesResponse {
    const workbook = this.#store.workbook(id);
    const found = resolveRange(workbook, range);
    checkLimits(found);
    this.#store.write(id, emptied(found));
    return { spreadsheetId: id, clearedRange: printA1(found.tab.properties.title, found.area, found.tab) };
  }

  batchClear(
    id: string,
    { ranges }: sheets_v4.Schema$BatchClearValuesRequest,
  ): sheets_v4.Schema$BatchClearValuesResponse {
    const workbook = this.#store.workbook(id);
    return this.#clearAll(
      id,
      (ranges ?? []).map((range) => resolveRange(workbook, range)),
    );
  }

  batchClearByDataFilter(
    id: string,
    { dataFilters }: sheets_v4.Schema$BatchClearValuesByDataFilterRequest,
  ): sheets_v4.Schema$BatchClearValuesByDataFilterResponse {
    const workbook = this.#store.workbook(id);
    return this.#clearAll(
      id,
      (dataFilters ?? []).flatMap((filter) => resolveFilter(workbook, filter)),
    );
  }

  #clearAll(id: string, all: readonly Found[]) {
    for (const found of all) checkLimits(found);
    this.#store.write(id, all.flatMap(emptied));
    const clearedRanges = all.map(({ tab, area }) => printA1(tab.properties.title, area, tab));
    return { spreadsheetId: id, ...(clearedRanges.length > 0 ? { clearedRanges } : {}) };
  }

  #updated(
    spreadsheetId: string,
    workbook: Workbook,
    plan: Plan,
    options: WriteOptions,
    majorDimension: string | null | undefined,
  ): sheets_v4.Schema$UpdateValuesResponse {
    const { tab, area, rows, columns, writes } = plan;
    const render: ValueOptions = {
      majorDimension,
      valueRenderOption: options.responseValueRenderOption,
      dateTimeRenderOption: options.responseDateTimeRenderOption,
    };
    return {
      spreadsheetId,
      updatedRange: printA1(tab.properties.title, area),
      ...(rows > 0 ? { updatedRows: rows, updatedColumns: columns, updatedCells: writes.length } : {}),
      ...(options.includeValuesInResponse
        ? { updatedData: readValues(workbook, { tab, area }, render) }
        : {}),
    };
  }
}

function emptied({ tab, area }: Found): ValueWrite[] {
  const writes: ValueWrite[] = [];
  for (let row = area.startRow; row < Math.min(area.endRow, tab.rows.length); row += 1) {
    const width = Math.min(area.endColumn, tab.rows[row]?.length ?? 0);
    for (let column = area.startColumn; column < width; column += 1)
      if (!isBlank(cellAt(tab, row, column)))
        writes.push({ sheetId: tab.properties.sheetId, row, column, value: null });
  }
  return writes;
}

/** Rows, columns and cells of all plans, each counted once. */
function totals(plans: readonly Plan[]) {
  const [rows, columns, cells, tabs] = [
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
    new Set<Tab>(),
  ];
  for (const { tab, writes } of plans)
    for (const { sheetId, row, column } of writes) {
      tabs.add(tab);
      rows.add(`${sheetId}/${row}`);
      columns.add(`${sheetId}/${column}`);
      cells.add(`${sheetId}/${row}/${column}`);
    }
  if (tabs.size === 0) return {};
  return {
    totalUpdatedRows: rows.size,
    totalUpdatedColumns: columns.size,
    totalUpdatedCells: cells.size,
    totalUpdatedSheets: tabs.size,
  };
}
