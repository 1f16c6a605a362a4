import { recordOf } from '../../../contract/records.ts';
import { PublicError } from '../../../contract/public-error.ts';
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { fitCell, storable } from '../../../contract/cell-text.ts';
import { FIRST_DATA_ROW, KEY_ROW, LABEL_ROW } from '../../../contract/tabs.ts';

export type Cell = string | number | boolean;

export interface TabRow<K extends string> {
  /** 0-based row index in the sheet. */
  index: number;
  cells: Record<K, Cell>;
}

/** A tab read by machine keys: labels may be renamed and columns moved. */
export interface Tab<K extends string> {
  /** 0-based column index by key. */
  columns: Record<K, number>;
  rows: TabRow<K>[];
  /** Rows with anything in them, keyed or not: where the next free row is. */
  height: number;
  /** Whether row 2 holds labels, nothing, or, since somebody deleted it, the first row of data. */
  labels: 'present' | 'blank' | 'gone';
}

/** A tab whose key row is damaged. It is paused: nothing is read from it or written to it until mended. */
export class BrokenTabError extends PublicError {
  readonly missing: string[];
  readonly doubled: string[];
  constructor(title: string, missing: string[], doubled: string[]) {
    const parts = [
      ...(missing.length ? [`缺少欄位鍵：${missing.join('、')}`] : []),
      ...(doubled.length ? [`欄位鍵重複：${doubled.join('、')}`] : []),
    ];
    super({
      sentence: `工作表「${title}」第 ${KEY_ROW} 列（隱藏列）${parts.join('；')}。`,
      remedy: '請用「復原」或版本記錄還原該列；還原前此工作表暫停處理，資料不會遺失。',
      english: `The hidden row ${KEY_ROW} of the tab ${title} is damaged; restore it from the version history.`,
    });
    this.missing = missing;
    this.doubled = doubled;
  }
}

/**
 * Reads a value range that begins at A1.
 * @throws BrokenTabError where a key is missing or doubled
 */
export function parseTab<K extends string>(
  title: string,
  keys: readonly K[],
  range: sheets_v4.Schema$ValueRange,
): Tab<K> {
  const values = (range.values ?? []) as Cell[][];
  const header = (values[KEY_ROW - 1] ?? []).map((cell) => String(cell).trim());
  const missing = keys.filter((key) => !header.includes(key));
  const doubled = keys.filter((key) => header.indexOf(key) !== header.lastIndexOf(key));
  if (missing.length > 0 || doubled.length > 0) throw new BrokenTabError(title, missing, doubled);
  const columns = recordOf(keys, (key) => header.indexOf(key));
  const rows: TabRow<K>[] = [];
  const labels = labelsOf(values[LABEL_ROW - 1] ?? []);
  const first = labels === 'gone' ? LABEL_ROW : FIRST_DATA_ROW;
  for (let index = first - 1; index < values.length; index += 1) {
    const line = values[index] ?? [];
    if (line.every((cell) => cell === '' || cell === false)) continue;
    const cells = recordOf(keys, (key) => cellOf(line[columns[key]]));
    rows.push({ index, cells });
  }
  return { columns, rows, height: values.length, labels };
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

/** Text as a cell keeps it: what came back otherwise than it was written would be written anew with each look. */
export function cellText(text: string): string {
  return storable(fitCell(storable(text).replace(/\r\n?/gu, '\n')));
}

/** Whether a cell says what it was to say. */
export function sameCell(actual: Cell, wanted: Cell): boolean {
  return cellText(String(actual)) === cellText(String(wanted));
}

/** A cell written RAW: text stays text whatever it begins with, so nothing that a person typed is evaluated. */
export function cellData(value: Cell): sheets_v4.Schema$CellData {
  if (typeof value === 'boolean') return { userEnteredValue: { boolValue: value } };
  if (typeof value === 'number') return { userEnteredValue: { numberValue: value } };
  const text = cellText(value);
  return text === '' ? {} : { userEnteredValue: { stringValue: text } };
}
