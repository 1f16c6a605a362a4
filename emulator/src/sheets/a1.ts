import { invalid } from '../errors.ts';

/** A rectangle of cells, 0-based, end exclusive; open ends are Infinity. */
export interface Area {
  startRow: number;
  endRow: number;
  startColumn: number;
  endColumn: number;
}

/** A range as it is written: which sheet, if it says so, and which cells; a bare word may be several things. */
export interface Written {
  title: string | null;
  cells: Area | null;
  /** One cell without an end: where data begins. */
  isStart: boolean;
  /** A name without quotes and cells: a named range comes before a sheet. */
  word: string | null;
}

export function columnNumber(letters: string): number {
  let number = 0;
  for (const letter of letters.toUpperCase()) number = number * 26 + letter.charCodeAt(0) - 64;
  return number - 1;
}

export function columnLetters(index: number): string {
  const rest = index % 26;
  const letter = String.fromCharCode(65 + rest);
  return index < 26 ? letter : columnLetters((index - rest) / 26 - 1) + letter;
}

const CELL = /^\$?([A-Za-z]{1,3})?\$?(0*[1-9]\d{0,7})?$/u;
const R1C1 = /^[Rr]([1-9]\d*)[Cc]([1-9]\d*)$/u;

function parseCell(text: string): { column: number | null; row: number | null } | null {
  const r1c1 = R1C1.exec(text);
  if (r1c1) return { row: Number(r1c1[1]) - 1, column: Number(r1c1[2]) - 1 };
  const match = CELL.exec(text);
  if (!match || text === '') return null;
  return {
    column: match[1] ? columnNumber(match[1]) : null,
    row: match[2] ? Number(match[2]) - 1 : null,
  };
}

export function parseCells(text: string): Area | null {
  const [from, to, ...more] = text.split(':');
  if (more.length > 0) return null;
  const a = parseCell(from ?? '');
  const b = to === undefined ? a : parseCell(to);
  if (!a || !b) return null;
  // A lone column or row ("A", "1") is no range: "A:A" and "1:1" are.
  if (to === undefined && (a.column === null || a.row === null)) return null;
  const bounds = (x: number | null, y: number | null): [number, number] => {
    if (x === null && y === null) return [0, Number.POSITIVE_INFINITY];
    if (x === null || y === null) return [x ?? y ?? 0, Number.POSITIVE_INFINITY];
    return [Math.min(x, y), Math.max(x, y) + 1];
  };
  const [startRow, endRow] = bounds(a.row, b.row);
  const [startColumn, endColumn] = bounds(a.column, b.column);
  return { startRow, endRow, startColumn, endColumn };
}

/**
 * Reads A1 (or R1C1) notation. A bare word that could be a cell is one, even where a sheet is called so.
 * @throws ApiError 400 "Unable to parse range"
 */
export function parseA1(range: string): Written {
  const text = range.trim();
  const quoted = /^'((?:[^']|'')*)'(?:!(.+))?$/u.exec(text);
  const plain = quoted ? null : /^([^!]*)!(.+)$/u.exec(text);
  const title = quoted?.[1]?.replaceAll("''", "'") ?? plain?.[1] ?? null;
  const rest = quoted ? quoted[2] : plain ? plain[2] : text;
  if (rest === undefined) return { title, cells: null, isStart: false, word: null };
  const cells = parseCells(rest);
  if (!cells && (title !== null || text === '')) throw invalid(`Unable to parse range: ${range}`);
  return { title, cells, isStart: cells !== null && !rest.includes(':'), word: cells ? null : text };
}

export function quoteTitle(title: string): string {
  const plain = /^[A-Za-z_]\w*$/u.test(title) && !CELL.test(title) && !/^R\d*C\d*$/iu.test(title);
  return plain ? title : `'${title.replaceAll("'", "''")}'`;
}

/** Prints an area; with a grid its ends are bounded by it, as Google does in `range`. */
export function printA1(
  title: string,
  area: Area,
  grid: { rowCount: number; columnCount: number } = {
    rowCount: Number.POSITIVE_INFINITY,
    columnCount: Number.POSITIVE_INFINITY,
  },
): string {
  const endRow = Math.min(area.endRow, grid.rowCount);
  const endColumn = Math.min(area.endColumn, grid.columnCount);
  const first = `${columnLetters(area.startColumn)}${area.startRow + 1}`;
  const last = `${Number.isFinite(endColumn) ? columnLetters(endColumn - 1) : ''}${Number.isFinite(endRow) ? endRow : ''}`;
  return `${quoteTitle(title)}!${first === last || last === '' ? first : `${first}:${last}`}`;
}
