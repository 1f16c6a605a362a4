import { rowSizes } from '../../sheet/row-sizes.ts';
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
import { isFilled, openTab, type Value } from './tab-data.ts';
import { showFiltered, showViews, toolbar } from './toolbar.ts';

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
let shownChoices = '';
let waiting = false;
/** While a cell is being typed into, nothing moves under the person's hands. */
const isTyping = () => grid.querySelector('revogr-edit') !== null;

/** Brings the grid up to date; later, where somebody is typing. */
function show() {
  waiting = isTyping();
  if (waiting) return;
  const state = tab.state();
  const choices = choiceColumns();
  if (columnsChanged || choices.join() !== shownChoices) showColumns(choices);
  const rows = filters.rowsOf(state);
  grid.source = rows.map((row) => ({
    sheetRow: row.index,
    id: row.cells[0] ?? '',
    look: state.looks[row.look] ?? [],
    ...Object.fromEntries(row.cells.map((cell, column) => [prop(column), cell])),
  }));
  const sizes = rowSizes(rows, shownColumns(), state.looks);
  // Laid out anew for nothing, the grid would forget where the person has scrolled to.
  if (JSON.stringify(sizes) !== JSON.stringify(grid.rowDefinitions)) grid.rowDefinitions = sizes;
  showFiltered(rows.filter(isFilled).length, state.rows.filter(isFilled).length, filters.active());
  showCharts(state.charts);
}

/** The columns in which any cell offers choices. */
function choiceColumns(): number[] {
  const { columns, looks } = tab.state();
  return columns.flatMap(({ index }) =>
    looks.some((look) => look[index]?.kind === 'choice') ? [index] : [],
  );
}

function showColumns(choices: readonly number[]) {
  columnsChanged = false;
  shownChoices = choices.join();
  const columns = shownColumns();
  grid.editors = Object.fromEntries(columns.map((column) => [`choice${column.index}`, choiceEditor(column)]));
  grid.columns = columns.map((column) => ({
    prop: prop(column.index),
    name: column.label,
    size: column.width,
    ...(column.frozen ? { pin: 'colPinStart' } : {}),
    ...(choices.includes(column.index) ? { editor: `choice${column.index}` } : {}),
    columnProperties: () => ({ style: column.fill ? { backgroundColor: column.fill } : {} }),
    columnTemplate: headerTemplate(column, filters.at(column.index) !== null, () =>
      openColumn(column, { filters, columns: () => tab.state().columns, shown: filtered }),
    ),
    cellTemplate: cellTemplate(column, save),
    cellProperties: ({ model }: { model: Line }) => {
      const look = model.look[column.index];
      return {
        'data-row': model.sheetRow,
        'data-column': column.index,
        class: { wrapped: look?.wrap ?? false },
        style: look?.fill ? { backgroundColor: look.fill } : {},
      };
    },
  }));
  showViews(tab.state().views, filters, filtered);
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
const lookIn = (line: Line, name: unknown) => line.look[columnOf(name)];

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
          return line ? [editOf(line, columnOf(name), typed(lookIn(line, name), value))] : [];
        }),
      ),
    );
  else if (model && detail.prop)
    void save([editOf(model, columnOf(detail.prop), typed(lookIn(model, detail.prop), detail.val))]);
});

/** A protected cell says why it cannot be changed; a check box is ticked by the space bar, not typed into. */
onGrid<{ prop?: string; val?: string; model: Line }>(grid, 'beforeeditstart', (detail, event) => {
  const column = columnAt(detail.prop);
  if (!column?.locked && lookIn(detail.model, detail.prop)?.kind !== 'check') return;
  event.preventDefault();
  if (!column) return;
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
