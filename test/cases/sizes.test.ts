import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { triage } from '../../sync-service/src/cases/triage.ts';
import { createRegister } from '../../sync-service/src/cases/register.ts';
import { entry, tainan } from './helpers.ts';
import { NO_PARSERS, PARSERS } from './parsers.ts';

/**
 * For a longer look, with the slowest of each parser at the end:
 * FUZZ_RUNS=100000 npm run -s test:only -- test/cases/sizes.test.ts
 */
const RUNS = Number(process.env.FUZZ_RUNS ?? 60);
const LENGTH = 50_000;
const MOST_MS = 20;
/** However many runs: against what hangs. */
const TIMEOUT_MS = 120_000 + RUNS * 60;

/** What the patterns of the parsers repeat over, and what normalisers are slow with. */
const UNITS = [
  ...'立市縣區國小中一年月日民第期(（)）「」,、.。;·-/~@:0123aA"\'=\t \u3000\r\n\u200b\u0300ﷺ㐱⻑或於😀\0\ud800\uffff',
  ...'市立 學校 財團法人 臺南市 東區 國小 學年 106 106學年度 字第 代碼 國中部 中華民國 取得 第1學期'.split(
    ' ',
  ),
  ...'\u0316\u0300 a. .a@a. a@ <a@b.tw> < 12:34 T12:34 上午 (1) 1, "", 1E+ mailto: https:// \u1100\u1161 \u{2f800}'.split(
    ' ',
  ),
];
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...UNITS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }) },
);
const unit = fc.array(piece, { minLength: 1, maxLength: 3 }).map((all) => all.join(''));
const ends = fc.constantFrom('', '106', '甲', 'a@', '!', 'x', '號', '年', '114705', '"', '\n');
/**
 * Runs of one to three repeated units: what a pattern takes for one thing stops where the next run begins. It is kept
 * as a recipe, so that a counterexample prints in a line.
 */
const recipe = fc.record({ head: ends, units: fc.array(unit, { minLength: 1, maxLength: 3 }), tail: ends });
type Recipe = { head: string; units: string[]; tail: string };

function longText({ head, units, tail }: Recipe): string {
  const each = Math.floor((LENGTH - head.length - tail.length) / units.length);
  return [head, ...units.map((one) => one.repeat(Math.ceil(each / one.length)).slice(0, each)), tail].join(
    '',
  );
}

/** Of this thread alone, so that a busy machine fails nobody. */
function once(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

/** The best of some, as a collection may fall into one. */
function cpuMs(work: () => unknown, most: number): number {
  let best = once(work);
  for (let more = 4; more > 0 && best >= most; more -= 1) best = Math.min(best, once(work));
  return best;
}

const slowest = new Map<string, number>();
/** What is wrong with one reader and one text; undefined where nothing is. */
function faultOf(what: string, most: number, work: () => unknown): string | undefined {
  try {
    const ms = cpuMs(work, most);
    slowest.set(what, Math.max(ms, slowest.get(what) ?? 0));
    return ms < most ? undefined : `${what} takes ${ms} ms`;
  } catch (error) {
    return `${what} throws ${String(error)}`;
  }
}
afterAll(() => {
  if (process.env.FUZZ_RUNS) console.table([...slowest].map(([parser, ms]) => ({ parser, ms })));
});

describe(`whatever ${LENGTH} characters are typed`, () => {
  it(
    'every reader takes it in milliseconds',
    () => {
      const readers = Object.entries(PARSERS);
      fc.assert(
        fc.property(recipe, (made) => {
          const text = longText(made);
          const faults = readers.map(([name, parse]) => faultOf(name, MOST_MS, () => parse(text)));
          expect(faults.filter(Boolean)).toEqual([]);
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );

  it(
    'a whole entry of it is triaged in milliseconds',
    () => {
      const keys = Object.keys(entry().answers);
      const recipes = fc.record(Object.fromEntries(keys.map((key) => [key, recipe])));
      fc.assert(
        fc.property(recipes, (all) => {
          const answers = Object.fromEntries(Object.entries(all).map(([key, made]) => [key, longText(made)]));
          const submission = entry({ answers });
          const fault = faultOf('triage', 5 * MOST_MS, () => triage(tainan, submission, createRegister()));
          expect(fault).toBeUndefined();
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );
});

it('every function of their modules is in the table, or known to read no text', async () => {
  const source = (name: string) => resolve(name.startsWith('contract/') ? name : `sync-service/src/${name}`);
  const folders = ['cases/reading', 'tables'].flatMap((folder) =>
    readdirSync(source(folder)).map((file) => `${folder}/${file.replace(/\.ts$/u, '')}`),
  );
  const named = [...Object.keys(PARSERS), ...Object.keys(NO_PARSERS)];
  const modules = new Set([...folders, ...named.map((name) => name.split('#')[0] ?? '')]);
  const exported: string[] = [];
  for (const name of modules) {
    if (!existsSync(`${source(name)}.ts`)) throw new Error(`no module ${name}`);
    const found = (await import(`${source(name)}.ts`)) as Record<string, unknown>;
    for (const [key, value] of Object.entries(found))
      if (typeof value === 'function' && !/^[A-Z]/u.test(key)) exported.push(`${name}#${key}`);
  }
  expect(named.toSorted()).toEqual(exported.toSorted());
});
