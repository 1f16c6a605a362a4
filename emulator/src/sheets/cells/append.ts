import type { Area } from '../ranges/a1.ts';
import type { Found } from '../ranges/ranges.ts';
import { cellAt, isBlank, overlaps, type Tab } from '../workbook.ts';

/**
 * The last table that touches a range, as `values.append` looks for it: cells that hang together, sides and corners,
 * with a blank border around.
 */
export function findTable({ tab, area }: Found): Area | null {
  const range: Area = {
    ...area,
    endRow: Math.min(area.endRow, tab.rowCount),
    endColumn: Math.min(area.endColumn, tab.columnCount),
  };
  const seed = lastFilled(tab, range) ?? lastFilled(tab, ringAround(range));
  const table = seed && grow(tab, seed);
  return table && overlaps(table, range) ? table : null;
}

function ringAround(area: Area): Area {
  return {
    startRow: Math.max(0, area.startRow - 1),
    endRow: area.endRow + 1,
    startColumn: Math.max(0, area.startColumn - 1),
    endColumn: area.endColumn + 1,
  };
}

function lastFilled(tab: Tab, area: Area): Area | null {
  for (let row = Math.min(area.endRow, tab.rows.length) - 1; row >= area.startRow; row -= 1) {
    const width = Math.min(area.endColumn, tab.rows[row]?.length ?? 0);
    // Of two tables that end in the same row, the right one is the last.
    for (let column = width - 1; column >= area.startColumn; column -= 1) {
      if (!isBlank(cellAt(tab, row, column)))
        return { startRow: row, endRow: row + 1, startColumn: column, endColumn: column + 1 };
    }
  }
  return null;
}

function grow(tab: Tab, seed: Area): Area {
  const area = { ...seed };
  const isFilled = (startRow: number, endRow: number, startColumn: number, endColumn: number) =>
    lastFilled(tab, { startRow, endRow, startColumn, endColumn }) !== null;
  for (;;) {
    const { startRow, endRow, startColumn, endColumn } = area;
    const [left, right] = [Math.max(0, startColumn - 1), endColumn + 1];
    if (startRow > 0 && isFilled(startRow - 1, startRow, left, right)) area.startRow -= 1;
    else if (isFilled(endRow, endRow + 1, left, right)) area.endRow += 1;
    else if (startColumn > 0 && isFilled(Math.max(0, startRow - 1), endRow + 1, left, startColumn))
      area.startColumn -= 1;
    else if (isFilled(Math.max(0, startRow - 1), endRow + 1, endColumn, right)) area.endColumn += 1;
    else return area;
  }
}
