import type { Express, Request } from 'express';
import type { forms_v1 } from 'googleapis/build/src/apis/forms/v1.js';
import { type Answers, FormRefusal } from '../../forms/checks.ts';
import { html } from '../html.ts';
import { sendPage } from '../layout.ts';
import type { PagesParts } from '../parts.ts';
import { uploads } from './uploads.ts';
import { formPage } from './view.ts';

/** The forms as people see them, with Forms' own server-side checks. */
export function formPages(app: Express, { forms, mailbox, additions }: PagesParts): void {
  const added = additions?.form ?? {};
  app.get('/forms/d/e/:id/viewform', (request, response) => {
    const form = forms.get(request.params.id);
    const editKey = typeof request.query.edit2 === 'string' ? request.query.edit2 : '';
    const earlier = editKey ? forms.reopen(request.params.id, editKey) : null;
    const refused =
      editKey && !earlier
        ? [{ questionId: null, sentence: '這個修改連結無效，請由收到的信件重新開啟。' }]
        : [];
    const filled = added.fill?.(form, new URL(request.url, 'http://localhost').searchParams) ?? null;
    const answers = filled ?? earlier?.answers ?? {};
    sendPage(response, formPage({ form, answers, refused, editKey: earlier ? editKey : '', added }));
  });
  app.post('/forms/d/e/:id/formResponse', (request, response) => {
    const form = forms.get(request.params.id);
    const { editKey, answers } = readPost(request, form);
    try {
      const { editUrl } = forms.submit(request.params.id, { answers, ...(editKey ? { editKey } : {}) });
      sendPage(response, {
        title: '已收到您的回應',
        body: html`<h1>${form.info?.title}</h1><p class="notice" role="status">已收到您的回應。${added.confirmation}</p>
          <p class="bar"><a href="${editUrl}">修改您的回應</a> ${mailbox && html`<a href="/mailbox">看信箱（試用）</a>`} <a href="?">再填一份</a></p>`,
      });
    } catch (error) {
      if (!(error instanceof FormRefusal)) throw error;
      sendPage(response.status(400), formPage({ form, answers, refused: error.refusals, editKey, added }));
    }
  });
  uploads(app);
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
