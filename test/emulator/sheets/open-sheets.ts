import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { officeClock } from '../../../contract/clock.ts';
import { type EmulatorOptions, startEmulator } from '../../../emulator/src/server.ts';
import { localCredential } from '../../../sync-service/src/cli/trial/google-local.ts';
import { connectGoogle } from '../../../sync-service/src/google/client.ts';

/** An emulator with what a test of the Sheets API needs: the unmodified client, and plain HTTP. */
export async function openSheets(options: Pick<EmulatorOptions, 'dataDir' | 'switches'> = {}) {
  const emulator = await startEmulator({
    clock: officeClock(new Date('2020-04-21T01:00:00Z'), { frozen: true }),
    auth: 'open',
    ...options,
  });
  const { sheets } = connectGoogle({ rootUrl: emulator.url, credential: localCredential() });
  /** What Google answers to a plain request: its status and JSON. */
  const ask = async (verb: string, path: string, body?: unknown) => {
    const response = await fetch(`${emulator.url}/v4/spreadsheets${path}`, {
      method: verb,
      ...(body === undefined
        ? {}
        : {
            headers: { 'content-type': 'application/json' },
            body: typeof body === 'string' ? body : JSON.stringify(body),
          }),
    });
    const data = (await response.json()) as { error?: ErrorBody } & Record<string, unknown>;
    return { status: response.status, data };
  };
  const create = async (sheetTitle = 'Sheet1') => {
    const { data } = await sheets.spreadsheets.create({
      requestBody: { sheets: [{ properties: { title: sheetTitle } }] },
    });
    return data.spreadsheetId ?? '';
  };
  const batch = async (spreadsheetId: string, ...requests: sheets_v4.Schema$Request[]) => {
    const { data } = await sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } });
    return data.replies ?? [];
  };
  const write = (
    spreadsheetId: string,
    range: string,
    values: unknown[][],
    valueInputOption = 'USER_ENTERED',
  ) =>
    sheets.spreadsheets.values.update({
      spreadsheetId,
      range,
      valueInputOption,
      requestBody: { values },
    });
  const read = async (spreadsheetId: string, range = 'Sheet1', valueRenderOption = 'FORMATTED_VALUE') => {
    const { data } = await sheets.spreadsheets.values.get({ spreadsheetId, range, valueRenderOption });
    return data.values;
  };
  /** The cells of the first sheet with all that they are. */
  const cells = async (spreadsheetId: string) => {
    const { data } = await sheets.spreadsheets.get({ spreadsheetId, includeGridData: true });
    return data.sheets?.[0]?.data?.[0]?.rowData?.map((row) => row.values ?? []) ?? [];
  };
  return { emulator, sheets: sheets.spreadsheets, ask, create, batch, write, read, cells };
}

export interface ErrorBody {
  code: number;
  message: string;
  status: string;
  details?: { '@type': string; fieldViolations: { field?: string; description: string }[] }[];
}
