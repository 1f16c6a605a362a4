import { html, type Html } from '../../../contract/html.ts';
import type { NoticeKind } from './types.ts';
import { describeVariables, variablesOf } from './wording/variables.ts';

/** What an office may write in the words of a notice, for the page that shows the notice. */
export function variableList(kind: NoticeKind): Html {
  const rows = describeVariables(variablesOf(kind)).map(
    ({ write, title, say }) => html`<tr><td><code>${write}</code></td><td>${title}</td><td>${say}</td></tr>`,
  );
  return html`<details><summary>自訂這封信時可用的資料</summary><table>
<tr><th scope="col">寫法</th><th scope="col">是什麼</th><th scope="col">說明</th></tr>${rows}</table></details>`;
}
