import { PublicError } from '../../../contract/public-error.ts';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** When the holder began, from the kernel, so that a reused process number is not taken for it. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Takes the folder for this process. PGlite does not lock its folder: two processes both acknowledge writes
 * and one's rows vanish.
 * @throws PublicError while another live process holds it
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'budeng.lock');
  const mine = JSON.stringify({ pid: process.pid, start: startOf(process.pid) });
  for (;;) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readHolder(path);
    if (holder && alive(holder.pid) && (holder.start === null || holder.start === startOf(holder.pid)))
      throw new PublicError({
        sentence: `資料夾「${folder}」正由另一個 budeng 使用（程序編號 ${holder.pid}）。`,
        remedy: '請先停止它，或以 --data 指定別的資料夾。',
        english: `The data folder ${folder} is held by another budeng (pid ${holder.pid}). Stop it first, or name another folder with --data.`,
      });
    rmSync(path, { force: true });
  }
}

function readHolder(path: string): { pid: number; start: string | null } | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
