import { cutText } from '../../../contract/cell-text.ts';
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { listTabs } from '../google/spreadsheet.ts';
import { deleteValue, readValues, writeValue } from '../ledger/key-values.ts';
import type { ManagedDocument } from '../provisioning/office.ts';
import type { CycleContext } from './cycle-context.ts';

/** Stands before a paused tab's title, where people who work there see it without a cell of theirs being written. */
export const PAUSED_PREFIX = '⚠ 暫停（請復原第 1 列）';
/** Google refuses longer titles. */
const TITLE_LENGTH = 100;
const RED = { rgbColor: { red: 0.8, green: 0.1, blue: 0.1 } };

/** Says on the tabs themselves which ones are paused, and takes it back once they are whole. */
export async function markPauses(
  { google, store }: Pick<CycleContext, 'google' | 'store'>,
  document: ManagedDocument,
  broken: ReadonlySet<string>,
): Promise<void> {
  const marked = await readValues(store.db, keyOf(document, ''));
  const changes = Object.keys(document.tabIds).flatMap((key) =>
    marked.has(keyOf(document, key)) === broken.has(key) ? [] : [{ key, paused: broken.has(key) }],
  );
  if (changes.length === 0) return;
  const { spreadsheetId } = document;
  const tabs = await listTabs(google, spreadsheetId);
  const titles = new Map(tabs.map(({ sheetId, title }) => [sheetId, title]));
  const requests = changes.map(({ key, paused }): sheets_v4.Schema$Request => {
    const sheetId = document.tabIds[key] ?? 0;
    const plain = (titles.get(sheetId) ?? '').replaceAll(PAUSED_PREFIX, '');
    const title = cutText(paused ? PAUSED_PREFIX + plain : plain, TITLE_LENGTH);
    return {
      updateSheetProperties: {
        properties: { sheetId, title, ...(paused ? { tabColorStyle: RED } : {}) },
        fields: 'title,tabColorStyle',
      },
    };
  });
  // Repeating it changes nothing, so that it may be tried again after an unknown outcome.
  await google.call('sheets.batchUpdate', () =>
    google.sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } }),
  );
  for (const { key, paused } of changes) {
    if (paused) await writeValue(store.db, keyOf(document, key), '1');
    else await deleteValue(store.db, keyOf(document, key));
  }
}

function keyOf({ role }: ManagedDocument, key: string): string {
  return `paused/${role}/${key}`;
}
