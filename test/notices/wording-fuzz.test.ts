import { afterAll, describe, expect, it } from 'vitest';
import { createRenderer, readSample, type Wording } from '../../sync-service/src/notices/render.ts';
import { NOTICE_KINDS, NOTICE_SCHEMAS, type NoticeKind } from '../../sync-service/src/notices/types.ts';
import { createRandom, type Random } from '../chaos/random.ts';

/**
 * Words as nobody should write them, and data as nobody should have them. The seeds are fixed; for a longer look,
 * WORDING_RUNS=100000 npm run -s test:only -- test/notices/wording-fuzz.test.ts
 */
const RUNS = Number(process.env.WORDING_RUNS ?? 1000);
/** Other seeds; several processes may share a long look. */
const FIRST = Number(process.env.WORDING_SEED ?? 1);
const A_TEST = 250;
/** Seconds of CPU, twenty times what the slowest of 100,000 took: docs/performance.md. What hangs takes for ever. */
const LIMIT = { check: 5, render: 2 };

const renderer = createRenderer();
const SAMPLES = new Map(NOTICE_KINDS.map((kind) => [kind, readSample(kind)]));
const sampleOf = (kind: NoticeKind): object => SAMPLES.get(kind) ?? {};
const slowest = { check: 0, render: 0 };
const counts = { refused: 0, replaced: 0, own: 0 };

const HOSTILE = '<img src=x onerror=alert(1)><b>{{caseNumber}}\u2028<script>\r\n"\'&';
const ODD_NAMES =
  'this . @index @root ../caseNumber constructor __proto__ contact.office letter.number title url nonsense "a" 3 a=b'.split(
    ' ',
  );
const HELPERS = ['indent', 'lines', 'chineseNumber', 'log', 'lookup', 'if'];
const BLOCKS = ['if', 'unless', 'each', 'with', '*inline', '> layout-text'];
const PARTS = ['facts-text', 'domain-advice', 'layout-html', 'button', 'nonsense'];
const TEXTS = [
  '老師好：',
  '\n',
  '\n\n',
  '　',
  ' ',
  '  ',
  '\r\n',
  '\u2028',
  '\u2029',
  '\0',
  '\\',
  '{',
  '}',
  '{{',
  '}}',
  '{{{',
  '{{!--',
  '--}}',
  '~',
  '[',
  '"',
  '𠮷',
  '\ud842',
  '｛｛',
  '<b>',
  '&amp;',
  HOSTILE,
];

/** Words made of what the language has and of what it has not, more of the former. */
function makeWords(random: Random, kind: NoticeKind, depth = 0): string {
  const sample: [string, unknown][] = Object.entries(sampleOf(kind));
  const odd = () => random.below(40) === 0;
  const name = (of: (value: unknown) => boolean) =>
    odd() ? random.one(ODD_NAMES) : random.one(sample.filter(([, value]) => of(value)).map(([key]) => key));
  const word = () => name((value) => !Array.isArray(value) && typeof value !== 'boolean' && !isGroup(value));
  const inside = (block: string, key: string) => {
    const list = sample.find(([each]) => each === key)?.[1];
    const entry: unknown = Array.isArray(list) ? list[0] : null;
    if (block !== 'each' || odd()) return makeWords(random, kind, depth + 1);
    return isGroup(entry)
      ? `{{${random.one(Object.keys(entry))}}}，`
      : '（{{chineseNumber @index}}）{{this}}\n';
  };
  const some = random.below(depth === 0 ? 12 : 3) + 1;
  let text = '';
  for (let i = 0; i < some; i += 1) {
    const dice = random.below(20);
    if (dice < 6) text += random.one(odd() ? TEXTS : TEXTS.slice(0, 6));
    else if (dice < 11) text += `{{${word()}}}`;
    else if (dice < 12) text += `{{${odd() ? random.one(HELPERS) : 'indent'} ${word()}}}`;
    else if (dice < 13) text += `{{> ${random.one(odd() ? PARTS : PARTS.slice(0, 1))}}}`;
    else if (dice < 14) text += random.one(['字', ' ', '\n', '<']).repeat(random.below(3000));
    else if (depth < 25) {
      const lists = sample.some(([, value]) => Array.isArray(value));
      const block = odd() ? random.one(BLOCKS) : lists && random.below(2) === 0 ? 'each' : 'if';
      const key = name((value) => block !== 'each' || Array.isArray(value));
      const otherwise = random.below(3) === 0 ? `{{else}}${makeWords(random, kind, depth + 1)}` : '';
      text += `{{#${block} ${key}}}${inside(block, key)}${otherwise}{{/${odd() ? random.one(BLOCKS) : block}}}`;
    }
  }
  return text.slice(0, 20_000);
}

const isGroup = (value: unknown): value is object => value instanceof Object && !Array.isArray(value);

/** Original words with something cut out, doubled or put in. */
function spoil(random: Random, text: string): string {
  const [at, length] = [random.below(text.length + 1), random.below(12)];
  const cut = text.slice(0, at) + text.slice(at + length);
  if (random.below(3) === 0) return cut;
  const piece = random.below(2) === 0 ? text.slice(at, at + length) : random.one(TEXTS);
  return text.slice(0, at) + piece.repeat(1 + random.below(3)) + text.slice(at);
}

/** The sample with other values wherever its schema takes them: nothing, nothing in it, hostile, long, many. */
function makeData(random: Random, kind: NoticeKind): object {
  let data: Record<string, unknown> = { ...sampleOf(kind) };
  for (const key of Object.keys(data)) {
    const given = data[key];
    const many = Array.isArray(given) ? Array(random.below(600)).fill(given[0] ?? HOSTILE) : HOSTILE;
    const value = random.one<unknown>([given, null, [], '', 0, HOSTILE, '長 \n'.repeat(5000), many]);
    const changed = { ...data, [key]: value };
    if (NOTICE_SCHEMAS[kind].safeParse(changed).success) data = changed;
  }
  return data;
}

function timed<T>(what: keyof typeof slowest, work: () => T): T {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  slowest[what] = Math.max(slowest[what], seconds);
  expect(seconds).toBeLessThan(LIMIT[what]);
  return result;
}

function tryOne(random: Random) {
  const kind = random.one(NOTICE_KINDS);
  const original = renderer.original(kind);
  const make = () => (random.below(2) === 0 ? makeWords(random, kind) : spoil(random, original.body));
  const words: Wording = {
    subject: random.below(2) === 0 ? '' : `甲${makeWords(random, kind).slice(0, random.below(400))}`,
    body: random.below(6) === 0 ? '' : make(),
  };
  const { problem } = timed('check', () => renderer.check(kind, words));
  if (problem) {
    counts.refused += 1;
    expect(problem).toMatch(/^(?:主旨|內文|寫出來).*。$/su);
    expect(problem).not.toMatch(/Parse error|Expecting|undefined/u);
    // What goes out instead has always the same words.
    if (random.below(10) > 0) return;
  }
  const own = renderer.withWordings(new Map([[kind, words]]));
  const data = makeData(random, kind);
  const mail = timed('render', () => own.render(kind, data));
  expect(mail.html).not.toMatch(/<img src=.?x|<b>|<script/u);
  expect(mail.subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
  expect(mail.subject).not.toBe('');
  if (problem) expect(mail.insteadOfOwn).toBe(problem);
  else counts[mail.insteadOfOwn ? 'replaced' : 'own'] += 1;
  if (mail.insteadOfOwn) expect({ ...mail, insteadOfOwn: null }).toEqual(renderer.render(kind, data));
}

describe('words of every kind are refused in words or go out', () => {
  it.each(Array.from({ length: Math.ceil(RUNS / A_TEST) }, (_, nth) => FIRST + nth))('seed %i', (seed) => {
    const random = createRandom(seed);
    for (let run = 0; run < A_TEST; run += 1) tryOne(random);
  });
});

afterAll(() => {
  // Most words of the generator are refused; it has to make enough that are not.
  expect(counts.own).toBeGreaterThanOrEqual((counts.own + counts.replaced + counts.refused) / 10);
  if (process.env.WORDING_RUNS)
    console.log(JSON.stringify({ runs: RUNS, slowestCpuSeconds: slowest, ...counts }));
});
