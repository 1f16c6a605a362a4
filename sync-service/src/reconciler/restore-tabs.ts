import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { decorationRequests, tabRequests } from '../google/layout.ts';
import { decorate, listTabs } from '../google/spreadsheet.ts';
import type { ManagedDocument } from '../provisioning/office.ts';
import type { CycleContext } from './cycle-context.ts';

/**
 * Puts deleted tabs back, under the ids that they had, so that nothing that names them needs to change. The next cycle
 * writes their rows from the ledger.
 * @returns how many tabs were missing
 */
export async function restoreTabs(
  context: Pick<CycleContext, 'google' | 'program' | 'log'>,
  document: ManagedDocument,
): Promise<number> {
  const { google, program } = context;
  const { spreadsheetId } = document;
  const tabs = await listTabs(google, spreadsheetId);
  const present = new Set(tabs.map(({ sheetId }) => sheetId));
  const titles = new Set(tabs.map(({ title }) => title));
  const requests: sheets_v4.Schema$Request[] = [];
  const decoration: sheets_v4.Schema$Request[] = [];
  const missing = Object.entries(document.tabIds).filter(([, sheetId]) => !present.has(sheetId));
  for (const [key, sheetId] of missing) {
    const managed = document.tabs.find((tab) => tab.key === key);
    if (!managed) continue;
    const wanted = managed.spec.title;
    const title = titles.has(wanted) ? `${wanted}（還原 ${sheetId}）` : wanted;
    requests.push({ addSheet: { properties: { sheetId, title } } });
    const look = managed.look(program);
    requests.push(...tabRequests(managed.spec, sheetId, look));
    decoration.push(...decorationRequests(managed.spec, sheetId, look));
  }
  if (requests.length > 0)
    await google.call(
      'sheets.batchUpdate',
      () => google.sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } }),
      { unsafe: true },
    );
  const refused = await decorate(google, spreadsheetId, decoration);
  if (refused) context.log.warn({ spreadsheet: document.role, err: refused }, 'not decorated');
  return missing.length;
}
