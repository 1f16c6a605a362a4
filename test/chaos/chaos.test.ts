import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../sync-service/src/ledger/store.ts';
import { makeHistory, runHistory, type Step } from './history.ts';

let store: Store;
beforeAll(async () => {
  store = await openStore({ memory: true });
});
afterAll(() => store.close());

describe('random histories', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('seed %i keeps every promise', async (seed) => {
    const { violations } = await runHistory(store, seed, makeHistory(seed, 24));
    expect(violations).toEqual({});
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
];

describe('histories that once failed', () => {
  it.each(FOUND)('%s', async (_name, text) => {
    const steps = text.split(' ').map((step): Step => {
      const [kind = '', seed = '0'] = step.split(':');
      return { kind, seed: Number(seed) };
    });
    expect((await runHistory(store, 1, steps)).violations).toEqual({});
  });
});

describe('a kill at any step', () => {
  it.each(
    Array.from({ length: 24 }, (_, i) => i * 7 + 1),
  )('loses and doubles nothing at step %i', async (at) => {
    const steps: Step[] = [
      { kind: 'submit', seed: 11 },
      { kind: 'submit', seed: 12 },
      { kind: 'cycle', seed: 0 },
      { kind: 'decide', seed: 13 },
      { kind: 'cycle', seed: 0 },
      { kind: 'time', seed: 0 },
      { kind: 'kill-at', seed: at },
      { kind: 'cycle', seed: 0 },
    ];
    expect((await runHistory(store, 1, steps)).violations).toEqual({});
  });
});
