import { query } from '../../sync-service/src/ledger/query.ts';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordOf } from '../../contract/records.ts';
import { type Column, keysOf, QUEUE, SETTINGS, TEMPLATES } from '../../contract/tabs.ts';
import { isBoundScript, listDocuments } from '../../sync-service/src/ledger/documents.ts';
import { restore } from '../../sync-service/src/cli/commands/backup.ts';
import { upgradeTab } from '../../sync-service/src/google/layout-upgrade.ts';
import { parseTab } from '../../sync-service/src/google/tab.ts';
import { managedDocuments } from '../../sync-service/src/provisioning/office.ts';
import { saveSetting } from '../../sync-service/src/ledger/settings.ts';
import { createRenderer } from '../../sync-service/src/notices/render.ts';
import { NOTICE_KINDS, type NoticeKind } from '../../sync-service/src/notices/types.ts';
import { openStore } from '../../sync-service/src/ledger/store.ts';
import { trialFolder } from '../cli/commands/trial-folder.ts';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';

const FIXTURE = 'test/fixtures/office-0.1';
const PROGRAM = 'programs/tainan-109.yaml';
const OWN_LABEL = '我的註記';

const office = trialFolder(async (data) => {
  mkdirSync(join(data, 'google'));
  writeFileSync(
    join(data, 'google', 'journal.jsonl'),
    gunzipSync(readFileSync(`${FIXTURE}/journal.jsonl.gz`)),
  );
  await restore(`${FIXTURE}/ledger.backup`, { program: PROGRAM, data });
});
let stage: Stage;
beforeEach(async () => {
  const data = office.copy();
  const store = await openStore({ folder: join(data, 'service') });
  stage = await openStage({
    now: '2020-04-21T01:08:00Z',
    carriedOver: { dataDir: join(data, 'google'), store },
  });
});
afterEach(() => stage.close());

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

describe('the words of an office of 0.1', () => {
  const words = (kind: NoticeKind) =>
    stage.readTab('office', 'templates', TEMPLATES).rows.find(({ cells }) => cells.kind === kind)?.cells;
  const original = createRenderer().original;

  it('are its own only where somebody changed them: better ones of this release reach all others', async () => {
    // Filled in by 0.1, and reworded since.
    expect(words('daily-digest')?.body).not.toBe('');
    expect(words('daily-digest')?.body).not.toBe(original('daily-digest').body);
    await stage.settle();
    await stage.settle();
    for (const kind of NOTICE_KINDS) {
      const { subject, body } = original(kind);
      expect(words(kind)).toMatchObject({ subject: '', body: '', problem: '' });
      expect(words(kind)).toMatchObject({ currentSubject: subject, currentBody: body });
    }
  });

  it('stay where the office typed, in the ledger and in the tab; the other half is the release’s', async () => {
    const subject = '請補正：{{caseNumber}}';
    const filledIn = String(words('correction-request')?.body);
    expect(filledIn).not.toBe(original('correction-request').body);
    const kept = JSON.stringify({ subject, body: filledIn });
    const { key: program } = stage.program;
    await saveSetting(stage.service.store.db, {
      program,
      key: 'template/correction-request',
      value: kept,
      typed: kept,
      problem: '',
    });
    stage.type('office', 'templates', TEMPLATES, 'correction-request', { subject });
    const body = '{{maskedName}}老師：已登錄。';
    stage.type('office', 'templates', TEMPLATES, 'registered', { body });
    await stage.settle();
    await stage.settle();
    expect(words('correction-request')).toMatchObject({ subject, body: '', currentSubject: subject });
    expect(words('correction-request')?.currentBody).toBe(original('correction-request').body);
    expect(words('registered')).toMatchObject({ subject: '', body, currentBody: body });
    expect(words('registered')?.currentSubject).toBe(original('registered').subject);
    expect(await stage.service.cycle()).toMatchObject({ written: 0, paused: [] });
  });
});

describe('an office of 0.1', () => {
  beforeEach(() => stage.settle());

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

  it('has all its files marked as its own', async () => {
    const files = (await listDocuments(stage.service.store.db)).filter(({ role }) => !isBoundScript(role));
    expect(files.length).toBeGreaterThan(4);
    for (const { role, id } of files)
      expect(stage.google.emulator.drive.get(id).appProperties).toEqual({
        budengProgram: stage.program.key,
        budengRole: role,
      });
  });

  it('has its first column frozen and its service’s cells grey, as new offices have', () => {
    const { spreadsheetId, tabIds } = stage.documentOf('platform');
    const { sheets } = stage.google.emulator.sheets.get(spreadsheetId, { includeGridData: true });
    const sheet = sheets?.find(({ properties }) => properties?.sheetId === tabIds.queue);
    // There the name is not the second column: frozen as far as the name, half of the screen would stand still.
    expect(sheet?.properties?.gridProperties?.frozenColumnCount).toBe(1);
    const { columns } = queue();
    const cells = sheet?.data?.[0]?.rowData?.[2]?.values ?? [];
    expect(cells[columns.name]?.userEnteredFormat).toMatchObject({
      backgroundColor: {},
      wrapStrategy: 'WRAP',
    });
    expect(cells[columns.reason]?.userEnteredFormat).toMatchObject({ numberFormat: { type: 'TEXT' } });
    expect(cells[columns.reason]?.userEnteredFormat?.backgroundColor).toBeUndefined();
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
      const fresh: Column = { label: '後來的欄位', owner: 'service', since: spec.layout + 1 };
      const later = {
        ...spec,
        layout: spec.layout + 1,
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
      const { requests } = upgradeTab(later, sheet(), look, parseTab(later, values()), spec.layout);
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
