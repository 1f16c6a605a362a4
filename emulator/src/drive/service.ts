import type { drive_v3 } from 'googleapis/build/src/apis/drive/v3.js';
import type { Clock } from '../../../contract/clock.ts';
import { invalid, notFound } from '../errors.ts';
import type { Journal } from '../journal.ts';

export interface DriveFile {
  id: string;
  name: string;
  mimeType: string;
  createdTime: string;
  modifiedTime: string;
  version: number;
  trashed: boolean;
  permissions: drive_v3.Schema$Permission[];
}

/** Files of this Google, in the shapes of Drive v3: spreadsheets and forms register here. */
export class DriveService {
  readonly #files = new Map<string, DriveFile>();
  /** Ids in the order of their changes; a page token is a position in it. */
  readonly #changes: string[] = [];
  readonly #journal: Journal;
  readonly #clock: Clock;
  /** False while the journal is being replayed. */
  ready = false;

  constructor(journal: Journal, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
    journal.register('drive.put', (file: DriveFile) => this.#put(file));
    journal.register('drive.delete', ({ id }: { id: string }) => void this.#files.delete(id));
  }

  #put(file: DriveFile) {
    this.#files.set(file.id, file);
    this.#changes.push(file.id);
  }

  #save(file: DriveFile): DriveFile {
    this.#put(file);
    this.#journal.append('drive.put', file);
    return file;
  }

  add(given: { id: string; name: string; mimeType: string }): DriveFile {
    const now = this.#clock.now().toISOString();
    const owner = { id: 'owner', type: 'user', role: 'owner', emailAddress: 'office@budeng.invalid' };
    return this.#save({
      ...given,
      createdTime: now,
      modifiedTime: now,
      version: 1,
      trashed: false,
      permissions: [owner],
    });
  }

  has(id: string): boolean {
    return this.#files.has(id);
  }

  /** Notes that a document's content changed. */
  touch(id: string): void {
    const file = this.#file(id);
    this.#save({ ...file, modifiedTime: this.#clock.now().toISOString(), version: file.version + 1 });
  }

  #file(id: string): DriveFile {
    const file = this.#files.get(id);
    if (!file) throw notFound();
    return file;
  }

  get(id: string): drive_v3.Schema$File {
    return describe(this.#file(id));
  }

  list(q: string | undefined): drive_v3.Schema$FileList {
    const matches = parseQuery(q ?? '');
    const files = [...this.#files.values()].filter(matches).map(describe);
    return { kind: 'drive#fileList', incompleteSearch: false, files };
  }

  update(id: string, body: drive_v3.Schema$File): drive_v3.Schema$File {
    const file = this.#file(id);
    return describe(
      this.#save({
        ...file,
        name: body.name ?? file.name,
        trashed: body.trashed ?? file.trashed,
        modifiedTime: this.#clock.now().toISOString(),
        version: file.version + 1,
      }),
    );
  }

  delete(id: string): void {
    this.#file(id);
    this.#files.delete(id);
    this.#changes.push(id);
    this.#journal.append('drive.delete', { id });
  }

  createPermission(id: string, body: drive_v3.Schema$Permission): drive_v3.Schema$Permission {
    const file = this.#file(id);
    const permission = { kind: 'drive#permission', ...body, id: `p${file.permissions.length}` };
    this.#save({ ...file, permissions: [...file.permissions, permission] });
    return permission;
  }

  startPageToken(): drive_v3.Schema$StartPageToken {
    return { kind: 'drive#startPageToken', startPageToken: String(this.#changes.length) };
  }

  changes(pageToken: string | undefined): drive_v3.Schema$ChangeList {
    const from = Number(pageToken);
    if (!Number.isInteger(from) || from < 0) throw invalid('Invalid Value');
    // A file that changed ten times stands in the list once, with its newest state.
    const ids = [...new Set(this.#changes.slice(from).toReversed())].toReversed();
    return {
      kind: 'drive#changeList',
      newStartPageToken: String(this.#changes.length),
      changes: ids.map((fileId) => {
        const file = this.#files.get(fileId);
        return {
          kind: 'drive#change',
          changeType: 'file',
          fileId,
          removed: !file,
          ...(file ? { file: describe(file) } : {}),
        };
      }),
    };
  }
}

function describe({ version, ...file }: DriveFile): drive_v3.Schema$File {
  return { kind: 'drive#file', ...file, version: String(version) };
}

/** The part of Drive's query language that is in common use: `and`-ed comparisons. */
function parseQuery(q: string): (file: DriveFile) => boolean {
  const terms = q.trim() === '' ? [] : q.split(/\s+and\s+(?=(?:[^']*'[^']*')*[^']*$)/i);
  const tests = terms.map((term) => {
    const match = /^(name|mimeType|trashed)\s*(=|!=|contains)\s*(?:'((?:[^'\\]|\\.)*)'|(true|false))$/.exec(
      term.trim(),
    );
    if (!match) throw invalid('Invalid Value');
    const [, field, operator, text, flag] = match;
    const wanted = text === undefined ? flag : text.replaceAll(/\\(.)/g, '$1');
    return (file: DriveFile) => {
      const actual = String(file[field as 'name' | 'mimeType' | 'trashed']);
      if (operator === 'contains') return actual.includes(wanted ?? '');
      return (actual === wanted) === (operator === '=');
    };
  });
  return (file) => tests.every((test) => test(file));
}
