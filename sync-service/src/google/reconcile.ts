import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { FIRST_DATA_ROW, keysOf, LABEL_ROW, ownedBy, type TabSpec } from '../../../contract/tabs.ts';
import { dropDownRequest, labelRequest, rowRequests, runsOf, type TabLook } from './layout.ts';
import { type Cell, cellData, sameCell, type Tab, type TabRow } from './tab.ts';

export interface DesiredRow<K extends string = string> {
  id: string;
  /** The service's cells. A cell that is left out shall be empty. */
  cells: Partial<Record<K, string | number>>;
  /** Persons' cells that a new row begins with. */
  initial?: Partial<Record<K, Cell>>;
  /** Drop-downs of this row, where they are not the tab's. */
  choices?: Partial<Record<K, readonly string[]>>;
  /** The row could not be rendered: whatever stands there stays as it is. */
  asItIs?: true;
}

export interface Plan {
  requests: sheets_v4.Schema$Request[];
  appended: number;
  updated: number;
  deleted: number;
}

/** What a person asked for in a row and what came of it. */
export interface HandledRow {
  /** The persons' cells as they were read. */
  content: string;
  /** A refused row keeps what was typed and loses its tick, so that it is ticked again only by a person. */
  refused: boolean;
  /** The only cells that are handled, where the others stay; all that the tab clears without. */
  clears?: readonly string[];
  /** Why it was refused: written into a row that no case stands behind, as nothing else says it there. */
  sentence?: string;
}

/** What persons asked for in one tab, and what of it is done with. */
export interface Observed {
  /** What persons typed that is now handled: these cells may be cleared or deleted. */
  handled: Map<string, HandledRow[]>;
  /** Ticks whose grace time is not over. */
  waiting: number;
  /** How many intake rows became revisions of cases. */
  takenIn?: number;
  /** Whether settings or wording were read, so that the rules have to be read anew. */
  newRules?: boolean;
}

/** By row id. Several rows may bear one id: each is handled by what stands in it. */
export type HandledRows = ReadonlyMap<string, readonly HandledRow[]>;

export interface Erased {
  ids: ReadonlySet<string>;
  /** The note that such a row shows. */
  note: string;
}
const NOBODY: Erased = { ids: new Set(), note: '' };

export interface PlanOptions<K extends string> {
  /** Whose rows may hold nothing of the service's any more, also where a person's words keep them standing. */
  erased?: Erased;
  /** Drop-downs of new rows that have none of their own. */
  choices?: TabLook<K>['choices'];
  /** Cells of the service on which a row's own drop-downs depend. */
  choicesBy?: readonly K[];
  /** Every row's own drop-downs are laid anew. */
  renewChoices?: boolean;
}

export function markHandled(rows: Map<string, HandledRow[]>, id: string, handled: HandledRow): void {
  rows.set(id, [...(rows.get(id) ?? []), handled]);
}

/** What persons have typed in a row, as one string to compare. */
export function personContent<K extends string>(spec: TabSpec<K>, row: TabRow<K>): string {
  return JSON.stringify(ownedBy(spec, 'person').map((key) => row.cells[key]));
}

/** Whether a person has typed anything in a row. */
export function isTouched<K extends string>(spec: TabSpec<K>, row: TabRow<K>): boolean {
  return ownedBy(spec, 'person').some((key) => row.cells[key] !== '' && row.cells[key] !== false);
}

/**
 * Makes one atomic batch of desired rows − actual rows. It compares what is there and never replays a change, so that
 * it heals whatever was sorted, deleted or pasted.
 * @param read what has been read and handled, by row id: only such a row, or one that nobody has touched, may be
 * deleted or have persons' cells cleared.
 */
export function planTab<K extends string>(
  spec: TabSpec<K>,
  sheetId: number,
  tab: Tab<K>,
  desired: readonly DesiredRow<K>[],
  read: HandledRows,
  { erased = NOBODY, choices = {}, choicesBy = [], renewChoices = false }: PlanOptions<K> = {},
): Plan {
  const wanted = new Map(desired.map((row) => [row.id, row]));
  const service = ownedBy(spec, 'service').filter((key) => key !== spec.id);
  const requests: sheets_v4.Schema$Request[] = [];
  const doomed: number[] = [];
  /** What persons typed in the row that stays, by id. */
  const seen = new Map<string, string>();
  let updated = 0;
  for (const row of keepOneRowEach(spec, tab)) {
    const id = String(row.cells[spec.id]).trim();
    const untouched = !isTouched(spec, row);
    const content = personContent(spec, row);
    const known = read.get(id)?.find((each) => each.content === content);
    const handled = known !== undefined;
    const done = handled && !known.refused;
    const want = wanted.get(id);
    if (!want || seen.has(id)) {
      // A copy that says the same as the row that stays holds nothing unread.
      const spare = untouched || (done && !known.clears) || seen.get(id) === content;
      if (id && spare) doomed.push(row.index);
      else if (erased.ids.has(id)) {
        requests.push(...blank(spec, sheetId, row, tab, erased.note));
        if (handled) requests.push(...clear(spec, sheetId, row, tab, ticksOf(spec)));
      } else if (handled) requests.push(...refuse(spec, sheetId, row, tab, known.sentence ?? ''));
      continue;
    }
    seen.set(id, content);
    if (want.asItIs) continue;
    const changes = service.filter((key) => !sameCell(row.cells[key], want.cells[key] ?? ''));
    for (const key of changes)
      requests.push(writeCell(sheetId, row.index, tab.columns[key], want.cells[key] ?? ''));
    if (renewChoices || changes.some((key) => choicesBy.includes(key)))
      requests.push(...ownChoices(spec, sheetId, tab.columns, want, row.index));
    if (handled && !untouched)
      requests.push(...clear(spec, sheetId, row, tab, done ? handledKeys(spec, known) : ticksOf(spec)));
    if (changes.length > 0) updated += 1;
  }
  const missing = desired.filter((row) => !row.asItIs && !seen.has(row.id));
  requests.push(...addRows(spec, sheetId, tab, missing, choices));
  // Deletes from the bottom up, so that no deletion shifts the rows still to be deleted.
  for (const index of doomed.toSorted((a, b) => b - a)) {
    requests.push({
      deleteDimension: { range: { sheetId, dimension: 'ROWS', startIndex: index, endIndex: index + 1 } },
    });
  }
  // The labels come last, since inserting their row moves every row below.
  if (tab.labels !== 'present') requests.push(...labelRequests(spec, sheetId, tab));
  return { requests, appended: missing.length, updated, deleted: doomed.length };
}

/** Puts the row of labels back. */
function labelRequests<K extends string>(
  spec: TabSpec<K>,
  sheetId: number,
  tab: Tab<K>,
): sheets_v4.Schema$Request[] {
  const rowIndex = LABEL_ROW - 1;
  const range = { sheetId, dimension: 'ROWS', startIndex: rowIndex, endIndex: rowIndex + 1 };
  return [
    ...(tab.labels === 'gone' ? [{ insertDimension: { range, inheritFromBefore: false } }] : []),
    ...keysOf(spec).map((key) => labelRequest(sheetId, spec.columns[key], tab.columns[key])),
  ];
}

/** Puts the row that a person has worked in first, where several rows bear one id. */
function keepOneRowEach<K extends string>(spec: TabSpec<K>, tab: Tab<K>) {
  return tab.rows.toSorted(
    (a, b) => Number(isTouched(spec, b)) - Number(isTouched(spec, a)) || a.index - b.index,
  );
}

/** Writes one cell; an empty text empties it. */
export function writeCell(
  sheetId: number,
  rowIndex: number,
  columnIndex: number,
  value: Cell,
): sheets_v4.Schema$Request {
  return {
    updateCells: {
      start: { sheetId, rowIndex, columnIndex },
      rows: [{ values: [cellData(value)] }],
      fields: 'userEnteredValue',
    },
  };
}

/** The ticks that ask for something; a mere choice among rows is left as it is. */
function ticksOf<K extends string>(spec: TabSpec<K>): K[] {
  return spec.clears.filter((key) => spec.columns[key].kind === 'check' && key !== spec.choice);
}

/** The cells that a handled row loses. */
function handledKeys<K extends string>(spec: TabSpec<K>, { clears }: HandledRow): readonly K[] {
  return clears ? spec.clears.filter((key) => clears.includes(key)) : spec.clears;
}

/** Unticks a row that no case stands behind, and says why in it. */
function refuse<K extends string>(
  spec: TabSpec<K>,
  sheetId: number,
  row: TabRow<K>,
  tab: Tab<K>,
  sentence: string,
): sheets_v4.Schema$Request[] {
  const requests = clear(spec, sheetId, row, tab, ticksOf(spec));
  const result = keysOf(spec).find((key) => key === 'result');
  if (result && !sameCell(row.cells[result], sentence))
    requests.push(writeCell(sheetId, row.index, tab.columns[result], sentence));
  return requests;
}

/** Empties the handled cells; a cell that says the same already is not written. */
function clear<K extends string>(
  spec: TabSpec<K>,
  sheetId: number,
  row: TabRow<K>,
  tab: Tab<K>,
  keys: readonly K[],
): sheets_v4.Schema$Request[] {
  return keys.flatMap((key) => {
    const empty = spec.columns[key].kind === 'check' ? false : '';
    return row.cells[key] === empty ? [] : [writeCell(sheetId, row.index, tab.columns[key], empty)];
  });
}

/** Empties the service's cells of a row that stands only for what a person typed in it. */
function blank<K extends string>(
  spec: TabSpec<K>,
  sheetId: number,
  row: TabRow<K>,
  tab: Tab<K>,
  note: string,
): sheets_v4.Schema$Request[] {
  return ownedBy(spec, 'service').flatMap((key) => {
    const wanted = key === 'result' ? note : '';
    return key === spec.id || sameCell(row.cells[key], wanted)
      ? []
      : [writeCell(sheetId, row.index, tab.columns[key], wanted)];
  });
}

/**
 * Puts new rows below the last one with anything in it, by index, with their own check boxes, drop-downs and formats.
 * `appendCells` would put them below the last check box that anybody laid over blank rows. They are inserted, so that
 * what a person types there between our read and our write moves down; where no person types, a chart whose rows grew
 * would show too many of them, and blank rows are filled.
 */
function addRows<K extends string>(
  spec: TabSpec<K>,
  sheetId: number,
  tab: Tab<K>,
  rows: readonly DesiredRow<K>[],
  choices: TabLook<K>['choices'],
): sheets_v4.Schema$Request[] {
  if (rows.length === 0) return [];
  const from = Math.max(tab.height, tab.labels === 'gone' ? 0 : FIRST_DATA_ROW - 1);
  const to = from + rows.length;
  const isTyped = ownedBy(spec, 'person').length > 0;
  const needed = isTyped ? from + 1 : to;
  const requests: sheets_v4.Schema$Request[] = [];
  if (tab.rowCount < needed)
    requests.push({ appendDimension: { sheetId, dimension: 'ROWS', length: needed - tab.rowCount } });
  if (isTyped) {
    const range = { sheetId, dimension: 'ROWS', startIndex: from, endIndex: to };
    requests.push({ insertDimension: { range, inheritFromBefore: false } });
  }
  const keyAt = new Map(keysOf(spec).map((key) => [tab.columns[key], key]));
  for (const [start, end] of runsOf([...keyAt.keys()]))
    requests.push({
      updateCells: {
        start: { sheetId, rowIndex: from, columnIndex: start },
        rows: rows.map((row) => ({
          values: Array.from({ length: end - start }, (_, offset) => {
            const key = keyAt.get(start + offset);
            return key === undefined ? {} : newCell(spec, row, key);
          }),
        })),
        fields: 'userEnteredValue',
      },
    });
  return [
    ...requests,
    ...rowRequests(spec, sheetId, tab.columns, choices, { from, to }),
    ...rows.flatMap((row, index) => ownChoices(spec, sheetId, tab.columns, row, from + index)),
  ];
}

/**
 * A row's own drop-downs. They are no bars: whoever sorts rows in some other client leaves the lists where they were, and
 * then the right choice must still be possible.
 */
function ownChoices<K extends string>(
  spec: TabSpec<K>,
  sheetId: number,
  columns: Readonly<Record<K, number>>,
  { choices }: Pick<DesiredRow<K>, 'choices'>,
  index: number,
): sheets_v4.Schema$Request[] {
  if (!choices) return [];
  return keysOf(spec).flatMap((key) => {
    const list = choices[key];
    const rows = { from: index, to: index + 1 };
    return list ? [dropDownRequest(sheetId, columns[key], list, rows, false)] : [];
  });
}

function newCell<K extends string>(spec: TabSpec<K>, row: DesiredRow<K>, key: K): sheets_v4.Schema$CellData {
  const { owner, kind } = spec.columns[key];
  if (key === spec.id) return cellData(row.id);
  if (owner === 'service') return cellData(row.cells[key] ?? '');
  return cellData(row.initial?.[key] ?? (kind === 'check' ? false : ''));
}
