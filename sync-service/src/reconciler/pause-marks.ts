import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { deleteCursor, readCursors, writeCursor } from '../ledger/small-tables.ts';
import type { KeptDocument } from '../provisioning/office.ts';
import type { Parts } from '../casework/context.ts';

/** In front of a paused tab's title: whoever works there sees it, and no cell of theirs is written. */
export const PAUSED_PREFIX = '⚠ 暫停（請復原第 1 列）';
/** Google's limit. */
const TITLE_LENGTH = 100;
const RED = { rgbColor: { red: 0.8, green: 0.1, blue: 0.1 } };

/** Says on the tabs themselves which ones are paused, and takes it back once they are whole. */
export async function markPauses(
  parts: Parts,
  document: KeptDocument,
  broken: ReadonlySet<string>,
): Promise<void> {
  const marked = await readCursors(parts.store.db, cursor(document, ''));
  const changes = Object.keys(document.tabIds).flatMap((key) =>
    marked.has(cursor(document, key)) === broken.has(key) ? [] : [{ key, paused: broken.has(key) }],
  );
  if (changes.length === 0) return;
  const { google, store } = parts;
  const { spreadsheetId } = document;
  const { sheets } = await google.call('sheets.get', () =>
    google.sheets.spreadsheets.get({ spreadsheetId, fields: 'sheets.properties(sheetId,title)' }),
  );
  const titles = new Map(
    sheets?.map(({ properties }) => [properties?.sheetId ?? 0, properties?.title ?? '']),
  );
  const requests = changes.map(({ key, paused }): sheets_v4.Schema$Request => {
    const sheetId = document.tabIds[key] ?? 0;
    const plain = (titles.get(sheetId) ?? '').replaceAll(PAUSED_PREFIX, '');
    const title = (paused ? PAUSED_PREFIX + plain : plain).slice(0, TITLE_LENGTH);
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
    if (paused) await writeCursor(store.db, cursor(document, key), '1');
    else await deleteCursor(store.db, cursor(document, key));
  }
}

function cursor({ role }: KeptDocument, key: string): string {
  return `paused/${role}/${key}`;
}
