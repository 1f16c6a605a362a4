import type { Express, Request, Response } from 'express';
import type { forms_v1 } from 'googleapis/build/src/apis/forms/v1.js';
import { type Answers, FormRefusal } from '../../forms/checks.ts';
import type { FormsService } from '../../forms/service.ts';
import { asProgram } from '../../people.ts';
import { html } from '../html.ts';
import { sendPage } from '../layout.ts';
import type { PagesParts } from '../parts.ts';
import { refuseEntry } from '../people.ts';
import { uploads } from './uploads.ts';
import { formPage } from './view.ts';

/** The forms as people see them, with Forms' own server-side checks. */
export function formPages(app: Express, { forms, mailbox, additions }: PagesParts): void {
  const added = additions?.form ?? {};
  app.get('/forms/d/e/:id/viewform', (request, response) => {
    const { id } = request.params;
    if (turnAway(forms, request, response)) return;
    const form = forms.shown(id);
    const editKey = typeof request.query.edit2 === 'string' ? request.query.edit2 : '';
    if (editKey && !forms.presentation(id).allowResponseEdits) {
      sendPage(response, {
        title: '無法修改回應',
        body: html`<h1>${form.info?.title}</h1><p class="card">您無法修改回應：表單擁有者沒有開放修改。</p>`,
      });
      return;
    }
    const earlier = editKey ? forms.reopen(id, editKey) : null;
    const refused =
      editKey && !earlier
        ? [{ questionId: null, sentence: '這個修改連結無效，請由收到的信件重新開啟。' }]
        : [];
    const query = new URL(request.url, 'http://localhost').searchParams;
    const filled = asProgram(() => added.fill?.(form, query) ?? null);
    const answers = filled ?? earlier?.answers ?? {};
    sendPage(response, formPage({ form, answers, refused, editKey: earlier ? editKey : '', added }));
  });
  app.get('/forms/d/e/:id/closedform', (request, response) => {
    const { id } = request.params;
    const title = forms.shown(id).info?.title ?? '';
    const message = forms.presentation(id).customClosedFormMessage || `表單「${title}」已不再接受回應。`;
    sendPage(response, { title, body: html`<h1>${title}</h1><p class="card pre">${message}</p>` });
  });
  app.post('/forms/d/e/:id/formResponse', (request, response) => {
    if (turnAway(forms, request, response)) return;
    const form = forms.shown(request.params.id);
    const { editKey, answers } = readPost(request, form);
    try {
      const { editUrl } = forms.submit(request.params.id, { answers, ...(editKey ? { editKey } : {}) });
      const { confirmationMessage, allowResponseEdits } = forms.presentation(request.params.id);
      sendPage(response, {
        title: '已收到您的回應',
        body: html`<h1>${form.info?.title}</h1><p class="notice pre" role="status">${confirmationMessage || '我們已經收到您回覆的表單。'}</p>
          <p class="bar">${allowResponseEdits && html`<a href="${editUrl}">修改您的回應</a>`} ${mailbox && html`<a href="/mailbox">看信箱（試用）</a>`} <a href="?">再填一份</a></p>`,
      });
    } catch (error) {
      if (!(error instanceof FormRefusal)) throw error;
      sendPage(response.status(400), formPage({ form, answers, refused: error.refusals, editKey, added }));
    }
  });
  uploads(app);
}

/** Whoever may not answer the form is told so, or sent where they can sign in. @returns whether that is so */
function turnAway(forms: FormsService, request: Request<{ id: string }>, response: Response): boolean {
  const { id } = request.params;
  const door = forms.door(id);
  if (door === 'open') return false;
  if (door === 'closed') response.redirect(302, `/forms/d/e/${id}/closedform`);
  else if (door === 'unpublished')
    sendPage(response.status(404), {
      title: '尚未發布',
      body: html`<h1>尚未發布</h1><p class="card">這份文件尚未發布。</p>`,
    });
  else refuseEntry(request, response);
  return true;
}

function readPost(request: Request, form: forms_v1.Schema$Form): { answers: Answers; editKey: string } {
  const body: Record<string, string | string[] | undefined> = request.body ?? {};
  const answers: Answers = {};
  for (const item of form.items ?? []) {
    const id = item.questionItem?.question?.questionId;
    const given = id ? body[`entry.${id}`] : undefined;
    if (id && given !== undefined && given !== '') answers[id] = given;
  }
  return { answers, editKey: typeof body.edit2 === 'string' ? body.edit2 : '' };
}
