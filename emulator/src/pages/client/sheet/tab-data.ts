import type { SheetAnswer } from '../../sheet/feed.ts';
import type { SheetState } from '../../sheet/state.ts';
import { base, gid, say } from './page.ts';

export type Value = string | number | boolean;

/** Names one cell as the person saw it: by the row's first cell, wherever the row has moved since. */
export interface Edit {
  row: number;
  column: number;
  value: Value;
  id: Value;
}

/** The tab as the server last told it; others' changes come in live. */
export function openTab(changed: (what: { columns: boolean }) => void) {
  let state: SheetState = { columns: [], rows: [], views: [], charts: [], looks: [] };
  let version = 0;

  const loadOnce = async () => {
    const response = await fetch(`${base}?gid=${gid}&have=${version}`);
    const answer: SheetAnswer = await response.json();
    const { columns, views, charts, looks } = answer;
    const rows = 'rows' in answer ? answer.rows : state.rows.slice(0, answer.count);
    if ('changed' in answer) for (const [position, row] of answer.changed) rows[position] = row;
    version = answer.version;
    const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
    const sameColumns = same(columns, state.columns);
    const sameRows = 'changed' in answer && answer.changed.length === 0;
    const sameAll =
      sameColumns &&
      sameRows &&
      rows.length === state.rows.length &&
      same(charts, state.charts) &&
      same(looks, state.looks);
    state = { columns, rows, views, charts, looks };
    // Drawing thousands of rows once more for nothing would be felt.
    if (!sameAll) changed({ columns: !sameColumns });
    document.documentElement.dataset.rows = String(rows.filter(isFilled).length);
  };

  /** Asks what has changed since. */
  const load = oneAtATime(loadOnce);

  return {
    state: () => state,
    load,
    valueAt: (row: number, column: number): Value =>
      state.rows.find((each) => each.index === row)?.cells[column] ?? '',
    /** The edits where their rows stand now; null where a row is gone. */
    place(edits: readonly Edit[]): Edit[] | null {
      const placed = edits.map((edit) => ({ ...edit, row: findRow(state.rows, edit) ?? -1 }));
      return placed.some(({ row }) => row < 0) ? null : placed;
    },
    /** Shows what was typed before the server has it. */
    put(edits: readonly Edit[]) {
      const byRow = new Map(state.rows.map((row) => [row.index, row]));
      for (const { row, column, value } of edits) {
        const found = byRow.get(row);
        if (found) found.cells[column] = value;
      }
    },
    listen: () => listen(load),
  };
}
export type TabData = ReturnType<typeof openTab>;

/** Whether anything stands in a row; an untouched check box says nothing. */
export function isFilled({ cells }: SheetState['rows'][number]): boolean {
  return cells.some((cell) => cell !== '' && cell !== false);
}

/** Where the row of an edit stands now; null where it is gone or can no longer be told apart. */
function findRow(rows: SheetState['rows'], { row, id }: Edit): number | null {
  const isSame = ({ cells }: SheetState['rows'][number]) => (cells[0] ?? '') === id;
  if (rows.some((each) => each.index === row && isSame(each))) return row;
  const found = rows.filter(isSame);
  return found.length === 1 && id !== '' ? (found[0]?.index ?? null) : null;
}

/** Loads anew whenever the server tells of a change. */
function listen(load: () => Promise<void>) {
  const events = new EventSource(`${base}/events`);
  let lost = false;
  // A load that fails is made up for by the next event, or by the next connection.
  const refresh = () => void load().catch(() => {});
  events.addEventListener('open', () => {
    if (lost) say('已重新連線');
    lost = false;
    // Something may have changed between the first answer and this.
    refresh();
  });
  events.addEventListener('message', refresh);
  events.addEventListener('error', () => {
    lost = true;
    say('連不上系統，正在重新連線…', true);
  });
}

/** Several wishes while a run is under way become one more run. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let again = false;
  return () => {
    if (running) {
      again = true;
      return running;
    }
    running = (async () => {
      do {
        again = false;
        await work();
      } while (again);
    })().finally(() => {
      running = null;
    });
    return running;
  };
}
