import type { drive_v3 } from 'googleapis/build/src/apis/drive/v3.js';
import { ApiError } from '../errors.ts';
import { isSame, type Person } from '../people.ts';
import { DriveError } from './error.ts';

/** What a person may do with a file, from least to most. */
const ROLES = ['reader', 'commenter', 'writer', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/** Opens a published form to those who answer it, and never the form's editor. */
export const PUBLISHED = 'published';

export const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

function concerns({ type, emailAddress, domain }: drive_v3.Schema$Permission, person: Person): boolean {
  if (type === 'anyone') return true;
  if (person === null) return false;
  return type === 'domain' ? domainOf(person) === domain?.toLowerCase() : isSame(person, emailAddress);
}

const rank = (role: string | null | undefined) => ROLES.indexOf(role as Role);

/** The most that any of these permissions gives a person; null where none concerns them. */
export function roleIn(permissions: readonly drive_v3.Schema$Permission[], person: Person): Role | null {
  const best = Math.max(
    -1,
    ...permissions.filter((each) => !each.view && concerns(each, person)).map(({ role }) => rank(role)),
  );
  return ROLES[best] ?? null;
}

/** Whether a permission of the published view admits this person to the form. */
export function isResponder(permissions: readonly drive_v3.Schema$Permission[], person: Person): boolean {
  return permissions.some((each) => each.view === PUBLISHED && concerns(each, person));
}

export const suffices = (role: Role | null, needed: Role) => rank(role) >= rank(needed);

/** Drive's words to whoever sees a file and may not do this with it. */
export const insufficientRole = () =>
  new DriveError(
    'PERMISSION_DENIED',
    'insufficientFilePermissions',
    'The user does not have sufficient permissions for this file.',
  );

/** The words of Sheets and Forms, to strangers and readers alike. */
export const callerLacksPermission = () =>
  new ApiError('PERMISSION_DENIED', 'The caller does not have permission');
