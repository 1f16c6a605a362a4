import type { SheetColumn } from '../../sheet/state.ts';
import { askText, askYes, button, closeDialog, make, showDialog } from './dialog.ts';
import { type ConditionKind, CONDITIONS, type Filtering } from './filters.ts';
import { post, say } from './page.ts';

export interface ColumnParts {
  filters: Filtering;
  columns(): SheetColumn[];
  /** Rows or columns are shown otherwise now. */
  shown(): void;
}

/** What can be done with one column: read its note, filter, sort, move, insert beside it. */
export function openColumn(column: SheetColumn, { filters, columns, shown }: ColumnParts): void {
  const visible = columns().filter((each) => !each.hidden);
  const at = visible.findIndex(({ index }) => index === column.index);
  // Columns move under a person's hands: the server compares what they saw.
  const seen = { column: column.index, label: column.label };
  const act = async (path: string, body: object) => {
    closeDialog();
    await post(`acts/${path}`, { ...seen, ...body });
  };
  const move = (label: string, to: SheetColumn | undefined) =>
    to ? button(label, () => act('move-column', { to: to.index })) : null;
  showDialog(
    column.label || '（無標題）',
    column.note ? make('p', { className: 'help', textContent: column.note }) : null,
    filterForm(column, filters, shown),
    make(
      'p',
      { className: 'bar' },
      button('遞增排序', () => act('sort', { descending: false })),
      button('遞減排序', () => act('sort', { descending: true })),
      move('移到左邊', visible[at - 1]),
      move('移到右邊', visible[at + 1]),
      button('在右邊插入一欄', async () => {
        closeDialog();
        const title = await askText('插入一欄', '新欄的標題');
        if (title) await post('acts/insert-column', { ...seen, title });
      }),
      column.own
        ? button('刪除這一欄', async () => {
            closeDialog();
            if (await askYes('刪除這一欄', `確定刪除「${column.label}」？裡面的內容也會刪除。`))
              await post('acts/delete-column', seen);
          })
        : null,
      button('關閉', closeDialog),
    ),
  );
}

function filterForm(column: SheetColumn, filters: Filtering, shown: () => void): HTMLFormElement {
  const current = filters.at(column.index);
  const kind = make('select', { id: 'filter-kind' });
  for (const [value, label] of [['', '全部顯示'], ...Object.entries(CONDITIONS)] as const)
    kind.append(make('option', { value, textContent: label, selected: value === current?.kind }));
  const text = make('input', { type: 'text', id: 'filter-text', value: current?.text ?? '' });
  // Whoever types a text means a filter by it.
  text.addEventListener('input', () => {
    if (text.value && ['', 'blank', 'filled'].includes(kind.value)) kind.value = 'contains';
  });
  const form = make(
    'form',
    { method: 'dialog' },
    make('label', { htmlFor: kind.id, textContent: '篩選這一欄' }),
    kind,
    make('label', { htmlFor: text.id, textContent: '文字' }),
    text,
    make('p', {}, make('button', { textContent: '套用篩選' })),
  );
  form.addEventListener('submit', () => {
    const chosen = kind.value as ConditionKind | '';
    filters.set(column.index, chosen ? { kind: chosen, text: text.value } : null);
    say('');
    shown();
  });
  return form;
}
