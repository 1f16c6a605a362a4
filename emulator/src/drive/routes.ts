import express from 'express';
import { unimplemented } from '../errors.ts';
import { applyFields, parseFields } from '../sheets/fields.ts';
import type { DriveService } from './service.ts';

const DEFAULT_FILE = 'kind,id,name,mimeType';

function fields(query: Record<string, unknown>): string | undefined {
  return typeof query.fields === 'string' ? query.fields : undefined;
}

/** Drive v3 over HTTP; without `fields` it gives the few that Google gives. */
export function driveRouter(drive: DriveService): express.Router {
  const router = express.Router();
  router.get('/drive/v3/files', (request, response) => {
    const q = typeof request.query.q === 'string' ? request.query.q : undefined;
    const mask = fields(request.query) ?? `kind,incompleteSearch,files(${DEFAULT_FILE})`;
    response.json(applyFields(drive.list(q), parseFields(mask)));
  });
  router.get('/drive/v3/files/:id', (request, response) => {
    response.json(
      applyFields(drive.get(request.params.id), parseFields(fields(request.query) ?? DEFAULT_FILE)),
    );
  });
  router.patch('/drive/v3/files/:id', (request, response) => {
    const changed = drive.update(request.params.id, request.body ?? {});
    response.json(applyFields(changed, parseFields(fields(request.query) ?? DEFAULT_FILE)));
  });
  router.delete('/drive/v3/files/:id', (request, response) => {
    drive.delete(request.params.id);
    response.status(204).end();
  });
  router.post('/drive/v3/files/:id/permissions', (request, response) => {
    response.json(drive.createPermission(request.params.id, request.body ?? {}));
  });
  router.get('/drive/v3/files/:id/permissions', (request, response) => {
    response.json({ kind: 'drive#permissionList', permissions: drive.get(request.params.id).permissions });
  });
  router.get('/drive/v3/changes/startPageToken', (_request, response) => {
    response.json(drive.startPageToken());
  });
  router.get('/drive/v3/changes', (request, response) => {
    const token = typeof request.query.pageToken === 'string' ? request.query.pageToken : undefined;
    response.json(applyFields(drive.changes(token), parseFields(fields(request.query))));
  });
  router.use(/^\/drive\/v3\/(files|changes|about|drives|channels|apps|operations)/, (request) => {
    throw unimplemented(`drive ${request.method} ${request.baseUrl}`);
  });
  return router;
}
