import type { Request, Response } from 'express';
import { sitBefore } from '../http/sit-before.ts';
import { actingPerson } from '../people.ts';
import type { Emulator } from '../server.ts';
import { type Answers, FormRefusal } from './checks.ts';
import { describeResponse, listResponses } from './responses.ts';
import { FormsService } from './service.ts';

/** Forms v1 and the form's own endpoint, added to an emulator before its journal is replayed. */
export function formsPlugin(emulator: Emulator): FormsService {
  const { app, drive, journal, clock } = emulator;
  const forms = new FormsService({ drive, journal, clock, baseUrl: () => emulator.url });
  app.post('/v1/forms', (request, response) => {
    response.json(forms.create(request.body ?? {}, request.query.unpublished === 'false'));
  });
  app.get('/v1/forms/:id', (request, response) => void response.json(forms.get(request.params.id)));
  app.post('/v1/forms/:idAndVerb', (request, response, next) => {
    const [id = '', verb] = request.params.idAndVerb.split(':');
    if (verb === 'batchUpdate') response.json(forms.batchUpdate(id, request.body ?? {}));
    else if (verb === 'setPublishSettings') response.json(forms.setPublishSettings(id, request.body ?? {}));
    else next();
  });
  app.get('/v1/forms/:id/responses', (request, response) => {
    const { id } = request.params;
    response.json(
      listResponses(forms.get(id), forms.responses(id), request.query as Record<string, string | undefined>),
    );
  });
  app.get('/v1/forms/:id/responses/:responseId', (request, response) => {
    const { id, responseId } = request.params;
    response.json({ formId: id, ...describeResponse(forms.get(id), forms.response(id, responseId)) });
  });
  // Who answers a form is signed in to nothing, unless a token or the page's choice says who they are.
  app.use(
    '/forms/d/e/:id',
    sitBefore((request) => (request.get('authorization') ? (actingPerson() ?? null) : null)),
  );
  app.post('/forms/d/e/:id/formResponse', (request, response, next) => {
    if (!request.is('json')) return next();
    postJson(forms, request, response);
  });
  return forms;
}

function postJson(forms: FormsService, request: Request, response: Response) {
  const { answers, email, editKey }: { answers: Answers; email?: string; editKey?: string } = request.body;
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
