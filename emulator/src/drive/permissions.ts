import type { drive_v3 } from 'googleapis/build/src/apis/drive/v3.js';
import { insufficientRole, PUBLISHED } from './access.ts';
import { DriveError } from './error.ts';
import { permissionIdOf } from './file.ts';

type Permission = drive_v3.Schema$Permission;

const ROLES = ['owner', 'organizer', 'fileOrganizer', 'writer', 'commenter', 'reader'];
/** Roles that only shared drives know. */
const DRIVE_ROLES = ['organizer', 'fileOrganizer'];

const refuse = (status: string, reason: string, message: string, location: string, type = 'other') =>
  new DriveError(status, reason, message, { [type]: location } as { parameter: string });
const bad = (reason: string, message: string, location: string) =>
  refuse('INVALID_ARGUMENT', reason, message, location);

function checkRole(role: string | null | undefined): string {
  if (!role) throw bad('required', 'The permission role field is required.', 'permission.role');
  if (!ROLES.includes(role)) throw bad('invalid', 'The specified role is invalid.', 'permission.role');
  if (DRIVE_ROLES.includes(role))
    throw refuse(
      'PERMISSION_DENIED',
      'invalidSharingRequest',
      'Bad Request. User message: "This role is only available for items in shared drives."',
      'permission.role',
    );
  return role;
}

/** Ownership moves only by the parameter that says so, and never silently. */
function checkTransfer(role: string, type: string, query: { transfer: boolean; notify: boolean }) {
  if (role !== 'owner') return;
  const forbidden = (message: string, parameter: string) =>
    refuse('PERMISSION_DENIED', 'forbidden', message, parameter, 'parameter');
  if (!query.transfer)
    throw forbidden(
      "The transferOwnership parameter must be enabled when the permission role is 'owner'.",
      'transferOwnership',
    );
  if (type !== 'user')
    throw bad('invalid', "The owner role is only valid for permissions of type 'user'.", 'permission.type');
  if (!query.notify)
    throw forbidden(
      "The sendNotificationEmail parameter is only applicable for permissions of type 'user' or 'group', and must not be disabled for ownership transfers.",
      'sendNotificationEmail',
    );
}

export interface Sharing {
  transfer: boolean;
  notify: boolean;
}

/** Whom Google does not know can only be invited, by a mail with a link. */
export function withoutAccount(address: string): DriveError {
  const why = `You are trying to invite ${address}. Since there is no Google account associated with this email address, you must check the "Notify people" box to invite this recipient.`;
  return new DriveError('INVALID_ARGUMENT', 'invalidSharingRequest', `Bad Request. User message: "${why}"`);
}

/** Adds a permission to a file's; whoever has one already gets the new role. */
export function withPermission(
  before: readonly Permission[],
  body: Permission,
  query: Sharing,
): { permissions: Permission[]; made: Permission } {
  const { type } = body;
  if (!type) throw bad('required', 'The permission type field is required.', 'permission.type');
  if (!['user', 'group', 'domain', 'anyone'].includes(type))
    throw bad('invalid', 'The specified type is invalid.', 'permission.type');
  const role = checkRole(body.role);
  checkTransfer(role, type, query);
  const made = { ...identify(body, type), role, ...viewOf(body, role) };
  const rest = before.filter((each) => each.id !== made.id || each.view !== made.view);
  return { permissions: [...demote(rest, role), made], made };
}

/** A permission of a view opens only what the view shows: that of a published form lets people answer it. */
function viewOf({ view }: Permission, role: string): { view?: string } {
  if (!view) return {};
  if (view !== PUBLISHED) throw bad('invalid', `Invalid value for view: ${view}.`, 'permission.view');
  if (role !== 'reader')
    throw bad('invalid', 'The specified role is not valid for the given view.', 'permission.role');
  return { view };
}

/** Those that an answer lists: of a view only where it is asked for. */
export function shownPermissions(permissions: readonly Permission[], view: string | undefined): Permission[] {
  return permissions.filter((each) => !each.view || each.view === view);
}

function identify(body: Permission, type: string): Permission {
  const extras = body.expirationTime ? { expirationTime: body.expirationTime } : {};
  const { emailAddress, domain } = body;
  const needs = (field: string) =>
    bad(
      'invalid',
      `The specified ${field} is invalid or not applicable for the given permission type.`,
      `permission.${field}`,
    );
  if (type === 'user' || type === 'group') {
    if (!emailAddress || !/^[^@\s]+@[^@\s]+$/u.test(emailAddress)) throw needs('emailAddress');
    return { id: permissionIdOf(emailAddress), type, emailAddress, ...extras };
  }
  if (emailAddress) throw needs('emailAddress');
  const allowFileDiscovery = body.allowFileDiscovery ?? false;
  if (type === 'domain') {
    if (!domain) throw needs('domain');
    return { id: `${permissionIdOf(domain)}k`, type, domain, allowFileDiscovery };
  }
  return { id: allowFileDiscovery ? 'anyone' : 'anyoneWithLink', type, allowFileDiscovery };
}

/** A file has one owner: the earlier one becomes a writer. */
function demote(permissions: readonly Permission[], newRole: string): Permission[] {
  return permissions.map((each) =>
    newRole === 'owner' && each.role === 'owner' ? { ...each, role: 'writer' } : each,
  );
}

export function permissionNotFound(id: string) {
  return new DriveError('NOT_FOUND', 'notFound', `Permission not found: ${id}.`, {
    parameter: 'permissionId',
  });
}

/** The file's own permission goes before one of a view, which may have the same id. */
export function findPermission(permissions: readonly Permission[], id: string): Permission | undefined {
  const known = permissions.filter((each) => each.id === id);
  return known.find(({ view }) => !view) ?? known[0];
}

const isSamePermission = (one: Permission, other: Permission) =>
  one.id === other.id && one.view === other.view;

const WRITABLE = new Set(['role', 'expirationTime', 'pendingOwner', 'kind']);

export function changePermission(
  before: readonly Permission[],
  id: string,
  body: Permission,
  query: Sharing,
): { permissions: Permission[]; changed: Permission } {
  const known = findPermission(before, id);
  if (!known) throw permissionNotFound(id);
  if (Object.keys(body).some((field) => !WRITABLE.has(field)))
    throw new DriveError(
      'PERMISSION_DENIED',
      'fieldNotWritable',
      'The resource body includes fields which are not directly writable.',
    );
  const role = checkRole(body.role ?? known.role);
  if (role !== known.role) checkTransfer(role, known.type ?? '', query);
  const changed = {
    ...known,
    role,
    ...(body.expirationTime ? { expirationTime: body.expirationTime } : {}),
    // Who is offered a file owns it only once they take it.
    ...(body.pendingOwner === undefined ? {} : { pendingOwner: role !== 'owner' && body.pendingOwner }),
  };
  const permissions = demote(before, role === known.role ? '' : role);
  return {
    permissions: permissions.map((each) => (isSamePermission(each, known) ? changed : each)),
    changed,
  };
}

export function withoutPermission(before: readonly Permission[], id: string): Permission[] {
  const known = findPermission(before, id);
  if (!known) throw permissionNotFound(id);
  if (known.role === 'owner') throw insufficientRole();
  return before.filter((each) => !isSamePermission(each, known));
}
