import { find } from './elements.ts';
import { button, make } from './dialog.ts';

/** The script's menu, and what its items show. */
export type Effect =
  | { kind: 'menu'; title: string; items: { label: string; handler: string }[] }
  | { kind: 'sidebar'; title: string; content: string }
  | { kind: 'toast'; title?: string; text: string };

export interface MenuParts {
  toast(text: string): void;
  /** Runs a menu item where the person is. */
  run(handler: string): Promise<Effect[]>;
}

export function showEffects(effects: Effect[], parts: MenuParts): void {
  for (const effect of effects) {
    if (effect.kind === 'toast') parts.toast(effect.title ? `${effect.title}：${effect.text}` : effect.text);
    if (effect.kind === 'sidebar') showSidebar(effect.title, effect.content);
    if (effect.kind === 'menu') showMenu(effect.title, effect.items, parts);
  }
}

function showSidebar(title: string, content: string) {
  const sidebar = find('#sidebar', HTMLElement);
  const heading = make('h2', { textContent: title, tabIndex: -1 });
  // Shows a script's HTML in a sandbox, as Google does; its links open pages of their own.
  const frame = make('iframe', {
    title,
    srcdoc: `<!doctype html><html lang="zh-Hant-TW"><head><title>${title.replaceAll('<', '&lt;')}</title><link rel="stylesheet" href="/assets/font.css"><style>body{font-family:"Noto Sans TC",sans-serif;line-height:1.6}</style></head><body>${content}</body></html>`,
  });
  frame.setAttribute('sandbox', 'allow-popups');
  const close = button('關閉', () => {
    sidebar.hidden = true;
  });
  sidebar.replaceChildren(heading, frame, close);
  sidebar.hidden = false;
  // Moves the focus there, since not everybody sees it come up.
  heading.focus();
}

function showMenu(title: string, items: { label: string; handler: string }[], parts: MenuParts) {
  const buttons = items.map(({ label, handler }) =>
    button(label, async () => showEffects(await parts.run(handler), parts)),
  );
  const menu = make(
    'details',
    { className: 'menu' },
    make('summary', { textContent: title }),
    make('div', {}, ...buttons),
  );
  document.querySelector('#menu')?.replaceChildren(menu);
}
