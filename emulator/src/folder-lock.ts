import { codeOf } from './caught.ts';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/** When a process began, from the kernel, so that a reused process number is not taken for the holder. */
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
    return codeOf(error) === 'EPERM';
  }
}

/**
 * Takes a lock file for this emulator. Two that append to one journal would each lack what the other wrote.
 * @throws Error with the code EMULATOR_DATA_IN_USE while another holds it, in this process or in another
 */
export function takeLock(path: string): () => void {
  const mine = `${process.pid} ${startOf(process.pid) ?? ''}`.trim();
  for (;;) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    const [pid = '', start] = readHolder(path).split(' ');
    if (Number(pid) > 0 && isAlive(Number(pid)) && (!start || start === startOf(Number(pid))))
      throw Object.assign(new Error(`the emulator's data is held by process ${pid}`), {
        code: 'EMULATOR_DATA_IN_USE',
      });
    rmSync(path, { force: true });
  }
}

function readHolder(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
