import type { SheetAnswer } from '../sheet-feed.ts';
import type { SheetColumn, SheetState } from '../sheet-state.ts';
import { parseBlock, spread } from './paste.ts';
import { type Effect, type MenuParts, showEffects } from './script-menu.ts';

/** The grid of one tab. What is typed goes to the server, which may refuse it; what others write comes in live. */
type Value = string | number | boolean;
interface Edit {
  row: number;
  column: number;
  value: Value;
}
/** An edit with the row's first cell: rows move under a person's hands, and the row they mean is told by that. */
type Named = Edit & { id: Value };
type Line = Record<string, Value> & { sheetRow: number };

const holder = document.querySelector<HTMLElement>('#grid') as HTMLElement;
const message = document.querySelector<HTMLElement>('#message') as HTMLElement;
const { spreadsheet, gid } = holder.dataset;
const base = `/pages/sheets/${spreadsheet}`;
const undoStack: Named[][] = [];
let state: SheetState = { columns: [], rows: [] };
let version = 0;

const grid = document.createElement('revo-grid') as HTMLElement & Record<string, unknown>;
Object.assign(grid, {
  range: true,
  filter: true,
  resize: true,
  rowHeaders: true,
  theme: 'compact',
  applyOnClose: true,
  hideAttribution: true,
  accessible: false,
});
holder.append(grid);

/** Resolved once no cell is being typed into. */
let editorClosed = Promise.withResolvers<void>();
const isEditing = () => grid.querySelector('revogr-edit') !== null;

/** The grid's own filter buttons have no name, and its scrolling part no place in the tab order: people need both. */
new MutationObserver(() => {
  if (!isEditing()) {
    editorClosed.resolve();
    editorClosed = Promise.withResolvers();
  }
  for (const scroller of grid.querySelectorAll('.vertical-inner:not([tabindex])'))
    scroller.setAttribute('tabindex', '0');
  for (const button of grid.querySelectorAll('button.rv-filter:not([aria-label])'))
    button.setAttribute('aria-label', '篩選這一欄');
}).observe(grid, { childList: true, subtree: true });

const prop = (column: number) => `c${column}`;
const columnOf = (name: unknown) => Number(String(name).slice(1));

async function post(path: string, body: object): Promise<boolean> {
  const response = await fetch(`${base}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ gid: Number(gid), ...body }),
  });
  const answer = (await response.json()) as { message?: string };
  message.textContent = response.ok ? '已儲存' : (answer.message ?? '未儲存');
  message.className = response.ok ? '' : 'error';
  if (!response.ok) await load();
  return response.ok;
}

/** Sends edits and remembers how to take them back. */
async function save(edits: Edit[], remember = true) {
  const changed = edits.filter((edit) => before(edit) !== edit.value);
  if (changed.length === 0) return;
  const named = changed.map((edit) => ({ ...edit, id: before({ ...edit, column: 0 }) }));
  const inverse = named.map((edit) => ({ ...edit, value: before(edit) }));
  if ((await post('cells', { edits: named })) && remember) undoStack.push(inverse);
}

function before({ row, column }: Edit): Value {
  return state.rows.find((each) => each.index === row)?.cells[column] ?? '';
}

function template(column: SheetColumn) {
  return (
    h: (tag: string, props: object, ...children: unknown[]) => unknown,
    { model, value }: { model: Line; value: Value },
  ) => {
    // As in Google Sheets, an address can be opened.
    if (/^https?:\/\/\S+$/u.test(String(value)))
      return h(
        'a',
        {
          class: 'cell-text',
          href: String(value),
          target: '_blank',
          rel: 'noreferrer',
          title: String(value),
        },
        String(value),
      );
    if (column.kind !== 'check')
      return h('span', { class: 'cell-text', title: String(value ?? '') }, String(value ?? ''));
    return h('input', {
      type: 'checkbox',
      checked: value === true,
      'aria-label': `${column.label}（第 ${model.sheetRow + 1} 列）`,
      onChange: (event: Event) =>
        void save([
          { row: model.sheetRow, column: column.index, value: (event.target as HTMLInputElement).checked },
        ]),
    });
  };
}

/**
 * A drop-down in place of the text editor. With the mouse a choice is made at once; with the arrow keys each step
 * would be one, so that Enter makes it.
 */
function choiceEditor(column: SheetColumn) {
  return (_column: unknown, saveCell: (value: string, stay: boolean) => void, close: () => void) => {
    let byKey = false;
    const take = (element: EventTarget | null) => {
      // Going on to the next row by itself, the grid would close an editor that is opened meanwhile.
      saveCell((element as HTMLSelectElement).value, true);
      close();
    };
    return {
      element: null as HTMLSelectElement | null,
      editCell: undefined as { val?: string; model?: Line } | undefined,
      componentDidRender() {
        this.element?.focus();
      },
      render(h: (tag: string, props: object, ...children: unknown[]) => unknown) {
        const current = this.editCell?.model?.[prop(column.index)] ?? '';
        return h(
          'select',
          {
            'aria-label': column.label,
            ref: (element: HTMLSelectElement) => {
              this.element = element;
            },
            onPointerdown: () => {
              byKey = false;
            },
            onKeydown: (event: KeyboardEvent) => {
              byKey = true;
              if (event.key !== 'Enter') return;
              // The grid would take the same key for a wish to edit the cell once more.
              event.stopPropagation();
              take(event.target);
            },
            onChange: (event: Event) => {
              if (!byKey) take(event.target);
            },
          },
          ['', ...column.choices].map((choice) =>
            h('option', { value: choice, selected: choice === current }, choice || '（未選）'),
          ),
        );
      },
    };
  };
}

function show() {
  grid.editors = Object.fromEntries(
    state.columns
      .filter((column) => column.kind === 'choice')
      .map((column) => [`choice${column.index}`, choiceEditor(column)]),
  );
  grid.columns = state.columns.map((column) => ({
    prop: prop(column.index),
    name: column.label,
    size: column.width,
    ...(column.index === 0 ? { pin: 'colPinStart' } : {}),
    ...(column.kind === 'choice' ? { editor: `choice${column.index}` } : {}),
    cellTemplate: template(column),
    cellProperties: ({ model }: { model: Line }) => ({
      class: { locked: column.locked },
      style: model.colour ? { backgroundColor: String(model.colour) } : {},
    }),
  }));
  grid.source = linesOf();
}

let loading: Promise<void> | null = null;
let again = false;

/** What changed since; several wishes while one answer is under way become one more. */
function load(): Promise<void> {
  if (loading) {
    again = true;
    return loading;
  }
  loading = (async () => {
    do {
      again = false;
      await loadOnce();
    } while (again);
  })().finally(() => {
    loading = null;
  });
  return loading;
}

async function loadOnce() {
  // A row may move or go under the editor of a person who is typing: what is new waits until the cell is left.
  if (isEditing()) await editorClosed.promise;
  const response = await fetch(`${base}?gid=${gid}&have=${version}`);
  const answer = (await response.json()) as SheetAnswer;
  if (isEditing()) {
    again = true;
    return;
  }
  const sameColumns = JSON.stringify(answer.columns) === JSON.stringify(state.columns);
  const rows = 'rows' in answer ? answer.rows : state.rows.slice(0, answer.count);
  if ('changed' in answer) for (const [position, row] of answer.changed) rows[position] = row;
  version = answer.version;
  state = { columns: answer.columns, rows };
  if (sameColumns) grid.source = linesOf();
  else show();
  document.documentElement.dataset.rows = String(rows.length);
}

function linesOf() {
  return state.rows.map((row) => ({
    sheetRow: row.index,
    colour: row.colour,
    ...Object.fromEntries(row.cells.map((cell, column) => [prop(column), cell])),
  }));
}

const typed = (column: number, value: unknown): Value => {
  const kind = state.columns[column]?.kind;
  if (kind === 'check') return /^(?:true|是|1|✓)$/iu.test(String(value));
  return String(value ?? '');
};

grid.addEventListener('afteredit', (event) => {
  const detail = (event as CustomEvent).detail as {
    prop?: string;
    val?: Value;
    model?: Line;
    data?: Record<number, Record<string, Value>>;
    models?: Record<number, Line>;
  };
  if (detail.data && detail.models) {
    const { data, models } = detail;
    void save(
      Object.entries(data).flatMap(([index, cells]) =>
        Object.entries(cells).map(([name, value]) => ({
          row: models[Number(index)]?.sheetRow ?? -1,
          column: columnOf(name),
          value: typed(columnOf(name), value),
        })),
      ),
    );
  } else if (detail.model && detail.prop) {
    const column = columnOf(detail.prop);
    void save([{ row: detail.model.sheetRow, column, value: typed(column, detail.val) }]);
  }
});

/** A cell of the system says why it cannot be changed; a check box is ticked by the space bar, not typed into. */
grid.addEventListener('beforeeditstart', (event) => {
  const {
    prop: name,
    val,
    model,
  } = (event as CustomEvent<{ prop?: string; val?: string; model: Line }>).detail;
  const column = state.columns[columnOf(name)];
  if (!column?.locked && column?.kind !== 'check') return;
  event.preventDefault();
  if (column.locked) tell(`「${column.label}」由系統維護，不能更改；請在可填寫的欄位填寫。`);
  else if (val === ' ') {
    const edit = { row: model.sheetRow, column: column.index, value: false };
    void save([{ ...edit, value: before(edit) !== true }]);
  }
});

interface GridSelection {
  x: number;
  y: number;
  x1: number;
  y1: number;
  colType: string;
}
interface GridMethods {
  getSelectedRange(): Promise<GridSelection | null>;
  getVisibleSource(): Promise<Line[]>;
}

/** The grid itself would leave out the protected columns of a block in silence: all of it is taken, or none. */
grid.addEventListener('beforepaste', (event) => {
  const detail = (event as CustomEvent<{ dataText: string; event: ClipboardEvent }>).detail;
  event.preventDefault();
  detail.event.preventDefault();
  void paste(detail.dataText);
});

async function paste(text: string) {
  const { getSelectedRange, getVisibleSource } = grid as unknown as GridMethods;
  const range = await getSelectedRange.call(grid);
  if (!range) return;
  const lines = await getVisibleSource.call(grid);
  // The first column is pinned and counts by itself.
  const left = range.colType === 'colPinStart' ? 0 : range.x + 1;
  const block = spread(parseBlock(text), range.y1 - range.y + 1, range.x1 - range.x + 1);
  const width = Math.max(0, ...block.map((row) => row.length));
  if (range.y + block.length > lines.length || left + width > state.columns.length) {
    tell(`貼上的範圍有 ${block.length} 列 ${width} 欄，超出表格，整塊都沒有貼上。`);
    return;
  }
  const edits = block.flatMap((cells, y) =>
    cells.map((cell, x) => ({
      row: lines[range.y + y]?.sheetRow ?? -1,
      column: left + x,
      value: typed(left + x, cell),
    })),
  );
  const locked = new Set(
    edits
      .filter((edit) => state.columns[edit.column]?.locked && before(edit) !== edit.value)
      .map((edit) => edit.column),
  );
  if (locked.size > 0) {
    const labels = [...locked].map((column) => `「${state.columns[column]?.label}」`).join('');
    tell(`貼上的範圍包含由系統維護的${labels}，整塊都沒有貼上；請只貼到可填寫的欄位。`);
    return;
  }
  await save(edits);
}

function tell(sentence: string) {
  message.textContent = sentence;
  message.className = 'error';
}

/** The grid forgets its focus when a button is pressed; the person still means that cell. */
let lastFocus: { row: number; column: number } | null = null;
grid.addEventListener('afterfocus', (event) => {
  const { model, column } = (event as CustomEvent).detail as { model?: Line; column?: { prop?: string } };
  if (model && column) lastFocus = { row: model.sheetRow, column: columnOf(column.prop) };
});

const onClick = (id: string, work: () => Promise<unknown>) =>
  document.querySelector(`#${id}`)?.addEventListener('click', () => void work());
const undo = async () => {
  // Rows may have moved since this page heard of them last.
  await load();
  const edits = undoStack.pop();
  if (!edits) return tell('沒有可以復原的動作。');
  const found = edits.flatMap((edit) => {
    const rows = state.rows.filter((row) => row.cells[0] === edit.id);
    return rows.length === 1 && rows[0] ? [{ ...edit, row: rows[0].index }] : [];
  });
  if (found.length < edits.length) tell('這個動作的列已不在表中，無法復原。');
  else await save(found, false);
};
const sort = async (descending: boolean) => {
  await post('sort', { column: lastFocus?.column ?? 0, descending });
};
onClick('undo', undo);
onClick('sort-up', () => sort(false));
onClick('sort-down', () => sort(true));
onClick('delete-row', async () => {
  const cell = lastFocus;
  if (!cell || !window.confirm(`確定刪除第 ${cell.row + 1} 列？案件不會遺失，系統會再補上。`)) return;
  await post('delete-row', { row: cell.row });
});
onClick('rename', async () => {
  const title = window.prompt('新的工作表名稱');
  if (title && (await post('rename', { title }))) window.location.reload();
});
document.addEventListener('keydown', (event) => {
  // Inside a text being typed, the browser's own undo is meant.
  if ((event.target as HTMLElement).closest('input[type=text], textarea')) return;
  if ((event.ctrlKey || event.metaKey) && event.key === 'z') void undo();
});

const menu: MenuParts = {
  toast: (text) => {
    message.textContent = text;
  },
  async run(handler) {
    const response = await fetch(`${base}/menu`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ handler, gid: Number(gid), row: lastFocus?.row ?? 0 }),
    });
    return (await response.json()) as Effect[];
  },
};

await load();
const changes = new EventSource(`${base}/events`);
// Something may have changed between the first answer and this.
changes.addEventListener('open', () => void load());
changes.addEventListener('message', () => void load());
showEffects((await (await fetch(`${base}/menu`)).json()) as Effect[], menu);
