import express, { type Express, type Request, type Response } from 'express';
import { messageOf } from '../caught.ts';
import { html } from '../pages/html.ts';
import type { ScriptHost } from './host.ts';
import type { WebRequest } from './protocol.ts';

const MISSING = 'Sorry, unable to open the file at this time.';

/**
 * Serves web apps of the deployments: `doGet` and `doPost`, answered at once where Google leads to a host of its own
 * first.
 */
export function addWebApps(app: Express, host: ScriptHost): void {
  const serve = async (request: Request, response: Response) => {
    const found = host.deployments.find(String(request.params.id));
    if (!found?.manifest.webapp) return void response.status(404).type('html').send(page(MISSING));
    const handler = request.method === 'POST' ? 'doPost' : 'doGet';
    try {
      const answer = await host.runWeb(found, handler, webRequest(request));
      if ('html' in answer) response.type('html').send(answer.html);
      else response.type(answer.mimeType).send(answer.text);
    } catch (error) {
      // Google shows a script's error with a status of success.
      response.type('html').send(page(messageOf(error)));
    }
  };
  const body = express.text({ type: () => true, limit: '20mb' });
  for (const mode of ['exec', 'dev']) {
    app.get(`/macros/s/:id/${mode}`, serve);
    app.post(`/macros/s/:id/${mode}`, body, serve);
  }
}

function page(text: string): string {
  return html`<!doctype html><html><head><title>Error</title></head><body><div>${text}</div></body></html>`
    .text;
}

function webRequest(request: Request): WebRequest {
  const queryString = request.originalUrl.split('?')[1] ?? '';
  const contents = typeof request.body === 'string' ? request.body : '';
  const type = (request.get('content-type') ?? '').split(';')[0] ?? '';
  const isForm = type === 'application/x-www-form-urlencoded';
  const given = [...new URLSearchParams(queryString), ...(isForm ? new URLSearchParams(contents) : [])];
  const parameters: Record<string, string[]> = {};
  for (const [name, value] of given) parameters[name] = [...(parameters[name] ?? []), value];
  const length = Buffer.byteLength(contents);
  return {
    queryString,
    contextPath: '',
    parameter: Object.fromEntries(Object.entries(parameters).map(([name, [first = '']]) => [name, first])),
    parameters,
    contentLength: request.method === 'POST' ? length : -1,
    ...(request.method === 'POST' ? { postData: { length, type, contents, name: 'postData' } } : {}),
  };
}
