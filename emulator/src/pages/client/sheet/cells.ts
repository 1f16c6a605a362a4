import type { CellLook, SheetColumn } from '../../sheet/state.ts';
import type { Edit, Value } from './tab-data.ts';

/** One row as the grid holds it. */
export interface Line {
  sheetRow: number;
  id: Value;
  /** How its cells look and what they take, by column. */
  look: readonly CellLook[];
  [cell: `c${number}`]: Value;
}
type Make = (tag: string, props: object, ...children: unknown[]) => unknown;

export const prop = (column: number) => `c${column}` as const;
export const columnOf = (name: unknown) => Number(String(name).slice(1));

export function editOf(line: Line, column: number, value: Value): Edit {
  return { row: line.sheetRow, id: line.id, column, value };
}

/** What a person typed or pasted, as the cell takes it. */
export function typed(look: CellLook | undefined, value: unknown): Value {
  if (look?.kind === 'check') return /^(?:true|是|1|✓)$/iu.test(String(value));
  return String(value ?? '');
}

export function cellTemplate(column: SheetColumn, save: (edits: Edit[]) => unknown) {
  return (h: Make, { model, value }: { model: Line; value: Value }) => {
    const text = String(value ?? '');
    // As in Google Sheets, an address can be opened.
    if (/^https?:\/\/\S+$/u.test(text))
      return h(
        'a',
        { class: 'cell-text', href: text, target: '_blank', rel: 'noreferrer', title: text },
        text,
      );
    if (model.look[column.index]?.kind !== 'check')
      return h('span', { class: 'cell-text', title: text }, text);
    return h('input', {
      type: 'checkbox',
      checked: value === true,
      'aria-label': `${column.label}（第 ${model.sheetRow + 1} 列）`,
      onChange: (event: Event) =>
        void (
          event.target instanceof HTMLInputElement &&
          save([editOf(model, column.index, event.target.checked)])
        ),
    });
  };
}

/** The label, and a button for everything that can be done with the column. */
export function headerTemplate(column: SheetColumn, filtered: boolean, open: () => void) {
  return (h: Make) =>
    h(
      'span',
      { class: 'column-head', title: column.note, 'data-column': column.index },
      h('span', { class: `cell-text${column.note ? ' noted' : ''}` }, column.label),
      h(
        'button',
        {
          type: 'button',
          class: filtered ? 'column-menu filtered' : 'column-menu',
          'aria-label': `「${column.label || column.letters}」欄選單${filtered ? '（篩選中）' : ''}`,
          'aria-haspopup': 'dialog',
          onClick: (event: Event) => {
            event.preventDefault();
            open();
          },
        },
        '▼',
      ),
    );
}

/** What the grid asks of an editor; it sets `editCell` to the cell that is edited. */
interface CellEditor {
  element: HTMLElement | null;
  editCell?: { val?: string; model?: Line };
  componentDidRender(): void;
  render(h: Make): unknown;
}

/**
 * A drop-down in the cells that offer choices, a text editor in others. With the mouse a choice is made at once; with the
 * arrow keys each step would be one, so that Enter makes it.
 */
export function choiceEditor(column: SheetColumn) {
  return (_column: unknown, saveCell: (value: string, stay: boolean) => void, close: () => void) => {
    let byKey = false;
    const take = (element: EventTarget | null, stay: boolean) => {
      if (element instanceof HTMLSelectElement || element instanceof HTMLInputElement)
        saveCell(element.value, stay);
      close();
    };
    const editor: CellEditor = {
      element: null,
      componentDidRender() {
        editor.element?.focus();
      },
      render(h: Make) {
        const { model, val } = editor.editCell ?? {};
        const current = model?.[prop(column.index)] ?? '';
        const look = model?.look[column.index];
        const shared = {
          'aria-label': column.label,
          ref: (element: HTMLElement) => {
            editor.element = element;
          },
          onKeydown: (event: KeyboardEvent) => {
            byKey = true;
            if (event.key !== 'Enter') return;
            // The grid would take the same key for a wish to edit the cell once more.
            event.stopPropagation();
            take(event.target, look?.kind === 'choice');
          },
        };
        if (look?.kind !== 'choice')
          return h('input', { ...shared, type: 'text', value: val ?? String(current) });
        return h(
          'select',
          {
            ...shared,
            onPointerdown: () => {
              byKey = false;
            },
            onChange: (event: Event) => {
              // Going on to the next row by itself, the grid would close an editor that is opened meanwhile.
              if (!byKey) take(event.target, true);
            },
          },
          ['', ...look.choices].map((choice) =>
            h('option', { value: choice, selected: choice === current }, choice || '（未選）'),
          ),
        );
      },
    };
    return editor;
  };
}
