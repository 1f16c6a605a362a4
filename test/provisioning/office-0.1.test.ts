import { query } from '../../sync-service/src/ledger/query.ts';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordOf } from '../../contract/records.ts';
import { type Column, keysOf, QUEUE, SETTINGS } from '../../contract/tabs.ts';
import { restore } from '../../sync-service/src/cli/commands/backup.ts';
import { upgradeTab } from '../../sync-service/src/google/layout-upgrade.ts';
import { parseTab } from '../../sync-service/src/google/tab.ts';
import { managedDocuments } from '../../sync-service/src/provisioning/office.ts';
import { openStore } from '../../sync-service/src/ledger/store.ts';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';

const FIXTURE = 'test/fixtures/office-0.1';
const PROGRAM = 'programs/tainan-109.yaml';
const OWN_LABEL = '我的註記';

let folder: string;
let stage: Stage;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'budeng-office-'));
  const [dataDir, into] = [join(folder, 'google'), join(folder, 'ledger')];
  for (const each of [dataDir, into]) mkdirSync(each);
  writeFileSync(join(dataDir, 'journal.jsonl'), gunzipSync(readFileSync(`${FIXTURE}/journal.jsonl.gz`)));
  await restore(`${FIXTURE}/ledger.backup`, { program: PROGRAM, data: folder, into });
  const store = await openStore({ folder: into });
  stage = await openStage({ now: '2020-04-21T01:08:00Z', carriedOver: { dataDir, store } });
  await stage.settle();
});
afterEach(async () => {
  await stage.close();
  rmSync(folder, { recursive: true });
});

const queue = () => stage.readTab('platform', 'queue', QUEUE);
const rowOf = (number: string) => queue().rows.find(({ cells }) => cells.case === number)?.cells;
/** The texts of the column whose label somebody wrote by hand. */
function ownColumn(): unknown[] {
  const { spreadsheetId, tabIds } = stage.documentOf('platform');
  const { valueRanges } = stage.google.emulator.sheets.valuesBatchGetByDataFilter(spreadsheetId, {
    dataFilters: [{ gridRange: { sheetId: tabIds.queue ?? 0 } }],
  });
  const rows = (valueRanges?.[0]?.valueRange?.values ?? []) as unknown[][];
  const column = rows[1]?.indexOf(OWN_LABEL) ?? -1;
  return rows.slice(2).map((row) => row[column] ?? '');
}

describe('an office of 0.1', () => {
  it('goes on with its cases, its numbers and what people have typed', async () => {
    expect(queue().rows.map(({ cells }) => cells.case)).toEqual([
      'TN109-000003',
      'TN109-000004',
      'TN109-000005',
    ]);
    expect(rowOf('TN109-000003')).toMatchObject({ decision: '通過登錄', reason: '想一想', ready: false });
    expect(ownColumn()).toEqual(['先打電話', '', '星期五再看']);
    expect(stage.readTab('office', 'settings', SETTINGS).rows.every(({ cells }) => cells.value === '')).toBe(
      true,
    );
    const quarantined = await query(stage.service.store.db)
      .selectFrom('quarantined_rows')
      .selectAll()
      .execute();
    expect(quarantined).toEqual([]);
  });

  it('takes the decision that was ticked before, and new submissions', async () => {
    await stage.afterGrace();
    expect((await stage.caseOf('TN109-000004')).state).toBe('registered');
    await stage.submit('advanced-mentor-106-107', { ...COMPLETE, name: '新老師', email: 'new@example.com' });
    await stage.settle();
    expect(stage.mailsTo('new@example.com')[0]?.subject).toContain('TN109-000006');
    expect(ownColumn()).toEqual(['先打電話', '星期五再看', '']);
  });

  it('is told nothing twice, and a cycle with nothing to do writes nothing', async () => {
    const mails = stage.mails().length;
    await stage.afterGrace();
    expect(stage.mails().length - mails).toBe(1);
    expect(await stage.service.cycle()).toMatchObject({ written: 0, paused: [], failed: [] });
  });

  it.each([
    'office',
    'platform',
    'city-center',
    'ministry',
  ])('takes the layouts of later releases (%s): nobody’s columns and words move', async (role) => {
    const { spreadsheetId, tabIds } = stage.documentOf(role);
    const { sheets } = stage.google.emulator;
    const name = role === 'office' ? role : `queue:${role}`;
    const documents = managedDocuments([stage.program], stage.service.office);
    for (const { key, spec } of documents.find((each) => each.role === name)?.tabs ?? []) {
      const sheetId = tabIds[key] ?? 0;
      const [first = '', ...rest] = keysOf(spec);
      const fresh: Column = { label: '後來的欄位', owner: 'service', since: 2 };
      const later = {
        ...spec,
        layout: 2,
        columns: recordOf([first, 'later', ...rest], (each) => spec.columns[each] ?? fresh),
      };
      const values = () => {
        const { valueRanges } = sheets.valuesBatchGetByDataFilter(spreadsheetId, {
          dataFilters: [{ gridRange: { sheetId } }],
          valueRenderOption: 'UNFORMATTED_VALUE',
        });
        return valueRanges?.[0]?.valueRange ?? {};
      };
      const sheet = () =>
        sheets.get(spreadsheetId).sheets?.find(({ properties }) => properties?.sheetId === sheetId) ?? {};
      const before = values().values ?? [];
      const protections = sheet().protectedRanges?.length ?? 0;
      const look = { choices: {}, closed: key === 'intake' };
      const { requests } = upgradeTab(later, sheet(), look, parseTab(later, values()), 1);
      sheets.batchUpdate(spreadsheetId, { requests });
      const { missing, columns } = parseTab(later, values());
      expect([key, missing]).toEqual([key, []]);
      const others = (values().values ?? []).map((row) => row.toSpliced(columns.later ?? -1, 1));
      expect(others).toEqual(before);
      // The new column may be a protected run of its own.
      expect((sheet().protectedRanges?.length ?? 0) - protections).toBeLessThan(2);
    }
  });
});
