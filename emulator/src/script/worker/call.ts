import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { WorkerData } from '../protocol.ts';

const { port, signal }: WorkerData = workerData;
const flag = new Int32Array(signal);

/** Google's services throw errors of this name; the script's own realm makes them, so that `instanceof` holds. */
let makeError: (message: string) => Error = (message) => new Error(message);

export function useErrors(make: (message: string) => Error): void {
  makeError = make;
}

export function exception(message: string, name = 'Exception'): Error {
  const error = makeError(message);
  error.name = name;
  return error;
}

/**
 * Asks the main thread. Google's services are synchronous in Apps Script, so the worker sleeps until the answer lies in
 * the port.
 */
export function call<T>(method: string, ...args: unknown[]): T {
  Atomics.store(flag, 0, 0);
  port.postMessage({ call: method, args });
  Atomics.wait(flag, 0, 0);
  const answer: { value: T; error?: string } = receiveMessageOnPort(port)?.message;
  if (answer.error !== undefined) throw exception(answer.error);
  return answer.value;
}

/** Asked of any object by the language itself, not by the script. */
const ASKED_BY_JS = new Set(['then', 'toJSON', 'constructor', 'asymmetricMatch', 'nodeType', '$$typeof']);

/** Stands for one of Google's objects. What it does not have here is refused by name and never undefined. */
export function service<T extends object>(name: string, members: T): T {
  Object.defineProperty(members, 'toString', { value: () => name, enumerable: false });
  return new Proxy(members, {
    get(target, property, receiver) {
      if (typeof property === 'symbol' || property in target || ASKED_BY_JS.has(property))
        return Reflect.get(target, property, receiver);
      throw exception(`${name}.${property} is not implemented by the emulator`);
    },
  });
}

/** One of Google's enumerations, such as `ScriptApp.EventType`. */
export function enumeration(name: string, values: readonly string[]): Record<string, string> {
  return service(name, Object.fromEntries(values.map((value) => [value, value])));
}

/** A service that Google has and the emulator has not. */
export function missingService(name: string): object {
  return service(name, {});
}
