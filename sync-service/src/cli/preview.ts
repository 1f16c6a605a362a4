import { writeFileSync } from 'node:fs';
import { createRenderer, readSample } from '../notices/render.ts';
import { caseNoticeSchema, NOTICE_KINDS, NOTICE_SCHEMAS } from '../notices/types.ts';
import { caseNoticeData } from '../sync/notice-data.ts';
import { underRulesOf } from '../sync/versions.ts';
import { type LedgerOptions, withLedger } from './ledger.ts';
import { UserError } from './user-error.ts';
import { html, Html } from '../../../contract/html.ts';

/** Kinds whose data are a case's. */
const CASE_KINDS = new Set(NOTICE_KINDS.filter((kind) => NOTICE_SCHEMAS[kind] === caseNoticeSchema));

async function caseData(number: string, options: LedgerOptions): Promise<object> {
  return withLedger(options, async (ledger) => {
    const found = await ledger.store.db
      .selectFrom('cases')
      .selectAll()
      .where('number', '=', number)
      .executeTakeFirst();
    if (!found) throw new UserError(`沒有案號 ${number}。 (No such case.)`);
    return caseNoticeData(underRulesOf(ledger, found), found, { reason: '（審核人員的說明會寫在這裡）' });
  });
}

/** `budeng preview`: every notice with its sample on one page, HTML beside text. */
export async function preview(options: LedgerOptions & { out: string; case?: string }): Promise<void> {
  const renderer = createRenderer();
  const real = options.case ? await caseData(options.case, options) : null;
  const sections = NOTICE_KINDS.map((kind) => {
    const notice = renderer.render(kind, real && CASE_KINDS.has(kind) ? real : readSample(kind));
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
