import { query } from '../../sync-service/src/ledger/query.ts';
import { sql } from 'kysely';
import { keysOf } from '../../contract/tabs.ts';
import type { Store } from '../../sync-service/src/ledger/store.ts';
import { ALL_TABLES, emptyLedger } from '../../sync-service/src/ledger/repositories/whole-ledger.ts';
import { converged, findViolations, type Violations } from './invariants.ts';
import { ACTIONS, forgiving, keepVersions, mendKeys, WITH_LOOKS } from './people.ts';
import type { Play } from '../stage/switches.ts';
import { createRandom, type Random } from './random.ts';
import { CALM, GRACE_MS, openWorld, type World } from './world.ts';

export interface Transition {
  kind: string;
  seed: number;
}

export interface Outcome {
  violations: Violations;
  convergedIn: number;
  submissions: number;
  faults: Record<string, number>;
  people: Record<string, number>;
  kills: number;
}

const MOST_CYCLES = 16;
const HOUR_MS = 3600_000;

/** What the world does by itself between people's steps. */
const NATURE: Record<string, number> = {
  cycle: 30,
  time: 8,
  kill: 6,
  'kill-after-mail': 3,
  storm: 6,
  calm: 4,
  sweep: 3,
  'late-triggers': 2,
  sleeper: 3,
  'clock-step': 2,
  version: 3,
};

/** A history as a failure prints it: `submit:11 cycle:0`. */
export function readHistory(text: string): Transition[] {
  return text.split(' ').map((step) => {
    const [kind = '', seed = '0'] = step.split(':');
    return { kind, seed: Number(seed) };
  });
}

export function writeHistory(steps: readonly Transition[]): string {
  return steps.map(({ kind, seed }) => `${kind}:${seed}`).join(' ');
}

/** A random history of `rounds` steps. */
export function makeHistory(seed: number, rounds: number): Transition[] {
  const random = createRandom(seed);
  const weights = [
    ...Object.entries(ACTIONS).map(([kind, { weight }]) => [kind, weight] as const),
    ...Object.entries(NATURE),
  ];
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  const draw = () => {
    let at = random.below(total);
    for (const [kind, weight] of weights) {
      if (at < weight) return kind;
      at -= weight;
    }
    return 'cycle';
  };
  const opening = ['submit', 'submit', 'submit', 'cycle'];
  return Array.from({ length: rounds }, (_, i) => ({
    kind: opening[i] ?? draw(),
    seed: random.below(2 ** 31),
  }));
}

/**
 * A case's whole life: three submissions, an edit while its row is ticked, decisions, a roster, its letter, the last
 * decision, all with their notices; and a kill at the n-th step of the looks that bring it about.
 */
export function killedAt(at: number): Transition[] {
  const look = [
    { kind: 'cycle', seed: 0 },
    { kind: 'time', seed: 0 },
    { kind: 'cycle', seed: 0 },
  ];
  return [
    { kind: 'submit', seed: 6201 },
    { kind: 'submit', seed: 6202 },
    { kind: 'submit', seed: 6203 },
    { kind: 'kill-at', seed: at },
    { kind: 'pass-all', seed: 6204 },
    { kind: 'pass-all', seed: 6205 },
    { kind: 'pass-all', seed: 6208 },
    { kind: 'edit-response', seed: 6212 },
    ...look,
    { kind: 'dispatch', seed: 6206 },
    ...look,
    { kind: 'dispatch', seed: 6207 },
    ...look,
  ];
}

/** Lives through a history, lets the faults stop, and looks whether everything holds. */
export async function runHistory(
  store: Store,
  seed: number,
  steps: readonly Transition[],
  play?: Play,
): Promise<Outcome> {
  await emptyLedger(store.db);
  const world = await openWorld(store, seed, play);
  try {
    for (const step of steps) await reading(world, () => live(world, step));
    const { cycles, violations } = await comeToRest(world);
    return {
      violations,
      convergedIn: cycles,
      submissions: world.submitted.length,
      faults: world.counts.faults,
      people: world.counts.people,
      kills: world.counts.kills,
    };
  } finally {
    await world.close();
  }
}

async function live(world: World, { kind, seed }: Transition) {
  const random = createRandom(seed);
  const action = ACTIONS[kind];
  if (action) {
    world.counts.people[kind] = (world.counts.people[kind] ?? 0) + 1;
    const act = () => peopleDo(() => action.act(world, random));
    return WITH_LOOKS.includes(kind) ? act() : forgiving(world, act);
  }
  if (kind === 'time')
    world.clock.advance(random.pick([GRACE_MS + 1, HOUR_MS, 26 * HOUR_MS, 6 * 24 * HOUR_MS]) ?? 0);
  else if (kind === 'kill') world.dieAfter(1 + random.below(random.pick([60, 200, 600]) ?? 60));
  else if (kind === 'kill-after-mail') world.dieAfterMail();
  else if (kind === 'kill-at') world.dieAfter(seed);
  else if (kind === 'storm') brew(world, random);
  else if (kind === 'calm') Object.assign(world.weather, CALM);
  else if (kind === 'sweep') await world.script.fireClock();
  else if (kind === 'late-triggers') await world.script.fireLate();
  else if (kind === 'sleeper') await world.cycleWithSleeper(1 + random.below(200));
  else if (kind === 'clock-step')
    world.setClock(
      random.chance(0.2) ? (random.chance(0.5) ? 400 : -400) * 24 * HOUR_MS : (random.below(5) - 3) * HOUR_MS,
    );
  else if (kind === 'version') keepVersions(world);
  await world.script.idle();
  if (kind === 'cycle' || kind.startsWith('kill')) await world.cycle();
}

function brew({ weather, counts }: World, random: Random) {
  const scarce = random.chance(0.2);
  if (scarce) counts.faults['quota-scarce'] = (counts.faults['quota-scarce'] ?? 0) + 1;
  Object.assign(weather, {
    google: 0.25,
    mail: 0.3,
    trigger: 0.5,
    away: random.chance(0.3) ? 0.5 : 0,
    disk: random.chance(0.3) ? 0.03 : 0,
    scarce,
    random,
  });
}

/** A person who finds a tab gone or its columns lost can do nothing there. */
async function peopleDo(act: () => Promise<void> | void) {
  try {
    await act();
  } catch (error) {
    if ((error as { code?: number }).code !== 400) throw error;
  }
}

/** Lives through something; what the service deletes in it together with a decision that it took was read. */
async function reading<T>(world: World, work: () => Promise<T>): Promise<T> {
  const before = textsByRow(world);
  const result = await work();
  if (before.size > 0) {
    const decided = await query(world.store.db)
      .selectFrom('events')
      .select('reason')
      .where('reason', '!=', '')
      .execute();
    const reasons = new Set(decided.map((event) => event.reason));
    for (const [text, reason] of before) if (reasons.has(reason)) world.settledTexts.add(text);
  }
  return result;
}

/** The half-typed texts and the reasons that stand in the same rows. */
function textsByRow(world: World): Map<string, string> {
  const found = new Map<string, string>();
  if (world.halfTyped.size === 0) return found;
  for (const document of world.documents()) {
    for (const managed of document.tabs.filter((each) => keysOf(each.spec).includes('note'))) {
      for (const row of world.read(document, managed)?.rows ?? []) {
        const text = String(row.cells.note ?? '');
        if (world.halfTyped.has(text)) found.set(text, String(row.cells.reason ?? ''));
      }
    }
  }
  return found;
}

async function comeToRest(world: World): Promise<{ cycles: number; violations: Violations }> {
  Object.assign(world.weather, CALM);
  world.dieAfter(Number.POSITIVE_INFINITY);
  world.setClock(0);
  await world.script.idle();
  await world.script.fireLate();
  // The daily sweep comes round.
  world.clock.advance(25 * HOUR_MS);
  let quiet = 0;
  let cycles = 0;
  while (quiet < 2 && cycles < MOST_CYCLES) {
    // A restored version has lost what was typed since: a person's doing.
    await forgiving(world, () => mendKeys(world));
    await world.script.fireClock();
    world.clock.advance(GRACE_MS + 1000);
    // Mail that was put off comes up again within hours.
    if (cycles < 6) world.clock.advance(3 * HOUR_MS);
    const result = await reading(world, () => world.cycle());
    cycles += 1;
    quiet = converged(result) ? quiet + 1 : 0;
  }
  const before = await ledgerDigest(world.store);
  await world.cycle();
  const after = await ledgerDigest(world.store);
  const violations = await findViolations(world);
  const stirred = Object.keys(after).filter((table) => before[table] !== after[table]);
  if (quiet >= 2 && stirred.length > 0)
    violations.converges = [`a cycle with nothing to do changed ${stirred.join(', ')}`];
  if (quiet < 2) violations.converges = [`still not at rest after ${cycles} cycles`];
  return { cycles, violations };
}

/** What each table holds, in short; what a cycle itself notes down is left out. */
async function ledgerDigest(store: Store): Promise<Record<string, unknown>> {
  const digest: Record<string, unknown> = {};
  for (const table of ALL_TABLES.filter((each) => each !== 'leases' && each !== 'key_values')) {
    const { rows } = await sql<{ digest: string }>`
      select md5(coalesce(string_agg(md5(t::text), '' order by md5(t::text)), '')) as digest
      from ${sql.table(table)} t`.execute(query(store.db));
    digest[table] = rows[0]?.digest;
  }
  return digest;
}
