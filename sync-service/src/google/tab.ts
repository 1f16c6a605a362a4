import { recordOf } from '../../../contract/records.ts';
import { PublicError } from '../../../contract/public-error.ts';
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { fitCell, storable } from '../../../contract/cell-text.ts';
import { FIRST_DATA_ROW, KEY_ROW, keysOf, LABEL_ROW, type TabSpec } from '../../../contract/tabs.ts';

export type Cell = string | number | boolean;

export interface TabRow<K extends string> {
  /** 0-based row index in the sheet. */
  index: number;
  cells: Record<K, Cell>;
}

/** A tab read by machine keys: labels may be renamed and columns moved. */
export interface Tab<K extends string> {
  /** 0-based column index by key; -1 where the column is missing, which Google refuses to write to. */
  columns: Record<K, number>;
  /** Columns that the tab lacks: a newer layout has them, or somebody deleted them. */
  missing: K[];
  /** Indexes of columns that bear the key of the column that counts: somebody copied it. */
  copies: number[];
  rows: TabRow<K>[];
  /** Rows down to the last with anything in it, keyed or not: where the next free row is. */
  height: number;
  /** How many rows the grid has, blank ones included. */
  rowCount: number;
  /** Whether row 2 holds labels, nothing, or, since somebody deleted it, the first row of data. */
  labels: 'present' | 'blank' | 'gone';
}

/**
 * A tab whose identity column is lost or doubled, so that nobody can tell which row is whose, or in which a column
 * stands twice with different content. It is paused: nothing is read from it or written to it until it is mended.
 */
export class BrokenTabError extends PublicError {
  readonly fault: 'missing' | 'doubled';
  constructor(title: string, key: string, label: string, fault: 'missing' | 'doubled') {
    const what = fault === 'missing' ? '缺少欄位鍵' : '欄位鍵重複';
    const mend =
      fault === 'missing' ? '請用「復原」或版本記錄還原該欄' : '請刪除多出來的那一欄，或用版本記錄還原';
    super({
      sentence: `工作表「${title}」第 ${KEY_ROW} 列（隱藏列）${what}：${key}（${label}）。`,
      remedy: `${mend}；還原前此工作表暫停處理，資料不會遺失。`,
      english: `The column ${key} of the tab ${title} is lost or doubled; restore it from the version history.`,
    });
    this.fault = fault;
  }
}

type ReadableSpec<K extends string> = Pick<TabSpec<K>, 'title' | 'columns'> & { id: NoInfer<K> };

/**
 * Reads a value range that begins at A1. A column that is missing is read as empty.
 * @throws BrokenTabError where the tab has to be paused
 */
export function parseTab<K extends string>(
  spec: ReadableSpec<K>,
  range: sheets_v4.Schema$ValueRange,
): Tab<K> {
  const keys = keysOf(spec);
  const values = (range.values ?? []) as Cell[][];
  const labels = labelsOf(values[LABEL_ROW - 1] ?? []);
  const first = (labels === 'gone' ? LABEL_ROW : FIRST_DATA_ROW) - 1;
  const { columns, copies } = readHeader(spec, values, first);
  const rows: TabRow<K>[] = [];
  for (let index = first; index < values.length; index += 1) {
    const line = values[index] ?? [];
    if (line.every(isBlank)) continue;
    const cells = recordOf(keys, (key) => cellOf(line[columns[key]]));
    rows.push({ index, cells });
  }
  const missing = keys.filter((key) => columns[key] < 0);
  const height = values.findLastIndex((line) => !line.every(isBlank)) + 1;
  return { columns, missing, copies, rows, height, rowCount: Math.max(height, lastRowOf(range)), labels };
}

/** An untouched check box may count as FALSE, and one that a person laid over a column does: it says nothing. */
export function isBlank(cell: Cell | null | undefined): boolean {
  return cell === '' || cell === false || cell === null || cell === undefined;
}

/** The columns in which persons write words. */
function textKeys<K extends string>(spec: Pick<TabSpec<K>, 'columns'>): K[] {
  return keysOf(spec).filter((key) => spec.columns[key].owner === 'person' && !spec.columns[key].kind);
}

/** The columns that hold words, in the order of the tab, and the rows below the labels. */
function wordsOf<K extends string>(spec: ReadableSpec<K>, { values }: sheets_v4.Schema$ValueRange) {
  const [header = [], , ...lines] = (values ?? []) as Cell[][];
  const keys: string[] = textKeys(spec);
  const columns = [...header.keys()].filter((index) => keys.includes(String(header[index]).trim()));
  return { columns, lines, id: header.findIndex((cell) => String(cell).trim() === spec.id) };
}

/** Whether a person's words were taken for a number or a date by Google. */
export function holdsNumbers<K extends string>(
  spec: ReadableSpec<K>,
  range: sheets_v4.Schema$ValueRange,
): boolean {
  const { columns, lines } = wordsOf(spec, range);
  return lines.some((line) => columns.some((column) => typeof line[column] === 'number'));
}

/**
 * The same values, with numbers and dates in persons' words as they are shown: 5% is no 0.05 to whoever wrote it. Of a row
 * that moved between the two reads the numbers stay.
 */
export function withShown<K extends string>(
  spec: ReadableSpec<K>,
  range: sheets_v4.Schema$ValueRange,
  shown: sheets_v4.Schema$ValueRange,
): sheets_v4.Schema$ValueRange {
  const { columns, lines, id } = wordsOf(spec, range);
  const texts = wordsOf(spec, shown).lines;
  const body = lines.map((line, index) => {
    const text = texts[index] ?? [];
    if (String(text[id] ?? '') !== String(line[id] ?? '')) return line;
    return line.map((cell, column) =>
      typeof cell === 'number' && columns.includes(column) ? (text[column] ?? cell) : cell,
    );
  });
  return { ...range, values: [...(range.values ?? []).slice(0, FIRST_DATA_ROW - 1), ...body] };
}

/** A formula, or what Google shows in place of one that comes to nothing. */
const NO_WORDS = /^(?:=(?![=\s]|$)|#(?:ERROR!|NAME\?|REF!|VALUE!|DIV\/0!|N\/A|NUM!|NULL!)(?:\s|$))/u;

/** Why these cells say nothing that can be passed on, as a sentence; null where they hold words. */
export function wordless<K extends string>(
  spec: Pick<TabSpec<K>, 'columns'>,
  cells: Partial<Record<K, Cell>>,
): string | null {
  const key = textKeys(spec).find((each) => NO_WORDS.test(String(cells[each] ?? '').trim()));
  if (key === undefined) return null;
  return `「${spec.columns[key].label}」填的是公式或錯誤值，讀不到您要寫的字，未採用。請改寫成文字（開頭不要用「=」）。`;
}

/** Google says of an answer which cells it is about, as far as the grid goes: `'待審'!A1:T50`. */
function lastRowOf({ range }: sheets_v4.Schema$ValueRange): number {
  return Number(/(\d+)$/u.exec(range ?? '')?.[1] ?? 0);
}

/** Where each key stands. @param first index of the first row of data */
function readHeader<K extends string>(
  spec: ReadableSpec<K>,
  values: readonly Cell[][],
  first: number,
): Pick<Tab<K>, 'columns' | 'copies'> {
  const header = (values[KEY_ROW - 1] ?? []).map((cell) => String(cell).trim());
  const copies: number[] = [];
  const columns = recordOf(keysOf(spec), (key) => {
    const refuse = (fault: 'missing' | 'doubled') =>
      new BrokenTabError(spec.title, key, spec.columns[key].label, fault);
    const places = [...header.keys()].filter((index) => header[index] === key);
    if (key === spec.id && places.length !== 1) throw refuse(places.length === 0 ? 'missing' : 'doubled');
    if (places.length < 2) return places[0] ?? -1;
    // Which of two words is meant nobody can tell, and the other one would be written over.
    if (new Set(places.map((index) => contentOf(values.slice(first), index))).size > 1)
      throw refuse('doubled');
    const [index = -1] = places;
    copies.push(...places.filter((place) => place !== index));
    return index;
  });
  return { columns, copies };
}

/** What is entered in a column, as one string to compare; blank where nothing is. */
function contentOf(lines: readonly Cell[][], column: number): string {
  const entered = lines.flatMap((line, index) => {
    return isBlank(line[column]) ? [] : [[index, line[column]]];
  });
  return entered.length === 0 ? '' : JSON.stringify(entered);
}

function cellOf(value: Cell | null | undefined): Cell {
  return typeof value === 'string' ? storable(value) : (value ?? '');
}

/** An intake key: form, response, instant. */
const INTAKE_KEY = /^[^/\s]+\/[^/\s]+\/\d{4}-\d\d-\d\dT/u;

/** Labels are words; only rows of data hold check boxes or intake keys. */
function labelsOf(row: readonly Cell[]): Tab<string>['labels'] {
  if (row.some((cell) => typeof cell === 'boolean' || INTAKE_KEY.test(String(cell)))) return 'gone';
  return row.every((cell) => String(cell).trim() === '') ? 'blank' : 'present';
}

/** Text as a cell keeps it: without this a text that Sheets changes would be written again in every cycle. */
export function cellText(text: string): string {
  return storable(fitCell(storable(text).replace(/\r\n?/gu, '\n')));
}

/** Whether a cell shows the wanted value. */
export function sameCell(actual: Cell, wanted: Cell): boolean {
  return cellText(String(actual)) === cellText(String(wanted));
}

/** Makes a typed cell: text stays text whatever it begins with, so that nothing that a person typed is evaluated. */
export function cellData(value: Cell): sheets_v4.Schema$CellData {
  if (typeof value === 'boolean') return { userEnteredValue: { boolValue: value } };
  if (typeof value === 'number') return { userEnteredValue: { numberValue: value } };
  const text = cellText(value);
  return text === '' ? {} : { userEnteredValue: { stringValue: text } };
}
