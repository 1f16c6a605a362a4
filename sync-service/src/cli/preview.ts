import { writeFileSync } from 'node:fs';
import { createRenderer, readSample } from '../notices/render.ts';
import { NOTICE_KINDS } from '../notices/types.ts';
import { html, Html } from '../../../contract/html.ts';

/** `budeng preview`: every notice with its sample on one page, HTML beside text. */
export function preview(options: { out: string }): void {
  const renderer = createRenderer();
  const sections = NOTICE_KINDS.map((kind) => {
    const notice = renderer.render(kind, readSample(kind));
    return html`<section><h2 id="${kind}">${kind}</h2><p>主旨：${notice.subject}</p>
      <div class="pair"><iframe title="${kind} HTML" sandbox srcdoc="${notice.html}"></iframe><pre>${notice.text}</pre></div></section>`;
  });
  const links = NOTICE_KINDS.map((kind) => html`<li><a href="#${kind}">${kind}</a></li>`);
  const style = new Html(
    'body{font-family:sans-serif;margin:1rem}.pair{display:flex;gap:1rem;flex-wrap:wrap}iframe{width:640px;height:560px;border:1px solid #767676}pre{white-space:pre-wrap;max-width:38rem;border:1px solid #767676;padding:1rem;margin:0}',
  );
  const page = html`<!doctype html><html lang="zh-Hant-TW"><head><meta charset="utf-8"><title>通知預覽</title><style>${style}</style></head>
<body><h1>通知預覽（共 ${NOTICE_KINDS.length} 種）</h1><ul>${links}</ul>${sections}</body></html>`;
  writeFileSync(options.out, page.text);
  process.stdout.write(`已寫入 ${options.out}\n`);
}
