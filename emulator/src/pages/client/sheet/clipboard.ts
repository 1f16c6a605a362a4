import { onGrid } from './elements.ts';
import type { SheetColumn } from '../../sheet/state.ts';
import { editOf, type Line, typed } from './cells.ts';
import { say } from './page.ts';
import { parseBlock, spread } from './paste.ts';
import type { Edit, Value } from './tab-data.ts';

interface GridSelection {
  x: number;
  y: number;
  x1: number;
  y1: number;
  colType: string;
}
export interface GridMethods {
  getSelectedRange(): Promise<GridSelection | null>;
  getVisibleSource(): Promise<Line[]>;
}

export interface ClipboardParts {
  grid: HTMLElement & GridMethods;
  /** As they are shown, from the left. */
  columns(): SheetColumn[];
  valueAt(row: number, column: number): Value;
  save(edits: Edit[]): Promise<void>;
}

/** The grid itself would leave out the protected columns of a block in silence: all of it is taken, or none. */
export function pasting({ grid, columns, valueAt, save }: ClipboardParts): void {
  const paste = async (text: string) => {
    const range = await grid.getSelectedRange();
    if (!range) return;
    const lines = await grid.getVisibleSource();
    const shown = columns();
    // Frozen columns count by themselves.
    const frozen = shown.filter((column) => column.frozen).length;
    const left = range.colType === 'colPinStart' ? range.x : range.x + frozen;
    const block = spread(parseBlock(text), range.y1 - range.y + 1, range.x1 - range.x + 1);
    const width = Math.max(0, ...block.map((row) => row.length));
    if (range.y + block.length > lines.length || left + width > shown.length)
      return say(`貼上的範圍有 ${block.length} 列 ${width} 欄，超出表格，整塊都沒有貼上。`, true);
    const edits = block.flatMap((cells, y) =>
      cells.flatMap((cell, x) => {
        const column = shown[left + x];
        const line = lines[range.y + y];
        return column && line ? [editOf(line, column.index, typed(line.look[column.index], cell))] : [];
      }),
    );
    const locked = shown.filter(
      ({ locked: isLocked, index }) =>
        isLocked && edits.some((edit) => edit.column === index && valueAt(edit.row, index) !== edit.value),
    );
    if (locked.length > 0) {
      const labels = locked.map(({ label }) => `「${label}」`).join('');
      return say(`貼上的範圍包含受保護的${labels}，整塊都沒有貼上；請只貼到可填寫的欄位。`, true);
    }
    await save(edits);
  };
  onGrid<{ dataText: string; event: ClipboardEvent }>(grid, 'beforepaste', (detail, event) => {
    event.preventDefault();
    detail.event.preventDefault();
    void paste(detail.dataText);
  });
}
