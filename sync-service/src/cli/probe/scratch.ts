import { script, type script_v1 } from 'googleapis/build/src/apis/script/index.js';
import { clientOptions, connectGoogle, type Google, type GoogleOptions } from '../../google/client.ts';
import { GoogleError } from '../../google/error.ts';

/** What the scratch files are called, for whoever finds one that could not be deleted. */
const TITLE = 'budeng 試探（可以刪除）';

/** Files of the account that nobody needs, for questions to Google; each is deleted in the end. */
export interface Scratch {
  google: Google;
  script: script_v1.Script;
  title: string;
  /** Remembers a file to delete. */
  made(fileId: string | null | undefined): string;
  /** A fresh tab of the scratch spreadsheet, made with the first one. */
  tab(): Promise<{ spreadsheetId: string; sheetId: number; title: string }>;
  /** @returns the files that could not be deleted */
  clear(): Promise<string[]>;
}

export function openScratch(options: GoogleOptions): Scratch {
  const google = connectGoogle(options);
  const files: string[] = [];
  let spreadsheet: Promise<string> | null = null;
  let tabs = 0;
  const made: Scratch['made'] = (fileId) => {
    if (!fileId) throw new Error('Google gave no id');
    files.push(fileId);
    return fileId;
  };
  const create = async () => {
    const { spreadsheetId } = await google.call('sheets.create', () =>
      google.sheets.spreadsheets.create({ requestBody: { properties: { title: TITLE } } }),
    );
    return made(spreadsheetId);
  };
  return {
    google,
    script: script({ version: 'v1', ...clientOptions(options) }),
    title: TITLE,
    made,
    async tab() {
      spreadsheet ??= create();
      const spreadsheetId = await spreadsheet;
      tabs += 1;
      const title = `T${tabs}`;
      const requests = [
        { addSheet: { properties: { title, gridProperties: { rowCount: 20, columnCount: 6 } } } },
      ];
      const { replies } = await google.call('sheets.batchUpdate', () =>
        google.sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } }),
      );
      return { spreadsheetId, sheetId: replies?.[0]?.addSheet?.properties?.sheetId ?? 0, title };
    },
    async clear() {
      const left: string[] = [];
      for (const fileId of files.splice(0))
        try {
          await google.call('drive.files.delete', () => google.drive.files.delete({ fileId }));
        } catch (error) {
          // A script that is bound to a spreadsheet goes with it.
          if (!(error instanceof GoogleError)) throw error;
          if (error.kind !== 'missing') left.push(fileId);
        }
      return left;
    },
  };
}
