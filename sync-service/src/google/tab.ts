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
  /** 0-based column index by key. A missing column has the index at which it will be added. */
  columns: Record<K, number>;
  /** Columns that the tab lacks: a newer layout has them, or somebody deleted them. */
  missing: K[];
  /** Indexes of columns that bear the key of a column further left: somebody copied it. */
  copies: number[];
  rows: TabRow<K>[];
  /** Rows with anything in them, keyed or not: where the next free row is. */
  height: number;
  /** Whether row 2 holds labels, nothing, or, since somebody deleted it, the first row of data. */
  labels: 'present' | 'blank' | 'gone';
}

/**
 * A tab whose identity column is lost or doubled, so that nobody can tell which row is whose. It is paused: nothing is
 * read from it or written to it until the column is back.
 */
export class BrokenTabError extends PublicError {
  readonly fault: 'missing' | 'doubled';
  constructor(title: string, key: string, label: string, fault: 'missing' | 'doubled') {
    const what = fault === 'missing' ? '缺少欄位鍵' : '欄位鍵重複';
    super({
      sentence: `工作表「${title}」第 ${KEY_ROW} 列（隱藏列）${what}：${key}（${label}）。`,
      remedy: '請用「復原」或版本記錄還原該欄；還原前此工作表暫停處理，資料不會遺失。',
      english: `The column ${key} of the tab ${title} is lost or doubled; restore it from the version history.`,
    });
    this.fault = fault;
  }
}

/**
 * Reads a value range that begins at A1. A column that is missing is read as empty and added at the right.
 * @throws BrokenTabError where the key of the identity column is missing or doubled
 */
export function parseTab<K extends string>(
  spec: Pick<TabSpec<K>, 'title' | 'columns'> & { id: NoInfer<K> },
  range: sheets_v4.Schema$ValueRange,
): Tab<K> {
  const keys = keysOf(spec);
  const values = (range.values ?? []) as Cell[][];
  const header = (values[KEY_ROW - 1] ?? []).map((cell) => String(cell).trim());
  const refuse = (fault: 'missing' | 'doubled') =>
    new BrokenTabError(spec.title, spec.id, spec.columns[spec.id].label, fault);
  if (!header.includes(spec.id)) throw refuse('missing');
  if (header.indexOf(spec.id) !== header.lastIndexOf(spec.id)) throw refuse('doubled');
  const missing = keys.filter((key) => !header.includes(key));
  const known: readonly string[] = keys;
  const copies = [...header.keys()].filter(
    (index) => known.includes(header[index] ?? '') && header.indexOf(header[index] ?? '') < index,
  );
  // New columns go right of everything that anybody has written, so that a person's own columns stay where they are.
  const width = Math.max(...values.map((line) => line.length));
  const columns = recordOf(keys, (key) => {
    const index = header.indexOf(key);
    return index < 0 ? width + missing.indexOf(key) : index;
  });
  const rows: TabRow<K>[] = [];
  const labels = labelsOf(values[LABEL_ROW - 1] ?? []);
  const first = labels === 'gone' ? LABEL_ROW : FIRST_DATA_ROW;
  for (let index = first - 1; index < values.length; index += 1) {
    const line = values[index] ?? [];
    if (line.every((cell) => cell === '' || cell === false)) continue;
    const cells = recordOf(keys, (key) => cellOf(line[columns[key]]));
    rows.push({ index, cells });
  }
  return { columns, missing, copies, rows, height: values.length, labels };
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

/** A cell written RAW: text stays text whatever it begins with, so nothing that a person typed is evaluated. */
export function cellData(value: Cell): sheets_v4.Schema$CellData {
  if (typeof value === 'boolean') return { userEnteredValue: { boolValue: value } };
  if (typeof value === 'number') return { userEnteredValue: { numberValue: value } };
  const text = cellText(value);
  return text === '' ? {} : { userEnteredValue: { stringValue: text } };
}
