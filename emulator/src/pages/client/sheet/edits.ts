import { post, say } from './page.ts';
import type { Edit, TabData } from './tab-data.ts';

/** What people typed goes to the server, which may refuse it; it can be taken back and done again. */
export function editing(tab: TabData, shown: () => void) {
  const undoStack: Edit[][] = [];
  const redoStack: Edit[][] = [];

  /** Sends edits; gives what takes them back, or null where nothing was written. */
  const send = async (edits: readonly Edit[]): Promise<Edit[] | null> => {
    const placed = tab.place(edits);
    if (!placed) return gone(edits);
    const changed = placed.filter((edit) => tab.valueAt(edit.row, edit.column) !== edit.value);
    if (changed.length === 0) return null;
    const inverse = inverseOf(tab, changed);
    tab.put(changed);
    const answer = await post('cells', { edits: changed });
    if (!answer.ok) tab.put(inverse);
    // Somebody else wrote in the meantime: the same rows, where they stand now, get what was typed.
    if (answer.moved) {
      await tab.load();
      return sendAgain(changed);
    }
    return answer.ok ? inverse : null;
  };

  const sendAgain = async (edits: readonly Edit[]): Promise<Edit[] | null> => {
    const placed = tab.place(edits);
    if (!placed) return gone(edits);
    const inverse = inverseOf(tab, placed);
    return (await post('cells', { edits: placed })).ok ? inverse : null;
  };

  const run = async (edits: readonly Edit[], to: Edit[][]) => {
    const inverse = await send(edits);
    // What was written comes back from the server by itself; what was not must not stay on the page.
    if (inverse) to.push(inverse);
    else shown();
    return inverse !== null;
  };

  const step = async (from: Edit[][], to: Edit[][], none: string) => {
    // Rows may have moved since this page heard of them last.
    await tab.load();
    const edits = from.pop();
    if (!edits) say(none, true);
    else await run(edits, to);
  };

  return {
    async save(edits: readonly Edit[]) {
      if (await run(edits, undoStack)) redoStack.length = 0;
    },
    undo: () => step(undoStack, redoStack, '沒有可以復原的動作。'),
    redo: () => step(redoStack, undoStack, '沒有可以重做的動作。'),
  };
}

/** What takes the edits back; a row whose first cell is changed is known by the new one afterwards. */
function inverseOf(tab: TabData, edits: readonly Edit[]): Edit[] {
  const renamed = new Map(edits.flatMap(({ row, column, value }) => (column === 0 ? [[row, value]] : [])));
  return edits.map((edit) => ({
    ...edit,
    id: renamed.get(edit.row) ?? edit.id,
    value: tab.valueAt(edit.row, edit.column),
  }));
}

/** Whoever typed for minutes must not lose the words with the row. */
function gone(edits: readonly Edit[]): null {
  const words = edits.filter(({ value }) => typeof value === 'string' && value !== '');
  const kept = words.length > 0 ? `您填的是：${words.map(({ value }) => value).join('、')}` : '';
  say(`這一列已不在表中，沒有寫入。${kept}`, true);
  return null;
}
