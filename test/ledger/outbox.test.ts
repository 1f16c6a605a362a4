import { query } from '../../sync-service/src/ledger/query.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  claimNotices,
  enqueueNotice,
  markAbandonedClaims,
  recordDelivery,
} from '../../sync-service/src/ledger/outbox.ts';
import type { Store } from '../../sync-service/src/ledger/store.ts';
import type { CaseNoticeData } from '../../sync-service/src/notices/types.ts';
import { caseRow, ENGINES, openTestStore } from './stores.ts';

const at = new Date('2020-04-21T01:00:00Z');
const later = new Date('2020-04-21T02:00:00Z');
describe.each(ENGINES)('on %s', (engine) => {
  let store: Store;
  let caseId: number;

  beforeAll(async () => {
    store = await openTestStore(engine);
    const row = await query(store.db)
      .insertInto('cases')
      .values(caseRow('T-000001'))
      .returning('id')
      .executeTakeFirstOrThrow();
    caseId = row.id;
  });
  afterAll(() => store.close());
  beforeEach(() => query(store.db).deleteFrom('notices').execute());

  function notice(overrides: Partial<Parameters<typeof enqueueNotice>[1]> = {}) {
    return {
      scope: `case/${caseId}`,
      caseId,
      kind: 'acknowledgement' as const,
      revision: 1,
      messageId: `<${overrides.kind ?? 'acknowledgement'}.${overrides.revision ?? 1}@example.com>`,
      recipient: 'teacher@example.com',
      data: { caseNumber: 'T-000001' } as CaseNoticeData,
      at,
      ...overrides,
    };
  }

  async function states() {
    const rows = await query(store.db)
      .selectFrom('notices')
      .select(['kind', 'state'])
      .orderBy('id')
      .execute();
    return rows.map((row) => `${row.kind}:${row.state}`);
  }

  describe('the outbox', () => {
    it('takes the same notice (case, kind, revision) once', async () => {
      await enqueueNotice(store.db, notice());
      await enqueueNotice(store.db, notice());
      expect(await states()).toEqual(['acknowledgement:pending']);
    });

    it('takes the next revision and another kind of the same case', async () => {
      await enqueueNotice(store.db, notice());
      await enqueueNotice(store.db, notice({ revision: 2 }));
      await enqueueNotice(store.db, notice({ kind: 'registered' }));
      expect(await states()).toHaveLength(3);
    });

    it('refuses at once where there is no usable address, so that a person sees it', async () => {
      await enqueueNotice(store.db, notice({ recipient: '' }));
      expect(await states()).toEqual(['acknowledgement:refused']);
    });

    it('claims a notice for one caller only', async () => {
      await enqueueNotice(store.db, notice());
      const [first, second] = await Promise.all([
        claimNotices(store.db, at, 10),
        claimNotices(store.db, at, 10),
      ]);
      expect(first.length + second.length).toBe(1);
    });

    it('claims in the order of writing and no more than asked', async () => {
      for (const revision of [1, 2, 3]) await enqueueNotice(store.db, notice({ revision }));
      const claimed = await claimNotices(store.db, at, 2);
      expect(claimed.map((each) => each.messageId)).toEqual([
        '<acknowledgement.1@example.com>',
        '<acknowledgement.2@example.com>',
      ]);
      expect(claimed[0]).toMatchObject({
        caseNumber: 'T-000001',
        attempts: 1,
        data: { caseNumber: 'T-000001' },
      });
    });

    it('does not claim before its time', async () => {
      await enqueueNotice(store.db, notice({ at: later }));
      expect(await claimNotices(store.db, at, 10)).toEqual([]);
      expect(await claimNotices(store.db, later, 10)).toHaveLength(1);
    });

    it('tries again at the time that the settlement names', async () => {
      await enqueueNotice(store.db, notice());
      const [claimed] = await claimNotices(store.db, at, 1);
      await recordDelivery(store.db, claimed!.id, { state: 'pending', reply: '451', at, dueAt: later });
      expect(await claimNotices(store.db, at, 1)).toEqual([]);
      expect((await claimNotices(store.db, later, 1))[0]).toMatchObject({ attempts: 2 });
    });

    it('keeps what the mail server answered, whatever bytes are in it', async () => {
      await enqueueNotice(store.db, notice());
      const [claimed] = await claimNotices(store.db, at, 1);
      const reply = `550 \0no\ud800 such user ${'x'.repeat(1000)}`;
      await recordDelivery(store.db, claimed!.id, { state: 'refused', reply, at });
      const kept = await query(store.db)
        .selectFrom('notices')
        .select(['state', 'reply'])
        .executeTakeFirstOrThrow();
      expect(kept.state).toBe('refused');
      expect(kept.reply).toMatch(/^550 no\ufffd such user x+$/u);
      expect(kept.reply).toHaveLength(500);
    });

    it('settles only an open claim: a stale attempt changes nothing', async () => {
      await enqueueNotice(store.db, notice());
      const [claimed] = await claimNotices(store.db, at, 1);
      await recordDelivery(store.db, claimed!.id, { state: 'sent', reply: '250', at });
      await recordDelivery(store.db, claimed!.id, { state: 'pending', reply: '451', at, dueAt: at });
      expect(await states()).toEqual(['acknowledgement:sent']);
    });

    it('does not wait for the times of a clock that was set back since', async () => {
      const wrong = new Date(at.getTime() + 400 * 24 * 3600_000);
      await enqueueNotice(store.db, notice({ at: wrong }));
      expect(await claimNotices(store.db, at, 1)).toHaveLength(1);
      await enqueueNotice(store.db, notice({ revision: 2 }));
      await claimNotices(store.db, wrong, 1);
      expect(await markAbandonedClaims(store.db, new Date(0), later)).toBe(1);
      expect(await states()).toEqual(['acknowledgement:claimed', 'acknowledgement:uncertain']);
    });

    it('marks the claim of a dead process uncertain instead of sending again', async () => {
      await enqueueNotice(store.db, notice());
      await claimNotices(store.db, at, 1);
      expect(await markAbandonedClaims(store.db, at, later)).toBe(0);
      expect(await markAbandonedClaims(store.db, later, later)).toBe(1);
      expect(await states()).toEqual(['acknowledgement:uncertain']);
      expect(await claimNotices(store.db, later, 1)).toEqual([]);
    });
  });
});
