import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { officeClock } from '../../contract/clock.ts';
import type { Fault } from '../../emulator/src/faults.ts';
import { openScriptProjects } from '../../sync-service/src/cli/setup/script-projects.ts';
import {
  type LocalGoogle,
  localCredential,
  startLocalGoogle,
} from '../../sync-service/src/cli/trial/google-local.ts';
import { officeLinks } from '../../sync-service/src/cli/trial/office-links.ts';
import { connectGoogle } from '../../sync-service/src/google/client.ts';
import type { UnmarkedFile } from '../../sync-service/src/google/files.ts';
import { listDocuments, saveDocument } from '../../sync-service/src/ledger/documents.ts';
import type { Store } from '../../sync-service/src/ledger/store.ts';
import { loadProgram } from '../../sync-service/src/program/load.ts';
import { setUpOffice } from '../../sync-service/src/provisioning/office.ts';
import { openTestStore } from '../ledger/stores.ts';

const program = await loadProgram('programs/tainan-109.yaml');
const clock = officeClock(new Date('2020-04-21T01:00:00Z'), { frozen: true });
const OFFICE = `${program.title}－承辦（限閱）`;
const SCRIPT = `${program.title}－補登作業`;

let google: LocalGoogle;
let store: Store;
let fault: (request: { method: string; path: string }) => Fault | null;

beforeEach(async () => {
  fault = () => null;
  store = await openTestStore();
  google = await startLocalGoogle({
    clock,
    port: 0,
    smtpPort: 0,
    links: () => officeLinks(program, null, clock),
    googleFault: (request) => fault(request),
  });
});
afterEach(async () => {
  await google.close();
  await store.close();
});

const connection = () => ({
  rootUrl: google.emulator.url,
  credential: localCredential(),
  retry: { attempts: 1 },
});

/** The whole office, as set-up makes it; `isOwn` answers set-up's question. */
async function setUp(isOwn?: (files: readonly UnmarkedFile[]) => Promise<boolean>) {
  const client = connectGoogle(connection());
  const office = await setUpOffice({
    programs: [program],
    store,
    google: client,
    isOwn,
    warn: () => undefined,
  });
  await openScriptProjects({ program, store, google: client, options: connection(), office, isOwn });
}

const file = (id: string) => google.emulator.drive.get(id);
const files = () => google.emulator.drive.list().files ?? [];
const add = (name: string, kind: string, appProperties = {}) =>
  google.emulator.drive.create({ name, mimeType: `application/vnd.google-apps.${kind}`, appProperties });
/** What an office of 0.1 and a stranger's file have in common: to Drive, null takes a property away. */
const NO_MARK = { budengProgram: null, budengRole: null } as unknown as Record<string, string>;
const unmark = (id: string) => google.emulator.drive.update(id, { appProperties: NO_MARK });
const documents = async () =>
  new Map((await listDocuments(store.db)).map(({ role, id }) => [role, id] as const));
const idOf = async (role: string) => (await documents()).get(role) ?? '';

describe('set-up', () => {
  it('marks each file that it makes with its program and role', async () => {
    await setUp();
    const made = await documents();
    expect([...made.keys()].toSorted()).toEqual(
      [
        'office',
        ...program.queues.map(({ key }) => `queue:${key}`),
        ...program.forms.map(({ key }) => `form:${key}`),
        'script',
      ].toSorted(),
    );
    for (const [role, id] of made)
      expect(file(id).appProperties).toEqual({ budengProgram: program.key, budengRole: role });
  });

  it('leaves no blank tab in a spreadsheet, and sets its place', async () => {
    await setUp();
    const { sheets, properties } = google.emulator.sheets.get(await idOf('office'));
    expect(properties).toMatchObject({ locale: 'zh_TW', timeZone: 'Asia/Taipei' });
    expect(sheets?.map((sheet) => sheet.properties?.title)).not.toContainEqual(
      expect.stringMatching(/^(?:Sheet|工作表) ?1$/u),
    );
    expect(sheets?.map((sheet) => sheet.properties?.index)).toEqual(sheets?.map((_, index) => index));
  });

  it('takes no other file of the same title, nor one of another program or role', async () => {
    const { forms } = program;
    const others = [
      add(OFFICE, 'spreadsheet'),
      add(OFFICE, 'spreadsheet', { budengProgram: 'tainan-108', budengRole: 'office' }),
      add(OFFICE, 'spreadsheet', { budengProgram: program.key, budengRole: 'queue:platform' }),
      ...forms.map(({ title }) => add(title, 'form')),
    ].map(({ id }) => file(id ?? ''));
    await setUp();
    const made = new Set((await documents()).values());
    for (const other of others) {
      expect(made.has(other.id ?? '')).toBe(false);
      expect(file(other.id ?? '')).toEqual(other);
    }
  });

  it('that is cut off at any request takes its own half-made files, and no stranger’s', async () => {
    const stranger = file(add(OFFICE, 'spreadsheet').id ?? '');
    let attempts = 0;
    for (let whole = false; !whole; ) {
      attempts += 1;
      let left = attempts;
      // The reply to the last request is lost, and the process with it.
      fault = ({ method }) => {
        if (method === 'GET') return null;
        left -= 1;
        if (left > 0) return null;
        return left === 0 ? 'lost-reply' : 'permission-denied';
      };
      whole = await setUp().then(
        () => left > 0,
        () => false,
      );
    }
    expect(attempts).toBeGreaterThan(5);
    const made = await documents();
    for (const [role, id] of made) {
      expect(file(id).appProperties).toMatchObject({ budengRole: role });
      const twins = files().filter((each) => each.appProperties?.budengRole === role);
      expect(twins.map((each) => each.id)).toEqual([id]);
    }
    const known = new Set(made.values());
    const spreadsheets = files().filter(
      ({ id, mimeType }) => mimeType?.endsWith('.spreadsheet') && !known.has(id ?? ''),
    );
    expect(spreadsheets.map(({ id }) => id)).toEqual([stranger.id]);
    expect(file(stranger.id ?? '')).toEqual(stranger);
    // A form that was cut off before its mark lets nobody in.
    const { forms } = google;
    for (const { id, mimeType } of files())
      if (mimeType?.endsWith('.form') && !known.has(id ?? ''))
        expect(forms.get(id ?? '').publishSettings?.publishState?.isPublished ?? false).toBe(false);
  });

  it('goes on where Google refuses a mark, and sets it at the next start', async () => {
    fault = ({ method, path }) =>
      method === 'PATCH' && path.startsWith('/drive/v3/files/') ? 'permission-denied' : null;
    await setUp();
    const [form = { key: '' }] = program.forms;
    const before = await documents();
    const id = await idOf(`form:${form.key}`);
    expect(file(id).appProperties ?? {}).toEqual({});
    fault = () => null;
    await setUp();
    expect(await documents()).toEqual(before);
    expect(file(id).appProperties).toEqual({
      budengProgram: program.key,
      budengRole: `form:${form.key}`,
    });
  });
});

describe('an office whose files bear no mark yet', () => {
  it('is marked once, and no request is spent on it again', async () => {
    const marks: string[] = [];
    fault = ({ method, path }) => {
      if (method === 'PATCH' && path.startsWith('/drive/v3/files/')) marks.push(path);
      return null;
    };
    await setUp();
    const made = await documents();
    // What is made as a spreadsheet bears its mark from the first moment.
    expect(marks).toHaveLength(program.forms.length + 1);
    await setUp();
    expect(marks).toHaveLength(program.forms.length + 1);
    const carried = await openTestStore();
    try {
      // As an earlier release has kept them.
      for (const document of await listDocuments(store.db)) await saveDocument(carried.db, document);
      for (const id of made.values()) unmark(id);
      marks.length = 0;
      for (const _ of [1, 2]) {
        await setUpOffice({
          programs: [program],
          store: carried,
          google: connectGoogle(connection()),
          warn: () => undefined,
        });
        expect(marks).toHaveLength(made.size);
      }
      for (const [role, id] of made)
        expect(file(id).appProperties).toEqual({ budengProgram: program.key, budengRole: role });
    } finally {
      await carried.close();
    }
  });

  it('is asked about where the ledger is lost: titles, owner and day', async () => {
    await setUp();
    const made = await documents();
    for (const id of made.values()) unmark(id);
    const lost = store;
    store = await openTestStore();
    await lost.close();
    const asked: UnmarkedFile[] = [];
    await setUp(async (each) => {
      asked.push(...each);
      return each.every(({ title }) => title === OFFICE);
    });
    expect(asked.map(({ title, kind }) => [title, kind])).toEqual(
      expect.arrayContaining([
        [OFFICE, 'spreadsheet'],
        [SCRIPT, 'script'],
      ]),
    );
    expect(asked[0]).toMatchObject({ owner: expect.stringContaining('@'), createdAt: clock.now() });
    expect(await idOf('office')).toBe(made.get('office'));
    expect(file(made.get('office') ?? '').appProperties).toMatchObject({ budengRole: 'office' });
    expect(await idOf('script')).not.toBe(made.get('script'));
  });
});
