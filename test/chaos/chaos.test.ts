import { query } from '../../sync-service/src/ledger/query.ts';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../sync-service/src/ledger/store.ts';
import { ENGINES, openTestStore } from '../ledger/stores.ts';
import { FOUND } from './found.ts';
import { killedAt, makeHistory, readHistory, runHistory } from './history.ts';
import { MUTATIONS } from './mutate.ts';

describe.each(ENGINES)('on %s', (engine) => {
  let store: Store;
  beforeAll(async () => {
    store = await openTestStore(engine);
  });
  afterAll(() => store.close());

  describe('random histories', () => {
    it.each([1, 2, 3, 4, 5, 6])('seed %i keeps every promise', async (seed) => {
      const { violations } = await runHistory(store, seed, makeHistory(seed, 24));
      expect(violations).toEqual({});
    });
  });

  describe('a kill at any step', () => {
    it('would else have seen a whole life', async () => {
      const { violations, kills } = await runHistory(store, 1, killedAt(Number.POSITIVE_INFINITY));
      expect({ violations, kills }).toEqual({ violations: {}, kills: 0 });
      const events = await query(store.db).selectFrom('events').select('trigger').distinct().execute();
      const triggers = events.map(({ trigger }) => trigger).toSorted();
      expect(triggers).toEqual(['approved', 'compiled', 'dispatched', 'resubmitted', 'submitted']);
    });

    // `npm run -s chaos -- --each-step` goes through them all.
    it.each(
      Array.from({ length: 10 }, (_, i) => i * 110 + 1),
    )('loses and doubles nothing at step %i', async (at) => {
      const { violations, kills } = await runHistory(store, 1, killedAt(at));
      expect({ violations, kills }).toEqual({ violations: {}, kills: 1 });
    });
  });
});

describe('the guards that mutations take out', () => {
  it.each(Object.entries(MUTATIONS))('%s still stands where it is taken out', (_name, edits) => {
    for (const { file, guard, without } of edits) {
      const parts = readFileSync(`sync-service/src/${file}`, 'utf8').split(guard);
      expect(parts.length, `${guard} in ${file}`).toBe(2);
      expect(without).not.toBe(guard);
    }
  });
});

describe('histories that once failed', () => {
  let store: Store;
  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store.close());

  it.each(FOUND)('%s', async (_name, text) => {
    expect((await runHistory(store, 1, readHistory(text))).violations).toEqual({});
  });
});
