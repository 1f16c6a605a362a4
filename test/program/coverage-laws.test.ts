import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Program } from '../../sync-service/src/cases/program-rules.ts';
import { createRegister } from '../../sync-service/src/cases/register.ts';
import { triage } from '../../sync-service/src/cases/triage.ts';
import { endOfDay, startOfDay } from '../../sync-service/src/cases/calendar/roc.ts';
import { windowState } from '../../sync-service/src/cases/calendar/window.ts';
import { ProgramError } from '../../sync-service/src/program/error.ts';
import { loadProgram } from '../../sync-service/src/program/load.ts';
import { GOOD } from '../cases/helpers.ts';

const FILES = [
  'programs/tainan-109.yaml',
  'test/fixtures/inputs/rounds-exact.yaml',
  'test/fixtures/inputs/blank-answer.yaml',
];
const folder = mkdtempSync(join(tmpdir(), 'budeng-coverage-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Written {
  schools: { file: string; mustMatch?: boolean };
  forms: { fields: { required?: boolean; options?: { value: string }[] }[] }[];
  routes: { key: string; when: Record<string, unknown> }[];
}

/** What somebody changes in a program file. */
type Change = (file: Written, pick: number) => void;
const change = fc.constantFrom<Change[]>(
  ({ routes }, pick) => void routes.splice(pick % routes.length, 1),
  ({ routes }, pick) => {
    const when = routes[pick % routes.length]?.when ?? {};
    const keys = Object.keys(when);
    delete when[keys[pick % keys.length] ?? ''];
  },
  ({ forms }, pick) => {
    const fields = forms[pick % forms.length]?.fields ?? [];
    const field = fields[pick % fields.length];
    if (field) field.required = false;
  },
  ({ schools }) => {
    schools.mustMatch = false;
  },
  ({ routes }) => {
    const [first] = routes;
    if (first) routes.push({ ...first, key: 'the-rest', when: {} });
  },
);

async function loaded(path: string, changes: readonly [Change, number][]) {
  const file = parse(readFileSync(path, 'utf8')) as Written;
  file.schools.file = resolve(dirname(path), file.schools.file);
  for (const [apply, pick] of changes) apply(file, pick);
  const changed = join(folder, 'program.yaml');
  writeFileSync(changed, stringify(file));
  try {
    return await loadProgram(changed);
  } catch (error) {
    if (error instanceof ProgramError) return null;
    throw error;
  }
}

/** An entry inside its form's window, with anything or nothing in each field. */
function entryOf(program: Program, { form: nth, day, words }: Drawn) {
  const form = program.forms[nth % program.forms.length] as Program['forms'][number];
  const rounds = program.rounds.filter(({ key }) => form.window?.rounds?.includes(key));
  const { from = '2020-01-01', to = '2020-12-31' } = rounds[day % rounds.length] ?? form.window ?? {};
  const [first, last] = [startOfDay(from).getTime(), endOfDay(to).getTime() - 1000];
  const receivedAt = new Date(first + Math.round(((last - first) * day) / MOST_DAY));
  const answers = form.fields.map(({ key, options }, index) => {
    const word = words[index % words.length] ?? 0;
    const good = (GOOD as Record<string, string>)[key] ?? '某';
    const said = ['', '其他', ...(options ?? []).map(({ value }) => value), good, good, '108', '初階', '105'];
    return [key, said[word % said.length] ?? ''];
  });
  const isIn = !form.window || windowState(form.window, program.rounds, receivedAt) === 'open';
  return isIn
    ? {
        form: form.key,
        responseId: 'r',
        revision: '1',
        receivedAt,
        answers: Object.fromEntries(answers),
        editUrl: '',
      }
    : null;
}
/** Where in the window: 0 is its first second, this one its last. */
const MOST_DAY = 1000;

interface Drawn {
  form: number;
  day: number;
  words: number[];
}
const drawn: fc.Arbitrary<Drawn> = fc.record({
  form: fc.nat(10),
  day: fc.oneof(fc.constantFrom(0, MOST_DAY), fc.nat(MOST_DAY)),
  words: fc.array(fc.nat(20), { minLength: 3, maxLength: 12 }),
});

it('of a file that loads, every entry in its window has a route, whatever is left blank in it', async () => {
  let routed = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...FILES),
      fc.array(fc.tuple(change, fc.nat(30)), { minLength: 1, maxLength: 3 }),
      fc.array(drawn, { minLength: 60, maxLength: 60 }),
      async (path, changes, entries) => {
        const program = await loaded(path, changes);
        if (!program) return;
        for (const each of entries) {
          const entry = entryOf(program, each);
          if (!entry) continue;
          expect(() => triage(program, entry, createRegister())).not.toThrow();
          routed += 1;
        }
      },
    ),
    { numRuns: 60 },
  );
  expect(routed).toBeGreaterThan(50);
});
