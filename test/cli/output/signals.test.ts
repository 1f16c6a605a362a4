import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const SCRIPT = `
  import { dieOfUncaught } from './sync-service/src/cli/output/signals.ts';
  import { createLog } from './sync-service/src/platform/log.ts';
  dieOfUncaught(createLog('info', { write: (line) => void process.stdout.write(line) }));
  setInterval(() => {}, 1000);
  const error = Object.assign(new Error('Key (name_key)=(王小明) already exists.'), { severity: 'ERROR', code: '23505', detail: '王小明' });
  PLACE
`;

describe('an error that nobody catches', () => {
  it.each([
    ['a promise', 'void Promise.reject(error);'],
    ['a call', 'setImmediate(() => { throw error; });'],
  ])('in %s ends the process, and names no person', (_where, place) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', SCRIPT.replace('PLACE', place)],
      { encoding: 'utf8', timeout: 30_000 },
    );
    expect(status).toBe(1);
    expect(stdout).toContain('"code":"23505"');
    expect(stdout + stderr).not.toContain('王小明');
  });
});
