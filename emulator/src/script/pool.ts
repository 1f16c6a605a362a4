import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { CallAnswer, CallMessage, RunMessage, RunResult } from './protocol.ts';

/** One run, and who answers what it asks of Google's services. */
export interface Job {
  message: RunMessage;
  answer(call: CallMessage): Promise<CallAnswer>;
  limitMs: number;
}

const TOO_LONG = { name: 'Exception', message: 'Exceeded maximum execution time' };

/** One worker thread. It runs one script at a time, each in a global scope of its own. */
class Seat {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #flag: Int32Array;
  #job: Job | null = null;
  #finish: (result: RunResult) => void = () => {};
  isAlive = true;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    const signal = new SharedArrayBuffer(4);
    this.#port = port1;
    this.#flag = new Int32Array(signal);
    this.#worker = new Worker(new URL('./worker/worker.ts', import.meta.url), {
      workerData: { port: port2, signal },
      transferList: [port2],
    });
    this.#worker.once('error', (error: Error) => {
      this.isAlive = false;
      this.#finish({ done: true, error: { name: error.name, message: error.message } });
    });
    port1.on('message', (message: CallMessage | RunResult) => void this.#receive(message));
  }

  async #receive(message: CallMessage | RunResult) {
    if ('done' in message) return this.#finish(message);
    const job = this.#job;
    if (!job) return;
    const answer = await job.answer(message);
    // A run that was ended waits for nothing any more.
    if (this.#job !== job) return;
    this.#port.postMessage(answer);
    Atomics.store(this.#flag, 0, 1);
    Atomics.notify(this.#flag, 0);
  }

  run(job: Job): Promise<RunResult> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        void this.close();
        this.#finish({ done: true, error: TOO_LONG });
      }, job.limitMs);
      this.#job = job;
      this.#finish = (result) => {
        clearTimeout(timer);
        this.#job = null;
        resolve(result);
      };
      this.#port.postMessage(job.message);
    });
  }

  async close(): Promise<void> {
    this.isAlive = false;
    this.#port.close();
    await this.#worker.terminate();
  }
}

/** Runs as many scripts at once as it has seats; the others wait. A worker is started when one is needed. */
export class WorkerPool {
  readonly #size: number;
  readonly #seats = new Set<Seat>();
  readonly #idle: Seat[] = [];
  readonly #waiting: (() => void)[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  async run(job: Job): Promise<RunResult> {
    while (this.#idle.length === 0 && this.#seats.size >= this.#size)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const seat = this.#idle.pop() ?? new Seat();
    this.#seats.add(seat);
    try {
      return await seat.run(job);
    } finally {
      if (seat.isAlive) this.#idle.push(seat);
      else this.#seats.delete(seat);
      this.#waiting.shift()?.();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#seats].map((seat) => seat.close()));
  }
}
