import { parseArgs } from 'node:util';
import { openStore, type Store } from '../../sync-service/src/ledger/store.ts';
import { makeHistory, type Outcome, runHistory, type Step } from './history.ts';
import { INVARIANTS } from './invariants.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    /** Histories. */
    rounds: { type: 'string', default: '20' },
    /** Steps of each history. */
    steps: { type: 'string', default: '24' },
    store: { type: 'string', default: 'pglite' },
    /** Stops at the first failure and shrinks nothing. */
    stop: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

const store = await openChaosStore(values.store);
const first = Number(values.seed);
const total = { submissions: 0, kills: 0, faults: {}, people: {}, convergedIn: 0 };
const violations: Record<string, number> = Object.fromEntries(INVARIANTS.map((name) => [name, 0]));
let failed = false;
for (let seed = first; seed < first + Number(values.rounds); seed += 1) {
  const steps = makeHistory(seed, Number(values.steps));
  const outcome = await run(seed, steps);
  add(outcome);
  if (Object.keys(outcome.violations).length === 0) continue;
  failed = true;
  for (const [name, sentences] of Object.entries(outcome.violations))
    violations[name] = (violations[name] ?? 0) + sentences.length;
  if (values.stop) break;
  const shrunk = await shrink(seed, steps);
  process.stderr.write(
    `seed ${seed}: ${JSON.stringify(outcome.violations)}\n  shrunk: ${shrunk.map((step) => `${step.kind}:${step.seed}`).join(' ')}\n`,
  );
}
await store.close();
const report = {
  seed: first,
  rounds: Number(values.rounds),
  submissions: total.submissions,
  faultsInjected: total.faults,
  personActions: total.people,
  kills: total.kills,
  violations,
  convergedIn: total.convergedIn,
};
process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : `${JSON.stringify(report, null, 2)}\n`);
process.exit(failed ? 1 : 0);

function add(outcome: Outcome) {
  total.submissions += outcome.submissions;
  total.kills += outcome.kills;
  total.convergedIn = Math.max(total.convergedIn, outcome.convergedIn);
  for (const [from, to] of [
    [outcome.faults, total.faults],
    [outcome.people, total.people],
  ] as [Record<string, number>, Record<string, number>][])
    for (const [kind, count] of Object.entries(from)) to[kind] = (to[kind] ?? 0) + count;
}

async function run(seed: number, steps: readonly Step[]): Promise<Outcome> {
  try {
    return await runHistory(store, seed, steps);
  } catch (error) {
    const sentence = `the harness itself failed: ${(error as Error).stack ?? String(error)}`;
    return {
      violations: { converges: [sentence] },
      convergedIn: 0,
      submissions: 0,
      faults: {},
      people: {},
      kills: 0,
    };
  }
}

/** Leaves steps out, halves first, as long as it still fails. */
async function shrink(seed: number, steps: readonly Step[]): Promise<readonly Step[]> {
  let best = steps;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best.length; ) {
      const fewer = best.toSpliced(at, size);
      const { violations: found } = await run(seed, fewer);
      if (Object.keys(found).length > 0) best = fewer;
      else at += size;
    }
  }
  return best;
}

async function openChaosStore(kind: string): Promise<Store> {
  if (kind === 'pglite') return openStore({ memory: true });
  const databaseUrl = process.env.TEST_DATABASE_URL;
  if (kind === 'postgres' && databaseUrl) return openStore({ databaseUrl });
  process.stderr.write('--store takes pglite, or postgres with TEST_DATABASE_URL\n');
  return process.exit(2);
}
