import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/** Says that another living process holds the lock, or that this one already does. */
export class LockHeldError extends Error {
  readonly pid: number;
  constructor(path: string, pid: number) {
    super(`${path} is held by process ${pid}`);
    this.pid = pid;
  }
}

/**
 * Takes a lock file for this process; what it returns gives the lock back. A lock whose process has died, or that was
 * torn in writing, is taken over at once. A process that sleeps keeps its lock: going by the age of a file instead
 * would let a second one write beside it.
 * @throws LockHeldError
 */
export function takeLock(path: string): () => void {
  const mine = JSON.stringify({ pid: process.pid, start: startOf(process.pid) });
  for (;;) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const { pid, start } = readHolder(path);
    if (pid > 0 && isAlive(pid) && (start === null || start === startOf(pid)))
      throw new LockHeldError(path, pid);
    rmSync(path, { force: true });
  }
}

/** Process number and beginning are the numbers that stand in the file; the emulator of 0.2 wrote them bare. */
function readHolder(path: string): { pid: number; start: string | null } {
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // Given back since: the next round takes it.
  }
  const [pid = '0', start = null] = text.match(/\d+/gu) ?? [];
  return { pid: Number(pid), start };
}

/** When a process began, from the kernel, so that a process number that was given anew is not taken for the holder. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
