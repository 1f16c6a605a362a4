import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CASES, QUEUE } from '../../contract/tabs.ts';
import { localCredential } from '../../sync-service/src/cli/google-local.ts';
import { openStore, type Store } from '../../sync-service/src/ledger/store.ts';
import { connectGoogle } from '../../sync-service/src/sheets/google.ts';
import { runCycle } from '../../sync-service/src/sync/cycle.ts';
import { knownOffice, setUpOffice } from '../../sync-service/src/sync/office.ts';
import { rebuildLedger } from '../../sync-service/src/sync/rebuild.ts';
import { COMPLETE, openStage, type Stage } from './stage.ts';

let stage: Stage;
let lost: Store;
const summary = (store: Store) =>
  store.db
    .selectFrom('cases')
    .select(['number', 'state', 'queue', 'email', 'response_id', 'name_key', 'certificate_key'])
    .orderBy('number')
    .execute();

beforeAll(async () => {
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
  lost = await openStore({ memory: true });
});
afterAll(async () => {
  await lost.close();
  await stage.close();
});

describe('a lost ledger', () => {
  const parts = () => ({
    ...stage.service.parts,
    store: lost,
    google: connectGoogle({
      rootUrl: stage.google.emulator.url,
      credential: localCredential(),
      retry: { firstDelayMs: 1 },
    }),
  });

  it('does not begin anew beside spreadsheets that hold cases', async () => {
    await expect(setUpOffice({ ...parts(), programs: [stage.program], editor: null })).rejects.toThrow(
      'budeng rebuild',
    );
    expect(stage.readTab('office', 'cases', CASES).rows).toHaveLength(4);
  });

  it('is rebuilt with its numbers and states, and tells nobody anything twice', async () => {
    const mails = stage.mails().length;
    // One more response came in after the loss.
    await stage.submit('advanced-mentor-106-107', {
      ...COMPLETE,
      name: '戊',
      email: 'new@example.com',
      'certificate-number': '臺教師(三)字第1060019999號',
    });
    await stage.script.idle();
    expect(await rebuildLedger(parts())).toEqual({ cases: 5, unreadable: 0, unknown: 1 });
    const before = await summary(stage.service.store);
    expect((await summary(lost)).slice(0, 4)).toEqual(before);
    const office = await knownOffice([stage.program], lost);
    if (!office) throw new Error('no office');
    expect(office).toEqual(stage.service.office);
    await runCycle(parts(), office);
    await runCycle(parts(), office);
    expect(stage.mails().length).toBe(mails + 1);
    expect(stage.mailsTo('new@example.com')[0]?.text).toContain('TN109-000005');
    const rows = stage.readTab('platform', 'queue', QUEUE).rows;
    expect(rows.find((row) => row.cells.case === 'TN109-000003')?.cells.note).toBe('打到一半');
    expect(rows.map((row) => row.cells.case)).toEqual(
      expect.arrayContaining(['TN109-000001', 'TN109-000003', 'TN109-000005']),
    );
    expect(rows.some((row) => row.cells.case === 'TN109-000002')).toBe(false);
    // The history says where it comes from.
    const events = await lost.db
      .selectFrom('events')
      .select('trigger')
      .where('trigger', '=', 'rebuilt')
      .execute();
    expect(events).toHaveLength(1);
  });
});
