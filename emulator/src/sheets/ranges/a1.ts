import { invalid } from '../../errors.ts';

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
/** `R2C3` counts from 1, `R[1]C[2]` from the first cell; a letter alone is the first row or column. */
const R1C1 = /^(?:R(0*[1-9]\d*|\[\d+\])?)?(?:C(0*[1-9]\d*|\[\d+\])?)?$/iu;

/** One end of a range; null where it is open. */
interface End {
  row: number | null;
  column: number | null;
}

function parseCell(text: string): End | null {
  const match = CELL.exec(text);
  if (!match || text === '') return null;
  return {
    column: match[1] ? columnNumber(match[1]) : null,
    row: match[2] ? Number(match[2]) - 1 : null,
  };
}

function parseR1C1(text: string): End | null {
  const match = R1C1.exec(text);
  if (!match || text === '') return null;
  const index = (part: string | undefined) =>
    part === undefined ? 0 : part.startsWith('[') ? Number(part.slice(1, -1)) : Number(part) - 1;
  return {
    row: /^R/iu.test(text) ? index(match[1]) : null,
    column: /C/iu.test(text) ? index(match[2]) : null,
  };
}

/** Both ends in one notation: the two do not mix. */
export function parseCells(text: string): Area | null {
  const ends = text.split(':');
  if (ends.length > 2) return null;
  const a1 = ends.map((end) => parseCell(end));
  if (a1.every((end) => end !== null) && (ends.length === 2 || isCell(a1[0] ?? null))) return areaBetween(a1);
  if (/^[RC]$/iu.test(text)) return areaBetween([{ row: 0, column: 0 }]);
  const r1c1 = ends.map((end) => parseR1C1(end));
  return r1c1.every((end) => end !== null) ? areaBetween(r1c1) : null;
}

/** A lone column or row ("A", "1") is no range: "A:A" and "1:1" are. */
function isCell(end: End | null): boolean {
  return end !== null && end.row !== null && end.column !== null;
}

function areaBetween([a, b = a]: readonly End[]): Area {
  const bounds = (x: number | null, y: number | null): [number, number] => {
    if (x === null && y === null) return [0, Number.POSITIVE_INFINITY];
    if (x === null || y === null) return [x ?? y ?? 0, Number.POSITIVE_INFINITY];
    return [Math.min(x, y), Math.max(x, y) + 1];
  };
  const [startRow, endRow] = bounds(a?.row ?? null, b?.row ?? null);
  const [startColumn, endColumn] = bounds(a?.column ?? null, b?.column ?? null);
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
  if (!cells && rest === '') throw invalid(`Unable to parse range: ${range}`);
  return { title, cells, isStart: cells !== null && !rest.includes(':'), word: cells ? null : rest };
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
