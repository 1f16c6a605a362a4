import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { formatGeneral } from '../cells/number-format.ts';

/** One value; null is an empty cell. */
export type Scalar = number | string | boolean | null | FormulaError;
export type Value = Scalar | Scalar[][];

const SHOWN: Record<string, string> = {
  ERROR: '#ERROR!',
  DIVIDE_BY_ZERO: '#DIV/0!',
  VALUE: '#VALUE!',
  REF: '#REF!',
  NAME: '#NAME?',
  NUM: '#NUM!',
  N_A: '#N/A',
};

/** An error that a cell holds as its value. */
export class FormulaError {
  readonly type: string;
  readonly message: string;
  constructor(type: string, message: string) {
    this.type = type;
    this.message = message;
  }
  get shown(): string {
    return SHOWN[this.type] ?? '#ERROR!';
  }
  toValue(): sheets_v4.Schema$ExtendedValue {
    return { errorValue: { type: this.type, message: this.message } };
  }
}

export function textOf(value: Scalar): string {
  if (value === null) return '';
  if (typeof value === 'number') return formatGeneral(value);
  return typeof value === 'boolean'
    ? String(value).toUpperCase()
    : value instanceof FormulaError
      ? value.shown
      : value;
}

/** A value where a number is wanted. */
export function numberOf(value: Scalar, name: string, parameter: number): number | FormulaError {
  if (value instanceof FormulaError || typeof value === 'number') return value;
  if (value === null) return 0;
  if (typeof value === 'boolean') return Number(value);
  const number = value.trim() === '' ? Number.NaN : Number(value.replaceAll(',', ''));
  return Number.isNaN(number)
    ? new FormulaError(
        'VALUE',
        `Function ${name} parameter ${parameter} expects number values. But '${value}' is a text and cannot be coerced to a number.`,
      )
    : number;
}

export function truthOf(value: Scalar): boolean | FormulaError {
  if (value instanceof FormulaError) return value;
  return typeof value === 'string' ? value.toUpperCase() === 'TRUE' : Boolean(value);
}

export const flat = (args: readonly Value[]): Scalar[] =>
  args.flatMap((arg) => (Array.isArray(arg) ? arg.flat() : [arg]));
/** Takes the one value of an argument; of a range, its first. */
export const one = (arg: Value | undefined): Scalar =>
  Array.isArray(arg) ? (arg[0]?.[0] ?? null) : (arg ?? null);

/** Numbers as SUM takes them: those of ranges as they are, texts only where they are written as an argument. */
function numbers(name: string, args: readonly Value[]): number[] | FormulaError {
  const found: number[] = [];
  for (const [index, arg] of args.entries()) {
    if (!Array.isArray(arg)) {
      const number = numberOf(arg, name, index + 1);
      if (number instanceof FormulaError) return number;
      found.push(number);
      continue;
    }
    for (const value of arg.flat()) {
      if (value instanceof FormulaError) return value;
      if (typeof value === 'number') found.push(value);
    }
  }
  return found;
}

function overNumbers(name: string, of: (list: number[]) => Scalar) {
  return (args: readonly Value[]): Scalar => {
    const list = numbers(name, args);
    return list instanceof FormulaError ? list : of(list);
  };
}

function onNumbers(name: string, of: (...list: number[]) => Scalar) {
  return (args: readonly Value[]): Scalar => {
    const list = args.map((arg, index) => numberOf(one(arg), name, index + 1));
    return list.find((each) => each instanceof FormulaError) ?? of(...(list as number[]));
  };
}

function onText(of: (text: string, first: number, second: number) => Scalar) {
  return ([text, first, second]: readonly Value[]): Scalar => {
    const given = one(text);
    return given instanceof FormulaError
      ? given
      : of(textOf(given), Number(one(first) ?? 1), Number(one(second) ?? 1));
  };
}

const sum = (list: readonly number[]) => list.reduce((total, each) => total + each, 0);
const isFilled = (value: Scalar) => value !== null && value !== '';

function rounded(digits: number, value: number, way: (of: number) => number): number {
  const factor = 10 ** digits;
  return (Math.sign(value) * way(Number((Math.abs(value) * factor).toPrecision(15)))) / factor;
}

/** What is evaluated; a function that is not here is answered with an error that says so. */
export const FUNCTIONS: Record<string, (args: readonly Value[]) => Scalar> = {
  SUM: overNumbers('SUM', sum),
  PRODUCT: overNumbers('PRODUCT', (list) => list.reduce((total, each) => total * each, 1)),
  AVERAGE: overNumbers('AVERAGE', (list) =>
    list.length === 0
      ? new FormulaError('DIVIDE_BY_ZERO', 'Evaluation of function AVERAGE caused a divide by zero error.')
      : sum(list) / list.length,
  ),
  MIN: overNumbers('MIN', (list) => (list.length === 0 ? 0 : list.reduce((a, b) => Math.min(a, b)))),
  MAX: overNumbers('MAX', (list) => (list.length === 0 ? 0 : list.reduce((a, b) => Math.max(a, b)))),
  COUNT: (args) => flat(args).filter((value) => typeof value === 'number').length,
  COUNTA: (args) => flat(args).filter((value) => value !== null).length,
  COUNTBLANK: (args) => flat(args).filter((value) => !isFilled(value)).length,
  ABS: onNumbers('ABS', Math.abs),
  INT: onNumbers('INT', Math.floor),
  ROUND: onNumbers('ROUND', (value, digits = 0) => rounded(digits, value, Math.round)),
  ROUNDUP: onNumbers('ROUNDUP', (value, digits = 0) => rounded(digits, value, Math.ceil)),
  ROUNDDOWN: onNumbers('ROUNDDOWN', (value, digits = 0) => rounded(digits, value, Math.floor)),
  SQRT: onNumbers('SQRT', (value) =>
    value < 0
      ? new FormulaError('NUM', `Function SQRT parameter 1 value is negative. It should be positive or zero.`)
      : Math.sqrt(value),
  ),
  POWER: onNumbers('POWER', (base, power = 0) => base ** power),
  MOD: onNumbers('MOD', (value, by = 0) =>
    by === 0
      ? new FormulaError('DIVIDE_BY_ZERO', 'Function MOD parameter 2 cannot be zero.')
      : value - by * Math.floor(value / by),
  ),
  PI: () => Math.PI,
  LEN: onText((text) => text.length),
  UPPER: onText((text) => text.toUpperCase()),
  LOWER: onText((text) => text.toLowerCase()),
  TRIM: onText((text) => text.trim().replaceAll(/ +/gu, ' ')),
  LEFT: onText((text, count) => text.slice(0, count)),
  RIGHT: onText((text, count) => (count === 0 ? '' : text.slice(-count))),
  MID: onText((text, start, count) => text.slice(start - 1, start - 1 + count)),
  CONCATENATE: (args) =>
    flat(args).find((value) => value instanceof FormulaError) ?? flat(args).map(textOf).join(''),
  HYPERLINK: ([url, label]) => (label === undefined ? one(url) : one(label)),
  AND: (args) =>
    flat(args)
      .map(truthOf)
      .reduce<boolean | FormulaError>((a, b) => (a === true ? b : a), true),
  OR: (args) =>
    flat(args)
      .map(truthOf)
      .reduce<boolean | FormulaError>((a, b) => (a === false ? b : a), false),
  NOT: ([value]) => {
    const truth = truthOf(one(value));
    return truth instanceof FormulaError ? truth : !truth;
  },
  TRUE: () => true,
  FALSE: () => false,
  ISBLANK: ([value]) => one(value) === null,
  ISNUMBER: ([value]) => typeof one(value) === 'number',
  ISTEXT: ([value]) => typeof one(value) === 'string',
  ISERROR: ([value]) => one(value) instanceof FormulaError,
  NA: () => new FormulaError('N_A', 'Value not available.'),
};
