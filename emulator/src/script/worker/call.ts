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

type Callable = (...args: unknown[]) => unknown;
const takesAny = new WeakSet<object>();

/** Marks a method that takes any number of arguments. */
export function anyNumber<T extends object>(method: T): T {
  takesAny.add(method);
  return method;
}

/** Refuses arguments that a method would pass over: a script that gives them counts on their effect. */
function withinArguments(name: string, method: Callable): Callable {
  return function checked(this: unknown, ...args: unknown[]) {
    const given = args.findLastIndex((each) => each !== undefined) + 1;
    if (given > method.length)
      throw exception(`${name} with ${given} arguments is not implemented by the emulator`);
    return method.apply(this, args);
  };
}

/**
 * Stands for one of Google's objects. What it does not have here is refused by name and never undefined, and so are more
 * arguments than a method declares: write optional ones with `?`, since those with a default are not counted.
 */
export function service<T extends object>(name: string, members: T): T {
  for (const [key, member] of Object.entries(members))
    if (typeof member === 'function' && !takesAny.has(member))
      Object.assign(members, { [key]: withinArguments(`${name}.${key}`, member as Callable) });
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
