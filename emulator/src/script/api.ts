import type { Express, Request } from 'express';
import type { script_v1 } from 'googleapis/build/src/apis/script/v1.js';
import { messageOf } from '../caught.ts';
import { ApiError, notFound } from '../errors.ts';
import type { ScriptHost } from './host.ts';

const OFF =
  'User has not enabled the Apps Script API. Enable it by visiting https://script.google.com/home/usersettings then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.';
const TYPES = 'type.googleapis.com/google.apps.script.v1.';

/** A part of a path, which Express gives as a text or, of a wildcard, as a list. */
const part = (request: Request, name: string) => String(request.params[name]);

/** The Apps Script API, but for the methods that stand in docs/emulator.md: they answer 501 as all others do. */
export function addScriptApi(app: Express, host: ScriptHost): void {
  const { projects, deployments } = host;
  app.use(['/v1/projects', '/v1/scripts', '/v1/processes'], (_request, _response, next) => {
    if (!host.apiEnabled) throw new ApiError('PERMISSION_DENIED', OFF);
    next();
  });
  app.post('/v1/projects', (request, response) => void response.json(projects.create(request.body)));
  app.get('/v1/projects/:id', (request, response) => void response.json(projects.get(part(request, 'id'))));
  app.get('/v1/projects/:id/content', (request, response) => {
    const scriptId = part(request, 'id');
    const files = deployments.files(scriptId, Number(request.query.versionNumber ?? 0));
    response.json({ scriptId, files });
  });
  app.put('/v1/projects/:id/content', (request, response) => {
    response.json(projects.updateContent(part(request, 'id'), request.body));
  });
  const versions = '/v1/projects/:id/versions';
  app.post(versions, (request, response) => {
    response.json(deployments.createVersion(part(request, 'id'), request.body));
  });
  app.get(versions, (request, response) => {
    response.json(deployments.versions(part(request, 'id'), request.query));
  });
  app.get(`${versions}/:number`, (request, response) => {
    response.json(deployments.version(part(request, 'id'), Number(request.params.number)));
  });
  const deployed = '/v1/projects/:id/deployments';
  app.post(deployed, (request, response) => {
    response.json(deployments.createDeployment(part(request, 'id'), request.body));
  });
  app.get(deployed, (request, response) => {
    response.json(deployments.deployments(part(request, 'id'), request.query));
  });
  const one = `${deployed}/:deployment`;
  app.get(one, (request, response) => {
    response.json(deployments.deployment(part(request, 'id'), part(request, 'deployment')));
  });
  app.put(one, (request, response) => {
    const [scriptId, deploymentId] = [part(request, 'id'), part(request, 'deployment')];
    response.json(deployments.updateDeployment(scriptId, deploymentId, request.body));
  });
  app.delete(one, (request, response) => {
    response.json(deployments.deleteDeployment(part(request, 'id'), part(request, 'deployment')));
  });
  app.post('/v1/scripts/:call', async (request, response, next) => {
    const [id = '', verb] = part(request, 'call').split(':');
    if (verb !== 'run') return next();
    response.json(await runByApi(host, id, request.body));
  });
}

/**
 * scripts.run: what was saved last where `devMode` asks for it, else what is deployed as an API executable.
 * A script's own error is an answer, not a failure of the request.
 */
async function runByApi(
  host: ScriptHost,
  id: string,
  { function: handler = '', parameters = [], devMode }: script_v1.Schema$ExecutionRequest,
): Promise<script_v1.Schema$Operation> {
  const target = host.executable(id, devMode ?? false);
  if (!target) throw notFound();
  try {
    const result = await host.runFiles(target, handler ?? '', parameters ?? []);
    const answer = { '@type': `${TYPES}ExecutionResponse`, ...(result === null ? {} : { result }) };
    return { done: true, response: answer };
  } catch (error) {
    const name = error instanceof Error ? error.name : 'Error';
    const details = {
      '@type': `${TYPES}ExecutionError`,
      errorType: name === 'Exception' ? 'ScriptError' : name,
      errorMessage: name === 'ScriptError' ? messageOf(error) : `${name}: ${messageOf(error)}`,
    };
    return { done: true, error: { code: 3, message: 'ScriptError', details: [details] } };
  }
}
