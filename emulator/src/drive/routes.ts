import express, { type Request } from 'express';
import { unimplemented } from '../errors.ts';
import { PUBLISHED } from './access.ts';
import { DriveError, invalidValue } from './error.ts';
import { EXTENSIONS } from './file.ts';
import { readPage, readSize, required } from './page.ts';
import { type DriveService, newId } from './service.ts';

const BOUNDS = { most: 1000, usual: 100 };

function text(request: Request, name: string): string | undefined {
  const value = request.query[name];
  return typeof value === 'string' ? value : undefined;
}

/** Python writes `True`. */
function flag(request: Request, name: string, usual: boolean): boolean {
  const value = text(request, name);
  return value === undefined ? usual : value.toLowerCase() === 'true';
}

const sharing = (request: Request) => ({
  transfer: flag(request, 'transferOwnership', false),
  notify: flag(request, 'sendNotificationEmail', true),
});

/** Google knows one view whose permissions can be listed. */
function viewIn(request: Request): string | undefined {
  const view = text(request, 'includePermissionsForView');
  if (view !== undefined && view !== PUBLISHED) throw invalidValue('includePermissionsForView');
  return view;
}

const paging = (request: Request) => ({
  pageSize: text(request, 'pageSize'),
  pageToken: text(request, 'pageToken'),
});

/** Serves Drive v3 over HTTP. It answers with whole resources; the front end cuts them down to the fields asked for. */
export function driveRouter(drive: DriveService): express.Router {
  const router = express.Router();
  aboutRoutes(router, drive);
  fileRoutes(router, drive);
  commentRoutes(router, drive);
  permissionRoutes(router, drive);
  changeRoutes(router, drive);
  return router;
}

function aboutRoutes(router: express.Router, drive: DriveService) {
  router.get('/drive/v3/about', (request, response) => {
    required(text(request, 'fields'), 'fields', "The 'fields' parameter is required for this method.");
    response.json({
      kind: 'drive#about',
      user: drive.me().user(),
      storageQuota: { limit: '16106127360', usage: '0', usageInDrive: '0', usageInDriveTrash: '0' },
      importFormats: {},
      exportFormats: { 'application/vnd.google-apps.spreadsheet': ['text/csv', 'text/tab-separated-values'] },
      maxImportSizes: {},
      maxUploadSize: '5242880000000',
      appInstalled: false,
      folderColorPalette: [],
      driveThemes: [],
      canCreateDrives: false,
      canCreateTeamDrives: false,
      teamDriveThemes: [],
    });
  });
  // This Drive has no shared drives.
  router.get('/drive/v3/drives', (_request, response) => {
    response.json({ kind: 'drive#driveList', drives: [] });
  });
  router.get('/drive/v3/drives/:id', (request) => {
    throw new DriveError('NOT_FOUND', 'notFound', `Shared drive not found: ${request.params.id}`, {
      parameter: 'driveId',
    });
  });
}

function fileRoutes(router: express.Router, drive: DriveService) {
  router.get('/drive/v3/files', (request, response) => {
    checkCorpora(request);
    response.json(
      drive.list({
        q: text(request, 'q'),
        orderBy: text(request, 'orderBy'),
        view: viewIn(request),
        ...paging(request),
      }),
    );
  });
  router.post('/drive/v3/files', (request, response) => {
    response.json(drive.create(request.body));
  });
  router.get('/drive/v3/files/generateIds', (request, response) => {
    const count = readSize(text(request, 'count'), { most: 1000, usual: 10 });
    const ids = Array.from({ length: count }, newId);
    response.json({ kind: 'drive#generatedIds', space: text(request, 'space') ?? 'drive', ids });
  });
  router.delete('/drive/v3/files/trash', (_request, response) => {
    drive.emptyTrash();
    response.status(204).end();
  });
  router.get('/drive/v3/files/:id', (request, response) => {
    const file = drive.get(request.params.id, viewIn(request));
    if (text(request, 'alt') !== 'media') return void response.json(file);
    if (file.mimeType?.startsWith('application/vnd.google-apps.'))
      throw new DriveError(
        'PERMISSION_DENIED',
        'fileNotDownloadable',
        'Only files with binary content can be downloaded. Use Export with Docs Editors files.',
        { parameter: 'alt' },
      );
    response.type(file.mimeType ?? 'application/octet-stream').end();
  });
  router.patch('/drive/v3/files/:id', (request, response) => {
    const moves = { addParents: text(request, 'addParents'), removeParents: text(request, 'removeParents') };
    response.json(drive.update(request.params.id, request.body, moves));
  });
  router.delete('/drive/v3/files/:id', (request, response) => {
    drive.delete(request.params.id);
    response.status(204).end();
  });
  router.post('/drive/v3/files/:id/copy', (request, response) => {
    response.json(drive.copy(request.params.id, request.body));
  });
  router.get('/drive/v3/files/:id/export', (request, response) => {
    const mimeType = required(text(request, 'mimeType'), 'mimeType');
    response.set('Content-Type', mimeType).end(drive.export(request.params.id, mimeType));
  });
  // The address that a browser downloads from, and clients without Drive's scope use.
  router.get('/spreadsheets/d/:id/export', (request, response) => {
    const format = text(request, 'format') ?? 'xlsx';
    const mimeType = Object.keys(EXTENSIONS).find((type) => EXTENSIONS[type] === format);
    if (!mimeType) throw invalidValue('format');
    const gid = text(request, 'gid');
    response
      .set('Content-Type', mimeType)
      .end(drive.export(request.params.id, mimeType, gid === undefined ? undefined : Number(gid)));
  });
}

/** Where a list looks. Without shared drives every corpus but theirs is the person's own. */
function checkCorpora(request: Request) {
  const corpora = text(request, 'corpora') ?? text(request, 'corpus') ?? 'user';
  if (!['user', 'domain', 'drive', 'allDrives', 'default'].includes(corpora)) throw invalidValue('corpora');
  if (corpora === 'drive')
    required(
      text(request, 'driveId'),
      'driveId',
      "The driveId must be specified when corpora is set to 'drive'.",
    );
  const driveId = text(request, 'driveId');
  if (driveId)
    throw new DriveError('NOT_FOUND', 'notFound', `Shared drive not found: ${driveId}`, {
      parameter: 'driveId',
    });
  const spaces = (text(request, 'spaces') ?? 'drive').split(',');
  if (spaces.some((space) => space !== 'drive' && space !== 'appDataFolder')) throw invalidValue('spaces');
  if (spaces.includes('appDataFolder')) throw unimplemented('drive.files.list of appDataFolder');
}

/** A file has no comments here, since none can be written. */
function commentRoutes(router: express.Router, drive: DriveService) {
  router.get('/drive/v3/files/:id/comments', (request, response) => {
    required(text(request, 'fields'), 'fields', "The 'fields' parameter is required for this method.");
    drive.get(request.params.id);
    response.json({ kind: 'drive#commentList', comments: [] });
  });
}

function permissionRoutes(router: express.Router, drive: DriveService) {
  const path = '/drive/v3/files/:id/permissions';
  router.post(path, (request, response) => {
    response.json(drive.createPermission(request.params.id, request.body, sharing(request)));
  });
  router.get(path, (request, response) => {
    const all = drive.permissions(request.params.id, viewIn(request));
    // Only a page that is asked for is cut: files outside of shared drives give all.
    const { items, next } = readPage(all, paging(request), { most: 100, usual: Math.max(1, all.length) });
    response.json({
      kind: 'drive#permissionList',
      ...(next ? { nextPageToken: next } : {}),
      permissions: items,
    });
  });
  router.get(`${path}/:permissionId`, (request, response) => {
    response.json(drive.permission(request.params.id, request.params.permissionId));
  });
  router.patch(`${path}/:permissionId`, (request, response) => {
    const { id, permissionId } = request.params;
    response.json(drive.updatePermission(id, permissionId, request.body, sharing(request)));
  });
  router.delete(`${path}/:permissionId`, (request, response) => {
    drive.deletePermission(request.params.id, request.params.permissionId);
    response.status(204).end();
  });
}

function changeRoutes(router: express.Router, drive: DriveService) {
  router.get('/drive/v3/changes/startPageToken', (_request, response) => {
    response.json(drive.startPageToken());
  });
  router.get('/drive/v3/changes', (request, response) => {
    const token = required(text(request, 'pageToken'), 'pageToken');
    response.json(drive.changes(token, readSize(text(request, 'pageSize'), BOUNDS)));
  });
  // Of a document's revisions only the current one is kept.
  const revision = ({
    version,
    mimeType,
    modifiedTime,
    lastModifyingUser,
  }: ReturnType<DriveService['get']>) => ({
    kind: 'drive#revision',
    id: version,
    mimeType,
    modifiedTime,
    published: false,
    lastModifyingUser,
  });
  router.get('/drive/v3/files/:id/revisions', (request, response) => {
    const { items } = readPage([revision(drive.get(request.params.id))], paging(request), BOUNDS);
    response.json({ kind: 'drive#revisionList', revisions: items });
  });
  router.get('/drive/v3/files/:id/revisions/:revisionId', (request, response) => {
    const found = revision(drive.get(request.params.id));
    const { revisionId } = request.params;
    if (revisionId !== found.id && revisionId !== 'head')
      throw new DriveError('NOT_FOUND', 'notFound', `Revision not found: ${revisionId}.`, {
        parameter: 'revisionId',
      });
    response.json(found);
  });
}
