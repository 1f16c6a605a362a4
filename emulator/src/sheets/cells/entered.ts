import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { monthNumber, serialOf } from './date-format.ts';
import type { CellData, Extended } from '../workbook.ts';

/** What an entry becomes: its value, and the number format that Google sets by the way it was typed. */
export interface Entered {
  value: Extended | null;
  numberFormat?: sheets_v4.Schema$NumberFormat;
}

/**
 * `RAW` keeps a text as it is; `USER_ENTERED` reads it as if it were typed, but for cells whose number format is TEXT.
 * Numbers and booleans are what they are.
 */
export function enteredValue(given: unknown, option: string, cell?: CellData): Entered {
  if (typeof given === 'boolean') return { value: { boolValue: given } };
  if (typeof given === 'number') return { value: { numberValue: given } };
  const text = String(given);
  if (text === '') return { value: null };
  if (option === 'RAW' || cell?.userEnteredFormat?.numberFormat?.type === 'TEXT')
    return { value: { stringValue: text } };
  return typedText(text);
}

/** Makes the request that puts an entry into a cell. Its number format is written only where the cell has none. */
export function entryRequest(
  start: sheets_v4.Schema$GridCoordinate,
  { value, numberFormat }: Entered,
  cell: CellData | undefined,
): sheets_v4.Schema$Request {
  const isFormatted = numberFormat && !cell?.userEnteredFormat?.numberFormat;
  const entry = {
    ...(value ? { userEnteredValue: value } : {}),
    ...(isFormatted ? { userEnteredFormat: { numberFormat } } : {}),
  };
  const fields = isFormatted ? 'userEnteredValue,userEnteredFormat.numberFormat' : 'userEnteredValue';
  return { updateCells: { start, rows: [{ values: [entry] }], fields } };
}

function typedText(text: string): Entered {
  if (text.startsWith("'")) return { value: { stringValue: text.slice(1) } };
  if (text.startsWith('=') && text.length > 1) return { value: { formulaValue: text } };
  const trimmed = text.trim();
  if (/^(?:true|false)$/iu.test(trimmed)) return { value: { boolValue: trimmed.toLowerCase() === 'true' } };
  const parsed = typedNumber(trimmed) ?? typedDate(trimmed);
  if (parsed) return parsed;
  // What begins with a sign and is no number is taken for a formula.
  if (/^[-+]./u.test(text)) return { value: { formulaValue: `=${text}` } };
  return { value: { stringValue: text } };
}

const NUMBER = /^(\()?([-+]?)(\$)?([-+]?)(\d{1,3}(?:,\d{3})+|\d+)?(\.\d*)?(e[-+]?\d+)?(%)?(\))?$/iu;

/** Reads `1,234.5`, `$12`, `12.5%`, `1e6` and `(3)`. */
function typedNumber(text: string): Entered | null {
  const match = NUMBER.exec(text);
  if (!match) return null;
  const [, open, sign, dollar, inner, whole = '', fraction = '', power, percent, close] = match;
  if (whole === '' && !/\d/u.test(fraction)) return null;
  if (Boolean(open) !== Boolean(close) || (sign && inner) || (percent && (dollar || power))) return null;
  const size = Number(`${whole.replaceAll(',', '') || '0'}${fraction}${power ?? ''}`) / (percent ? 100 : 1);
  const numberValue = open || sign === '-' || inner === '-' ? -size : size;
  const value = { numberValue: percent ? Number(numberValue.toPrecision(15)) : numberValue };
  const cents = fraction.length > 1 ? '.00' : '';
  if (percent) return { value, numberFormat: { type: 'PERCENT', pattern: `0${cents}%` } };
  if (dollar) return { value, numberFormat: { type: 'CURRENCY', pattern: `"$"#,##0${cents}` } };
  if (power) return { value, numberFormat: { type: 'SCIENTIFIC', pattern: '0.00E+00' } };
  if (whole.includes(',')) return { value, numberFormat: { type: 'NUMBER', pattern: `#,##0${cents}` } };
  return { value };
}

interface Part {
  serial: number;
  pattern: string;
}

/**
 * Reads dates and times as en_US and ISO 8601 write them: they become serial numbers that are shown as they were typed.
 */
function typedDate(text: string): Entered | null {
  const match = /^(.*?)(?:(?:^|[ T])(\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?: ?[ap]m)?))?$/iu.exec(text);
  const day = match?.[1] ? dayPart(match[1]) : null;
  const time = match?.[2] ? timePart(match[2]) : null;
  if ((match?.[1] && !day) || (match?.[2] && !time) || (!day && !time)) return null;
  return {
    value: { numberValue: (day?.serial ?? 0) + (time?.serial ?? 0) },
    numberFormat: {
      type: day && time ? 'DATE_TIME' : day ? 'DATE' : 'TIME',
      pattern: [day?.pattern, time?.pattern].filter(Boolean).join(' '),
    },
  };
}

function dayPart(text: string): Part | null {
  const part = (year: number, month: number | null, day: number, pattern: string): Part | null => {
    const serial = month === null ? null : serialOf(year, month, day);
    return serial === null ? null : { serial, pattern };
  };
  const iso = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/u.exec(text);
  if (iso) {
    const [, year, mark, month = '', day = ''] = iso;
    const isPadded = month.length === 2 && day.length === 2;
    const pattern = ['yyyy', isPadded ? 'mm' : 'm', isPadded ? 'dd' : 'd'].join(mark);
    return part(Number(year), Number(month), Number(day), pattern);
  }
  const american = /^(\d{1,2})([-/])(\d{1,2})\2(\d{4}|\d{2})$/u.exec(text);
  if (american) {
    const [, month = '', mark, day = '', year = ''] = american;
    const full = year.length === 4 ? Number(year) : Number(year) + (Number(year) < 30 ? 2000 : 1900);
    const plain = month.length === 1 || !month.startsWith('0');
    const pattern =
      mark === '/' && plain && !day.startsWith('0') && year.length === 4
        ? 'M/d/yyyy'
        : `${plain ? 'm' : 'mm'}${mark}${day.startsWith('0') ? 'dd' : 'd'}${mark}${'y'.repeat(year.length)}`;
    return part(full, Number(month), Number(day), pattern);
  }
  const named = /^([A-Za-z]{3,9})\.? (\d{1,2}), ?(\d{4})$/u.exec(text);
  if (named) {
    const [, month = '', day, year] = named;
    const pattern = `${month.length > 3 ? 'mmmm' : 'mmm'} d, yyyy`;
    return part(Number(year), monthNumber(month), Number(day), pattern);
  }
  const dayFirst = /^(\d{1,2})([- ])([A-Za-z]{3,9})\2(\d{4})$/u.exec(text);
  if (dayFirst) {
    const [, day, mark, month = '', year] = dayFirst;
    const pattern = `d${mark}${month.length > 3 ? 'mmmm' : 'mmm'}${mark}yyyy`;
    return part(Number(year), monthNumber(month), Number(day), pattern);
  }
  return null;
}

function timePart(text: string): Part | null {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?(?: ?([ap])m)?$/iu.exec(text);
  if (!match) return null;
  const [, hour, minute, second, half] = match;
  const given = Number(hour);
  if (given > (half ? 12 : 23) || Number(minute) > 59 || Number(second ?? 0) >= 60) return null;
  const hours = half ? (given % 12) + (half.toLowerCase() === 'p' ? 12 : 0) : given;
  return {
    serial: (hours * 3600 + Number(minute) * 60 + Number(second ?? 0)) / 86_400,
    pattern: `h:mm${second ? ':ss' : ''}${half ? ' am/pm' : ''}`,
  };
}
