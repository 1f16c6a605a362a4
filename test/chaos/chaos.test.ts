import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../sync-service/src/ledger/store.ts';
import { ENGINES, openTestStore } from '../ledger/stores.ts';
import { killedAt, makeHistory, runHistory, type Step } from './history.ts';
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
      const events = await store.db.selectFrom('events').select('trigger').distinct().execute();
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

/** What the harness has found; each stays. */
const FOUND: [string, string][] = [
  [
    'a tick set before an edit is not applied after it',
    'submit:248360825 cycle:2117961533 edit-response:1230478402 decide:706072071',
  ],
  [
    'a tick in a row whose number was overwritten touches nobody',
    'submit:383419387 submit:1063681967 cycle:886271905 decide-on-overwritten:424032348',
  ],
  [
    '…and the row comes to rest',
    'submit:22481869 submit:870831514 cycle:1130083400 decide-on-overwritten:1062416563',
  ],
  [
    'a connection that breaks after DATA sends no second mail',
    'submit:135452543 submit:1110437339 storm:862218637 cycle:1162410107',
  ],
  [
    'two ticked rows with one number both lose their ticks',
    'submit:591236026 submit:713098847 cycle:178675152 decide:1082206026 decide-on-overwritten:180329061',
  ],
  ['a response that comes in while the intake has no labels is read', 'break-key:538340005 submit:458179660'],
  [
    'a closed case that is taken up again is judged by what was sent last',
    'submit:228908913 cycle:1702779595 time:870360026 edit-response:527244378 cycle:929309449 office-action:893677553',
  ],
  ['words that look like HTML are text in a mail', 'cycle:725811572 change-setting:531737475'],
];

describe('histories that once failed', () => {
  let store: Store;
  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store.close());

  it.each(FOUND)('%s', async (_name, text) => {
    const steps = text.split(' ').map((step): Step => {
      const [kind = '', seed = '0'] = step.split(':');
      return { kind, seed: Number(seed) };
    });
    expect((await runHistory(store, 1, steps)).violations).toEqual({});
  });
});
