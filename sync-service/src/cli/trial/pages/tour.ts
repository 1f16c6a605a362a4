import type { Request } from 'express';
import { type Html, html } from 'google-on-this-machine';
import type { Step } from './tour-steps.ts';

/** Draws the tour's strip above the page while somebody is on the tour. */
export function tourStrip(request: Request, steps: readonly Step[]): Html | null {
  const at = Number(/(?:^|;\s*)tour=(\d+)/u.exec(request.get('cookie') ?? '')?.[1] ?? 0);
  const step = steps[at - 1];
  if (!step) return null;
  const next = steps[at];
  return html`<aside class="banner" aria-label="導覽">
    <h2>導覽 ${at}／${steps.length}　${step.role}：${step.title}</h2>
    <ol>${step.tasks.map((task) => html`<li>${task}</li>`)}</ol>
    <p class="bar"><a href="/tour/${at}">回到這一步的頁面</a>
      ${next && html`<a class="button" href="/tour/${at + 1}">做完了，下一步（${next.role}）：${next.title}</a>`}
      <a href="/tour/end">結束導覽</a></p>
  </aside>`;
}
