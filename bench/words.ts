import { createRenderer, readSample, type Wording } from '../sync-service/src/notices/render.ts';
import { NOTICE_KINDS, type NoticeKind } from '../sync-service/src/notices/types.ts';

/**
 * CPU milliseconds to check and to render: the words that come with the software, of the slowest notice, and the worst
 * words that an office may have, with the worst data.
 *   node bench/words.ts → one line of JSON; ends with 1 where the bar is missed.
 */
const BAR_MS = 100;
const RUNS = 20;

/** Just within every limit: of tags, of nesting, of what a mail may come to. */
const WORST: Record<string, string> = {
  tags: `老師好${'{{indent reason}}'.repeat(300)}`,
  nested: `老師好${`${'{{#if next}}'.repeat(20)}甲${'{{/if}}'.repeat(20)}`.repeat(7)}`,
  entries: `老師好${'{{#each problems}}{{this}}{{chineseNumber @index}}\n{{/each}}'.repeat(75)}`,
  lines: `老師好${'{{reason}}\n甲\n'.repeat(290)}`,
  blanks: `老師好${' '.repeat(9900)}`,
  links: `老師好${'{{trackingUrl}}\n'.repeat(299)}`,
};
const MANY = {
  ...readSample('correction-request'),
  problems: Array.from({ length: 40 }, () => '缺證書'),
  reason: '請補正。\n'.repeat(10),
  next: '審核',
};

function slowest(cases: readonly (readonly [string, () => void])[]) {
  const times = cases.map(([name, work]) => {
    work();
    const before = process.cpuUsage();
    for (let run = 0; run < RUNS; run += 1) work();
    const { user, system } = process.cpuUsage(before);
    return { name, ms: Math.round((user + system) / RUNS / 100) / 10 };
  });
  return times.reduce((one, other) => (other.ms > one.ms ? other : one));
}

/** A renderer remembers what it has checked. */
const check = (kind: NoticeKind, words: Wording) => createRenderer().check(kind, words);
const renderer = createRenderer();
const worst = Object.entries(WORST).map(([name, body]) => [name, { subject: '', body }] as const);
const own = worst.map(([name, words]) => {
  const { problem } = renderer.check('correction-request', words);
  if (problem) throw new Error(`${name} is no longer allowed: ${problem}`);
  const own = renderer.withWordings(new Map([['correction-request', words]]));
  const { insteadOfOwn } = own.render('correction-request', MANY);
  if (insteadOfOwn) throw new Error(`${name} does not fit into a mail: ${insteadOfOwn}`);
  return [name, own] as const;
});

const result = {
  bench: 'words',
  startMs: slowest([['renderer', () => void createRenderer()]]).ms,
  original: {
    check: slowest(
      NOTICE_KINDS.map((kind) => {
        const { subject, body } = renderer.original(kind);
        return [kind, () => void check(kind, { subject: `甲${subject}`, body: `${body}甲` })];
      }),
    ),
    render: slowest(NOTICE_KINDS.map((kind) => [kind, () => void renderer.render(kind, readSample(kind))])),
  },
  worst: {
    check: slowest(worst.map(([name, words]) => [name, () => void check('correction-request', words)])),
    render: slowest(own.map(([name, each]) => [name, () => void each.render('correction-request', MANY)])),
  },
  barMs: BAR_MS,
};
const isOk = [result.original, result.worst].every(
  ({ check: c, render: r }) => c.ms < BAR_MS && r.ms < BAR_MS,
);
console.log(JSON.stringify({ ...result, ok: isOk }));
if (!isOk) process.exitCode = 1;
