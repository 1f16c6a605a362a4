const FILE = 'kind,id,name,mimeType,driveId,teamDriveId';
const PERMISSION = 'kind,id,type,role';
const REVISION = 'kind,id,mimeType,modifiedTime';
const DRIVE = 'kind,id,name';

/** What Drive gives where a request names no fields, by method. */
export const DEFAULT_FIELDS: Record<string, string> = {
  'drive.files.create': FILE,
  'drive.files.copy': FILE,
  'drive.files.get': FILE,
  'drive.files.update': FILE,
  'drive.files.list': `kind,nextPageToken,incompleteSearch,files(${FILE})`,
  'drive.permissions.create': PERMISSION,
  'drive.permissions.get': PERMISSION,
  'drive.permissions.update': PERMISSION,
  'drive.permissions.list': `kind,nextPageToken,permissions(${PERMISSION})`,
  'drive.changes.list': `kind,nextPageToken,newStartPageToken,changes(kind,type,changeType,time,removed,fileId,file(${FILE}))`,
  'drive.revisions.get': REVISION,
  'drive.revisions.list': `kind,nextPageToken,revisions(${REVISION})`,
  'drive.drives.list': `kind,nextPageToken,drives(${DRIVE})`,
};
