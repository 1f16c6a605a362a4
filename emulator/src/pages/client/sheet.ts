import type { SheetColumn, SheetState } from '../sheet-state.ts';

/** The grid of one tab. What is typed goes to the server, which may refuse it; what others write comes in live. */
type Value = string | number | boolean;
interface Edit {
  row: number;
  column: number;
  value: Value;
}
type Line = Record<string, Value> & { sheetRow: number };

const holder = document.querySelector<HTMLElement>('#grid') as HTMLElement;
const message = document.querySelector<HTMLElement>('#message') as HTMLElement;
const { spreadsheet, gid } = holder.dataset;
const base = `/pages/sheets/${spreadsheet}`;
const undoStack: Edit[][] = [];
let state: SheetState = { columns: [], rows: [] };

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

/** The grid's own filter buttons have no name, and its scrolling part no place in the tab order: people need both. */
new MutationObserver(() => {
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
  const inverse = changed.map((edit) => ({ ...edit, value: before(edit) }));
  if ((await post('cells', { edits: changed })) && remember) undoStack.push(inverse);
}

function before({ row, column }: Edit): Value {
  return state.rows.find((each) => each.index === row)?.cells[column] ?? '';
}

function template(column: SheetColumn) {
  return (
    h: (tag: string, props: object, ...children: unknown[]) => unknown,
    { model, value }: { model: Line; value: Value },
  ) => {
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

/** A drop-down in place of the text editor. */
function choiceEditor(column: SheetColumn) {
  return (_column: unknown, saveCell: (value: string) => void, close: () => void) => ({
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
          onChange: (event: Event) => {
            saveCell((event.target as HTMLSelectElement).value);
            close();
          },
        },
        ['', ...column.choices].map((choice) =>
          h('option', { value: choice, selected: choice === current }, choice || '（未選）'),
        ),
      );
    },
  });
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
    readonly: column.locked || column.kind === 'check',
    ...(column.index === 0 ? { pin: 'colPinStart' } : {}),
    ...(column.kind === 'choice' ? { editor: `choice${column.index}` } : {}),
    cellTemplate: template(column),
    cellProperties: ({ model }: { model: Line }) => ({
      class: { locked: column.locked },
      style: model.colour ? { backgroundColor: String(model.colour) } : {},
    }),
  }));
  grid.source = state.rows.map((row) => ({
    sheetRow: row.index,
    colour: row.colour,
    ...Object.fromEntries(row.cells.map((cell, column) => [prop(column), cell])),
  }));
}

async function load() {
  const response = await fetch(`${base}?gid=${gid}`);
  const next = (await response.json()) as SheetState;
  const sameColumns = JSON.stringify(next.columns) === JSON.stringify(state.columns);
  state = next;
  if (sameColumns) grid.source = linesOf();
  else show();
  document.documentElement.dataset.rows = String(state.rows.length);
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

/** The grid forgets its focus when a button is pressed; the person still means that cell. */
let lastFocus: { row: number; column: number } | null = null;
grid.addEventListener('afterfocus', (event) => {
  const { model, column } = (event as CustomEvent).detail as { model?: Line; column?: { prop?: string } };
  if (model && column) lastFocus = { row: model.sheetRow, column: columnOf(column.prop) };
});

const onClick = (id: string, work: () => Promise<unknown>) =>
  document.querySelector(`#${id}`)?.addEventListener('click', () => void work());
const undo = async () => {
  const edits = undoStack.pop();
  if (edits) await save(edits, false);
};
const sort = async (descending: boolean) => {
  const cell = lastFocus;
  await post('sort', { column: cell?.column ?? 0, descending });
};
onClick('undo', undo);
onClick('sort-up', () => sort(false));
onClick('sort-down', () => sort(true));
onClick('delete-row', async () => {
  const cell = lastFocus;
  if (cell && window.confirm(`確定刪除第 ${cell.row + 1} 列？案件不會遺失，系統會再補上。`))
    await post('delete-row', { row: cell.row });
});
onClick('rename', async () => {
  const title = window.prompt('新的工作表名稱');
  if (title && (await post('rename', { title }))) window.location.reload();
});
document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === 'z') void undo();
});

/** The script's menu, and what its items show. */
type Effect =
  | { kind: 'menu'; title: string; items: { label: string; handler: string }[] }
  | { kind: 'sidebar'; title: string; content: string }
  | { kind: 'toast'; text: string };

function showEffects(effects: Effect[]) {
  for (const effect of effects) {
    if (effect.kind === 'toast') message.textContent = effect.text;
    if (effect.kind === 'sidebar') showSidebar(effect.title, effect.content);
    if (effect.kind === 'menu') showMenu(effect.title, effect.items);
  }
}

function showSidebar(title: string, content: string) {
  const sidebar = document.querySelector<HTMLElement>('#sidebar') as HTMLElement;
  const heading = Object.assign(document.createElement('h2'), { textContent: title });
  // Sandboxed, as Google shows a script's HTML.
  const frame = Object.assign(document.createElement('iframe'), { title, srcdoc: content });
  frame.setAttribute('sandbox', '');
  const close = Object.assign(document.createElement('button'), {
    textContent: '關閉',
    className: 'quiet',
    type: 'button',
  });
  close.addEventListener('click', () => {
    sidebar.hidden = true;
  });
  sidebar.replaceChildren(heading, frame, close);
  sidebar.hidden = false;
}

function showMenu(title: string, items: { label: string; handler: string }[]) {
  const details = document.createElement('details');
  details.append(Object.assign(document.createElement('summary'), { textContent: title }));
  for (const item of items) {
    const button = Object.assign(document.createElement('button'), {
      textContent: item.label,
      className: 'quiet',
      type: 'button',
    });
    button.addEventListener('click', async () => {
      const cell = lastFocus;
      const response = await fetch(`${base}/menu`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ handler: item.handler, gid: Number(gid), row: cell?.row ?? 0 }),
      });
      showEffects((await response.json()) as Effect[]);
    });
    details.append(button);
  }
  document.querySelector('#menu')?.replaceChildren(details);
}

new EventSource(`${base}/events`).addEventListener('message', () => void load());
await load();
showEffects((await (await fetch(`${base}/menu`)).json()) as Effect[]);
