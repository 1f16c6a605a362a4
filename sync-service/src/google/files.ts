import { createHash } from 'node:crypto';
import type { Google } from './client.ts';
import { GoogleError } from './error.ts';

/** What a file is to an office, whatever others bear its title. */
export interface OwnFile {
  /** The program's key. */
  program: string;
  /** `office`, `queue:platform`, `form:initial`, `script`. */
  role: string;
  title: string;
  kind: 'spreadsheet' | 'form' | 'script';
}

/** A file that may be an office's own or a stranger's. */
export interface UnmarkedFile extends Pick<OwnFile, 'title' | 'kind'> {
  id: string;
  /** Its owner's address. */
  owner: string;
  createdAt: Date;
}

const PROGRAM = 'budengProgram';
const ROLE = 'budengRole';
/** Google keeps 124 bytes of a property, its key's among them. */
const VALUE_BYTES = 124 - PROGRAM.length;

type Mark = Pick<OwnFile, 'program' | 'role'>;

/** The mark lies in properties that nobody sees or changes but the OAuth client that has set them. */
function propertiesOf({ program, role }: Mark): Record<string, string> {
  return { [PROGRAM]: shortened(program), [ROLE]: shortened(role) };
}

/** Puts its digest in the place of what is too long, which Google would refuse. */
function shortened(text: string): string {
  if (Buffer.byteLength(text) <= VALUE_BYTES) return text;
  return createHash('sha256').update(text).digest('hex');
}

const typeOf = ({ kind }: Pick<OwnFile, 'kind'>) => `application/vnd.google-apps.${kind}`;

/**
 * The files of this title and kind that are not in the trash: those that are marked as this one, oldest first, and those
 * that are not marked at all.
 */
export async function findByTitle(
  google: Pick<Google, 'drive' | 'call'>,
  file: OwnFile,
): Promise<{ own: string[]; unmarked: UnmarkedFile[] }> {
  const name = file.title.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  const { files = [] } = await google.call('drive.files.list', () =>
    google.drive.files.list({
      q: `name = '${name}' and mimeType = '${typeOf(file)}' and trashed = false`,
      fields: 'files(id,appProperties,createdTime,owners(emailAddress))',
      orderBy: 'createdTime',
      pageSize: 1000,
    }),
  );
  const wanted = Object.entries(propertiesOf(file));
  const isOwn = (given: Record<string, string>) => wanted.every(([key, value]) => given[key] === value);
  return {
    own: files.flatMap(({ id, appProperties }) => (id && isOwn(appProperties ?? {}) ? [id] : [])),
    unmarked: files.flatMap(({ id, appProperties, createdTime, owners }) =>
      id && !(ROLE in (appProperties ?? {}))
        ? [
            {
              id,
              title: file.title,
              kind: file.kind,
              owner: owners?.[0]?.emailAddress ?? '',
              createdAt: new Date(createdTime ?? 0),
            },
          ]
        : [],
    ),
  };
}

/** Makes an empty file that bears its mark from the first moment. @returns its id */
export async function createMarked(google: Pick<Google, 'drive' | 'call'>, file: OwnFile): Promise<string> {
  const { id } = await google.call(
    'drive.files.create',
    () =>
      google.drive.files.create({
        requestBody: { name: file.title, mimeType: typeOf(file), appProperties: propertiesOf(file) },
        fields: 'id',
      }),
    { unsafe: true },
  );
  return id as string;
}

/** Marks a file as the office's own. @returns why Google refused it; null where it did not */
export async function markFile(
  google: Pick<Google, 'drive' | 'call'>,
  fileId: string,
  mark: Mark,
): Promise<GoogleError | null> {
  try {
    await google.call('drive.files.update', () =>
      google.drive.files.update({
        fileId,
        requestBody: { appProperties: propertiesOf(mark) },
        fields: 'id',
      }),
    );
    return null;
  } catch (error) {
    if (error instanceof GoogleError) return error;
    throw error;
  }
}

/**
 * Whether a file lies in the trash, where Google still reads and writes it until it is gone for good.
 * @returns null where Google knows of no such file
 */
export async function isTrashed(
  google: Pick<Google, 'drive' | 'call'>,
  fileId: string,
): Promise<boolean | null> {
  try {
    const { trashed } = await google.call('drive.files.get', () =>
      google.drive.files.get({ fileId, fields: 'trashed' }),
    );
    return trashed ?? false;
  } catch (error) {
    if (error instanceof GoogleError && error.kind === 'missing') return null;
    throw error;
  }
}
