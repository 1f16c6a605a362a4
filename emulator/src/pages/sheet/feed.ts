import type { SheetLook, SheetRow, SheetState } from './state.ts';

/** What the page gets: the whole tab, or what has changed since the version it has. */
export type SheetAnswer = { version: number } & SheetLook &
  ({ rows: SheetRow[] } | { count: number; changed: [position: number, row: SheetRow][] });

interface Version {
  version: number;
  rows: string[];
}

/** Versions of a tab that are kept to compare with: one for each page that is likely to be open. */
const KEPT = 4;

/** A page of 5,000 rows hears of one changed cell in one row, not in 5,000. */
export function createFeed() {
  const tabs = new Map<string, Version[]>();
  let last = 0;
  return (key: string, { rows, ...look }: SheetState, have: number): SheetAnswer => {
    const lines = rows.map((row) => JSON.stringify(row));
    const kept = tabs.get(key) ?? [];
    const earlier = kept.find((each) => each.version === have);
    const newest = kept.at(-1);
    const same =
      newest && newest.rows.length === lines.length && newest.rows.every((line, i) => line === lines[i]);
    const current = same ? newest : { version: (last += 1), rows: lines };
    if (!same) tabs.set(key, [...kept, current].slice(-KEPT));
    const { version } = current;
    if (!earlier) return { version, ...look, rows };
    const changed = rows.flatMap((row, position): [number, SheetRow][] =>
      earlier.rows[position] === lines[position] ? [] : [[position, row]],
    );
    return { version, ...look, count: rows.length, changed };
  };
}
