import { createHash } from 'node:crypto';
import type { drive_v3 } from 'googleapis/build/src/apis/drive/v3.js';
import { APIS, fieldsOf } from '../discovery/api.ts';
import { isSame } from '../people.ts';
import { type Role, suffices } from './access.ts';

export const FOLDER_TYPE = 'application/vnd.google-apps.folder';
/** The folder that a file lies in where none is named. */
export const ROOT_ID = '0AEmulatorMyDrivePVA';

/** One file as it is kept and journaled. Older journals hold fewer fields. */
export interface DriveFile {
  id: string;
  name: string;
  mimeType: string;
  createdTime: string;
  modifiedTime: string;
  version: number;
  trashed: boolean;
  permissions: drive_v3.Schema$Permission[];
  parents?: string[];
  trashedTime?: string;
  /** The OAuth client that made it, where its token said which. */
  madeBy?: string;
  /** What a client writes and Drive only keeps. */
  kept?: Partial<Pick<drive_v3.Schema$File, (typeof KEPT)[number]>>;
}

/** Fields of the body that Drive keeps as they are given. */
export const KEPT = [
  'description',
  'starred',
  'properties',
  'appProperties',
  'folderColorRgb',
  'originalFilename',
  'writersCanShare',
  'copyRequiresWriterPermission',
  'viewedByMeTime',
  'contentHints',
  'contentRestrictions',
] as const;

/** Stable by the address, as Google's are. */
export function permissionIdOf(address: string): string {
  const hash = createHash('sha256').update(address.toLowerCase()).digest();
  return (hash.readBigUInt64BE(0) % 10n ** 20n).toString().padStart(20, '0');
}

/** A Google account, as Drive tells of it. */
export class Account {
  readonly emailAddress: string;
  readonly displayName: string;

  constructor(emailAddress: string) {
    this.emailAddress = emailAddress;
    this.displayName = emailAddress.split('@')[0] ?? '';
  }

  is(address: string | null | undefined): boolean {
    return isSame(this.emailAddress, address);
  }

  user(): drive_v3.Schema$User {
    const { emailAddress, displayName } = this;
    return {
      kind: 'drive#user',
      displayName,
      me: true,
      permissionId: permissionIdOf(emailAddress),
      emailAddress,
    };
  }

  ownerPermission(): drive_v3.Schema$Permission {
    const { emailAddress, displayName } = this;
    return { id: permissionIdOf(emailAddress), type: 'user', role: 'owner', emailAddress, displayName };
  }
}

/** Where people open a file: at Google, as the API writes it, though here nobody can. */
function linkTo({ id, mimeType }: DriveFile): string {
  if (mimeType === FOLDER_TYPE) return `https://drive.google.com/drive/folders/${id}`;
  const kind = mimeType.replace('application/vnd.google-apps.', '');
  if (kind === mimeType) return `https://drive.google.com/file/d/${id}/view?usp=drivesdk`;
  const page = kind === 'form' ? 'forms' : 'spreadsheets';
  return kind === 'script'
    ? `https://script.google.com/d/${id}/edit?usp=drive_web`
    : `https://docs.google.com/${page}/d/${id}/edit?usp=drivesdk`;
}

function exportLinks({ id }: DriveFile, types: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    types.map((type) => [
      type,
      `https://docs.google.com/spreadsheets/export?id=${id}&exportFormat=${EXTENSIONS[type] ?? 'zip'}`,
    ]),
  );
}

/** By which a download is asked for. */
export const EXTENSIONS: Record<string, string> = {
  'text/csv': 'csv',
  'text/tab-separated-values': 'tsv',
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'application/vnd.oasis.opendocument.spreadsheet': 'ods',
  'application/x-vnd.oasis.opendocument.spreadsheet': 'ods',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
};

export const isDocument = (mimeType: string) =>
  mimeType.startsWith('application/vnd.google-apps.') && mimeType !== FOLDER_TYPE;

/** Gives the whole resource; a request's `fields`, or Drive's defaults, cut it down later. */
export function describeFile(
  file: DriveFile,
  seen: {
    account: Account;
    role: Role;
    permissions: readonly drive_v3.Schema$Permission[];
    trashed: boolean;
    exports: readonly string[];
    isAppAuthorized: boolean;
  },
): drive_v3.Schema$File {
  const { id, name, mimeType, createdTime, modifiedTime, kept = {} } = file;
  const { account } = seen;
  const mine = file.permissions.some(
    ({ role, emailAddress }) => role === 'owner' && account.is(emailAddress),
  );
  const owner = file.permissions.find(({ role }) => role === 'owner');
  const isFolder = mimeType === FOLDER_TYPE;
  const size = isFolder ? '0' : isDocument(mimeType) ? '1024' : '0';
  return {
    kind: 'drive#file',
    id,
    name,
    mimeType,
    starred: false,
    trashed: seen.trashed,
    explicitlyTrashed: file.trashed,
    ...(file.trashedTime ? { trashedTime: file.trashedTime } : {}),
    parents: file.parents ?? [ROOT_ID],
    spaces: ['drive'],
    version: String(file.version),
    webViewLink: linkTo(file),
    iconLink: `https://drive-thirdparty.googleusercontent.com/16/type/${mimeType}`,
    hasThumbnail: false,
    thumbnailVersion: '0',
    viewedByMe: true,
    viewedByMeTime: modifiedTime,
    createdTime,
    modifiedTime,
    modifiedByMe: true,
    modifiedByMeTime: modifiedTime,
    owners: [mine || !owner ? account.user() : userOf(owner)],
    lastModifyingUser: account.user(),
    shared: file.permissions.filter(({ view }) => !view).length > 1,
    ownedByMe: mine,
    capabilities: capabilities(isFolder, seen.role),
    viewersCanCopyContent: !kept.copyRequiresWriterPermission,
    copyRequiresWriterPermission: false,
    writersCanShare: true,
    ...(suffices(seen.role, 'writer') ? describeSharing(seen.permissions) : {}),
    ...(isFolder ? { folderColorRgb: '#8f8f8f' } : { size }),
    quotaBytesUsed: size,
    isAppAuthorized: seen.isAppAuthorized,
    ...(seen.exports.length > 0 ? { exportLinks: exportLinks(file, seen.exports) } : {}),
    linkShareMetadata: { securityUpdateEligible: false, securityUpdateEnabled: true },
    inheritedPermissionsDisabled: false,
    ...(isFolder || isDocument(mimeType) ? {} : describeContent(name)),
    ...kept,
  };
}

function describeContent(name: string): drive_v3.Schema$File {
  return {
    originalFilename: name,
    fullFileExtension: extensionOf(name),
    fileExtension: extensionOf(name),
    md5Checksum: createHash('md5').update('').digest('hex'),
    headRevisionId: '1',
  };
}

function describeSharing(permissions: readonly drive_v3.Schema$Permission[]): drive_v3.Schema$File {
  return {
    permissions: permissions.map(describePermission),
    permissionIds: permissions.flatMap(({ id }) => id ?? []),
  };
}

function extensionOf(name: string): string {
  return /\.([^.]+)$/u.exec(name)?.[1] ?? '';
}

function userOf({ emailAddress, id }: drive_v3.Schema$Permission): drive_v3.Schema$User {
  return {
    kind: 'drive#user',
    displayName: emailAddress?.split('@')[0] ?? '',
    me: false,
    permissionId: id ?? '',
    emailAddress: emailAddress ?? '',
  };
}

/** What who reads, edits and owns may do, with any file, with a folder only, and with a file only; else false. */
const MAY = {
  reader: 'canCopy canDownload',
  any: 'canChangeCopyRequiresWriterPermission canComment canDownload canEdit canModifyContent canRemoveMyDriveParent canRename canShare canMoveItemWithinDrive',
  owner: 'canDelete canTrash canUntrash canMoveItemIntoTeamDrive canMoveItemOutOfDrive',
  folder:
    'canAddChildren canListChildren canRemoveChildren canMoveChildrenWithinDrive canDisableInheritedPermissions',
  file: 'canChangeViewersCanCopyContent canCopy canReadRevisions canModifyContentRestriction canModifyEditorContentRestriction canModifyOwnerContentRestriction',
};
/** Said of items in shared drives alone. */
const SHARED_DRIVES_ONLY =
  /^can(?:.*Drive(?:Id|Members)?|DeleteChildren|TrashChildren|AddFolderFromAnotherDrive|MoveTeamDriveItem|ReadTeamDrive|MoveChildrenOutOf.*|MoveChildrenWithinTeamDrive|MoveItemOutOfTeamDrive|MoveItemWithinTeamDrive)$/u;

function capabilities(isFolder: boolean, role: Role): drive_v3.Schema$File['capabilities'] {
  const edits = [MAY.any, role === 'owner' ? MAY.owner : '', isFolder ? MAY.folder : MAY.file];
  const names = suffices(role, 'writer') ? edits : [isFolder ? 'canListChildren' : '', MAY.reader];
  const may = new Set(names.flatMap((each) => each.split(' ')));
  const known = Object.keys(fieldsOf('drive', APIS.drive.schemas.File?.capabilities ?? 'any') ?? {});
  return Object.fromEntries(
    known
      .filter((name) => may.has(name) || !SHARED_DRIVES_ONLY.test(name))
      .map((name) => [name, may.has(name)]),
  );
}

export function describePermission(permission: drive_v3.Schema$Permission): drive_v3.Schema$Permission {
  const { type } = permission;
  const isPerson = type === 'user' || type === 'group';
  return {
    kind: 'drive#permission',
    ...(isPerson
      ? { displayName: permission.emailAddress?.split('@')[0] ?? '', deleted: false }
      : { allowFileDiscovery: false }),
    ...(type === 'user' ? { pendingOwner: false } : {}),
    ...(type === 'domain' ? { displayName: permission.domain ?? '' } : {}),
    ...permission,
  };
}
