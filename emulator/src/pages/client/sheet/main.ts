import { onGrid } from './elements.ts';
import {
  cellTemplate,
  choiceEditor,
  columnOf,
  editOf,
  headerTemplate,
  type Line,
  prop,
  typed,
} from './cells.ts';
import { showCharts } from './charts.ts';
import { type GridMethods, pasting } from './clipboard.ts';
import { openColumn } from './column-dialog.ts';
import { editing } from './edits.ts';
import { filtering } from './filters.ts';
import { byKeyboard, type FocusMethods } from './keyboard.ts';
import { base, gid, holder, onClick, say } from './page.ts';
import { type Effect, showEffects } from './script-menu.ts';
import { openTab, type Value } from './tab-data.ts';
import { showFiltered, showLegend, showViews, toolbar } from './toolbar.ts';

/** Runs the grid of one tab: it shows what the server tells, and sends what people do. */
const grid = document.createElement('revo-grid') as HTMLElement &
  GridMethods &
  FocusMethods &
  Record<string, unknown>;
Object.assign(grid, {
  range: true,
  filter: false,
  resize: true,
  theme: 'compact',
  applyOnClose: true,
  hideAttribution: true,
  accessible: false,
  // The rows' own numbers: the hidden key row and the labels count too.
  rowHeaders: {
    size: 50,
    cellTemplate: (_h: unknown, { model }: { model: Line }) => String(model.sheetRow + 1),
  },
});

holder.append(grid);

const filters = filtering();
const tab = openTab(({ columns }) => {
  if (columns) columnsChanged = true;
  show();
});
const edits = editing(tab, () => show());
const save = (wanted: Parameters<typeof edits.save>[0]) => {
  for (const { id } of wanted) filters.touch(id);
  return edits.save(wanted);
};
const shownColumns = () => tab.state().columns.filter((column) => !column.hidden);

let columnsChanged = true;
let waiting = false;
/** While a cell is being typed into, nothing moves under the person's hands. */
const isTyping = () => grid.querySelector('revogr-edit') !== null;

/** Brings the grid up to date; later, where somebody is typing. */
function show() {
  waiting = isTyping();
  if (waiting) return;
  const state = tab.state();
  if (columnsChanged) showColumns();
  const rows = filters.rowsOf(state);
  grid.source = rows.map((row) => ({
    sheetRow: row.index,
    id: row.cells[0] ?? '',
    colour: row.colour,
    ...Object.fromEntries(row.cells.map((cell, column) => [prop(column), cell])),
  }));
  showFiltered(rows.length, state.rows.length, filters.active());
  showCharts(state.charts);
}

function showColumns() {
  columnsChanged = false;
  const columns = shownColumns();
  const choices = columns.filter((column) => column.kind === 'choice');
  grid.editors = Object.fromEntries(choices.map((column) => [`choice${column.index}`, choiceEditor(column)]));
  grid.columns = columns.map((column, at) => ({
    prop: prop(column.index),
    name: column.label,
    // Makes the column wide enough for the whole label and its button.
    size: Math.max(column.width, column.label.length * 15 + 52),
    ...(at === 0 ? { pin: 'colPinStart' } : {}),
    ...(column.kind === 'choice' ? { editor: `choice${column.index}` } : {}),
    columnTemplate: headerTemplate(column, filters.at(column.index) !== null, () =>
      openColumn(column, { filters, columns: () => tab.state().columns, shown: filtered }),
    ),
    cellTemplate: cellTemplate(column, save),
    cellProperties: ({ model }: { model: Line }) => ({
      'data-row': model.sheetRow,
      'data-column': column.index,
      class: { locked: column.locked },
      style: model.colour ? { backgroundColor: String(model.colour) } : {},
    }),
  }));
  const { views } = tab.state();
  showViews(views, filters, filtered);
  showLegend(views, columns);
}

/** The headers show which columns are filtered. */
function filtered() {
  columnsChanged = true;
  show();
}

/** The grid's scrolling part has no place in the tab order of its own; and typing ends where its editor goes. */
new MutationObserver(() => {
  for (const scroller of grid.querySelectorAll('.vertical-inner:not([tabindex])'))
    scroller.setAttribute('tabindex', '0');
  if (waiting && !isTyping()) show();
}).observe(grid, { childList: true, subtree: true });

const columnAt = (name: unknown) => tab.state().columns[columnOf(name)];

interface Edited {
  prop?: string;
  val?: Value;
  model?: Line;
  data?: Record<number, Record<string, Value>>;
  models?: Record<number, Line>;
}

onGrid<Edited>(grid, 'afteredit', (detail) => {
  const { data, models, model } = detail;
  if (data && models)
    void save(
      Object.entries(data).flatMap(([index, cells]) =>
        Object.entries(cells).flatMap(([name, value]) => {
          const line = models[Number(index)];
          return line ? [editOf(line, columnOf(name), typed(columnAt(name), value))] : [];
        }),
      ),
    );
  else if (model && detail.prop)
    void save([editOf(model, columnOf(detail.prop), typed(columnAt(detail.prop), detail.val))]);
});

/** A protected cell says why it cannot be changed; a check box is ticked by the space bar, not typed into. */
onGrid<{ prop?: string; val?: string; model: Line }>(grid, 'beforeeditstart', (detail, event) => {
  const column = columnAt(detail.prop);
  if (!column?.locked && column?.kind !== 'check') return;
  event.preventDefault();
  if (column.locked) say(`「${column.label}」受保護，不能更改；請在可填寫的欄位填寫。`, true);
  else if (detail.val === ' ') {
    const ticked = tab.valueAt(detail.model.sheetRow, column.index) === true;
    void save([editOf(detail.model, column.index, !ticked)]);
  }
});

pasting({ grid, columns: shownColumns, valueAt: tab.valueAt, save });

/** The grid forgets its focus when a button is pressed; the person still means that row. */
let lastLine: Line | null = null;
onGrid<{ model?: Line }>(grid, 'afterfocus', ({ model }) => {
  lastLine = model ?? lastLine;
});
const row = () => lastLine && (tab.place([editOf(lastLine, 0, '')])?.[0] ?? null);
toolbar({ filters, row, shown: filtered });
onClick('undo', edits.undo);
onClick('redo', edits.redo);
document.addEventListener('keydown', (event) => {
  // Inside a text being typed, the browser's own undo is meant.
  if (event.target instanceof Element && event.target.closest('input[type=text], textarea, revogr-edit'))
    return;
  if (!event.ctrlKey && !event.metaKey) return;
  const key = event.key.toLowerCase();
  if (key === 'y' || (key === 'z' && event.shiftKey)) void edits.redo();
  else if (key === 'z') void edits.undo();
});

byKeyboard(grid, isTyping);

/** The selected rows, as far as they stand one under another. */
async function selectedRows(): Promise<{ row: number; rows: number }> {
  const first = row()?.row ?? 0;
  const range = await grid.getSelectedRange();
  if (!range) return { row: first, rows: 1 };
  const lines = (await grid.getVisibleSource()).slice(range.y, range.y1 + 1);
  const top = lines[0]?.sheetRow ?? first;
  const gap = lines.findIndex((line, index) => line.sheetRow !== top + index);
  return { row: top, rows: gap < 0 ? Math.max(1, lines.length) : gap };
}

async function run(handler: string): Promise<Effect[]> {
  const place = await selectedRows();
  const response = await fetch(`${base}/menu`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ handler, gid, ...place }),
  });
  return response.json();
}

await tab.load();
tab.listen();
showEffects(await (await fetch(`${base}/menu`)).json(), { toast: say, run });
