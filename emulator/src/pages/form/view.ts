import type { forms_v1 } from 'googleapis/build/src/apis/forms/v1.js';
import { type Answers, answerValues } from '../../forms/checks.ts';
import { type Html, html } from '../html.ts';
import type { FormAdditions } from '../parts.ts';

interface Refused {
  questionId: string | null;
  sentence: string;
}

interface FormView {
  form: forms_v1.Schema$Form;
  answers: Answers;
  refused: readonly Refused[];
  /** Of the response that is being edited; else empty. */
  editKey: string;
  added: FormAdditions;
}

/** A form with what was answered, and what of it was refused. */
export function formPage({ form, answers, refused, editKey, added }: FormView) {
  const link = (query: Record<string, string>) =>
    `?${new URLSearchParams({ ...(editKey ? { edit2: editKey } : {}), ...query })}`;
  const title = form.info?.title ?? '表單';
  return {
    // A screen reader reads the title first.
    title: refused.length > 0 ? `尚未送出－${title}` : title,
    scripts: ['/assets/client/form.js'],
    body: html`<h1>${title}</h1>
      ${editKey && html`<p class="notice" role="status">您正在修改先前的回應。</p>`}
      ${refused.length > 0 && summary(refused)}
      ${added.above?.(form, link)}
      <p class="card pre">${form.info?.description}</p>
      <form method="post" action="/forms/d/e/${form.formId}/formResponse">
        ${editKey && html`<input type="hidden" name="edit2" value="${editKey}">`}
        ${(form.items ?? []).map((item) => question(item, answers, refused, added))}
        <p><button type="submit">送出</button></p>
      </form>`,
  };
}

/** Lists every problem with a link to its question. It has the focus when the page opens, so that it is read out. */
function summary(refused: readonly Refused[]): Html {
  return html`<div class="card error" role="alert" tabindex="-1" autofocus>
    <p>尚未送出，有 ${refused.length} 個地方要修正，其他填好的內容都還在：</p>
    <ul>${refused.map(({ questionId, sentence }) => html`<li>${questionId ? html`<a href="#q-${questionId}">${sentence}</a>` : sentence}</li>`)}</ul>
  </div>`;
}

/** What a browser may fill in by itself. */
const AUTOCOMPLETE: readonly [title: RegExp, token: string][] = [
  [/^(?:電子郵件|e-?mail)/iu, 'email'],
  [/^(?:姓名|name)$/iu, 'name'],
];

/** What a browser offers first for the types of files that a question takes. */
const ACCEPT: Readonly<Record<string, string>> = {
  PDF: '.pdf',
  IMAGE: 'image/*',
  VIDEO: 'video/*',
  AUDIO: 'audio/*',
};

/** Is empty where any file is taken, or a type that no browser knows by one name. */
function accepted({ types }: forms_v1.Schema$FileUploadQuestion): string {
  const names = (types ?? []).map((type) => ACCEPT[type]);
  return names.every((name) => name !== undefined) ? names.join(',') : '';
}

function question(
  item: forms_v1.Schema$Item,
  answers: Answers,
  refused: readonly Refused[],
  added: FormAdditions,
): Html {
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
  const files = asked?.fileUploadQuestion;
  if (files) {
    const most = files.maxFiles ?? 1;
    const kept = answerValues(given).map(
      (value) => html`<input type="hidden" name="entry.${id}" value="${value}">`,
    );
    return html`<div class="card"><label for="q-${id}"><strong>${item.title}</strong></label>${required}${help}
      <p class="upload"><input type="file" id="q-${id}" data-entry="entry.${id}" data-most="${most}"${most > 1 && html` multiple`}${accepted(files) && html` accept="${accepted(files)}"`}${described}>${kept}
      <span role="status">${kept.length > 0 ? `已上傳 ${kept.length} 個檔案，另選會取代。` : `最多 ${most} 個檔案，各 10 MB 以內。`}</span></p>
      <noscript><p class="help">上傳檔案需要瀏覽器的 JavaScript。</p></noscript>${errorLine}</div>`;
  }
  const text = Array.isArray(given) ? given.join(', ') : given;
  const known = AUTOCOMPLETE.find(([title]) => title.test(item.title ?? ''))?.[1];
  const field = asked?.textQuestion?.paragraph
    ? html`<textarea id="q-${id}" name="entry.${id}" rows="4"${described}>${text}</textarea>`
    : html`<input type="text" id="q-${id}" name="entry.${id}" value="${text}"${known && html` autocomplete="${known}"`}${described}>`;
  // Without script the link is what can be given: the part that uploads shows itself by script.
  const file =
    added.asksForFile?.(item.title ?? '') &&
    html`<p class="upload" hidden><label class="button quiet" for="f-${id}">選擇檔案</label><input class="unseen" type="file" id="f-${id}" data-target="q-${id}" accept="image/*,.pdf">
      <span role="status">可上傳圖片或 PDF，10 MB 以內；也可以直接貼上雲端硬碟的連結。</span></p>`;
  return html`<div class="card"><label for="q-${id}"><strong>${item.title}</strong></label>${required}${help}${field}${file}${errorLine}</div>`;
}
