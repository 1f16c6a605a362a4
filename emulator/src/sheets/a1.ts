import { invalid } from '../errors.ts';

/** A rectangle of cells, 0-based, end exclusive; open ends are Infinity. */
export interface Area {
  title: string | null;
  startRow: number;
  endRow: number;
  startColumn: number;
  endColumn: number;
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

const CELL = /^\$?([A-Za-z]{1,3})?\$?([1-9]\d{0,7})?$/;

function parseCell(text: string): { column: number | null; row: number | null } | null {
  const match = CELL.exec(text);
  if (!match || text === '') return null;
  return {
    column: match[1] ? columnNumber(match[1]) : null,
    row: match[2] ? Number(match[2]) - 1 : null,
  };
}

function parseCells(text: string, title: string | null): Area | null {
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
  return { title, startRow, endRow, startColumn, endColumn };
}

/**
 * Reads A1 notation. `titles` decides what a bare word is: a sheet's title comes before a cell.
 * @throws ApiError 400 "Unable to parse range"
 */
export function parseA1(range: string, titles: readonly string[]): Area {
  const text = range.trim();
  const whole = (title: string): Area => ({
    title,
    startRow: 0,
    endRow: Number.POSITIVE_INFINITY,
    startColumn: 0,
    endColumn: Number.POSITIVE_INFINITY,
  });
  const same = (a: string) => titles.find((title) => title.toLowerCase() === a.toLowerCase());
  const quoted = /^'((?:[^']|'')*)'(?:!(.+))?$/.exec(text);
  const plain = quoted ? null : /^([^!]*)!(.+)$/.exec(text);
  const named = quoted?.[1]?.replaceAll("''", "'") ?? plain?.[1];
  if (named !== undefined) {
    const title = same(named);
    const cells = quoted ? quoted[2] : plain?.[2];
    const area = title === undefined ? null : cells === undefined ? whole(title) : parseCells(cells, title);
    if (area) return area;
    throw invalid(`Unable to parse range: ${range}`);
  }
  const title = same(text);
  if (title !== undefined) return whole(title);
  const area = parseCells(text, null);
  if (area) return area;
  throw invalid(`Unable to parse range: ${range}`);
}

export function quoteTitle(title: string): string {
  return /^[A-Za-z_]\w*$/.test(title) && !CELL.test(title) ? title : `'${title.replaceAll("'", "''")}'`;
}

/** Prints an area with its ends bounded by the grid, as Google does in `range`. */
export function printA1(title: string, area: Area, rowCount: number, columnCount: number): string {
  const endRow = Math.min(area.endRow, rowCount);
  const endColumn = Math.min(area.endColumn, columnCount);
  const first = `${columnLetters(area.startColumn)}${area.startRow + 1}`;
  const last = `${columnLetters(endColumn - 1)}${endRow}`;
  return `${quoteTitle(title)}!${first === last ? first : `${first}:${last}`}`;
}
