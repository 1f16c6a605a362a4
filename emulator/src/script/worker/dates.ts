import { call } from './call.ts';
import { currentRun } from './run.ts';
import { instantOf, offsetMs } from './zone.ts';

/** Names a zone, or says how far it is from UTC, behind a time. */
const ZONED =
  /(?:\d[\d:.]*Z|\b(?:UTC?|GMT|[ECMP][SD]T)|(?:\d:\d\d(?:\.\d+)?|GMT|UTC)\s*[+-]\d\d:?\d\d)\s*(?:\(.*\))?$/iu;
/** JavaScript reads a date alone in UTC. */
const DATE_ALONE = /^[+-]?\d{4,6}(?:-\d\d){0,2}$/u;

const zone = () => currentRun().timeZone;
const inZone = (shown: number) => (Number.isNaN(shown) ? shown : instantOf(shown, zone()));

/** How far the script's clocks are ahead of UTC then, in minutes. */
function aheadOf(date: Date): number {
  const instant = date.getTime();
  return Number.isNaN(instant) ? Number.NaN : offsetMs(instant, zone()) / 60_000;
}

/** What the script's clocks show, as a Date whose fields in UTC say it. */
const shown = (date: Date) => new Date(date.getTime() + aheadOf(date) * 60_000);

function read(text: string): number {
  const plain = new Date(text);
  if (ZONED.test(text.trim()) || DATE_ALONE.test(text.trim())) return plain.getTime();
  // The machine read it by its own clocks: what they show then is meant in the script's zone.
  return inZone(plain.getTime() - plain.getTimezoneOffset() * 60_000);
}

type Parts = Parameters<typeof Date.UTC>;

/** A script's Date: the emulator's clock stands behind `new Date()`, and local times are those of the manifest's zone. */
export class ScriptDate extends Date {
  constructor(...args: [] | [number | string | Date] | Parts) {
    const [first] = args;
    if (args.length === 0) super(call<number>('now'));
    else if (args.length > 1) super(inZone(Date.UTC(...(args as Parts))));
    else super(typeof first === 'string' ? read(first) : (first ?? Number.NaN));
  }
  static override now() {
    return call<number>('now');
  }
  static override parse(text: string) {
    return read(String(text));
  }
  override getTimezoneOffset() {
    return -aheadOf(this);
  }
  override toDateString(): string {
    if (Number.isNaN(this.getTime())) return 'Invalid Date';
    // `Tue, 21 Apr 2020 …` in UTC is `Tue Apr 21 2020` here.
    const [day, date, month, year] = shown(this).toUTCString().split(/,? /u);
    return [day, month, date, year].join(' ');
  }
  override toTimeString(): string {
    if (Number.isNaN(this.getTime())) return 'Invalid Date';
    const ahead = aheadOf(this);
    const [hours, minutes] = [Math.floor(Math.abs(ahead) / 60), Math.abs(ahead) % 60];
    const offset = [hours, minutes].map((each) => String(Math.floor(each)).padStart(2, '0')).join('');
    const name = new Intl.DateTimeFormat('en-US', { timeZone: zone(), timeZoneName: 'long' })
      .formatToParts(this)
      .find(({ type }) => type === 'timeZoneName')?.value;
    return `${shown(this).toISOString().slice(11, 19)} GMT${ahead < 0 ? '-' : '+'}${offset} (${name})`;
  }
  override toString(): string {
    if (Number.isNaN(this.getTime())) return 'Invalid Date';
    return `${this.toDateString()} ${this.toTimeString()}`;
  }
  override toLocaleString(locales: Intl.LocalesArgument = 'en-US', options?: Intl.DateTimeFormatOptions) {
    return super.toLocaleString(locales, { timeZone: zone(), ...options });
  }
  override toLocaleDateString(locales: Intl.LocalesArgument = 'en-US', options?: Intl.DateTimeFormatOptions) {
    return super.toLocaleDateString(locales, { timeZone: zone(), ...options });
  }
  override toLocaleTimeString(locales: Intl.LocalesArgument = 'en-US', options?: Intl.DateTimeFormatOptions) {
    return super.toLocaleTimeString(locales, { timeZone: zone(), ...options });
  }
}

const SET = ['FullYear', 'Month', 'Date', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'] as const;

function define(name: string, value: (this: Date, ...args: [number]) => number): void {
  Object.defineProperty(ScriptDate.prototype, name, { value, configurable: true, writable: true });
}

for (const field of [...SET, 'Day'] as const)
  define(`get${field}`, function get() {
    return shown(this)[`getUTC${field}`]();
  });
for (const field of SET)
  define(`set${field}`, function set(...args) {
    const changed = shown(this);
    changed[`setUTC${field}`](...args);
    return this.setTime(inZone(changed.getTime()));
  });

/** What a script calls Date: called without `new` it gives a text. */
export const GlobalDate = new Proxy(ScriptDate, { apply: () => new ScriptDate().toString() });
define('constructor', GlobalDate as never);

export const makeDate = (value: number | string) => new ScriptDate(value);
