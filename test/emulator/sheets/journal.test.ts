import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSheets } from './open-sheets.ts';

it('the journal gives everything back, under the same ids', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'budeng-sheets-'));
  try {
    let google = await openSheets({ dataDir });
    const id = await google.create('甲');
    const other = await google.create();
    await google.write(id, 'A1', [
      ['2020-04-21', '5%', "'1"],
      ['=A1', '', 'x'],
    ]);
    await google.sheets.values.append({
      spreadsheetId: id,
      range: 'A1',
      valueInputOption: 'RAW',
      insertDataOption: 'INSERT_ROWS',
      requestBody: { values: [['a'], ['b'], ['c']] },
    });
    await google.sheets.values.clear({ spreadsheetId: id, range: 'C1' });
    await google.batch(
      id,
      { randomizeRange: { range: { sheetId: 0 } } },
      { duplicateSheet: { sourceSheetId: 0 } },
      { addProtectedRange: { protectedRange: { range: { sheetId: 0 } } } },
      { addNamedRange: { namedRange: { name: 'here', range: { sheetId: 0, endRowIndex: 1 } } } },
      { updateSpreadsheetProperties: { properties: { title: '新名' }, fields: 'title' } },
    );
    // A batch that was refused is not written down.
    await google.ask('POST', `/${id}:batchUpdate`, {
      requests: [{ addSheet: {} }, { deleteSheet: { sheetId: 4 } }],
    });
    await google.sheets.sheets.copyTo({
      spreadsheetId: id,
      sheetId: 0,
      requestBody: { destinationSpreadsheetId: other },
    });
    const pictures = () =>
      Promise.all(
        [id, other].map(
          async (spreadsheetId) => (await google.sheets.get({ spreadsheetId, includeGridData: true })).data,
        ),
      );
    const before = await pictures();
    const versions = [id, other].map((each) => google.emulator.drive.get(each).version);
    await google.emulator.close();
    google = await openSheets({ dataDir });
    expect(await pictures()).toEqual(before);
    expect([id, other].map((each) => google.emulator.drive.get(each).version)).toEqual(versions);
    const added = await google.batch(id, { addSheet: {} });
    expect(added[0]?.addSheet?.properties?.title).toBe('Sheet3');
    await google.emulator.close();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
