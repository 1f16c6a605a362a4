import type { Case } from '../ledger/schema.ts';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { contactFor } from '../cases/contacts.ts';
import { sentenceFor } from '../cases/codes.ts';
import { type State, STATES, TRANSITIONS, TRIGGERS } from '../cases/lifecycle.ts';
import { maskName } from '../cases/reading/name.ts';
import { queueNameInMails, stagesOf } from '../cases/routing.ts';
import { formatRocDate, formatRocDateTime, startOfDay, untilText } from '../cases/calendar/roc.ts';
import { withdraw } from '../casework/review/undo.ts';
import type { CaseContext } from '../casework/context.ts';
import { readRules } from '../reconciler/cycle-context.ts';
import type { WebContext } from './web-context.ts';
import { findLastEvent, listEvents } from '../ledger/repositories/events.ts';
import { findCaseByToken } from '../ledger/tracking-tokens.ts';
import { rulesOf } from '../casework/program-versions.ts';
import { addressOf, PATHS } from '../../../contract/paths.ts';
import { type Html, html } from '../../../contract/html.ts';
import { createLimiter, isUsedUp } from './limiter.ts';

const REQUESTS_A_MINUTE = 60;
/** Guessing is cut short much earlier than reading. */
const MISSES_A_MINUTE = 10;

const PLAIN: Record<State, string> = {
  'needs-correction': '您的填報需要補正，補正後才會繼續辦理。',
  'in-review': '資料齊全，正在審核。',
  'awaiting-dispatch': '審核通過，等待彙整函報。',
  dispatched: '已用公文函報，正在等候審核。',
  registered: '審核通過，證書已登錄，本案已辦理完成。',
  rejected: '審核結果為不予登錄，本案已結案。',
  answered: '您詢問的事項已經回覆，本案已結案。',
  'not-needed': '您的證書不需要補登，本案已結案。',
  duplicate: '這次填報與先前的案件是同一張證書，已併入先前案件。',
  withdrawn: '已依您的要求撤回，本案已結案。',
  expired: '逾期未補正，本案已結案。',
  late: '填報不在受理期間內，不予受理。',
};

/** Serves `/t/<token>`, which shows a teacher who holds the link where the case stands. GET never changes anything. */
export function trackingRouter(web: WebContext): express.Router {
  const router = express.Router();
  const refuse: RequestHandler = (_request, response) =>
    send(response.status(429), '請稍候再試', html`<h1>請稍候再試</h1><p>查詢次數過多，請一分鐘後再試。</p>`);
  const requests = createLimiter(web.clock, REQUESTS_A_MINUTE, refuse);
  const misses = createLimiter(web.clock, MISSES_A_MINUTE, refuse);
  router.use(PATHS.tracking.path, async (request, response, next) => {
    response.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow' });
    if (await isUsedUp(misses, MISSES_A_MINUTE, request)) return refuse(request, response, next);
    return requests(request, response, next);
  });
  const find = async (request: Request, response: Response) => {
    const found = await findCase(web, String(request.params.token));
    if (found) return { found, context: { ...web, ...(await readRules(web)) } };
    await misses(request, response, () =>
      send(
        response.status(404),
        '找不到案件',
        html`<h1>找不到案件</h1><p>連結不完整或已失效，請從通知信重新開啟。個人資料已刪除的案件不再提供查詢。</p>`,
      ),
    );
    return null;
  };
  router.get(`${PATHS.tracking.path}/:token`, async (request, response) => {
    const hit = await find(request, response);
    if (!hit) return;
    const { found, context } = hit;
    send(response, `案號 ${found.number}`, await page(context, found, String(request.params.token)));
  });
  router.post(
    `${PATHS.tracking.path}/:token/withdraw`,
    express.urlencoded({ extended: false, limit: '2kb' }),
    async (request, response) => {
      const hit = await find(request, response);
      if (!hit) return;
      const { found, context } = hit;
      const confirmed = (request.body as { confirm?: string } | undefined)?.confirm === 'yes';
      const taken = confirmed
        ? await withdraw(context, found, { actor: 'teacher', reason: '教師於查詢頁撤回' })
        : { refused: '請先勾選「我確定要撤回」。' };
      if ('state' in taken) response.redirect(303, addressOf('', 'tracking', String(request.params.token)));
      else
        send(
          response.status(409),
          '未撤回',
          html`<h1>未撤回</h1><p>${taken.refused}</p><p><a href="${addressOf('', 'tracking', String(request.params.token))}">回查詢頁</a></p>`,
        );
    },
  );
  return router;
}

async function findCase({ store }: Pick<WebContext, 'store'>, token: string): Promise<Case | null> {
  if (!/^[\w-]{43}$/u.test(token)) return null;
  return findCaseByToken(store.db, token);
}

async function page(context: CaseContext, found: Case, token: string): Promise<Html> {
  const program = rulesOf(context, found);
  const { state } = found;
  const form = program.forms.find((each) => each.key === found.form);
  const queue = program.queues.find((each) => each.key === found.queue);
  const contact = contactFor(program, queue?.contact ?? form?.contact);
  return html`<h1>案號 ${found.number}</h1>
    <p class="program">${program.title}</p>
    <p class="state" role="status"><strong>${STATES[state]}</strong>　${onlyTold(context, found) ?? PLAIN[state]}</p>
    ${nextStep(found, queueNameInMails(program, found.queue))}
    <h2>案件資料</h2>
    <dl>
      <dt>姓名</dt><dd>${found.facts.name ? maskName(found.facts.name) : '（未填）'}</dd>
      <dt>表單</dt><dd>${form?.title ?? ''}</dd>
      <dt>收件時間</dt><dd>${formatRocDateTime(found.received_at)}</dd>
      ${found.letter_number && html`<dt>函報文號</dt><dd>${formatRocDate(startOfDay(found.letter_date))} ${found.letter_number}</dd>`}
      ${found.duplicate_of && html`<dt>先前案件</dt><dd>${found.duplicate_of}</dd>`}
    </dl>
    ${await corrections(context, found)}
    <h2>辦理經過</h2>
    <ol>${await history(context, found)}</ol>
    ${TRANSITIONS.withdrawn.has(state) ? withdrawal(token) : ''}
    <h2>聯絡窗口</h2>
    <p>${contact.office}${contact.phone && html`，電話 <span class="phone">${contact.phone}</span>`}。來電請提供案號。</p>`;
}

/** A case that no desk had: its teacher was sent elsewhere, or it is kept on record, as its route says. */
function onlyTold({ program }: Pick<CaseContext, 'program'>, found: Case): string | null {
  if (found.state !== 'not-needed' || found.queue !== null) return null;
  const route = program.routes.find(({ key }) => key === found.route);
  const kind = route && stagesOf(program, route)[0]?.kind;
  return kind === 'redirect-only' || kind === 'record-only' ? route?.next || null : null;
}

interface Standing {
  /** Label of the queue. */
  queue: string;
  /** The deadline, as 至…止（含當日）. */
  due: string | null;
}

const inReview = ({ queue, due }: Standing) =>
  html`目前由${queue}審核${due ? `，處理期限${due}` : ''}。您不必做任何事，結果會以電子郵件通知。`;

/** What a teacher is to do, by the state of the case. */
const NEXT_STEP: Record<State, (standing: Standing) => Html | string> = {
  'needs-correction': ({ due }) =>
    due
      ? html`請補正，期限<strong>${due}</strong>；逾期未補正，本案將結案。`
      : '請補正下列事項；補正期限自補正通知寄出後起算，並寫在通知裡。',
  'in-review': inReview,
  'awaiting-dispatch': ({ queue }) =>
    html`接下來由${queue}彙整發文。您不必做任何事，發文後會以電子郵件通知。`,
  dispatched: inReview,
  registered: () => '您不必做任何事。',
  answered: () => '您不必做任何事；還有疑問請洽下方聯絡窗口。',
  'not-needed': () => '您不必做任何事；如與實際不符，請洽下方聯絡窗口。',
  duplicate: () => '您不必做任何事，請改看先前案件的通知信。',
  rejected: () => '如有疑義，請洽下方聯絡窗口。',
  withdrawn: () => '如要再辦理，請在受理期間內重新填報。',
  expired: () => '如仍要辦理，請洽下方聯絡窗口，或在受理期間內重新填報。',
  late: () => '如有疑義，請洽下方聯絡窗口。',
};

function nextStep(found: Case, queue: string): Html {
  const due = found.due_at ? untilText(found.due_at) : null;
  return html`<h2>接下來</h2><p id="next">${NEXT_STEP[found.state]({ queue, due })}</p>`;
}

async function corrections(context: CaseContext, found: Case): Promise<Html | ''> {
  if (found.state !== 'needs-correction') return '';
  const { id, revision } = found;
  const event = await findLastEvent(context.store.db, id, { trigger: 'returned', revision });
  return html`<h2>要補正的事項</h2>
    <ul>
      ${found.problems.map((code) => html`<li>${sentenceFor(code, rulesOf(context, found), found.form)}</li>`)}
      ${event?.reason && html`<li>${event.reason}</li>`}
    </ul>
    ${found.edit_url && html`<p><a class="button" href="${found.edit_url}">打開原填報並補正</a></p>`}`;
}

async function history({ store }: Pick<CaseContext, 'store'>, found: Case): Promise<Html[]> {
  const events = await listEvents(store.db, found.number);
  return events.map(
    (event) =>
      html`<li>${formatRocDateTime(event.at)}　${TRIGGERS[event.trigger]}（${STATES[event.to_state]}）</li>`,
  );
}

function withdrawal(token: string): Html {
  return html`<h2>撤回本案</h2>
    <form method="post" action="${addressOf('', 'tracking', `${token}/withdraw`)}">
      <p><label><input type="checkbox" name="confirm" value="yes" required> 我確定要撤回，了解撤回後本案即結案</label></p>
      <p><button type="submit">撤回</button></p>
    </form>`;
}

function send(response: Response, title: string, body: Html) {
  const document = html`<!doctype html>
<html lang="zh-Hant-TW">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title}</title><link rel="stylesheet" href="${PATHS.style.path}"></head>
<body><main>${body}</main></body>
</html>`;
  response.type('html').send(document.text);
}
