interface Cell {
  x: number;
  y: number;
}
export interface FocusMethods {
  getFocused(): Promise<object | null>;
  setCellsFocus(start: Cell, end: Cell, columns: string, rows: string): Promise<void>;
  clearFocus(): Promise<void>;
}

const INTO = new Set(['Enter', ' ', 'ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight']);

/** The grid takes the Tab key for its cells: whoever has no mouse needs a way in, and a way out again. */
export function byKeyboard(grid: HTMLElement & FocusMethods, isTyping: () => boolean): void {
  grid.addEventListener('keydown', (event) => {
    const { target } = event;
    if (!(target instanceof HTMLElement) || !target.matches('.vertical-inner') || !INTO.has(event.key))
      return;
    // Waits until the grid has handled this key, or the grid would take it for a step to the next cell.
    setTimeout(() => void enter(target.closest('.rgCol') ? 'rgCol' : 'colPinStart'));
  });
  const enter = async (columns: string) => {
    if (await grid.getFocused()) return;
    const first = { x: 0, y: 0 };
    await grid.setCellsFocus(first, first, columns, 'rgRow');
  };
  // Runs before the grid handles it, so that Escape while typing only gives up what was typed.
  document.addEventListener(
    'keydown',
    ({ key }) => {
      if (key === 'Escape' && !isTyping()) void leave();
    },
    { capture: true },
  );
  const leave = async () => {
    if (!(await grid.getFocused())) return;
    await grid.clearFocus();
    document.querySelector<HTMLElement>('#undo')?.focus();
  };
}
