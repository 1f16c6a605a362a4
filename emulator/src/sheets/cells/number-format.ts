import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { formatDate } from './date-format.ts';

type NumberFormat = sheets_v4.Schema$NumberFormat;

/** What a type without a pattern of its own looks like in en_US. */
const DEFAULT_PATTERNS: Record<string, string> = {
  NUMBER: '#,##0.00',
  PERCENT: '0.00%',
  CURRENCY: '"$"#,##0.00',
  DATE: 'M/d/yyyy',
  TIME: 'h:mm:ss am/pm',
  DATE_TIME: 'M/d/yyyy H:mm:ss',
  SCIENTIFIC: '0.00E+00',
};
const DATE_TYPES = new Set(['DATE', 'TIME', 'DATE_TIME']);

export function isDateFormat(format: NumberFormat | null | undefined): boolean {
  return DATE_TYPES.has(format?.type ?? '');
}

/** A number as its cell shows it. */
export function formatNumber(value: number, format?: NumberFormat | null): string {
  const pattern = format?.pattern || DEFAULT_PATTERNS[format?.type ?? ''] || '';
  if (pattern === '' || format?.type === 'TEXT' || /^(?:general|@)$/iu.test(pattern))
    return formatGeneral(value);
  if (isDateFormat(format)) return formatDate(value, pattern);
  return formatSections(value, pattern);
}

/** Writes a number without a format: ten significant digits, and an exponent for what is very large or very small. */
export function formatGeneral(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e15 || size < 1e-9)) return exponential(value, 5, 2, '', true);
  if (Number.isInteger(value)) return String(value);
  const rounded = Number(value.toPrecision(10));
  return Math.abs(rounded) < 1e-6
    ? rounded.toFixed(20).replace(/0+$/u, '').replace(/\.$/u, '')
    : String(rounded);
}

function exponential(value: number, digits: number, width: number, sign: string, trim: boolean): string {
  const [mantissa = '', power = '0'] = value.toExponential(digits).split('e');
  const shown = trim && mantissa.includes('.') ? mantissa.replace(/\.?0+$/u, '') : mantissa;
  const exponent = Number(power);
  const mark = exponent < 0 ? '-' : sign === '-' ? '' : '+';
  return `${shown}E${mark}${String(Math.abs(exponent)).padStart(width, '0')}`;
}

interface Token {
  kind: 'digit' | 'point' | 'comma' | 'percent' | 'exponent' | 'literal';
  text: string;
}

function tokenize(section: string): Token[] {
  const tokens: Token[] = [];
  const pattern =
    /"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|_(.)|\*(.)|(E[-+]0+)|([0#?])|(\.)|(,)|(%)|([\s\S])/giu;
  for (const match of section.matchAll(pattern)) {
    const [all, quoted, escaped, currency, space, fill, exponent, digit, point, comma, percent, other] =
      match;
    if (exponent !== undefined) tokens.push({ kind: 'exponent', text: exponent });
    else if (digit !== undefined) tokens.push({ kind: 'digit', text: digit });
    else if (point !== undefined) tokens.push({ kind: 'point', text: point });
    else if (comma !== undefined) tokens.push({ kind: 'comma', text: comma });
    else if (percent !== undefined) tokens.push({ kind: 'percent', text: percent });
    else if (space !== undefined) tokens.push({ kind: 'literal', text: ' ' });
    else if (fill === undefined && !(all.startsWith('[') && currency === undefined))
      tokens.push({ kind: 'literal', text: quoted ?? escaped ?? currency ?? other ?? '' });
  }
  return tokens;
}

function splitSections(pattern: string): string[] {
  return pattern.match(/(?:"[^"]*"|\\.|[^;])+|(?<=;|^)(?=;|$)/gu) ?? [pattern];
}

function formatSections(value: number, pattern: string): string {
  const [positive = '', negative, zero] = splitSections(pattern);
  if (value < 0 && negative !== undefined) return formatSection(-value, negative);
  if (value === 0 && zero !== undefined) return formatSection(0, zero);
  const text = formatSection(Math.abs(value), positive);
  // What rounds to nothing has no sign.
  return value < 0 && /[1-9]/u.test(text) ? `-${text}` : text;
}

function formatSection(value: number, section: string): string {
  const tokens = tokenize(section);
  if (!tokens.some(({ kind }) => kind === 'digit')) return tokens.map(({ text }) => text).join('');
  const lastDigit = tokens.findLastIndex(({ kind }) => kind === 'digit');
  const point = tokens.findIndex(({ kind }) => kind === 'point');
  const exponent = tokens.find(({ kind }) => kind === 'exponent');
  const isInteger = (index: number) => point < 0 || index < point;
  const grouped = tokens.some(({ kind }, index) => kind === 'comma' && index < lastDigit && isInteger(index));
  // Commas behind the last digit divide by a thousand each.
  const scale = tokens.filter(({ kind }, index) => kind === 'comma' && index > lastDigit).length;
  const percents = tokens.filter(({ kind }) => kind === 'percent').length;
  const decimals = tokens.filter(({ kind }, index) => kind === 'digit' && !isInteger(index));
  let number = (value * 100 ** percents) / 1000 ** scale;
  let power = '';
  if (exponent) {
    const [mantissa = '0', shown = ''] = exponential(
      number,
      decimals.length,
      exponent.text.length - 2,
      exponent.text.charAt(1),
      false,
    ).split('E');
    number = Number(mantissa);
    power = `E${shown}`;
  }
  const [whole = '0', fraction = ''] = round(number, decimals.length).split('.');
  const integer = fillInteger(
    whole === '0' ? '' : whole,
    tokens.filter(({ kind }, index) => kind === 'digit' && isInteger(index)).map(({ text }) => text),
    grouped,
  );
  return layOut(tokens, integer, fillFraction(fraction, decimals), power, isInteger);
}

/** Puts digits at their places; the first integer place takes all that are left over. */
function layOut(
  tokens: readonly Token[],
  integer: string[],
  fraction: string[],
  power: string,
  isInteger: (index: number) => boolean,
): string {
  let text = '';
  const hasFraction = fraction.some((digit) => digit !== '');
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'digit') text += (isInteger(index) ? integer.shift() : fraction.shift()) ?? '';
    else if (token.kind === 'point') text += hasFraction || fraction.length === 0 ? '.' : '';
    else if (token.kind === 'exponent') text += power;
    else if (token.kind !== 'comma') text += token.text;
  }
  return text;
}

function fillInteger(digits: string, places: readonly string[], grouped: boolean): string[] {
  const filled: string[] = [];
  let rest = digits;
  let count = 0;
  const group = (text: string) =>
    [...text]
      .toReversed()
      .map((digit) => {
        const comma = grouped && count > 0 && count % 3 === 0 ? ',' : '';
        count += 1;
        return digit + comma;
      })
      .toReversed()
      .join('');
  for (let place = places.length - 1; place >= 0; place -= 1) {
    const taken = place === 0 ? rest : rest.slice(-1);
    rest = place === 0 ? '' : rest.slice(0, -1);
    const empty = places[place] === '0' ? '0' : places[place] === '?' ? ' ' : '';
    filled.unshift(taken === '' ? (empty === '0' ? group('0') : empty) : group(taken));
  }
  return filled;
}

function fillFraction(fraction: string, places: readonly Token[]): string[] {
  const needed = Math.max(
    fraction.replace(/0+$/u, '').length,
    places.findLastIndex(({ text }) => text === '0') + 1,
  );
  return places.map(({ text }, index) =>
    index < needed ? (fraction[index] ?? '0') : text === '?' ? ' ' : '',
  );
}

/** Rounds as people do by hand: 1.005 to two places is 1.01. */
function round(value: number, decimals: number): string {
  const text = String(Number(value.toPrecision(15)));
  if (text.includes('e')) return value.toFixed(decimals);
  const shifted = Math.round(Number(`${text}e${decimals}`));
  return Number.isSafeInteger(shifted)
    ? Number(`${shifted}e-${decimals}`).toFixed(decimals)
    : value.toFixed(decimals);
}
