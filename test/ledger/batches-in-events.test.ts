import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { up } from '../../sync-service/src/ledger/migrations/008-batches-in-events.ts';
import { insertEvent } from '../../sync-service/src/ledger/repositories/events.ts';
import { query } from '../../sync-service/src/ledger/query.ts';
import type { Store } from '../../sync-service/src/ledger/store.ts';
import { caseRow, ENGINES, openTestStore } from './stores.ts';

const at = new Date('2020-04-21T01:00:00Z');

describe.each(ENGINES)('events from before migration 008 on %s', (engine) => {
  let store: Store;
  beforeAll(async () => {
    store = await openTestStore(engine);
    const batch = {
      program: 'test',
      queue: 'city-center',
      state: 'sent',
      created_at: at,
      sent_at: at,
    } as const;
    await query(store.db)
      .insertInto('batches')
      .values([
        { ...batch, number: 'TN109-函1' },
        { ...batch, number: 'TN109-函11' },
      ])
      .execute();
    const { id } = await query(store.db)
      .insertInto('cases')
      .values(caseRow('TN109-000001'))
      .returning('id')
      .executeTakeFirstOrThrow();
    const found = { id, revision: 1, state: 'in-review' } as const;
    for (const [trigger, reason] of [
      ['compiled', '列入TN109-函11'],
      ['compiled', '移出TN109-函11'],
      ['compiled', '列入TN109-函9'],
      // What a reviewer typed.
      ['returned', '列入TN109-函1'],
    ] as const)
      await insertEvent(store.db, { found, at, from: 'in-review', trigger, actor: 'administrator', reason });
  });
  afterAll(() => store.close());

  const dataOf = async () => {
    const events = await query(store.db).selectFrom('events').select('data').orderBy('id').execute();
    return events.map(({ data }) => data);
  };

  it('name the batch as data, of listings only, however often it is done', async () => {
    for (let times = 1; times <= 2; times += 1) {
      await up(query(store.db));
      expect(await dataOf()).toEqual([{ batch: 'TN109-函11' }, {}, {}, {}]);
    }
  });

  it('can be changed by nobody else', async () => {
    await expect(query(store.db).updateTable('events').set({ data: '{}' }).execute()).rejects.toThrow(
      /append-only/,
    );
  });
});
