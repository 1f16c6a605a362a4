import type { TriageLine } from '../../sync-service/src/cli/output/dry-run-tables.ts';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { queuesOf } from '../../sync-service/src/cases/routing.ts';
import { readResponses } from '../../sync-service/src/cli/files/responses.ts';
import { triageRows } from '../../sync-service/src/cli/output/dry-run.ts';
import { loadProgram } from '../../sync-service/src/program/load.ts';

const program = await loadProgram('programs/example-two-stage.yaml');
const FOLDER = 'test/fixtures/responses-two-stage';
const judged = [...triageRows(program, await readResponses(program, FOLDER))];

function routeOf(form: string, row: number) {
  return judged.find(({ line }) => line.form === form && line.row === row)?.verdict.route;
}

describe('another county: the same code, another file', () => {
  it('judges its responses as expected.jsonl, written by hand from its rules, says', () => {
    const expected = readFileSync(`${FOLDER}/expected.jsonl`, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as TriageLine);
    const sorted = (lines: TriageLine[]) =>
      lines.toSorted((a, b) => a.form.localeCompare(b.form) || a.row - b.row);
    expect(sorted(judged.map(({ line }) => line))).toEqual(sorted(expected));
  });

  it('routes by the date of submission', () => {
    expect(routeOf('certificate', 10)).toBe('county-review');
    expect(routeOf('certificate', 12)).toBe('county-autumn');
  });

  it('routes by the issuing body that the number names', () => {
    expect(routeOf('certificate', 5)).toBe('ministry-issued');
    expect(routeOf('certificate', 6)).toBe('other-county');
    expect(routeOf('certificate', 14)).toBe('unknown-issuer');
    expect(routeOf('certificate', 18)).toBe('unknown-issuer');
  });

  it('takes entries in two rounds and none between', () => {
    expect(program.rounds.map(({ key, from, to }) => [key, from, to])).toEqual([
      ['spring', '2024-03-01', '2024-04-15'],
      ['autumn', '2024-09-01', '2024-10-15'],
    ]);
    const between = judged.find(({ line }) => line.form === 'certificate' && line.row === 11)?.verdict;
    expect(between?.explanation[0]?.rule).toBe('window.early');
  });

  it('reviews in two stages, and after the letter in a third place', () => {
    const queues = Object.fromEntries(program.routes.map((route) => [route.key, queuesOf(program, route)]));
    expect(queues['county-review']).toEqual(['first-reviewers', 'panel', 'first-reviewers']);
    expect(queues['county-autumn']).toEqual(['first-reviewers', 'panel']);
    expect(queues['pre-registration']).toEqual([]);
  });

  it('asks in its own words', () => {
    const row = judged.find(({ line }) => line.form === 'certificate' && line.row === 7);
    expect(row?.verdict.explanation[0]?.because).toBe('縣內有同名學校，請加上鄉鎮或學校代碼。');
  });
});
