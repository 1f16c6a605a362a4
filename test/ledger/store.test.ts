import { query } from '../../sync-service/src/ledger/query.ts';
import { listDocuments, saveDocument } from '../../sync-service/src/ledger/documents.ts';
import { rememberNonce } from '../../sync-service/src/ledger/repositories/nonces.ts';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextCaseNumber } from '../../sync-service/src/ledger/repositories/counters.ts';
import { lockFolder } from '../../sync-service/src/platform/folder-lock.ts';
import { readValue, writeValue } from '../../sync-service/src/ledger/key-values.ts';
import { openStore, type Store } from '../../sync-service/src/ledger/store.ts';
import { caseRow, ENGINES, openTestStore } from './stores.ts';

const at = new Date('2020-04-21T01:00:00Z');
describe.each(ENGINES)('on %s', (engine) => {
  let store: Store;
  beforeAll(async () => {
    store = await openTestStore(engine);
  });
  afterAll(() => store.close());

  describe('case numbers', () => {
    it('count up from one, per program, and are padded', async () => {
      expect(await nextCaseNumber(store.db, 'a', 'TN109')).toBe('TN109-000001');
      expect(await nextCaseNumber(store.db, 'a', 'TN109')).toBe('TN109-000002');
      expect(await nextCaseNumber(store.db, 'b', 'KH109')).toBe('KH109-000001');
    });

    it('differ under concurrency', async () => {
      const numbers = await Promise.all(
        Array.from({ length: 20 }, () => store.transaction((db) => nextCaseNumber(db, 'c', 'C'))),
      );
      expect(new Set(numbers).size).toBe(20);
    });
  });

  describe('the history', () => {
    it('can be added to, but neither edited nor removed', async () => {
      const { id } = await query(store.db)
        .insertInto('cases')
        .values(caseRow('H-000001'))
        .returning('id')
        .executeTakeFirstOrThrow();
      const event = {
        case_id: id,
        revision: 1,
        at,
        actor: 'teacher',
        trigger: 'submitted' as const,
        from_state: null,
        to_state: 'in-review' as const,
        reason: '',
        data: '{}',
      };
      await query(store.db).insertInto('events').values(event).execute();
      await expect(query(store.db).updateTable('events').set({ reason: 'x' }).execute()).rejects.toThrow(
        /append-only/,
      );
      await expect(query(store.db).deleteFrom('events').execute()).rejects.toThrow(/append-only/);
    });

    it('holds one case a response', async () => {
      const row = caseRow('H-000002', { response_id: 'same' });
      await query(store.db).insertInto('cases').values(row).execute();
      await expect(
        query(store.db)
          .insertInto('cases')
          .values({ ...row, number: 'H-000003' })
          .execute(),
      ).rejects.toThrow(/unique/);
    });
  });

  describe('small tables', () => {
    it('keep a cursor and replace it', async () => {
      expect(await readValue(store.db, 'page')).toBeNull();
      await writeValue(store.db, 'page', '1');
      await writeValue(store.db, 'page', '2');
      expect(await readValue(store.db, 'page')).toBe('2');
    });

    it('take a nonce once until it is old', async () => {
      const old = new Date(at.getTime() - 1000);
      expect(await rememberNonce(store.db, 'n1', at, old)).toBe(true);
      expect(await rememberNonce(store.db, 'n1', at, old)).toBe(false);
      expect(await rememberNonce(store.db, 'n1', at, new Date(at.getTime() + 1))).toBe(true);
    });

    it('remember a Google document by its role', async () => {
      await saveDocument(store.db, { role: 'office', id: 'x', data: { sheetId: 0 } });
      await saveDocument(store.db, { role: 'office', id: 'y', data: { sheetId: 7 } });
      expect(await listDocuments(store.db)).toEqual([{ role: 'office', id: 'y', data: { sheetId: 7 } }]);
    });
  });
});

describe('the PGlite folder', () => {
  const folder = () => mkdtempSync(join(tmpdir(), 'budeng-store-'));

  it('keeps what was written for the next start', async () => {
    const path = folder();
    const first = await openStore({ folder: path });
    await writeValue(first.db, 'kept', 'yes');
    await first.close();
    const second = await openStore({ folder: path });
    expect(await readValue(second.db, 'kept')).toBe('yes');
    await second.close();
  });

  it('is not written to while its disk is almost full', async () => {
    const store = await openStore({ folder: folder(), reserveMb: 2 ** 40 });
    await expect(store.assertRoom()).rejects.toThrow('請清出空間');
    await store.close();
  });

  it('is held by one process: the second is told who and what to do', async () => {
    const path = folder();
    const first = await openStore({ folder: path });
    await expect(openStore({ folder: path })).rejects.toThrow('正由另一個 budeng 使用');
    await expect(openStore({ folder: path })).rejects.toThrow(/--data/);
    await first.close();
  });

  it('is taken over from a process that died', () => {
    const path = folder();
    writeFileSync(join(path, 'budeng.lock'), JSON.stringify({ pid: 2 ** 22 + 1, start: '1' }));
    expect(() => lockFolder(path)()).not.toThrow();
  });
});
