import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LockHeldError, takeLock } from 'process-lock';
import { PublicError } from '../../../contract/public-error.ts';

/**
 * Takes the folder for this process. PGlite does not lock its folder: two processes both acknowledge writes
 * and one's rows vanish.
 * @throws PublicError while another live process holds it
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  try {
    return takeLock(join(folder, 'budeng.lock'));
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    throw new PublicError({
      sentence: `資料夾「${folder}」正由另一個 budeng 使用（程序編號 ${error.pid}）。`,
      remedy: '請先停止它，或以 --data 指定別的資料夾。',
      english: `The data folder ${folder} is held by another budeng (pid ${error.pid}). Stop it first, or name another folder with --data.`,
    });
  }
}
