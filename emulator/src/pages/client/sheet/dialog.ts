import { find } from './elements.ts';

/** One native dialog asks for everything: it keeps the focus inside and gives it back when it closes. */
const dialog = find('#dialog', HTMLDialogElement);

type Child = Node | string | null;

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(tag), props);
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function button(label: string, work: () => unknown, quiet = true): HTMLButtonElement {
  const made = make('button', { type: 'button', textContent: label, className: quiet ? 'quiet' : '' });
  made.addEventListener('click', () => void work());
  return made;
}

export function closeDialog(): void {
  dialog.close();
}

export function showDialog(title: string, ...children: Child[]): void {
  const heading = make('h2', { id: 'dialog-title', textContent: title });
  dialog.setAttribute('aria-labelledby', heading.id);
  dialog.replaceChildren(heading, ...children.filter((child) => child !== null));
  dialog.showModal();
}

/** Asks for one line; null where the person thought better of it. */
export function askText(title: string, label: string, value = ''): Promise<string | null> {
  return ask(title, (form) => {
    const input = make('input', { type: 'text', id: 'dialog-text', value, required: true });
    form.append(make('label', { htmlFor: input.id, textContent: label }), input);
    return () => input.value.trim() || null;
  });
}

export async function askYes(title: string, sentence: string): Promise<boolean> {
  const answer = await ask(title, (form) => {
    form.append(make('p', { textContent: sentence }));
    return () => 'yes';
  });
  return answer !== null;
}

function ask(title: string, fill: (form: HTMLFormElement) => () => string | null): Promise<string | null> {
  const form = make('form', { method: 'dialog' });
  const read = fill(form);
  form.append(
    make('p', { className: 'bar' }, make('button', { textContent: '確定' }), button('取消', closeDialog)),
  );
  return new Promise((resolve) => {
    let answer: string | null = null;
    form.addEventListener('submit', () => {
      answer = read();
    });
    showDialog(title, form);
    // A dialog before this one tells of its end a moment later.
    const closed = () => {
      if (dialog.open) return;
      dialog.removeEventListener('close', closed);
      resolve(answer);
    };
    dialog.addEventListener('close', closed);
  });
}
