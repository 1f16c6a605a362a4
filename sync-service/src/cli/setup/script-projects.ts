import { boundScript, documentsByRole, saveDocument } from '../../ledger/documents.ts';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { script, type script_v1 } from 'googleapis/build/src/apis/script/index.js';
import type { Program } from '../../cases/program-rules.ts';
import type { Store } from '../../ledger/store.ts';
import { clientOptions, type Google, type GoogleOptions } from '../../google/client.ts';
import { GoogleError } from '../../google/error.ts';
import { findByTitle, markFile, type OwnFile } from '../../google/files.ts';
import { closedMessage, CONFIRMATION } from '../../provisioning/form-doors.ts';
import { type AskWhetherOwn, firstOwn, rememberMarked } from '../../provisioning/own-files.ts';
import type { Office } from '../../provisioning/office.ts';
import { PublicError } from '../../../../contract/public-error.ts';

const FORMS_ROLE = 'script';
/** The spreadsheet's own mark of the script that is bound to it. */
const DESK_KEY = 'budeng-desk';
const DESK_TITLE = '補登作業選單';
const SETUP_FILE = 'setup';
/** The function that the owner runs once: triggers can be made by a running script only, not by any API. */
export const SETUP_FUNCTION = 'setUp';

/** Derives the secret that both sides sign pings with. */
export function pingSecretOf(secret: string): string {
  return createHmac('sha256', secret).update('ping').digest('hex');
}

/** The properties by which the forms' script knows its office (`apps-script/forms/settings.ts`). */
export function scriptProperties(
  office: Office,
  program: Program,
  service: { url: string; pingSecret: string },
): Record<string, string> {
  const forms = Object.fromEntries(
    Object.entries(office.forms).map(([key, { formId, fields }]) => [formId, { key, fields }]),
  );
  // One property a form, since Google keeps 9 KB in each.
  const messages = Object.fromEntries(
    program.forms.flatMap((form) => {
      const formId = office.forms[form.key]?.formId;
      const texts = { closed: closedMessage(program, form), confirmation: CONFIRMATION };
      return formId ? [[`MESSAGES_${formId}`, JSON.stringify(texts)]] : [];
    }),
  );
  return {
    OFFICE_SPREADSHEET_ID: office.office.spreadsheetId,
    INTAKE_SHEET_ID: String(office.office.tabIds.intake),
    FORMS: JSON.stringify(forms),
    ...messages,
    SERVICE_URL: service.url,
    PING_SECRET: service.pingSecret,
  };
}

/** `forms` stands alone and reads the forms; `desk` is bound to each spreadsheet and makes its menu. */
type Bundle = 'forms' | 'desk';

/** @throws PublicError where it was not built */
function readBundle(bundle: Bundle): script_v1.Schema$File[] {
  const read = (name: string) =>
    readFileSync(new URL(`../../../../apps-script/dist/${bundle}/${name}`, import.meta.url), 'utf8');
  try {
    return [
      { name: 'appsscript', type: 'JSON', source: read('appsscript.json') },
      { name: 'budeng', type: 'SERVER_JS', source: read('budeng.js') },
    ];
  } catch {
    throw new PublicError({
      sentence: '找不到 Apps Script 的建置結果。',
      remedy: '請先執行 npm run build:apps-script。',
      english: 'The Apps Script bundle is not built; run npm run build:apps-script.',
    });
  }
}

/** Sets the properties and makes the triggers. It holds the ping's secret, so it is taken away once it has run. */
function setupSource(properties: Record<string, string>): string {
  return `function ${SETUP_FUNCTION}() {
  PropertiesService.getScriptProperties().setProperties(${JSON.stringify(properties)});
  return install();
}
`;
}

export interface ScriptProjects {
  /** The project of the forms' script. */
  formsId: string;
  /** Where its owner opens it. */
  url: string;
  /** Pushes the forms' script, with the function to run once or without it. */
  pushForms(properties: Record<string, string> | null): Promise<void>;
  /** Pushes the menu of each spreadsheet. */
  pushDesks(): Promise<void>;
}

interface ProjectParts {
  program: Program;
  store: Pick<Store, 'db'>;
  google: Google;
  options: Pick<GoogleOptions, 'credential' | 'rootUrl'>;
  office: Office;
  /** Without it a project that bears no mark is left alone, and one is made beside it. */
  isOwn?: AskWhetherOwn | undefined;
}

/**
 * Finds or creates the office's Apps Script projects, with the same consent as everything else: one that stands alone,
 * and one that is bound to each spreadsheet. What the ledger does not know is looked for first, in Drive or in the
 * spreadsheet's own mark: the reply to a creation may have been lost.
 */
export async function openScriptProjects(parts: ProjectParts): Promise<ScriptProjects> {
  const { google, options, office } = parts;
  const api = script({ version: 'v1', ...clientOptions(options) });
  // It replaces all files of the project, so that it may be repeated.
  const push = async (scriptId: string, files: script_v1.Schema$File[]) =>
    void (await google.call('script.projects.updateContent', () =>
      api.projects.updateContent({ scriptId, requestBody: { files } }),
    ));
  const formsId = await findOrCreateForms(parts, api);
  return {
    formsId,
    url: new URL(`/d/${formsId}/edit`, options.rootUrl ?? 'https://script.google.com').href,
    pushForms: (properties) =>
      push(formsId, [
        ...readBundle('forms'),
        ...(properties ? [{ name: SETUP_FILE, type: 'SERVER_JS', source: setupSource(properties) }] : []),
      ]),
    async pushDesks() {
      const spreadsheets = [
        ['office', office.office.spreadsheetId] as const,
        ...Object.entries(office.queues).map(
          ([queue, { spreadsheetId }]) => [`queue:${queue}`, spreadsheetId] as const,
        ),
      ];
      const files = readBundle('desk');
      const known = await documentsByRole(parts.store.db);
      for (const [spreadsheet, parentId] of spreadsheets) {
        const role = boundScript(spreadsheet);
        await push(await findOrCreateDesk(parts, api, { role, parentId, known: known.get(role)?.id }), files);
      }
    },
  };
}

async function findOrCreateForms(parts: ProjectParts, api: script_v1.Script) {
  const { program, store, google } = parts;
  const known = (await documentsByRole(store.db)).get(FORMS_ROLE);
  if (known) return known.id;
  const title = `${program.title}－補登作業`;
  const file: OwnFile = { program: program.key, role: FORMS_ROLE, title, kind: 'script' };
  const { own, unmarked } = await findByTitle(google, file);
  const found = own[0] ?? (await firstOwn(unmarked, parts.isOwn));
  const id = found ?? (await create(google, api, { title }));
  // One whose making ends before this is marked stays behind empty: nothing is pushed into it, so it does nothing.
  const marked = own.includes(id) || (await markFile(google, id, file)) === null;
  await saveDocument(store.db, { role: FORMS_ROLE, id, data: {} });
  if (marked) await rememberMarked(store, id);
  return id;
}

/**
 * A project whose creation was never answered stays empty, and an empty one makes no menu; two full ones would make two.
 * So the id is marked in the spreadsheet before anything is pushed.
 */
async function findOrCreateDesk(
  { store, google }: ProjectParts,
  api: script_v1.Script,
  { role, parentId, known }: { role: string; parentId: string; known: string | undefined },
): Promise<string> {
  if (known && (await isBoundTo(google, api, known, parentId))) return known;
  const marked = await markedDesk(google, parentId);
  const found = marked !== null && (await isBoundTo(google, api, marked, parentId)) ? marked : null;
  const id = found ?? (await create(google, api, { title: DESK_TITLE, parentId }));
  if (found === null) await markDesk(google, parentId, id);
  await saveDocument(store.db, { role, id, data: {} });
  return id;
}

async function isBoundTo(google: Google, api: script_v1.Script, scriptId: string, parentId: string) {
  try {
    const project = await google.call('script.projects.get', () => api.projects.get({ scriptId }));
    return project.parentId === parentId;
  } catch (error) {
    if (error instanceof GoogleError && error.kind === 'missing') return false;
    throw error;
  }
}

async function markedDesk(google: Google, spreadsheetId: string): Promise<string | null> {
  const { developerMetadata } = await google.call('sheets.get', () =>
    google.sheets.spreadsheets.get({
      spreadsheetId,
      fields: 'developerMetadata(metadataKey,metadataValue)',
    }),
  );
  // The last one counts: an earlier project may have been deleted.
  return developerMetadata?.findLast(({ metadataKey }) => metadataKey === DESK_KEY)?.metadataValue ?? null;
}

async function markDesk(google: Google, spreadsheetId: string, scriptId: string): Promise<void> {
  const createDeveloperMetadata = {
    developerMetadata: {
      metadataKey: DESK_KEY,
      metadataValue: scriptId,
      location: { spreadsheet: true },
      visibility: 'DOCUMENT',
    },
  };
  await google.call('sheets.batchUpdate', () =>
    google.sheets.spreadsheets.batchUpdate({
      spreadsheetId,
      requestBody: { requests: [{ createDeveloperMetadata }] },
    }),
  );
}

async function create(
  google: Google,
  api: script_v1.Script,
  requestBody: script_v1.Schema$CreateProjectRequest,
): Promise<string> {
  const { scriptId } = await google.call(
    'script.projects.create',
    () => api.projects.create({ requestBody }),
    { unsafe: true },
  );
  return scriptId as string;
}
