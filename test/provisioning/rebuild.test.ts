import { query } from '../../sync-service/src/ledger/query.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CASES, QUEUE } from '../../contract/tabs.ts';
import { freshRows } from '../../sync-service/src/cli/files/import-rows.ts';
import type { ResponseRow } from '../../sync-service/src/cli/files/responses.ts';
import type { UnmarkedFile } from '../../sync-service/src/google/files.ts';
import { isBoundScript, listDocuments } from '../../sync-service/src/ledger/documents.ts';
import type { Store } from '../../sync-service/src/ledger/store.ts';
import { emptyLedger } from '../../sync-service/src/ledger/repositories/whole-ledger.ts';
import { runCycle } from '../../sync-service/src/reconciler/cycle.ts';
import { knownOffice, setUpOffice } from '../../sync-service/src/provisioning/office.ts';
import { receive } from '../../sync-service/src/casework/intake/receive.ts';
import { isImportedId, type KnownResponse } from '../../sync-service/src/ledger/known-responses.ts';
import {
  isHalfRebuilt,
  rebuildLedger,
  refuseHalfRebuilt,
} from '../../sync-service/src/provisioning/rebuild.ts';
import { dyingAt, openTestStore } from '../ledger/stores.ts';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';

let stage: Stage;
let lost: Store;
const summary = (store: Store) =>
  query(store.db)
    .selectFrom('cases')
    .select(['number', 'state', 'queue', 'email', 'response_id', 'name_key', 'certificate_key'])
    .orderBy('number')
    .execute();

beforeEach(async () => {
  stage = await openStage();
  for (const [index, name] of ['甲', '乙', '丙', '丁'].entries())
    await stage.submit('advanced-mentor-106-107', {
      ...COMPLETE,
      name,
      email: `t${index}@example.com`,
      'certificate-number': `臺教師(三)字第106001000${index}號`,
      ...(name === '丁' ? { evidence: '' } : {}),
    });
  await stage.settle();
  stage.type('platform', 'queue', QUEUE, 'TN109-000002', { decision: '通過登錄', ready: true });
  stage.type('platform', 'queue', QUEUE, 'TN109-000003', { note: '打到一半' });
  await stage.afterGrace();
  lost = await openTestStore();
});
afterEach(async () => {
  await lost.close();
  await stage.close();
});

/** What an export of an earlier form brought. */
const exported = (at = '2020-04-20T01:02:03Z', more = {}): ResponseRow[] => [
  {
    form: 'initial',
    row: 2,
    submission: {
      form: 'initial',
      responseId: 'initial:2',
      revision: new Date(at).toISOString(),
      receivedAt: new Date(at),
      answers: {
        ...COMPLETE,
        name: '己',
        level: '',
        email: 'earlier@example.com',
        'certificate-number': '南市教專字第1050001號',
        ...more,
      },
      editUrl: '',
    },
  },
];

/** …and what the exports of the forms themselves hold beside it: the intake knows those already. */
async function beside(rows: ResponseRow[]) {
  const known = await query(stage.service.store.db)
    .selectFrom('revisions')
    .innerJoin('cases', 'cases.id', 'revisions.case_id')
    .select(['form', 'response_id', 'revisions.received_at', 'revisions.answers'])
    .execute();
  const own = known
    .filter((row) => !isImportedId(row.response_id))
    .map(({ form, received_at, answers }, index): ResponseRow => {
      const revision = received_at.toISOString();
      const submission = { form, responseId: '', revision, receivedAt: received_at, answers, editUrl: '' };
      return { form, row: index + 2, submission };
    });
  return {
    importsBeside: (intake: readonly KnownResponse[]) => freshRows(intake, [...own, ...rows]),
  };
}

describe('a lost ledger', () => {
  /** A case of an earlier form's export comes to the ledger before that is lost. */
  const importOne = async () => {
    for (const row of freshRows([], exported())) await receive(await stage.service.context(), row);
    await stage.settle();
  };
  const parts = async () => ({
    ...(await stage.service.context()),
    store: lost,
    google: stage.connect(),
  });

  it('does not begin anew beside spreadsheets that hold cases', async () => {
    await expect(
      setUpOffice({ ...(await parts()), programs: [stage.program], warn: () => undefined }),
    ).rejects.toThrow('budeng rebuild');
    expect(stage.readTab('office', 'cases', CASES).rows).toHaveLength(4);
  });

  describe('beside files that bear no mark', () => {
    const OFFICE_TITLE = '承辦（限閱）';
    beforeEach(async () => {
      const { drive } = stage.google.emulator;
      // To Drive, null takes a property away.
      const none = { budengProgram: null, budengRole: null } as unknown as Record<string, string>;
      for (const { role, id } of await listDocuments(stage.service.store.db))
        if (!isBoundScript(role)) drive.update(id, { appProperties: none });
    });

    it('does not begin anew either, and names the file', async () => {
      await expect(
        setUpOffice({ ...(await parts()), programs: [stage.program], warn: () => undefined }),
      ).rejects.toThrow(/承辦（限閱）」，擁有者 .\*\*\*@.*，109年4月21日（二）建立.*budeng rebuild/u);
    });

    it('takes none of them silently, and tells by which title, owner and day they go', async () => {
      const asked: UnmarkedFile[] = [];
      const refusing = async (files: readonly UnmarkedFile[]) => {
        asked.push(...files);
        return false;
      };
      const refusal = /承辦（限閱）」，擁有者 .\*\*\*@.*，109年4月21日（二）建立.*--take-unmarked/u;
      await expect(rebuildLedger(await parts())).rejects.toThrow(refusal);
      await expect(rebuildLedger(await parts(), { isOwn: refusing })).rejects.toThrow(refusal);
      expect(asked.filter(({ title }) => title.endsWith(OFFICE_TITLE))).toHaveLength(1);
      // Nothing was begun.
      await refuseHalfRebuilt(lost);
      expect(await summary(lost)).toEqual([]);
    });

    it('takes them where they are said to be its own, and the next start marks them', async () => {
      expect(await rebuildLedger(await parts(), { isOwn: async () => true })).toMatchObject({ cases: 4 });
      expect(await summary(lost)).toEqual(await summary(stage.service.store));
      await setUpOffice({ ...(await parts()), programs: [stage.program], warn: () => undefined });
      const { spreadsheetId } = stage.documentOf('platform');
      expect(stage.google.emulator.drive.get(spreadsheetId).appProperties).toEqual({
        budengProgram: stage.program.key,
        budengRole: 'queue:platform',
      });
      await emptyLedger(lost.db);
    });

    it('takes a marked file before one without', async () => {
      const { drive } = stage.google.emulator;
      for (const { role, id } of await listDocuments(stage.service.store.db))
        if (!isBoundScript(role))
          drive.update(id, { appProperties: { budengProgram: stage.program.key, budengRole: role } });
      const { spreadsheetId } = stage.documentOf('office');
      const { name = '', mimeType = '' } = drive.get(spreadsheetId);
      drive.create({ name, mimeType });
      expect(await rebuildLedger(await parts())).toMatchObject({ cases: 4 });
      expect((await knownOffice([stage.program], lost))?.office.spreadsheetId).toBe(spreadsheetId);
      await emptyLedger(lost.db);
    });
  });

  it('that was half rebuilt is worked with by nobody, and is rebuilt from the start', async () => {
    let died = 0;
    const attempt = async (step: number) => rebuildLedger({ ...(await parts()), store: dyingAt(lost, step) });
    for (let whole = null; whole === null; ) {
      whole = await attempt(3 + died * 4).catch(() => null);
      if (whole) expect(whole).toEqual({ cases: 4, unreadable: 0, unknown: 0, listedOnly: 0 });
      else {
        died += 1;
        expect(await isHalfRebuilt(lost)).toBe(true);
        await expect(refuseHalfRebuilt(lost)).rejects.toThrow('再執行一次 budeng rebuild');
      }
    }
    expect(died).toBeGreaterThan(5);
    await refuseHalfRebuilt(lost);
    expect(await summary(lost)).toEqual(await summary(stage.service.store));
    await emptyLedger(lost.db);
  });

  it('loses no case that came by an export', async () => {
    await importOne();
    await expect(rebuildLedger(await parts())).rejects.toThrow('TN109-000005');
    // Refused before anything was done.
    expect(await summary(lost)).toEqual([]);
    await refuseHalfRebuilt(lost);
    const before = await summary(stage.service.store);
    const whole = { cases: 5, unknown: 0, listedOnly: 0 };
    expect(await rebuildLedger(await parts(), await beside(exported()))).toMatchObject(whole);
    expect(await summary(lost)).toEqual(before);
    await emptyLedger(lost.db);
    // The old form's sheet holds what its teacher changed since.
    const edited = exported('2020-05-02T03:04:05Z', { note: '補上備註' });
    expect(await rebuildLedger(await parts(), await beside(edited))).toMatchObject(whole);
    expect(await summary(lost)).toEqual(before);
    await emptyLedger(lost.db);
    expect(await rebuildLedger(await parts(), { fromList: true })).toMatchObject({ cases: 5, listedOnly: 1 });
    expect(await summary(lost)).toEqual(before);
    await emptyLedger(lost.db);
  });

  it('is rebuilt without the tab 經過, which an office of 0.1 lacks, and gets it', async () => {
    const { spreadsheetId, tabIds } = stage.documentOf('platform');
    stage.google.emulator.sheets.batchUpdate(spreadsheetId, {
      requests: [{ deleteSheet: { sheetId: tabIds.history ?? 0 } }],
    });
    expect(await rebuildLedger(await parts())).toMatchObject({ cases: 4 });
    expect((await knownOffice([stage.program], lost))?.queues.platform?.tabIds.history).toBeUndefined();
    const office = await setUpOffice({
      ...(await parts()),
      programs: [stage.program],
      warn: () => undefined,
    });
    const { history } = office.queues.platform?.tabIds ?? {};
    expect(stage.google.emulator.sheets.tab(spreadsheetId, history ?? -1)?.properties.title).toBe('經過');
    await emptyLedger(lost.db);
  });

  it('is rebuilt with its numbers and states, and tells nobody anything twice', async () => {
    await importOne();
    const mails = stage.mails().length;
    // One more response came in after the loss.
    await stage.submit('advanced-mentor-106-107', {
      ...COMPLETE,
      name: '戊',
      email: 'new@example.com',
      'certificate-number': '臺教師(三)字第1060019999號',
    });
    await stage.script.idle();
    expect(await rebuildLedger(await parts(), await beside(exported()))).toEqual({
      cases: 6,
      unreadable: 0,
      unknown: 1,
      listedOnly: 0,
    });
    const before = await summary(stage.service.store);
    expect((await summary(lost)).slice(0, 5)).toEqual(before);
    const office = await knownOffice([stage.program], lost);
    if (!office) throw new Error('no office');
    expect(office).toEqual(stage.service.office);
    await runCycle(await parts(), office);
    await runCycle(await parts(), office);
    expect(stage.mails().length).toBe(mails + 1);
    expect(stage.mailsTo('new@example.com')[0]?.text).toContain('TN109-000006');
    const rows = stage.readTab('platform', 'queue', QUEUE).rows;
    expect(rows.find((row) => row.cells.case === 'TN109-000003')?.cells.note).toBe('打到一半');
    expect(rows.map((row) => row.cells.case)).toEqual(
      expect.arrayContaining(['TN109-000001', 'TN109-000003', 'TN109-000006']),
    );
    expect(rows.some((row) => row.cells.case === 'TN109-000002')).toBe(false);
    // The history says where it comes from.
    const events = await query(lost.db)
      .selectFrom('events')
      .select('trigger')
      .where('trigger', '=', 'rebuilt')
      .execute();
    expect(events).toHaveLength(1);
  });
});
