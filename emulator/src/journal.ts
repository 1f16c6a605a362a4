import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

export interface Journal {
  /** Names the replay of one kind of operation; before `replay`. */
  register(kind: string, replay: (payload: never) => void): void;
  /** Writes down one operation that has been carried out. Ids and times belong in the payload. */
  append(kind: string, payload: unknown): void;
  replay(): void;
  close(): void;
}

/** Append-only JSON lines of every mutation. Without a folder it forgets everything. */
export function openJournal(folder?: string): Journal {
  const handlers = new Map<string, (payload: never) => void>();
  const register: Journal['register'] = (kind, replay) => {
    handlers.set(kind, replay);
  };
  if (!folder) return { register, append() {}, replay() {}, close() {} };
  mkdirSync(folder, { recursive: true });
  const unlock = lock(join(folder, 'emulator.lock'));
  const path = join(folder, 'journal.jsonl');
  let file = -1;
  return {
    register,
    replay() {
      const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      // A crash may tear the last line: what it said was never answered, so it is dropped.
      if (whole.length !== text.length) writeFileSync(path, whole);
      for (const line of whole.split('\n').filter(Boolean)) {
        const { kind, payload } = JSON.parse(line) as { kind: string; payload: never };
        const handler = handlers.get(kind);
        if (!handler) throw new Error(`the journal holds "${kind}", which no module replays`);
        handler(payload);
      }
      file = openSync(path, 'a');
    },
    append(kind, payload) {
      appendFileSync(file, `${JSON.stringify({ kind, payload })}\n`);
    },
    close() {
      if (file >= 0) closeSync(file);
      unlock();
    },
  };
}

function lock(path: string): () => void {
  const holder = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
  if (holder && holder !== process.pid && isAlive(holder)) {
    throw Object.assign(new Error(`the emulator's data is held by process ${holder}`), {
      code: 'EMULATOR_DATA_IN_USE',
    });
  }
  writeFileSync(path, String(process.pid));
  return () => rmSync(path, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
