import { randomBytes } from 'node:crypto';
import type { drive_v3 } from 'googleapis/build/src/apis/drive/v3.js';
import type { Clock } from '../clock.ts';
import { unimplemented } from '../errors.ts';
import type { Journal } from '../journal.ts';
import { actingClient, actingPerson, type Person } from '../people.ts';
import { insufficientRole, isResponder, PUBLISHED, type Role, roleIn, suffices } from './access.ts';
import { DriveError, fileNotFound, invalidValue } from './error.ts';
import {
  Account,
  describeFile,
  describePermission,
  type DriveFile,
  FOLDER_TYPE,
  isDocument,
  KEPT,
  ROOT_ID,
} from './file.ts';
import { parseOrder } from './order.ts';
import { readPage } from './page.ts';
import {
  changePermission,
  findPermission,
  permissionNotFound,
  type Sharing,
  shownPermissions,
  withoutAccount,
  withoutPermission,
  withPermission,
} from './permissions.ts';
import { parseQuery, type Searchable } from './query.ts';

/** What a service does for Drive with the documents that it keeps. */
export interface DocumentKind {
  /** Makes an empty one, which registers itself here, and gives its id. */
  create(name: string): string;
  copy(id: string, name: string): string;
  rename(id: string, name: string): void;
  /** Its words, for full-text search. */
  text(id: string): string;
  /** By MIME type; null where Google offers the type and the emulator does not make it. */
  exports: Record<string, ((id: string, part?: number) => string) | null>;
}

export interface ListOptions {
  q?: string | undefined;
  orderBy?: string | undefined;
  pageSize?: string | undefined;
  pageToken?: string | undefined;
  /** Whose permissions are listed with the files' own. */
  view?: string | undefined;
}

export interface UpdateOptions {
  addParents?: string | undefined;
  removeParents?: string | undefined;
}

type Body = drive_v3.Schema$File;

/** Files of this Google, in the shapes of Drive v3: spreadsheets and forms register here. */
export class DriveService {
  readonly #files = new Map<string, DriveFile>();
  /** Records what changed and when, in order; a page token is a position in it. */
  readonly #changes: { id: string; time: string }[] = [];
  readonly #kinds = new Map<string, DocumentKind>();
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #hasAccount: (address: string) => boolean;
  readonly account: Account;
  /** False while the journal is being replayed. */
  ready = false;

  constructor(journal: Journal, clock: Clock, account: Account, hasAccount: (address: string) => boolean) {
    this.account = account;
    this.#hasAccount = hasAccount;
    this.#journal = journal;
    this.#clock = clock;
    journal.register('drive.put', (file: DriveFile) => this.#put(file));
    journal.register('drive.touch', ({ id, time }: { id: string; time: string }) => this.#touch(id, time));
    journal.register('drive.delete', ({ id, time }: { id: string; time?: string }) => {
      this.#files.delete(id);
      this.#changes.push({ id, time: time ?? '' });
    });
  }

  /** Names the service that keeps the documents of one type. */
  keeps(mimeType: string, kind: DocumentKind): void {
    this.#kinds.set(mimeType, kind);
  }

  #put(file: DriveFile) {
    this.#files.set(file.id, file);
    this.#changes.push({ id: file.id, time: file.modifiedTime });
  }

  /** Whoever asks; the account whose Drive this is where no person does. */
  me(): Account {
    const person = actingPerson();
    return person ? new Account(person) : this.account;
  }

  /** What the acting person may do with a file, also by a folder above it; null where they may not see it. */
  role(id: string): Role | null {
    const person = actingPerson();
    if (person === undefined || isRoot(id)) return 'owner';
    return this.hides(id) ? null : this.#roleOf(this.#file(id), person);
  }

  /** With `drive.file` a client reaches the files that it made; the others are not there for it, whoever's they are. */
  hides(id: string): boolean {
    const client = actingClient();
    return client !== undefined && client.ownFilesOnly && this.#file(id).madeBy !== client.id;
  }

  #roleOf(file: DriveFile, person: Person): Role | null {
    const own = roleIn(file.permissions, person);
    const parent = this.#files.get(file.parents?.[0] ?? '');
    const above = parent ? this.#roleOf(parent, person) : null;
    return above && !suffices(own, above) ? above : own;
  }

  /** Whether the acting person may answer a form. Whoever edits it may, too. */
  mayRespond(id: string): boolean {
    if (suffices(this.role(id), 'writer')) return true;
    return isResponder(this.#file(id).permissions, actingPerson() ?? null);
  }

  /** @throws DriveError where the acting person may not see the file, or not do this with it */
  #reach(id: string, needed: Role): DriveFile {
    const file = this.#file(id);
    const role = this.role(file.id);
    if (!role) throw fileNotFound(id);
    if (!suffices(role, needed)) throw insufficientRole();
    return file;
  }

  #now(): string {
    return this.#clock.now().toISOString();
  }

  #save(file: DriveFile): DriveFile {
    this.#put(file);
    this.#journal.append('drive.put', file);
    return file;
  }

  add(given: Pick<DriveFile, 'id' | 'name' | 'mimeType'> & Partial<DriveFile>): DriveFile {
    const now = this.#now();
    const client = actingClient();
    return this.#save({
      ...(client ? { madeBy: client.id } : {}),
      createdTime: now,
      modifiedTime: now,
      version: 1,
      trashed: false,
      permissions: [this.me().ownerPermission()],
      parents: [ROOT_ID],
      ...given,
    });
  }

  has(id: string): boolean {
    return this.#files.has(id);
  }

  /** Notes that a document's content, and perhaps its title, changed. */
  touch(id: string, name?: string): void {
    const file = this.#file(id);
    const time = this.#now();
    if (name !== undefined && name !== file.name)
      return void this.#save({ ...file, name, modifiedTime: time, version: file.version + 1 });
    this.#touch(id, time);
    this.#journal.append('drive.touch', { id, time });
  }

  #touch(id: string, time: string) {
    const file = this.#files.get(id);
    if (file) this.#put({ ...file, modifiedTime: time, version: file.version + 1 });
  }

  #file(id: string): DriveFile {
    const file = this.#files.get(id === 'root' ? ROOT_ID : id) ?? (isRoot(id) ? this.#root() : undefined);
    if (!file) throw fileNotFound(id);
    return file;
  }

  #root(): DriveFile {
    const epoch = new Date(0).toISOString();
    return {
      id: ROOT_ID,
      name: 'My Drive',
      mimeType: FOLDER_TYPE,
      createdTime: epoch,
      modifiedTime: epoch,
      version: 1,
      trashed: false,
      permissions: [this.account.ownerPermission()],
      parents: [],
    };
  }

  /** Whether it is in the trash, by itself or with a folder above it. */
  #isTrashed(file: DriveFile): boolean {
    if (file.trashed) return true;
    const parent = this.#files.get(file.parents?.[0] ?? '');
    return parent ? this.#isTrashed(parent) : false;
  }

  #describe(file: DriveFile, view?: string): Body {
    return describeFile(file, {
      permissions: shownPermissions(file.permissions, view),
      account: this.me(),
      role: this.role(file.id) ?? 'reader',
      trashed: this.#isTrashed(file),
      exports: Object.keys(this.#kinds.get(file.mimeType)?.exports ?? {}),
      isAppAuthorized: [undefined, file.madeBy].includes(actingClient()?.id),
    });
  }

  get(id: string, view?: string): Body {
    return this.#describe(this.#reach(id, 'reader'), view);
  }

  list(options: ListOptions = {}): drive_v3.Schema$FileList {
    const { test, fullText } = parseQuery(options.q ?? '', this.me().emailAddress);
    if (fullText && options.orderBy)
      throw invalidValue(
        'orderBy',
        'Sorting is not supported for queries with fullText terms. Results are always in descending relevance order.',
        'badRequest',
      );
    const compare = parseOrder(options.orderBy || 'recency');
    const files = [...this.#files.values()]
      .toReversed()
      .filter((file) => this.role(file.id) && test(this.#searchable(file)))
      .map((file) => this.#describe(file, options.view))
      .toSorted(compare);
    const { items, next } = readPage(files, options, { most: 1000, usual: 100 });
    return {
      kind: 'drive#fileList',
      ...(next ? { nextPageToken: next } : {}),
      incompleteSearch: false,
      files: items,
    };
  }

  #searchable(file: DriveFile): Searchable {
    const holders = (...roles: string[]) =>
      file.permissions.flatMap(({ role, emailAddress }) =>
        emailAddress && roles.includes(role ?? '') ? [emailAddress] : [],
      );
    const { kept = {} } = file;
    const open = shownPermissions(file.permissions, undefined).find(
      ({ type }) => type === 'anyone' || type === 'domain',
    );
    const visibility = open
      ? `${open.type === 'anyone' ? 'anyone' : 'domain'}${open.allowFileDiscovery ? 'CanFind' : 'WithLink'}`
      : 'limited';
    return {
      name: file.name,
      mimeType: file.mimeType,
      createdTime: file.createdTime,
      modifiedTime: file.modifiedTime,
      viewedByMeTime: kept.viewedByMeTime ?? file.modifiedTime,
      trashed: this.#isTrashed(file),
      starred: kept.starred ?? false,
      sharedWithMe: !file.permissions.some(
        ({ role, emailAddress }) => role === 'owner' && this.me().is(emailAddress),
      ),
      parents: (file.parents ?? [ROOT_ID]).flatMap((id) => (id === ROOT_ID ? [id, 'root'] : [id])),
      owners: holders('owner'),
      writers: holders('owner', 'writer'),
      readers: holders('owner', 'writer', 'commenter', 'reader'),
      visibility,
      properties: kept.properties ?? {},
      appProperties: kept.appProperties ?? {},
      fullText: () =>
        [file.name, kept.description ?? '', this.#kinds.get(file.mimeType)?.text(file.id) ?? ''].join('\n'),
    };
  }

  create(body: Body): Body {
    if (body.id && this.has(body.id))
      throw new DriveError('ALREADY_EXISTS', 'fileIdInUse', 'A file already exists with the provided ID.');
    const name = body.name ?? 'Untitled';
    const mimeType = body.mimeType ?? 'application/octet-stream';
    const parents = this.#parents(body.parents);
    const kind = this.#kinds.get(mimeType);
    if (!kind && isDocument(mimeType)) throw unimplemented(`drive.files.create of ${mimeType}`);
    if (kind && body.id)
      throw invalidValue('file.id', 'Generated IDs are not supported for Docs Editors formats.');
    const file = kind ? this.#file(kind.create(name)) : null;
    return this.#describe(
      this.add({ ...file, id: file?.id ?? body.id ?? newId(), name, mimeType, parents, ...keep(body, {}) }),
    );
  }

  #parents(given: string[] | null | undefined): string[] {
    if (!given || given.length === 0) return [ROOT_ID];
    if (given.length > 1)
      throw new DriveError(
        'PERMISSION_DENIED',
        'multipleParentsNotAllowed',
        'A file cannot have multiple parents.',
      );
    return given.map((id) => {
      const parent = this.#reach(id, 'writer');
      if (parent.mimeType === FOLDER_TYPE) return parent.id;
      throw new DriveError('PERMISSION_DENIED', 'parentNotAFolder', 'The specified parent is not a folder.', {
        parameter: 'fileId',
      });
    });
  }

  copy(id: string, body: Body): Body {
    const source = this.#reach(id, 'reader');
    if (source.mimeType === FOLDER_TYPE)
      throw new DriveError('PERMISSION_DENIED', 'cannotCopyFile', 'This file cannot be copied by the user.');
    const name = body.name ?? `Copy of ${source.name}`;
    const beside = suffices(this.role(source.parents?.[0] ?? ROOT_ID), 'writer');
    const parents = body.parents
      ? this.#parents(body.parents)
      : ((beside ? source.parents : null) ?? [ROOT_ID]);
    const kind = this.#kinds.get(source.mimeType);
    const copied = kind ? this.#file(kind.copy(id, name)) : null;
    const { starred: _starred, ...kept } = source.kept ?? {};
    return this.#describe(
      this.add({
        ...copied,
        id: copied?.id ?? newId(),
        name,
        mimeType: source.mimeType,
        parents,
        ...keep(body, kept),
      }),
    );
  }

  update(id: string, body: Body, options: UpdateOptions = {}): Body {
    // Into the trash only the owner puts a file.
    const file = this.#reach(id, body.trashed === undefined ? 'writer' : 'owner');
    refuseReadOnly(body);
    const parents = this.#moved(file, options);
    if (body.name && body.name !== file.name) this.#kinds.get(file.mimeType)?.rename(id, body.name);
    const current = this.#file(id);
    const now = this.#now();
    const contentChanged = body.name !== undefined || body.description !== undefined;
    return this.#describe(
      this.#save({
        ...current,
        ...keep(body, current.kept ?? {}),
        name: body.name ?? current.name,
        mimeType: body.mimeType ?? current.mimeType,
        trashed: body.trashed ?? current.trashed,
        parents,
        modifiedTime: body.modifiedTime ?? (contentChanged ? now : current.modifiedTime),
        version: current.version + 1,
        ...(body.trashed && !current.trashed ? { trashedTime: now } : {}),
      }),
    );
  }

  #moved(file: DriveFile, { addParents, removeParents }: UpdateOptions): string[] {
    const ids = (list: string | undefined) => (list ?? '').split(',').filter(Boolean);
    const before = file.parents ?? [ROOT_ID];
    const removed = ids(removeParents).map((id) => (id === 'root' ? ROOT_ID : id));
    const added = this.#parents(ids(addParents).filter((id) => !before.includes(id)));
    const rest = before.filter((id) => !removed.includes(id));
    if (ids(addParents).length === 0) return rest.length > 0 ? rest : [ROOT_ID];
    if (rest.length > 0 && !rest.includes(added[0] ?? ''))
      throw new DriveError(
        'PERMISSION_DENIED',
        'cannotAddParent',
        'Increasing the number of parents is not allowed',
      );
    return added;
  }

  delete(id: string): void {
    const file = this.#reach(id, 'owner');
    if (isRoot(id)) throw insufficientRole();
    // What lies in a folder goes with it.
    for (const inner of this.#files.values()) if (inner.parents?.includes(file.id)) this.delete(inner.id);
    const time = this.#now();
    this.#files.delete(file.id);
    this.#changes.push({ id: file.id, time });
    this.#journal.append('drive.delete', { id: file.id, time });
  }

  emptyTrash(): void {
    for (const file of this.#files.values())
      if (file.trashed && this.has(file.id) && this.role(file.id) === 'owner') this.delete(file.id);
  }

  /**
   * @param part of a document that has several: a tab's id; its first without
   * @returns the document in this type, as text
   */
  export(id: string, mimeType: string, part?: number): string {
    const file = this.#reach(id, 'reader');
    const kind = this.#kinds.get(file.mimeType);
    if (!kind)
      throw new DriveError(
        'PERMISSION_DENIED',
        'fileNotExportable',
        'Export only supports Docs Editors files.',
      );
    const made = kind.exports[mimeType];
    if (made === null) throw unimplemented(`drive.files.export to ${mimeType}`);
    if (!made) throw invalidValue('convertTo', 'The requested conversion is not supported.', 'badRequest');
    return made(id, part);
  }

  /** @param view whose permissions are listed with the file's own */
  permissions(id: string, view?: string): drive_v3.Schema$Permission[] {
    return shownPermissions(this.#reach(id, 'writer').permissions, view).map(describePermission);
  }

  permission(id: string, permissionId: string): drive_v3.Schema$Permission {
    const found = findPermission(this.permissions(id, PUBLISHED), permissionId);
    if (!found) throw permissionNotFound(permissionId);
    return found;
  }

  createPermission(id: string, body: drive_v3.Schema$Permission, sharing: Sharing) {
    const file = this.#reach(id, body.role === 'owner' ? 'owner' : 'writer');
    if (body.emailAddress && !sharing.notify && !this.#hasAccount(body.emailAddress))
      throw withoutAccount(body.emailAddress);
    const { permissions, made } = withPermission(file.permissions, body, sharing);
    this.#save({ ...file, permissions, version: file.version + 1 });
    return describePermission(made);
  }

  updatePermission(id: string, permissionId: string, body: drive_v3.Schema$Permission, sharing: Sharing) {
    const file = this.#reach(id, body.role === 'owner' ? 'owner' : 'writer');
    const { permissions, changed } = changePermission(file.permissions, permissionId, body, sharing);
    this.#save({ ...file, permissions, version: file.version + 1 });
    return describePermission(changed);
  }

  deletePermission(id: string, permissionId: string): void {
    // Anybody may give up what was shared with them.
    const file = this.#reach(id, permissionId === this.me().user().permissionId ? 'reader' : 'writer');
    const permissions = withoutPermission(file.permissions, permissionId);
    this.#save({ ...file, permissions, version: file.version + 1 });
  }

  startPageToken(): drive_v3.Schema$StartPageToken {
    return { kind: 'drive#startPageToken', startPageToken: String(this.#changes.length + 1) };
  }

  changes(pageToken: string, pageSize: number): drive_v3.Schema$ChangeList {
    const from = Number(pageToken) - 1;
    if (!Number.isInteger(from) || from < 0 || from > this.#changes.length) throw invalidValue('pageToken');
    const to = Math.min(from + pageSize, this.#changes.length);
    const end = to === this.#changes.length;
    // A file that changed ten times stands in the list once, with its newest state.
    const seen = this.#changes.slice(from, to).filter(({ id }) => !this.has(id) || this.role(id));
    const latest = new Map(seen.map(({ id, time }) => [id, time]));
    return {
      kind: 'drive#changeList',
      ...(end ? { newStartPageToken: String(to + 1) } : { nextPageToken: String(to + 1) }),
      changes: [...latest].map(([fileId, time]) => {
        const file = this.#files.get(fileId);
        return {
          kind: 'drive#change',
          type: 'file',
          changeType: 'file',
          time,
          removed: !file,
          fileId,
          ...(file ? { file: this.#describe(file) } : {}),
        };
      }),
    };
  }
}

const isRoot = (id: string) => id === 'root' || id === ROOT_ID;

/** Makes an id like Drive's own: 33 characters that begin with 1. */
export function newId(): string {
  return `1${randomBytes(24).toString('base64url')}`;
}

/** The body's fields over those kept before; a property that is null goes away. */
function keep(body: Body, before: NonNullable<DriveFile['kept']>): { kept: NonNullable<DriveFile['kept']> } {
  const kept: Record<string, unknown> = { ...before };
  for (const field of KEPT) {
    const given = body[field];
    if (given === undefined) continue;
    if (field !== 'properties' && field !== 'appProperties') kept[field] = given;
    else {
      const all: Record<string, unknown> = { ...before[field], ...(given as object) };
      const properties = Object.entries(all).filter(([, value]) => value !== null);
      refuseProperties(field, properties);
      kept[field] = Object.fromEntries(properties);
    }
  }
  return { kept };
}

/** Of all applications together, and of one for itself, since here one asks. */
const MOST_PROPERTIES = 30;
const PROPERTY_BYTES = 124;

/** Google documents these limits and not the words of its refusal; these are ours. */
function refuseProperties(field: string, properties: readonly (readonly [string, unknown])[]) {
  const refuse = (message: string) => {
    throw invalidValue(`file.${field}`, message);
  };
  if (properties.length > MOST_PROPERTIES)
    refuse(`A file can have ${MOST_PROPERTIES} ${field} at most, not ${properties.length}.`);
  const long = properties.find(([key, value]) => Buffer.byteLength(key + String(value)) > PROPERTY_BYTES);
  if (long) refuse(`The property ${long[0]} exceeds ${PROPERTY_BYTES} bytes, key and value together.`);
}

const READ_ONLY = [
  'id',
  'kind',
  'createdTime',
  'version',
  'size',
  'owners',
  'permissions',
  'webViewLink',
  'ownedByMe',
  'shared',
] as const;

function refuseReadOnly(body: Body) {
  const refuse = (message: string) => {
    throw new DriveError('PERMISSION_DENIED', 'fieldNotWritable', message);
  };
  if (body.parents)
    refuse(
      'The parents field is not directly writable in update requests. Use the addParents and removeParents parameters instead.',
    );
  if (READ_ONLY.some((field) => body[field] !== undefined))
    refuse('The resource body includes fields which are not directly writable.');
}
