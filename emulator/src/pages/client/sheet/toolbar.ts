import { find } from './elements.ts';
import type { SheetView } from '../../sheet/views.ts';
import { askText, askYes, make } from './dialog.ts';
import type { Filtering } from './filters.ts';
import { gid, onClick, post, say } from './page.ts';
import type { Value } from './tab-data.ts';

export interface ToolbarParts {
  filters: Filtering;
  /** The row the person is in. */
  row(): { row: number; id: Value } | null;
  shown(): void;
}

const NO_ROW = '請先點選要處理的那一列。';
const tabTitle = () => document.querySelector('.tabs [aria-current]')?.textContent ?? '';

/** Fills the menus for rows and tabs, and the list of filter views. */
export function toolbar({ filters, row, shown }: ToolbarParts): void {
  onClick('insert-row', async () => {
    const at = row();
    if (at === null) return say(NO_ROW, true);
    await post('acts/insert-row', at);
  });
  onClick('delete-row', async () => {
    const at = row();
    if (at === null) return say(NO_ROW, true);
    const sentence = `確定刪除第 ${at.row + 1} 列？`;
    if (await askYes('刪除選取列', sentence)) await post('acts/delete-row', at);
  });
  onClick('rename', async () => {
    const title = await askText('工作表改名', '新的名稱', tabTitle());
    if (title && (await post('acts/rename', { title })).ok) openTab(gid);
  });
  onClick('add-tab', async () => {
    const title = await askText('新增工作表', '名稱');
    if (title) openTab((await post('acts/add-tab', { title })).gid);
  });
  onClick('copy-tab', async () => {
    const title = await askText('複製這張工作表', '副本的名稱', `${tabTitle()} 的副本`);
    if (title) openTab((await post('acts/copy-tab', { title })).gid);
  });
  onClick('delete-tab', async () => {
    const sentence = `確定刪除「${tabTitle()}」？裡面的內容也會刪除。`;
    if (!(await askYes('刪除這張工作表', sentence))) return;
    if ((await post('acts/delete-tab', {})).ok) window.location.assign(window.location.pathname);
  });
  onClick('clear-filter', () => {
    filters.only([]);
    shown();
  });
  closeMenus();
}

function openTab(id: number | undefined) {
  if (id !== undefined) window.location.assign(`?gid=${id}`);
}

/** A menu closes when something in it was chosen, at Escape, and when the person goes elsewhere. */
function closeMenus() {
  const openMenus = () => document.querySelectorAll<HTMLDetailsElement>('details.menu[open]');
  document.addEventListener('click', ({ target }) => {
    for (const menu of openMenus())
      if (!(target instanceof Element) || !menu.contains(target) || target.closest('button'))
        menu.open = false;
  });
  document.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape') return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector('summary')?.focus();
    }
  });
}

/** The filter views of the tab. */
export function showViews(views: readonly SheetView[], filters: Filtering, shown: () => void): void {
  const select = find('#view', HTMLSelectElement);
  if (select.options.length !== views.length + 1) {
    select.replaceChildren(
      ...['全部', ...views.map(({ title }) => title)].map((title, index) =>
        make('option', { value: String(index - 1), textContent: title }),
      ),
    );
    select.addEventListener('change', () => {
      const view = views[Number(select.value)];
      filters.only(
        view ? [[view.column, { kind: view.contains ? 'contains' : 'filled', text: view.contains }]] : [],
      );
      shown();
    });
    if (select.parentElement) select.parentElement.hidden = views.length === 0;
  }
}

/** How many rows a filter leaves, and the way back. */
export function showFiltered(shown: number, all: number, active: boolean): void {
  const clear = find('#clear-filter', HTMLButtonElement);
  clear.hidden = !active;
  clear.textContent = `篩選中，顯示 ${shown}／${all} 列：全部顯示`;
  if (!active) find('#view', HTMLSelectElement).value = '-1';
}
