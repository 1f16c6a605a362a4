import { expect, it } from 'vitest';
import { type TriageLine, tableOf } from '../../../sync-service/src/cli/output/dry-run-tables.ts';
import { loadProgram } from '../../../sync-service/src/program/load.ts';

const program = await loadProgram('programs/tainan-109.yaml');
const LINE: TriageLine = {
  form: 'initial',
  row: 2,
  outcome: 'review',
  queue: null,
  moved: true,
  problems: [],
  warnings: [],
  duplicateOf: null,
};

it('columns of a terminal stand under each other whatever characters a name has', () => {
  const labels = ['吉中心', '𠮷中心'];
  const queues = program.queues
    .slice(0, labels.length)
    .map((queue, i) => ({ ...queue, label: labels[i] ?? '' }));
  const lines = queues.map(({ key }) => ({ line: { ...LINE, queue: key } }));
  const table = tableOf({ ...program, queues }, lines);
  const [usual = '', rare = ''] = labels.map((label) => table.split('\n').find((row) => row.includes(label)));
  // A character beyond the first plane takes two columns as well, and two units of the string.
  expect(rare.indexOf('是')).toBe(usual.indexOf('是') + 1);
});
