import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { type Engine, ENGINES, openTestStore } from '../ledger/stores.ts';
import type { Store } from '../../sync-service/src/ledger/store.ts';
import {
  killedAt,
  makeHistory,
  type Outcome,
  readHistory,
  runHistory,
  type Transition,
  writeHistory,
} from './history.ts';
import { type Play, PLAYS } from '../stage/switches.ts';
import { addReport, emptyReport, hasFailed, type Report } from './report.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    /** Histories. */
    rounds: { type: 'string', default: '20' },
    /** Steps of each history. */
    steps: { type: 'string', default: '24' },
    /** `pglite`, `postgres`, or `both`: half of the histories each. */
    store: { type: 'string', default: 'pglite' },
    /** Processes side by side. */
    jobs: { type: 'string', default: String(availableParallelism()) },
    /** Instead of random histories: one and the same, killed at its first step, at its second, … to its last. */
    'each-step': { type: 'boolean', default: false },
    /** …or at this step first, and then at every n-th only. */
    'first-step': { type: 'string', default: '1' },
    stride: { type: 'string', default: '1' },
    /** Instead of random ones: this history, as a failure prints it. */
    history: { type: 'string' },
    /** How Google plays what nobody knows: `default`, `other`, or `both`: every other seed each. */
    play: { type: 'string', default: 'both' },
    /** Stops at the first failure and shrinks nothing. */
    stop: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

/** Histories that one process lives through before the next one starts afresh. */
const SLICE = 50;

const first = Number(values.seed);
const play = (Object.keys(PLAYS) as Play[]).find((each) => each === values.play);
if (!play && values.play !== 'both') {
  process.stderr.write('--play takes default, other or both\n');
  process.exit(2);
}
const rounds = Number(values.rounds);
const jobs = Number(values.jobs);
const engines = ENGINES.filter((engine) => values.store === engine || values.store === 'both');
if (engines.length === 0 || !(rounds >= 0) || !(jobs >= 1) || !Number.isInteger(first)) {
  process.stderr.write('--store takes pglite, postgres or both; --seed, --rounds and --jobs take numbers\n');
  process.exit(2);
}
const [engine] = engines;
const report =
  jobs === 1 && engines.length === 1 && engine ? await runOn(engine) : await runInSlices(slices());
process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : `${JSON.stringify(report, null, 2)}\n`);
process.exit(hasFailed(report) ? 1 : 0);

function runOn(kind: Engine): Promise<Report> {
  return values['each-step'] ? runEachStep(kind) : runHere(kind);
}

/** What each process is to do. */
function slices(): string[][] {
  if (values['each-step']) return stepSlices();
  const { history } = values;
  if (history === undefined) return historySlices();
  return engines.map((kind) => ['--store', kind, '--seed', values.seed, '--history', history]);
}

function runOne(store: Store, seed: number, steps: readonly Transition[]): Promise<Outcome> {
  return runHistory(store, seed, steps, play).catch((error: Error): Outcome => {
    const sentence = `the harness itself failed: ${error.stack ?? String(error)}`;
    return {
      violations: { converges: [sentence] },
      convergedIn: 0,
      submissions: 0,
      faults: {},
      people: {},
      kills: 0,
    };
  });
}

/** Kills a process between any two of its steps, over a case's whole life, until there is no step left. */
async function runEachStep(kind: Engine): Promise<Report> {
  const store = await openTestStore(kind);
  const total = emptyReport(first);
  try {
    for (let at = Number(values['first-step']); ; at += Number(values.stride)) {
      const outcome = await runOne(store, first, killedAt(at));
      addReport(total, reportOf(first, outcome));
      if (Object.keys(outcome.violations).length > 0)
        process.stderr.write(`${kind}, killed at step ${at}: ${JSON.stringify(outcome.violations)}\n`);
      if (outcome.kills === 0) return total;
    }
  } finally {
    await store.close();
  }
}

async function runHere(kind: Engine): Promise<Report> {
  const store = await openTestStore(kind);
  const run = (seed: number, steps: readonly Transition[]) => runOne(store, seed, steps);
  const total = emptyReport(first);
  try {
    const end = first + (values.history === undefined ? rounds : 1);
    for (let seed = first; seed < end; seed += 1) {
      const steps =
        values.history === undefined ? makeHistory(seed, Number(values.steps)) : readHistory(values.history);
      const outcome = await run(seed, steps);
      addReport(total, reportOf(seed, outcome));
      if (Object.keys(outcome.violations).length === 0) continue;
      if (values.stop) break;
      const shrunk = await shrink((fewer) => run(seed, fewer), steps);
      process.stderr.write(
        `${kind}, seed ${seed}: ${JSON.stringify(outcome.violations)}\n  shrunk: ${writeHistory(shrunk)}\n`,
      );
    }
  } finally {
    await store.close();
  }
  return total;
}

function reportOf(seed: number, outcome: Outcome): Report {
  const { submissions, kills, convergedIn } = outcome;
  const violations = Object.fromEntries(
    Object.entries(outcome.violations).map(([name, sentences]) => [name, sentences.length]),
  );
  return {
    seed,
    rounds: 1,
    submissions,
    faultsInjected: outcome.faults,
    personActions: outcome.people,
    kills,
    violations,
    convergedIn,
  };
}

function stepSlices(): string[][] {
  const [start, stride] = [Number(values['first-step']), Number(values.stride)];
  return engines.flatMap((kind) =>
    Array.from({ length: jobs }, (_, i) => [
      '--each-step',
      '--store',
      kind,
      '--seed',
      values.seed,
      '--first-step',
      String(start + i * stride),
      '--stride',
      String(jobs * stride),
    ]),
  );
}

function historySlices(): string[][] {
  const shares: string[][] = [];
  for (const [index, kind] of engines.entries()) {
    const share = Math.floor((rounds + index) / engines.length);
    for (let at = 0; at < share; at += SLICE) {
      const seed = String(first + at);
      const size = String(Math.min(SLICE, share - at));
      shares.push(['--store', kind, '--seed', seed, '--rounds', size, '--steps', values.steps]);
    }
  }
  return shares;
}

/** The same work, spread over processes. */
async function runInSlices(waiting: string[][]): Promise<Report> {
  const total = emptyReport(first);
  const worker = async () => {
    for (let slice = waiting.shift(); slice; slice = waiting.shift()) {
      addReport(total, await runSlice(slice));
      if (values.stop && hasFailed(total)) waiting.length = 0;
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return total;
}

async function runSlice(slice: string[]): Promise<Report> {
  const flags = [
    ...slice,
    '--play',
    values.play,
    '--jobs',
    '1',
    '--json',
    ...(values.stop ? ['--stop'] : []),
  ];
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [answer] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (!answer) throw new Error(`a slice gave no answer: ${slice.join(' ')}`);
  return JSON.parse(answer) as Report;
}

/** Leaves steps out, halves first, as long as it still fails. */
async function shrink(
  run: (steps: readonly Transition[]) => Promise<Outcome>,
  steps: readonly Transition[],
): Promise<readonly Transition[]> {
  let best = steps;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best.length; ) {
      const fewer = best.toSpliced(at, size);
      const { violations } = await run(fewer);
      if (Object.keys(violations).length > 0) best = fewer;
      else at += size;
    }
  }
  return best;
}
