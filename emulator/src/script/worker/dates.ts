import { call } from './call.ts';

/** The emulator's clock stands behind a script's `new Date()`. */
export class ScriptDate extends Date {
  constructor(...args: [] | [number | string | Date]) {
    if (args.length === 0) super(call<number>('now'));
    else super(...args);
  }
  static override now() {
    return call<number>('now');
  }
}

export const makeDate = (value: number | string) => new ScriptDate(value);
