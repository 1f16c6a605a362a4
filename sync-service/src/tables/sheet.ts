import { ACTIVE, storable } from '../../../contract/cell-text.ts';

/** A sheet that a person sees, as text: what stands in each cell, untrimmed. Rows may be shorter than others. */
export interface Sheet {
  /** Of a CSV: empty. */
  name: string;
  /** Only rows that hold anything. */
  rows: SheetRow[];
}

export interface SheetRow {
  /** As the spreadsheet numbers it, from 1. */
  line: number;
  cells: string[];
}

export function sheetOf(name: string, rows: readonly SheetRow[]): Sheet {
  return {
    name,
    rows: rows
      .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
      .map(({ line, cells }) => ({ line, cells: cells.map((cell) => unguarded(storable(cell))) })),
  };
}

/** Our own exports put an apostrophe before what a spreadsheet would evaluate. */
function unguarded(cell: string): string {
  // A tab comes back from an .ods as a blank.
  return cell.startsWith("'") && (ACTIVE.test(cell.slice(1)) || cell[1] === ' ') ? cell.slice(1) : cell;
}
