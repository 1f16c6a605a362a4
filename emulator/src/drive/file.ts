import { createHash } from 'node:crypto';
import type { drive_v3 } from 'googleapis/build/src/apis/drive/v3.js';

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

/** The person whose Drive this is: whoever asks, the files are theirs. */
export const ACCOUNT = { emailAddress: 'office@budeng.invalid', displayName: 'office' };

/** Stable by the address, as Google's are. */
export function permissionIdOf(address: string): string {
  const hash = createHash('sha256').update(address.toLowerCase()).digest();
  return (hash.readBigUInt64BE(0) % 10n ** 20n).toString().padStart(20, '0');
}

export const USER: drive_v3.Schema$User = {
  kind: 'drive#user',
  displayName: ACCOUNT.displayName,
  me: true,
  permissionId: permissionIdOf(ACCOUNT.emailAddress),
  emailAddress: ACCOUNT.emailAddress,
};

export function ownerPermission(): drive_v3.Schema$Permission {
  return { id: permissionIdOf(ACCOUNT.emailAddress), type: 'user', role: 'owner', ...ACCOUNT };
}

const PAGES: Record<string, string> = { spreadsheet: 'spreadsheets/d', form: 'forms/d' };

export function linkTo(baseUrl: string, file: Pick<DriveFile, 'id' | 'mimeType'>): string {
  if (file.mimeType === FOLDER_TYPE) return `${baseUrl}/drive/folders/${file.id}`;
  const page = PAGES[file.mimeType.replace('application/vnd.google-apps.', '')];
  return page
    ? `${baseUrl}/${page}/${file.id}/edit?usp=drivesdk`
    : `${baseUrl}/file/d/${file.id}/view?usp=drivesdk`;
}

export const isDocument = (mimeType: string) =>
  mimeType.startsWith('application/vnd.google-apps.') && mimeType !== FOLDER_TYPE;

/** The whole resource; a request's `fields`, or Drive's defaults, cut it down. */
export function describeFile(
  file: DriveFile,
  seen: { name: string; trashed: boolean; baseUrl: string; exports: Record<string, string> },
): drive_v3.Schema$File {
  const { id, mimeType, createdTime, modifiedTime, kept = {} } = file;
  const mine = file.permissions.some(({ role, emailAddress }) => role === 'owner' && isMe(emailAddress));
  const owner = file.permissions.find(({ role }) => role === 'owner');
  const isFolder = mimeType === FOLDER_TYPE;
  const size = isFolder ? '0' : isDocument(mimeType) ? '1024' : '0';
  return {
    kind: 'drive#file',
    id,
    name: seen.name,
    mimeType,
    starred: false,
    trashed: seen.trashed,
    explicitlyTrashed: file.trashed,
    ...(file.trashedTime ? { trashedTime: file.trashedTime } : {}),
    parents: file.parents ?? [ROOT_ID],
    spaces: ['drive'],
    version: String(file.version),
    webViewLink: linkTo(seen.baseUrl, file),
    iconLink: `https://drive-thirdparty.googleusercontent.com/16/type/${mimeType}`,
    hasThumbnail: false,
    thumbnailVersion: '0',
    viewedByMe: true,
    viewedByMeTime: modifiedTime,
    createdTime,
    modifiedTime,
    modifiedByMe: true,
    modifiedByMeTime: modifiedTime,
    owners: [mine || !owner ? USER : userOf(owner)],
    lastModifyingUser: USER,
    shared: file.permissions.length > 1,
    ownedByMe: mine,
    capabilities: capabilities(isFolder, mine),
    viewersCanCopyContent: !kept.copyRequiresWriterPermission,
    copyRequiresWriterPermission: false,
    writersCanShare: true,
    permissions: file.permissions.map(describePermission),
    permissionIds: file.permissions.flatMap((permission) => permission.id ?? []),
    ...(isFolder ? { folderColorRgb: '#8f8f8f' } : { size }),
    quotaBytesUsed: size,
    isAppAuthorized: true,
    ...(Object.keys(seen.exports).length > 0 ? { exportLinks: seen.exports } : {}),
    linkShareMetadata: { securityUpdateEligible: false, securityUpdateEnabled: true },
    inheritedPermissionsDisabled: false,
    ...(isFolder || isDocument(mimeType)
      ? {}
      : {
          originalFilename: seen.name,
          fullFileExtension: extensionOf(seen.name),
          fileExtension: extensionOf(seen.name),
          md5Checksum: createHash('md5').update('').digest('hex'),
          headRevisionId: '1',
        }),
    ...kept,
  };
}

export const isMe = (address: string | null | undefined) =>
  address?.toLowerCase() === ACCOUNT.emailAddress.toLowerCase();

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

function capabilities(isFolder: boolean, mine: boolean): drive_v3.Schema$File['capabilities'] {
  return {
    canAddChildren: isFolder,
    canAddMyDriveParent: false,
    canChangeCopyRequiresWriterPermission: true,
    canChangeViewersCanCopyContent: true,
    canComment: true,
    canCopy: !isFolder,
    canDelete: mine,
    canDownload: true,
    canEdit: true,
    canListChildren: isFolder,
    canModifyContent: true,
    canMoveItemOutOfDrive: mine,
    canMoveItemWithinDrive: true,
    canReadRevisions: !isFolder,
    canRemoveChildren: isFolder,
    canRemoveMyDriveParent: true,
    canRename: true,
    canShare: true,
    canTrash: mine,
    canUntrash: mine,
  };
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
