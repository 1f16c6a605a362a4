import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import type { Google } from './client.ts';
import { answerTo } from '../../../contract/data-filters.ts';
import { GoogleError } from './error.ts';

type Caller = Pick<Google, 'sheets' | 'call'>;

export interface ListedTab {
  sheetId: number;
  title: string;
}

/** Lists the tabs of a spreadsheet, in their order. */
export async function listTabs({ sheets, call }: Caller, spreadsheetId: string): Promise<ListedTab[]> {
  const found = await call('sheets.get', () =>
    sheets.spreadsheets.get({ spreadsheetId, fields: 'sheets.properties(sheetId,title)' }),
  );
  return (found.sheets ?? []).map(({ properties }) => ({
    sheetId: properties?.sheetId ?? 0,
    title: properties?.title ?? '',
  }));
}

/**
 * The values of these parts of a spreadsheet in their order, in one call, by the tabs' ids: they may have been renamed or
 * moved. Numbers and check boxes come as such, and formulas as they are written: what they come to, nobody typed.
 */
export async function readGrids(
  { sheets, call }: Caller,
  spreadsheetId: string,
  grids: readonly sheets_v4.Schema$GridRange[],
  valueRenderOption: 'FORMULA' | 'FORMATTED_VALUE' = 'FORMULA',
): Promise<sheets_v4.Schema$ValueRange[]> {
  const { valueRanges } = await call('sheets.values.batchGetByDataFilter', () =>
    sheets.spreadsheets.values.batchGetByDataFilter({
      spreadsheetId,
      requestBody: {
        dataFilters: grids.map((gridRange) => ({ gridRange })),
        valueRenderOption,
      },
    }),
  );
  return grids.map((grid) => answerTo(valueRanges, grid));
}

/**
 * Sends what only decorates a spreadsheet: nothing that works is held up by it.
 * @returns why Google did not take it; null where it did
 */
export async function decorate(
  { sheets, call }: Caller,
  spreadsheetId: string,
  requests: sheets_v4.Schema$Request[],
): Promise<GoogleError | null> {
  if (requests.length === 0) return null;
  try {
    await call(
      'sheets.batchUpdate',
      () => sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } }),
      { unsafe: true },
    );
    return null;
  } catch (error) {
    if (error instanceof GoogleError) return error;
    throw error;
  }
}
