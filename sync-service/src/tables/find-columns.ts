import { type Placed, placeColumns, type UnclearColumn, type WantedColumn } from './place-columns.ts';
import type { Sheet, SheetRow } from './sheet.ts';

/** A table as its reader asked for it. */
export interface FoundTable<Key extends string = string> {
  /** The row of the titles, as the spreadsheet numbers it. */
  titleLine: number;
  rows: FoundRow<Key>[];
  found: ReadonlySet<Key>;
  /** Usual titles of required columns that are not there. */
  missing: string[];
  unclear: UnclearColumn[];
  /** What nobody reads: titles of columns that hold anything, names of further sheets. */
  unread: { columns: string[]; sheets: string[] };
}

export interface FoundRow<Key extends string = string> {
  line: number;
  /** As it was typed; empty where the column or the cell is missing. */
  get(key: Key): string;
  /** What each of several columns of one title says, in the order of the table. */
  all(key: Key): string[];
}

/** Below this row no row of titles is looked for; what stands above it is the table's heading. */
const LAST_TITLE_ROW = 20;

/** Finds the wanted columns: in the sheet and under the row whose titles are most of them. */
export function findColumns<Key extends string>(
  sheets: readonly Sheet[],
  wanted: readonly WantedColumn<Key>[],
): FoundTable<Key> {
  const candidates = sheets.flatMap((sheet) =>
    sheet.rows
      .slice(0, LAST_TITLE_ROW)
      .map((titles) => ({ sheet, titles, placed: placeColumns(titles.cells, wanted) })),
  );
  const best = candidates.reduce<(typeof candidates)[number] | undefined>(
    (so, each) => (so && so.placed.score >= each.placed.score ? so : each),
    undefined,
  );
  const { sheet, titles, placed } = best ?? nothing<Key>();
  // Files that somebody appended to one another repeat their titles.
  const below = sheet.rows.filter(
    (row) => row.line > titles.line && row.cells.join() !== titles.cells.join(),
  );
  const unclear = placed.unclear.map(({ title }) => title);
  return {
    titleLine: titles.line,
    rows: below.map(({ line, cells }) => rowOf(line, cells, placed)),
    found: new Set(placed.columns.keys()),
    missing: wanted
      .filter(({ key, required }) => required && !placed.columns.has(key))
      .map(({ titles: [usual = ''] }) => usual)
      .filter((title) => !unclear.includes(title)),
    unclear: placed.unclear,
    unread: {
      columns: unreadColumns(titles.cells, below, placed),
      sheets: sheets.filter((each) => each !== sheet && each.rows.length > 0).map(({ name }) => name),
    },
  };
}

function nothing<Key extends string>(): { sheet: Sheet; titles: SheetRow; placed: Placed<Key> } {
  return {
    sheet: { name: '', rows: [] },
    titles: { line: 1, cells: [] },
    placed: { columns: new Map(), unclear: [], score: 0 },
  };
}

function rowOf<Key extends string>(line: number, cells: string[], { columns }: Placed<Key>): FoundRow<Key> {
  return {
    line,
    get: (key) => answerIn(cells, columns.get(key)),
    all: (key) => (columns.get(key) ?? []).toSorted((a, b) => a - b).map((at) => cells[at] ?? ''),
  };
}

/** Of columns that bear one title, the first that says anything. */
function answerIn(cells: readonly string[], columns: readonly number[] = []): string {
  const said = columns.map((at) => cells[at] ?? '');
  return said.find((cell) => cell.trim() !== '') ?? said[0] ?? '';
}

function unreadColumns(
  titles: readonly string[],
  rows: readonly SheetRow[],
  { columns }: Pick<Placed<string>, 'columns'>,
): string[] {
  const read = new Set([...columns.values()].flat());
  const width = rows.reduce((most, { cells }) => Math.max(most, cells.length), titles.length);
  return Array.from({ length: width }, (_, at) => at)
    .filter((at) => !read.has(at) && rows.some(({ cells }) => (cells[at] ?? '').trim() !== ''))
    .map((at) => titles[at]?.trim() || `第 ${at + 1} 欄（沒有標題）`);
}
