import { messageOf } from './caught.ts';
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { LockHeldError, takeLock } from 'process-lock';

export interface Journal {
  /** Names the replay of one kind of operation; before `replay`. */
  register(kind: string, replay: (payload: never) => void): void;
  /**
   * Writes down one operation that has been carried out. Ids and times belong in the payload.
   * @throws JournalError where it cannot be written, then and ever after
   */
  append(kind: string, payload: unknown): void;
  replay(): void;
  /** Why nothing more can be written; null on a good day. */
  failure(): JournalError | null;
  close(): void;
}

/** What was carried out is not written down: from here on memory says more than a restart would. */
export class JournalError extends Error {
  constructor(cause: unknown) {
    super(
      `the journal cannot be written (${messageOf(cause)}): make room and start the emulator again; what it did not acknowledge is not kept`,
      { cause },
    );
  }
}

const LINE_END = 0x0a;

/**
 * Two emulators that append to one journal would each lack what the other wrote.
 * @throws Error with the code EMULATOR_DATA_IN_USE
 */
function holdFolder(folder: string): () => void {
  try {
    return takeLock(join(folder, 'emulator.lock'));
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    const message = `the emulator's data is held by process ${error.pid}`;
    throw Object.assign(new Error(message), { code: 'EMULATOR_DATA_IN_USE' });
  }
}

/** Appends every mutation to a file of JSON lines. Without a folder it forgets everything. */
export function openJournal(folder?: string): Journal {
  const handlers = new Map<string, (payload: never) => void>();
  const register: Journal['register'] = (kind, replay) => {
    handlers.set(kind, replay);
  };
  if (!folder) return { register, append() {}, replay() {}, failure: () => null, close() {} };
  mkdirSync(folder, { recursive: true });
  const unlock = holdFolder(folder);
  const path = join(folder, 'journal.jsonl');
  let file = -1;
  let length = 0;
  let failed: JournalError | null = null;
  return {
    register,
    replay() {
      length = replayFile(path, handlers);
      file = openSync(path, 'a');
    },
    append(kind, payload) {
      if (failed) throw failed;
      const line = Buffer.from(`${JSON.stringify({ kind, payload })}\n`);
      try {
        for (let written = 0; written < line.length; )
          written += writeSync(file, line, written, line.length - written);
        length += line.length;
      } catch (error) {
        failed = new JournalError(error);
        // A torn line in the middle would hide everything that comes after it.
        ftruncateSync(file, length);
        throw failed;
      }
    },
    failure: () => failed,
    close() {
      if (file >= 0) closeSync(file);
      unlock();
    },
  };
}

/** @returns how many bytes of the file are whole */
function replayFile(path: string, handlers: Map<string, (payload: never) => void>): number {
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  // A kill may tear the last line: what it said was never answered, so it is dropped.
  const whole = bytes.lastIndexOf(LINE_END) + 1;
  if (whole !== bytes.length) truncateSync(path, whole);
  let line = 0;
  // Reads line by line, since one string holds half a gigabyte at most.
  for (let at = 0; at < whole; ) {
    const end = bytes.indexOf(LINE_END, at);
    line += 1;
    replayLine(`${path} line ${line}`, bytes.toString('utf8', at, end), handlers);
    at = end + 1;
  }
  return whole;
}

function replayLine(where: string, text: string, handlers: Map<string, (payload: never) => void>) {
  let entry: { kind: string; payload: never };
  try {
    entry = JSON.parse(text);
  } catch (error) {
    throw new Error(`${where} is damaged: restore it, or cut the file before it`, { cause: error });
  }
  const handler = handlers.get(entry.kind);
  if (!handler) throw new Error(`${where} holds "${entry.kind}", which no module replays`);
  handler(entry.payload);
}
