/** The script's menu, and what its items show. */
export type Effect =
  | { kind: 'menu'; title: string; items: { label: string; handler: string }[] }
  | { kind: 'sidebar'; title: string; content: string }
  | { kind: 'toast'; text: string };

export interface MenuParts {
  toast(text: string): void;
  /** Runs a menu item where the person is. */
  run(handler: string): Promise<Effect[]>;
}

export function showEffects(effects: Effect[], parts: MenuParts): void {
  for (const effect of effects) {
    if (effect.kind === 'toast') parts.toast(effect.text);
    if (effect.kind === 'sidebar') showSidebar(effect.title, effect.content);
    if (effect.kind === 'menu') showMenu(effect.title, effect.items, parts);
  }
}

function showSidebar(title: string, content: string) {
  const sidebar = document.querySelector<HTMLElement>('#sidebar') as HTMLElement;
  const heading = Object.assign(document.createElement('h2'), { textContent: title });
  // Sandboxed, as Google shows a script's HTML.
  const frame = Object.assign(document.createElement('iframe'), {
    title,
    srcdoc: `<!doctype html><html lang="zh-Hant-TW"><head><title>${title.replaceAll('<', '&lt;')}</title><link rel="stylesheet" href="/assets/font.css"><style>body{font-family:"Noto Sans TC",sans-serif;line-height:1.6}</style></head><body>${content}</body></html>`,
  });
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

function showMenu(title: string, items: { label: string; handler: string }[], parts: MenuParts) {
  const details = document.createElement('details');
  details.append(Object.assign(document.createElement('summary'), { textContent: title }));
  for (const item of items) {
    const button = Object.assign(document.createElement('button'), {
      textContent: item.label,
      className: 'quiet',
      type: 'button',
    });
    button.addEventListener('click', async () => showEffects(await parts.run(item.handler), parts));
    details.append(button);
  }
  document.querySelector('#menu')?.replaceChildren(details);
}
