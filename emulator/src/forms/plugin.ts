import type { forms_v1 } from 'googleapis/build/src/apis/forms/v1.js';
import type { Request, Response } from 'express';
import { invalid, unimplemented } from '../errors.ts';
import type { Emulator } from '../server.ts';
import { type Answers, answerValues, FormRefusal } from './checks.ts';
import { type FormResponse, FormsService } from './service.ts';

/** Forms v1 and the form's own endpoint, added to an emulator before its journal is replayed. */
export function formsPlugin(emulator: Emulator): FormsService {
  const { app, drive, journal, clock } = emulator;
  const forms = new FormsService({ drive, journal, clock, baseUrl: () => emulator.url });
  app.post('/v1/forms', (request, response) => void response.json(forms.create(request.body ?? {})));
  app.get('/v1/forms/:id', (request, response) => void response.json(forms.get(request.params.id)));
  app.post('/v1/forms/:idAndVerb', (request, response, next) => {
    const [id = '', verb] = request.params.idAndVerb.split(':');
    if (verb === 'batchUpdate') response.json(forms.batchUpdate(id, request.body ?? {}));
    else if (verb === 'setPublishSettings') response.json(forms.setPublishSettings(id, request.body ?? {}));
    else next();
  });
  app.get('/v1/forms/:id/responses', (request, response) => void response.json(list(forms, request)));
  app.get('/v1/forms/:id/responses/:responseId', (request, response) => {
    const { id, responseId } = request.params;
    response.json(describeResponse(forms.get(id), forms.response(id, responseId)));
  });
  app.use('/v1/forms/:id/watches', () => {
    throw unimplemented('forms.watches');
  });
  app.post('/forms/d/e/:id/formResponse', (request, response, next) => {
    if (!request.is('json')) return next();
    postJson(forms, request, response);
  });
  return forms;
}

function postJson(forms: FormsService, request: Request, response: Response) {
  const { answers, email, editKey } = request.body as { answers: Answers; email?: string; editKey?: string };
  try {
    const id = String(request.params.id);
    response.json(
      forms.submit(id, {
        answers: answers ?? {},
        ...(email ? { email } : {}),
        ...(editKey ? { editKey } : {}),
      }),
    );
  } catch (error) {
    if (!(error instanceof FormRefusal)) throw error;
    response.status(400).json({ refusals: error.refusals });
  }
}

function list(forms: FormsService, request: Request): forms_v1.Schema$ListFormResponsesResponse {
  const { filter, pageSize, pageToken } = request.query as Record<string, string | undefined>;
  const id = String(request.params.id);
  const match = filter ? /^timestamp\s*(>=|>)\s*(\S+)$/.exec(filter.trim()) : null;
  if (filter && !match) throw invalid('Invalid filter.');
  const since = match?.[2] ? new Date(match[2]).getTime() : Number.NEGATIVE_INFINITY;
  const all = forms.responses(id).filter((each) => {
    const time = new Date(each.lastSubmittedTime).getTime();
    return match?.[1] === '>' ? time > since : time >= since;
  });
  const from = Number(pageToken ?? 0);
  const size = Math.min(Number(pageSize ?? 5000), 5000);
  const page = all.slice(from, from + size);
  return {
    ...(page.length > 0 ? { responses: page.map((each) => describeResponse(forms.get(id), each)) } : {}),
    ...(from + size < all.length ? { nextPageToken: String(from + size) } : {}),
  };
}

function describeResponse(form: forms_v1.Schema$Form, response: FormResponse): forms_v1.Schema$FormResponse {
  const known = new Set(form.items?.map((item) => item.questionItem?.question?.questionId));
  const answers = Object.entries(response.answers).flatMap(([questionId, answer]) => {
    const values = answerValues(answer);
    // An unanswered question is absent, as Google leaves it out.
    if (values.length === 0 || !known.has(questionId)) return [];
    return [[questionId, { questionId, textAnswers: { answers: values.map((value) => ({ value })) } }]];
  });
  return {
    responseId: response.responseId,
    createTime: response.createTime,
    lastSubmittedTime: response.lastSubmittedTime,
    ...(response.email ? { respondentEmail: response.email } : {}),
    answers: Object.fromEntries(answers),
  };
}
