import type { Area } from '../ranges/a1.ts';
import {
  FormulaError,
  FUNCTIONS,
  numberOf,
  one,
  type Scalar,
  textOf,
  truthOf,
  type Value,
} from './functions.ts';
import { FormulaSyntaxError, type Node, parseFormula } from './parser.ts';
import { resolveRange } from '../ranges/ranges.ts';
import { type CellData, type Extended, type Tab, valueOf, type Workbook } from '../workbook.ts';

/** Where a formula stands. */
interface Place {
  workbook: Workbook;
  tab: Tab;
  row: number;
  column: number;
  /** The cells that are being evaluated, so that a circle ends. */
  open: ReadonlySet<CellData>;
}

const parsed = new Map<string, Node | FormulaError>();

function parse(formula: string): Node | FormulaError {
  let node = parsed.get(formula);
  if (!node) {
    try {
      node = parseFormula(formula);
    } catch (error) {
      if (!(error instanceof FormulaSyntaxError)) throw error;
      node = new FormulaError('ERROR', 'Formula parse error.');
    }
    if (parsed.size > 10_000) parsed.clear();
    parsed.set(formula, node);
  }
  return node;
}

/** What a cell is worth: of a formula its result, of anything else what was entered. */
export function effectiveValue(
  workbook: Workbook,
  tab: Tab,
  row: number,
  column: number,
  cell: CellData | undefined,
): Extended | undefined {
  const entered = cell?.userEnteredValue;
  if (!cell || typeof entered?.formulaValue !== 'string') return entered;
  const value = evaluateCell({ workbook, tab, row, column, open: new Set() }, cell);
  if (value instanceof FormulaError) return value.toValue();
  // A formula that gives an empty cell gives zero.
  if (value === null) return { numberValue: 0 };
  if (typeof value === 'number') return { numberValue: value };
  return typeof value === 'boolean' ? { boolValue: value } : { stringValue: value };
}

/** The address that a `=HYPERLINK(…)` leads to. */
export function linkOf(
  workbook: Workbook,
  tab: Tab,
  row: number,
  column: number,
  cell: CellData,
): string | undefined {
  const formula = cell.userEnteredValue?.formulaValue;
  const node = formula ? parse(formula) : null;
  if (!node || node instanceof FormulaError || node.kind !== 'call' || node.name !== 'HYPERLINK')
    return undefined;
  const url = node.args[0] && one(evaluate({ workbook, tab, row, column, open: new Set() }, node.args[0]));
  return typeof url === 'string' ? url : undefined;
}

function evaluateCell(place: Place, cell: CellData): Scalar {
  const formula = cell.userEnteredValue?.formulaValue;
  if (typeof formula !== 'string') return valueOf(cell);
  if (place.open.has(cell))
    return new FormulaError(
      'REF',
      'Circular dependency detected. To resolve with iterative calculation, see File > Settings.',
    );
  const node = parse(formula);
  if (node instanceof FormulaError) return node;
  return one(evaluate({ ...place, open: new Set([...place.open, cell]) }, node));
}

function evaluate(place: Place, node: Node): Value {
  switch (node.kind) {
    case 'value':
      return node.value;
    case 'reference':
      return valuesAt(place, node.text);
    case 'unary': {
      const operator = { '-': 'UMINUS', '+': 'UPLUS', '%': 'UNARY_PERCENT' }[node.operator] ?? '';
      const number = numberOf(one(evaluate(place, node.of)), operator, 1);
      if (number instanceof FormulaError) return number;
      return node.operator === '-' ? -number : node.operator === '%' ? number / 100 : number;
    }
    case 'binary':
      return binary(node.operator, one(evaluate(place, node.left)), one(evaluate(place, node.right)));
    case 'call':
      return call(place, node.name, node.args);
  }
}

/** Functions that look at a place, or evaluate only one of their arguments, stand here; all others are a table. */
function call(place: Place, name: string, args: readonly Node[]): Value {
  const at = (index: number): Value => (args[index] ? evaluate(place, args[index]) : null);
  switch (name) {
    case 'IF': {
      const truth = truthOf(one(at(0)));
      if (truth instanceof FormulaError) return truth;
      return truth ? at(1) : args.length > 2 ? at(2) : false;
    }
    case 'IFERROR': {
      const value = one(at(0));
      return value instanceof FormulaError ? at(1) : value;
    }
    case 'ROW':
    case 'COLUMN': {
      const reference = args[0];
      if (!reference) return (name === 'ROW' ? place.row : place.column) + 1;
      const found = reference.kind === 'reference' ? areaAt(place, reference.text) : null;
      if (!found) return new FormulaError('N_A', `Argument must be a range.`);
      return (name === 'ROW' ? found.area.startRow : found.area.startColumn) + 1;
    }
    default: {
      const known = FUNCTIONS[name];
      if (!known) return new FormulaError('NAME', `Unknown function: '${name}'.`);
      return known(args.map((arg) => evaluate(place, arg)));
    }
  }
}

function areaAt(place: Place, text: string): { tab: Tab; area: Area } | null {
  try {
    const { tab, area } = resolveRange(place.workbook, text.replaceAll('$', ''), place.tab);
    return area.startRow < tab.rowCount && area.startColumn < tab.columnCount ? { tab, area } : null;
  } catch {
    return null;
  }
}

function valuesAt(place: Place, text: string): Value {
  const found = areaAt(place, text);
  if (!found)
    return /^[\p{L}_]+$/u.test(text)
      ? new FormulaError('NAME', `Unknown range name: '${text.toUpperCase()}'.`)
      : new FormulaError('REF', 'Reference does not exist.');
  const { tab, area } = found;
  const valueAt = (row: number, column: number): Scalar => {
    const cell = tab.rows[row]?.[column];
    return cell ? evaluateCell({ ...place, tab, row, column }, cell) : null;
  };
  if (area.endRow - area.startRow === 1 && area.endColumn - area.startColumn === 1)
    return valueAt(area.startRow, area.startColumn);
  const endRow = Math.min(area.endRow, tab.rows.length);
  const endColumn = Math.min(area.endColumn, tab.columnCount);
  const rows: Scalar[][] = [];
  for (let row = area.startRow; row < endRow; row += 1) {
    const line: Scalar[] = [];
    for (let column = area.startColumn; column < endColumn; column += 1) line.push(valueAt(row, column));
    rows.push(line);
  }
  return rows;
}

const ARITHMETIC: Record<string, { name: string; of: (a: number, b: number) => number }> = {
  '+': { name: 'ADD', of: (a, b) => a + b },
  '-': { name: 'MINUS', of: (a, b) => a - b },
  '*': { name: 'MULTIPLY', of: (a, b) => a * b },
  '/': { name: 'DIVIDE', of: (a, b) => a / b },
  '^': { name: 'POW', of: (a, b) => a ** b },
};

function binary(operator: string, left: Scalar, right: Scalar): Scalar {
  if (left instanceof FormulaError) return left;
  if (right instanceof FormulaError) return right;
  if (operator === '&') return textOf(left) + textOf(right);
  const arithmetic = ARITHMETIC[operator];
  if (!arithmetic) return compare(operator, left, right);
  const a = numberOf(left, arithmetic.name, 1);
  const b = numberOf(right, arithmetic.name, 2);
  if (a instanceof FormulaError) return a;
  if (b instanceof FormulaError) return b;
  if (operator === '/' && b === 0)
    return new FormulaError('DIVIDE_BY_ZERO', 'Function DIVIDE parameter 2 cannot be zero.');
  return arithmetic.of(a, b);
}

function compare(operator: string, left: Scalar, right: Scalar): boolean {
  const rank = (value: Scalar) => (typeof value === 'number' ? 0 : typeof value === 'string' ? 1 : 2);
  // An empty cell equals both nothing and zero.
  const fill = (value: Scalar, other: Scalar): Scalar =>
    value !== null ? value : typeof other === 'string' ? '' : typeof other === 'boolean' ? false : 0;
  const fold = (value: Scalar) => (typeof value === 'string' ? value.toLowerCase() : Number(value));
  const [a, b] = [fill(left, right), fill(right, left)];
  const [x, y] = [fold(a), fold(b)];
  const order = rank(a) - rank(b) || (x === y ? 0 : x < y ? -1 : 1);
  switch (operator) {
    case '=':
      return order === 0;
    case '<>':
      return order !== 0;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    default:
      return order >= 0;
  }
}
