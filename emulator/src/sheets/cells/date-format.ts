/** Dates are days since 1899-12-30, times their fractions. */
export const EPOCH = Date.UTC(1899, 11, 30);
export const DAY = 86_400_000;
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/** The serial number of a date, or null where the calendar has no such day. */
export function serialOf(year: number, month: number, day: number): number | null {
  const time = Date.UTC(year, month - 1, day);
  const date = new Date(time);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return Math.round((time - EPOCH) / DAY);
}

export function monthNumber(name: string): number | null {
  const index = MONTHS.findIndex((month) => {
    const lower = name.toLowerCase();
    return month.toLowerCase() === lower || month.slice(0, 3).toLowerCase() === lower;
  });
  return index < 0 ? null : index + 1;
}

const TOKEN = /"([^"]*)"|\\(.)|\[(h+|m+|s+)\]|(am\/pm|a\/p)|(y+|d+|h+|s+|m+)|(\.0+)|(\[[^\]]*\])|([\s\S])/giu;

/** Writes a serial number by a pattern such as `yyyy-mm-dd h:mm:ss am/pm`. */
export function formatDate(serial: number, pattern: string): string {
  const tokens = [...pattern.matchAll(TOKEN)];
  const isHalfDay = tokens.some((token) => token[4] !== undefined);
  // Shown to the second unless the pattern has fractions of it: the clock must not show 59.9999 as 59.
  const precision = tokens.some((token) => token[6] !== undefined) ? 1 : 1000;
  const date = new Date(EPOCH + Math.round((serial * DAY) / precision) * precision);
  let isAfterHour = false;
  return tokens
    .map(([all, quoted, escaped, elapsed, half, unit, fraction, colour], index) => {
      if (quoted !== undefined || escaped !== undefined) return quoted ?? escaped;
      if (elapsed !== undefined) {
        isAfterHour = true;
        return elapsedTime(serial, elapsed);
      }
      if (half !== undefined) {
        const mark = date.getUTCHours() < 12 ? 'AM' : 'PM';
        return half.length > 3 ? mark : mark.charAt(0);
      }
      if (fraction !== undefined)
        return (date.getUTCMilliseconds() / 1000).toFixed(fraction.length - 1).slice(1);
      if (colour !== undefined) return '';
      if (unit === undefined) return all;
      const letter = unit.charAt(0).toLowerCase();
      const isMinute = letter === 'm' && unit.length <= 2 && (isAfterHour || isBeforeSecond(tokens, index));
      isAfterHour = letter === 'h';
      return isMinute ? pad(date.getUTCMinutes(), unit) : part(date, letter, unit, isHalfDay);
    })
    .join('');
}

function part(date: Date, letter: string, unit: string, isHalfDay: boolean): string {
  const hours = date.getUTCHours();
  switch (letter) {
    case 'y':
      return unit.length <= 2
        ? String(date.getUTCFullYear() % 100).padStart(2, '0')
        : String(date.getUTCFullYear());
    case 'd': {
      const weekday = WEEKDAYS[date.getUTCDay()] ?? '';
      if (unit.length > 2) return unit.length === 3 ? weekday.slice(0, 3) : weekday;
      return pad(date.getUTCDate(), unit);
    }
    case 'h':
      return pad(isHalfDay ? hours % 12 || 12 : hours, unit);
    case 's':
      return pad(date.getUTCSeconds(), unit);
    default: {
      const month = MONTHS[date.getUTCMonth()] ?? '';
      if (unit.length > 2)
        return unit.length === 3 ? month.slice(0, 3) : unit.length === 5 ? month.charAt(0) : month;
      return pad(date.getUTCMonth() + 1, unit);
    }
  }
}

function pad(value: number, unit: string): string {
  return String(value).padStart(Math.min(2, unit.length), '0');
}

function isBeforeSecond(tokens: readonly RegExpMatchArray[], index: number): boolean {
  const next = tokens.slice(index + 1).find((token) => token[5] !== undefined || token[3] !== undefined);
  return /^s/iu.test(next?.[5] ?? next?.[3] ?? '');
}

function elapsedTime(serial: number, unit: string): string {
  const seconds = Math.round(serial * 86_400);
  const divisor = { h: 3600, m: 60, s: 1 }[unit.charAt(0).toLowerCase()] ?? 1;
  return String(Math.floor(seconds / divisor)).padStart(unit.length, '0');
}
