import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FINDING_CODES, PROBLEM_CODES } from '../../sync-service/src/cases/codes.ts';
import { readSchoolYear } from '../../sync-service/src/cases/reading/school-year.ts';
import { readSchool } from '../../sync-service/src/cases/reading/schools.ts';
import { OUTCOMES } from '../../sync-service/src/cases/types.ts';
import { readResponses } from '../../sync-service/src/cli/files/responses.ts';
import { triageRows } from '../../sync-service/src/cli/output/dry-run.ts';
import { createRandom } from '../chaos/random.ts';
import { tainan } from './helpers.ts';
import { isInBig5, writeFiles } from './oracle/files.ts';
import { makeRows } from './oracle/rows.ts';
import { schoolTypings } from './oracle/schools.ts';
import { SAME } from './oracle/texts.ts';
import { expectedOf } from './oracle/verdicts.ts';
import { NO_YEAR, yearTypings } from './oracle/years.ts';

/**
 * Files made of facts by every kind of mess, against a second author's verdicts. The seeds are fixed; for a longer look,
 * ORACLE_ROWS=50000 npm run -s test:only -- test/cases/oracle.test.ts
 */
const ROWS = Number(process.env.ORACLE_ROWS ?? 4000);
const A_FILE = 2000;
const ways = Object.values(SAME);

it('every school in every way is that school, ambiguous, unknown or missing', () => {
  const wrong = schoolTypings(createRandom(1)).flatMap(({ text, means }, i) => {
    const typed = (ways[i % ways.length] ?? String)(text);
    const reading = readSchool(tainan.schools, typed);
    const read = reading.kind === 'school' ? reading.school : reading.kind;
    const same =
      typeof means === 'string'
        ? read === means
        : typeof read !== 'string' && read.code === means.code && read.level === means.level;
    return same ? [] : [{ typed, read, means }];
  });
  expect(wrong).toEqual([]);
});

it('every school year in every notation is the years that it could mean', () => {
  const random = createRandom(2);
  const typings = Array.from({ length: 112 - 84 }, (_, i) => yearTypings(84 + i, random, 108)).flat();
  const wrong = [...NO_YEAR, ...typings].flatMap(({ text, means }, i) => {
    const typed = (ways[i % ways.length] ?? String)(text);
    const reading = readSchoolYear(typed, 108);
    const read = reading.kind === 'years' ? reading.years : reading.kind;
    return JSON.stringify(read) === JSON.stringify(means) ? [] : [{ typed, read, means }];
  });
  expect(wrong).toEqual([]);
});

describe('files of messy rows', () => {
  it.each(Array.from({ length: Math.ceil(ROWS / A_FILE) }, (_, i) => 7 * i + 1))('seed %i', async (seed) => {
    // Each fifth is saved by Excel in Taiwan, by somebody whose names it can hold.
    const big5 = seed % 5 === 0;
    const rows = makeRows(seed, A_FILE, big5 ? isInBig5 : undefined);
    const folder = mkdtempSync(join(tmpdir(), 'budeng-oracle-'));
    try {
      const places = await writeFiles(folder, rows, seed, { big5 });
      const judged = new Map(
        [...triageRows(tainan, await readResponses(tainan, folder))].map(({ line }) => [
          `${line.form}:${line.row}`,
          line,
        ]),
      );
      expect(judged.size).toBe(rows.length);
      const wrong = expectedOf(rows).flatMap(({ duplicateOf, ...expected }, i) => {
        const { form: _form, row: _row, ...line } = judged.get(places[i] ?? '') ?? { form: '', row: 0 };
        const wanted = { ...expected, duplicateOf: duplicateOf === null ? null : places[duplicateOf] };
        const same =
          JSON.stringify(line, Object.keys(wanted).toSorted()) ===
          JSON.stringify(wanted, Object.keys(wanted).toSorted());
        return same ? [] : [{ place: places[i], answers: rows[i]?.answers, line, wanted }];
      });
      expect(wrong).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

it('the made rows hold every outcome, problem and warning that the program knows', () => {
  const found = expectedOf(makeRows(1, A_FILE)).flatMap(({ outcome, problems, warnings }) => [
    outcome,
    ...problems,
    ...warnings,
  ]);
  const asked = PROBLEM_CODES.filter((code) => code !== 'id-number.check');
  // A dry run compares no addresses and knows no account.
  const elsewhere = ['duplicate.other-address', 'email.verified'];
  const told = FINDING_CODES.filter((code) => !elsewhere.includes(code));
  expect([...new Set(found)].toSorted()).toEqual([...OUTCOMES, ...asked, ...told].toSorted());
});
