import { afterEach, expect, it } from 'vitest';
import { PATHS } from '../../contract/paths.ts';
import { SETTINGS } from '../../contract/tabs.ts';
import { type KeptRow, readKeptRows } from '../../sync-service/src/ledger/repositories/whole-ledger.ts';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';

let stage: Stage;
afterEach(() => stage.close());

it('a GET of any path changes nothing: no row of the ledger, no setting in force', async () => {
  stage = await openStage();
  await stage.submit('initial', { ...COMPLETE, email: 'seen@example.com' });
  await stage.settle();
  const [page = ''] = /http:\S+\/t\/\S+/u.exec(stage.mailsTo('seen@example.com')[0]?.text ?? '') ?? [];
  // Only the next cycle may take what somebody has typed meanwhile.
  stage.type('office', 'settings', SETTINGS, 'graceSeconds', { value: '77' });
  const ledger = async () => {
    const rows: KeptRow[] = [];
    for await (const row of readKeptRows(stage.service.store.db)) rows.push(row);
    return rows;
  };
  const before = await ledger();
  const { url } = stage.service.web;
  const own = { tracking: new URL(page).pathname, preview: `${PATHS.preview.path}/acknowledgement` };
  const paths = Object.entries(PATHS)
    .filter(([, { method }]) => method === 'GET')
    .map(([key, { path }]) => (key in own ? own[key as keyof typeof own] : path));
  for (const path of paths) expect([path, (await fetch(new URL(path, url))).status]).toEqual([path, 200]);
  expect(await ledger()).toEqual(before);
  expect((await stage.service.context()).program.graceSeconds).not.toBe(77);
});
