import { writeFileSync } from 'node:fs';
import { createRenderer, type Renderer, readSample } from '../../notices/render.ts';
import {
  type CaseNoticeData,
  caseNoticeSchema,
  NOTICE_KINDS,
  NOTICE_LABELS,
  NOTICE_SCHEMAS,
  type NoticeKind,
} from '../../notices/types.ts';
import { variableList } from '../../notices/variable-list.ts';
import { caseNoticeData } from '../../casework/case-notice.ts';
import { underRulesOf } from '../../casework/program-versions.ts';
import { readWordings } from '../../casework/wording.ts';
import { type LedgerOptions, withLedger } from '../ledger.ts';
import { needCase } from './cases.ts';
import { html, Html } from '../../../../contract/html.ts';

/** Kinds whose data are a case's. */
const CASE_KINDS = new Set(NOTICE_KINDS.filter((kind) => NOTICE_SCHEMAS[kind] === caseNoticeSchema));

/** Opens a real case, and a renderer with the office's own words. */
async function readCase(
  number: string,
  original: Renderer,
  options: LedgerOptions,
): Promise<{ real: CaseNoticeData; renderer: Renderer }> {
  return withLedger(options, async (ledger) => {
    const found = await needCase(ledger.store, number);
    const renderer = original.withWordings(await readWordings(ledger.store, ledger.baseProgram));
    const real = caseNoticeData(underRulesOf(ledger, found), found, {
      reason: '（審核人員的說明會寫在這裡）',
    });
    return { real, renderer };
  });
}

/** A case may have no letter or deadline yet; the sample's stands in for what it has not come to. */
function dataFor(kind: NoticeKind, real: CaseNoticeData | null): object {
  const sample = readSample(kind);
  if (!real || !CASE_KINDS.has(kind)) return sample;
  const { letter, deadline, earlierCase, earlierDecision } = sample as CaseNoticeData;
  const known = Object.fromEntries(Object.entries(real).filter(([, value]) => value !== null));
  return { ...real, letter, deadline, earlierCase, earlierDecision, ...known };
}

/** `budeng preview` puts every notice with its sample on one page, HTML beside text. */
export async function preview(options: LedgerOptions & { out: string; case?: string }): Promise<void> {
  const original = createRenderer();
  const { real, renderer } = options.case
    ? await readCase(options.case, original, options)
    : { real: null, renderer: original };
  const sections = NOTICE_KINDS.map((kind) => {
    const notice = renderer.render(kind, dataFor(kind, real));
    return html`<section><h2 id="${kind}">${NOTICE_LABELS[kind]} <small>${kind}</small></h2><p>主旨：${notice.subject}</p>${notice.insteadOfOwn && html`<p>自訂的文字無法使用，這是系統原來的文字。${notice.insteadOfOwn}</p>`}
      <div class="pair"><iframe title="${NOTICE_LABELS[kind]} HTML" sandbox srcdoc="${notice.html}"></iframe><pre>${notice.text}</pre></div>${variableList(kind)}</section>`;
  });
  const links = NOTICE_KINDS.map((kind) => html`<li><a href="#${kind}">${NOTICE_LABELS[kind]}</a></li>`);
  const style = new Html(
    'body{font-family:sans-serif;margin:1rem}.pair{display:flex;gap:1rem;flex-wrap:wrap}iframe{width:640px;height:560px;border:1px solid #767676}pre{white-space:pre-wrap;max-width:38rem;border:1px solid #767676;padding:1rem;margin:0}',
  );
  const page = html`<!doctype html><html lang="zh-Hant-TW"><head><meta charset="utf-8"><title>通知預覽</title><style>${style}</style></head>
<body><h1>通知預覽（共 ${NOTICE_KINDS.length} 種）</h1><ul>${links}</ul>${sections}</body></html>`;
  writeFileSync(options.out, page.text);
  process.stdout.write(`已寫入 ${options.out}\n`);
}
