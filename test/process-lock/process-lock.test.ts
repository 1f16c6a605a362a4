import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LockHeldError, takeLock } from 'process-lock';
import { afterEach, beforeEach, expect, it } from 'vitest';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'process-lock-'));
  path = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('is held until it is given back', () => {
  const giveBack = takeLock(path);
  expect(() => takeLock(path)).toThrow(LockHeldError);
  expect(() => takeLock(path)).toThrow(`held by process ${process.pid}`);
  giveBack();
  expect(existsSync(path)).toBe(false);
  takeLock(path)();
});

it('is taken over from a process that was killed while it held it', () => {
  const code = `import { takeLock } from 'process-lock'; takeLock(${JSON.stringify(path)}); process.kill(process.pid, 'SIGKILL');`;
  spawnSync(process.execPath, ['--input-type=module', '--eval', code], { stdio: 'inherit' });
  expect(readFileSync(path, 'utf8')).toContain('"pid"');
  expect(takeLock(path)).not.toThrow();
});

it.each([
  ['a process number that nobody has', JSON.stringify({ pid: 2 ** 22 + 1, start: '1' })],
  ['a process number that was given to another program', JSON.stringify({ pid: process.pid, start: '1' })],
  ['the same, as the emulator of 0.2 wrote it', `${process.pid} 1`],
  ['what was torn in writing', '{"pid":'],
  ['nothing', ''],
])('is taken over where it holds %s', (_what, text) => {
  writeFileSync(path, text);
  expect(takeLock(path)).not.toThrow();
});

it.each([
  [
    'where the kernel does not tell when its process began',
    JSON.stringify({ pid: process.pid, start: null }),
  ],
  ['where the emulator of 0.2 wrote it', String(process.pid)],
])('stays with a living process %s', (_where, text) => {
  writeFileSync(path, text);
  expect(() => takeLock(path)).toThrow(LockHeldError);
});
