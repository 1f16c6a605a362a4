/** The syntax of formulas, as far as the emulator evaluates them: operators, references and functions. */
export type Node =
  | { kind: 'value'; value: number | string | boolean }
  | { kind: 'reference'; text: string }
  | { kind: 'call'; name: string; args: Node[] }
  | { kind: 'unary'; operator: string; of: Node }
  | { kind: 'binary'; operator: string; left: Node; right: Node };

export class FormulaSyntaxError extends Error {}

const TOKEN =
  /\s*(?:(\d+\.?\d*(?:e[-+]?\d+)?|\.\d+)|"((?:[^"]|"")*)"|((?:'(?:[^']|'')*'|[A-Za-z_][\w.]*)!\$?[A-Za-z]*\$?\d*(?::\$?[A-Za-z]*\$?\d*)?)|(\$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d*)?(?![\w(])|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?![\w(])|\$?\d+:\$?\d+)|([\p{L}_][\p{L}\w.]*)|(<>|<=|>=|[-+*/^&=<>%(),;]))/giuy;

interface Token {
  kind: 'number' | 'text' | 'reference' | 'name' | 'operator';
  text: string;
}

function tokenize(formula: string): Token[] {
  const tokens: Token[] = [];
  // A range of rows looks like a number at first: it is tried before.
  TOKEN.lastIndex = 0;
  const rows = /\s*\$?\d+:\$?\d+/uy;
  while (TOKEN.lastIndex < formula.length) {
    if (formula.slice(TOKEN.lastIndex).trim() === '') break;
    rows.lastIndex = TOKEN.lastIndex;
    const range = rows.exec(formula);
    if (range) {
      tokens.push({ kind: 'reference', text: range[0].trim() });
      TOKEN.lastIndex = rows.lastIndex;
      continue;
    }
    const match = TOKEN.exec(formula);
    if (!match) throw new FormulaSyntaxError();
    const [, number, text, sheet, cell, name, operator] = match;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (text !== undefined) tokens.push({ kind: 'text', text: text.replaceAll('""', '"') });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator });
    else tokens.push({ kind: 'reference', text: sheet ?? cell ?? '' });
  }
  return tokens;
}

const BINDING: Record<string, number> = {
  '=': 1,
  '<>': 1,
  '<': 1,
  '>': 1,
  '<=': 1,
  '>=': 1,
  '&': 2,
  '+': 3,
  '-': 3,
  '*': 4,
  '/': 4,
  '^': 6,
};
/** As in all spreadsheets a sign binds more closely than a power: -2^2 is 4. */
const UNARY = 7;

/** Parses what follows the `=`. @throws FormulaSyntaxError */
export function parseFormula(formula: string): Node {
  const tokens = tokenize(formula.replace(/^=/u, ''));
  let at = 0;
  const isNext = (text: string) => tokens[at]?.kind === 'operator' && tokens[at]?.text === text;
  const take = (text: string) => {
    if (!isNext(text)) throw new FormulaSyntaxError();
    at += 1;
  };
  const args = (): Node[] => {
    const list: Node[] = [];
    take('(');
    while (!isNext(')')) {
      list.push(expression(0));
      if (!isNext(')')) take(isNext(';') ? ';' : ',');
    }
    take(')');
    return list;
  };
  const primary = (): Node => {
    const token = tokens[at];
    if (!token) throw new FormulaSyntaxError();
    if (token.kind === 'operator' && (token.text === '-' || token.text === '+')) {
      at += 1;
      return { kind: 'unary', operator: token.text, of: expression(UNARY) };
    }
    if (isNext('(')) {
      take('(');
      const inner = expression(0);
      take(')');
      return inner;
    }
    at += 1;
    if (token.kind === 'number') return { kind: 'value', value: Number(token.text) };
    if (token.kind === 'text') return { kind: 'value', value: token.text };
    if (token.kind === 'reference') return { kind: 'reference', text: token.text };
    if (token.kind === 'operator') throw new FormulaSyntaxError();
    if (isNext('(')) return { kind: 'call', name: token.text.toUpperCase(), args: args() };
    if (/^(?:true|false)$/iu.test(token.text))
      return { kind: 'value', value: token.text.toLowerCase() === 'true' };
    return { kind: 'reference', text: token.text };
  };
  const expression = (above: number): Node => {
    let left = primary();
    for (;;) {
      if (isNext('%')) {
        at += 1;
        left = { kind: 'unary', operator: '%', of: left };
        continue;
      }
      const token = tokens[at];
      const binding = token?.kind === 'operator' ? BINDING[token.text] : undefined;
      if (!token || binding === undefined || binding <= above) return left;
      at += 1;
      left = { kind: 'binary', operator: token.text, left, right: expression(binding) };
    }
  };
  const whole = expression(0);
  if (at < tokens.length) throw new FormulaSyntaxError();
  return whole;
}

const CELL_REFERENCE = /"(?:[^"]|"")*"|'(?:[^']|'')*'|(?<![\w$.])(\$?)([A-Za-z]{1,3})(\$?)(\d+)(?![\w(])/gu;

/** A formula whose relative references are moved, as a copy of its cell has them. */
export function moveReferences(
  formula: string,
  rows: number,
  columns: number,
  names: { letters: (index: number) => string; number: (letters: string) => number },
): string {
  return formula.replace(CELL_REFERENCE, (all, fixedColumn, letters, fixedRow, digits) => {
    if (letters === undefined) return all;
    const column = names.number(letters) + (fixedColumn ? 0 : columns);
    const row = Number(digits) + (fixedRow ? 0 : rows);
    return column < 0 || row < 1 ? '#REF!' : `${fixedColumn}${names.letters(column)}${fixedRow}${row}`;
  });
}
