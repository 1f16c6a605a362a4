import { randomBytes } from 'node:crypto';
import type { Express, Request } from 'express';
import type { forms_v1 } from 'googleapis/build/src/apis/forms/v1.js';
import { type Html, html } from './html.ts';
import { type Answers, FormRefusal } from '../forms/checks.ts';
import type { FormsService } from '../forms/service.ts';
import { sendPage } from './layout.ts';
import { sampleAnswers } from './tour.ts';

const MAX_FILE = 10_000_000;
/** Questions that ask for a file offer one beside the link: the API cannot make real upload questions. */
const ASKS_FOR_FILE = /掃描檔|佐證資料/u;

interface Refused {
  questionId: string | null;
  sentence: string;
}

/** The forms as teachers see them, with Forms' own server-side checks. */
export function formPages(app: Express, forms: FormsService): void {
  const files = new Map<string, { name: string; type: string; content: Buffer }>();
  app.get('/forms/d/e/:id/viewform', (request, response) => {
    const form = forms.get(request.params.id);
    const editKey = typeof request.query.edit2 === 'string' ? request.query.edit2 : '';
    const earlier = editKey ? forms.reopen(request.params.id, editKey) : null;
    const refused =
      editKey && !earlier
        ? [{ questionId: null, sentence: '這個修改連結無效，請由收到的信件重新開啟。' }]
        : [];
    const fill = typeof request.query.fill === 'string' ? request.query.fill : '';
    const filled = fill ? sampleAnswers(forms, request.params.id, fill) : null;
    sendPage(response, formPage(form, filled ?? earlier?.answers ?? {}, refused, earlier ? editKey : ''));
  });
  app.post('/forms/d/e/:id/formResponse', (request, response) => {
    const form = forms.get(request.params.id);
    const { editKey, answers } = readPost(request, form);
    try {
      const { editUrl } = forms.submit(request.params.id, { answers, ...(editKey ? { editKey } : {}) });
      sendPage(response, {
        title: '已收到您的回應',
        body: html`<h1>${form.info?.title}</h1><p class="notice" role="status">已收到您的回應。案號與檢查結果會在幾分鐘內寄到您填的電子郵件地址；沒有收到，請先看垃圾郵件匣，或用下面的連結檢查地址有沒有填錯。</p>
          <p class="bar"><a href="${editUrl}">修改您的回應</a> <a href="/mailbox">看信箱（試用）</a> <a href="?">再填一份</a></p>`,
      });
    } catch (error) {
      if (!(error instanceof FormRefusal)) throw error;
      sendPage(response.status(400), formPage(form, answers, error.refusals, editKey));
    }
  });
  app.post('/files', (request, response) => {
    const { name, type, content } = request.body as { name?: string; type?: string; content?: string };
    const bytes = Buffer.from(content ?? '', 'base64');
    if (bytes.length === 0 || bytes.length > MAX_FILE) {
      response.status(400).json({ message: '檔案須小於 10 MB。' });
      return;
    }
    const id = randomBytes(18).toString('base64url');
    files.set(id, { name: name ?? 'file', type: type ?? '', content: bytes });
    response.json({ url: `${request.protocol}://${request.get('host')}/files/${id}` });
  });
  app.get('/files/:id', (request, response, next) => {
    const file = files.get(request.params.id);
    if (!file) return next();
    // Never shown in place: a teacher's file must not run as a page of ours.
    response.attachment(file.name).type('application/octet-stream').send(file.content);
  });
}

function readPost(request: Request, form: forms_v1.Schema$Form): { answers: Answers; editKey: string } {
  const body = (request.body ?? {}) as Record<string, string | string[] | undefined>;
  const answers: Answers = {};
  for (const item of form.items ?? []) {
    const id = item.questionItem?.question?.questionId;
    const given = id ? body[`entry.${id}`] : undefined;
    if (id && given !== undefined && given !== '') answers[id] = given;
  }
  return { answers, editKey: typeof body.edit2 === 'string' ? body.edit2 : '' };
}

function formPage(
  form: forms_v1.Schema$Form,
  answers: Answers,
  refused: readonly Refused[],
  editKey: string,
) {
  const title = form.info?.title ?? '表單';
  return {
    // A screen reader reads the title first.
    title: refused.length > 0 ? `尚未送出－${title}` : title,
    scripts: ['/assets/client/form.js'],
    body: html`<h1>${title}</h1>
      ${editKey && html`<p class="notice" role="status">您正在修改先前的回應，送出後案號不變。</p>`}
      ${refused.length > 0 && summary(refused)}
      ${hasSamples(form) && html`<p class="bar">試用：${fillLink('problems', '填入有錯的示範資料', editKey)} ${fillLink('right', '填入正確的示範資料', editKey)}</p>`}
      <p class="card pre">${form.info?.description}</p>
      <form method="post" action="/forms/d/e/${form.formId}/formResponse">
        ${editKey && html`<input type="hidden" name="edit2" value="${editKey}">`}
        ${(form.items ?? []).map((item) => question(item, answers, refused))}
        <p><button type="submit">送出</button></p>
      </form>`,
  };
}

/** Every problem, each with the way to its question; it has the focus when the page opens, so that it is read out. */
function summary(refused: readonly Refused[]): Html {
  return html`<div class="card error" role="alert" tabindex="-1" autofocus>
    <p>尚未送出，有 ${refused.length} 個地方要修正，其他填好的內容都還在：</p>
    <ul>${refused.map(({ questionId, sentence }) => html`<li>${questionId ? html`<a href="#q-${questionId}">${sentence}</a>` : sentence}</li>`)}</ul>
  </div>`;
}

/** The samples name a class of certificate. */
function hasSamples(form: forms_v1.Schema$Form): boolean {
  return form.items?.some((item) => item.title === '證書類別') ?? false;
}

function fillLink(key: string, label: string, editKey: string): Html {
  const query = new URLSearchParams({ ...(editKey ? { edit2: editKey } : {}), fill: key });
  return html`<a href="?${query.toString()}">${label}</a>`;
}

/** What a browser may fill in by itself. */
const AUTOCOMPLETE: Record<string, string> = { 電子郵件地址: 'email', 姓名: 'name' };

function question(item: forms_v1.Schema$Item, answers: Answers, refused: readonly Refused[]): Html {
  const asked = item.questionItem?.question;
  const id = asked?.questionId ?? '';
  const given = answers[id] ?? '';
  const error = refused.find((each) => each.questionId === id)?.sentence;
  const errorLine = error && html`<p class="error" id="e-${id}">${error}</p>`;
  const help = item.description && html`<p class="help" id="h-${id}">${item.description}</p>`;
  const notes = [item.description && `h-${id}`, error && `e-${id}`].filter(Boolean).join(' ');
  const described = html`${notes && html` aria-describedby="${notes}"`}${error && html` aria-invalid="true"`}`;
  const required = asked?.required && html`<span class="error"> 必填</span>`;
  const choice = asked?.choiceQuestion;
  if (choice) {
    const type = choice.type === 'CHECKBOX' ? 'checkbox' : 'radio';
    const picked = Array.isArray(given) ? given : [given];
    const options = (choice.options ?? []).map(
      ({ value }, index) =>
        html`<label><input type="${type}"${index === 0 && html` id="q-${id}"`} name="entry.${id}" value="${value}"${error && html` aria-invalid="true"`}${picked.includes(value ?? '') && html` checked`}> ${value}</label>`,
    );
    return html`<fieldset${notes && html` aria-describedby="${notes}"`}><legend>${item.title}${required}</legend>${help}${options}${errorLine}</fieldset>`;
  }
  const text = Array.isArray(given) ? given.join(', ') : given;
  const known = AUTOCOMPLETE[item.title ?? ''];
  const field = asked?.textQuestion?.paragraph
    ? html`<textarea id="q-${id}" name="entry.${id}" rows="4"${described}>${text}</textarea>`
    : html`<input type="text" id="q-${id}" name="entry.${id}" value="${text}"${known && html` autocomplete="${known}"`}${described}>`;
  // Without script the link is what can be given: the part that uploads shows itself by script.
  const file =
    ASKS_FOR_FILE.test(item.title ?? '') &&
    html`<p class="upload" hidden><label class="button quiet" for="f-${id}">選擇檔案</label><input class="unseen" type="file" id="f-${id}" data-target="q-${id}" accept="image/*,.pdf">
      <span role="status">可上傳圖片或 PDF，10 MB 以內；也可以直接貼上雲端硬碟的連結。</span></p>`;
  return html`<div class="card"><label for="q-${id}"><strong>${item.title}</strong>${required}</label>${help}${field}${file}${errorLine}</div>`;
}
