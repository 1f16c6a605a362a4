import { afterEach, expect, it } from 'vitest';
import { localCredential } from '../../sync-service/src/cli/trial/google-local.ts';
import { connectGoogle } from '../../sync-service/src/google/client.ts';
import { listTabs, readGrids } from '../../sync-service/src/google/spreadsheet.ts';
import { openSheets } from '../emulator/sheets/open-sheets.ts';

let opened: Awaited<ReturnType<typeof openSheets>>;
afterEach(() => opened.emulator.close());

it.each([
  'reversed',
  'in-order',
] as const)('reads each tab as itself, when answers come %s', async (filterAnswers) => {
  opened = await openSheets({ switches: { filterAnswers } });
  const id = await opened.create('first');
  await opened.batch(
    id,
    { addSheet: { properties: { title: 'second' } } },
    { addSheet: { properties: { title: 'third' } } },
  );
  for (const title of ['first', 'second', 'third'])
    await opened.write(id, `${title}!A1`, [['key'], [title], [`below ${title}`]]);
  const google = connectGoogle({ rootUrl: opened.emulator.url, credential: localCredential() });
  const tabs = await listTabs(google, id);
  const grids = tabs.flatMap(({ sheetId }) => [{ sheetId }, { sheetId, startRowIndex: 2 }]);
  const ranges = await readGrids(google, id, grids);
  expect(ranges.map(({ values }) => values)).toEqual(
    ['first', 'second', 'third'].flatMap((title) => [
      [['key'], [title], [`below ${title}`]],
      [[`below ${title}`]],
    ]),
  );
});
