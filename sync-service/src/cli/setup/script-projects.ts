import { documentsByRole, saveDocument } from '../../ledger/documents.ts';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { script, type script_v1 } from 'googleapis/build/src/apis/script/index.js';
import type { Program } from '../../cases/program-rules.ts';
import type { Store } from '../../ledger/store.ts';
import { clientOptions, type Google, type GoogleOptions } from '../../google/client.ts';
import { findByTitle, type Office } from '../../provisioning/office.ts';
import { PublicError } from '../../../../contract/public-error.ts';

const ROLE = 'script';
const SETUP_FILE = 'setup';
/** The function that the owner runs once: triggers can be made by a running script only, not by any API. */
export const SETUP_FUNCTION = 'setUp';

/** Derives the secret that both sides sign pings with. */
export function pingSecretOf(secret: string): string {
  return createHmac('sha256', secret).update('ping').digest('hex');
}

/** The properties by which the bundle knows its office (`apps-script/forms/settings.ts`). */
export function scriptProperties(
  office: Office,
  service: { url: string; pingSecret: string },
): Record<string, string> {
  const forms = Object.fromEntries(
    Object.entries(office.forms).map(([key, { formId, fields }]) => [formId, { key, fields }]),
  );
  const spreadsheets = [office.office, ...Object.values(office.queues)];
  return {
    OFFICE_SPREADSHEET_ID: office.office.spreadsheetId,
    INTAKE_SHEET_ID: String(office.office.tabIds.intake),
    SPREADSHEETS: JSON.stringify(spreadsheets.map(({ spreadsheetId }) => spreadsheetId)),
    FORMS: JSON.stringify(forms),
    SERVICE_URL: service.url,
    PING_SECRET: service.pingSecret,
  };
}

/** @throws PublicError where it was not built */
export function readBundle(): { code: string; manifest: string } {
  const read = (name: string) =>
    readFileSync(new URL(`../../../../apps-script/dist/${name}`, import.meta.url), 'utf8');
  try {
    return { code: read('budeng.js'), manifest: read('appsscript.json') };
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
  install();
}
`;
}

export interface ScriptProject {
  /** Where the owner opens it. */
  url: string;
  /** Pushes the bundle, with the function to run once or without it. */
  push(properties: Record<string, string> | null): Promise<void>;
}

interface ProjectParts {
  program: Program;
  store: Pick<Store, 'db'>;
  google: Google;
  options: Pick<GoogleOptions, 'credential' | 'rootUrl'>;
}

/**
 * Finds or creates the office's Apps Script project, with the same consent as everything else. Looks in Drive first,
 * since the reply to an earlier creation may have been lost.
 */
export async function openScriptProject(parts: ProjectParts): Promise<ScriptProject> {
  const { google, options } = parts;
  const api = script({ version: 'v1', ...clientOptions(options) });
  const scriptId = await findOrCreate(parts, api);
  return {
    url: new URL(`/d/${scriptId}/edit`, options.rootUrl ?? 'https://script.google.com').href,
    async push(properties) {
      const { code, manifest } = readBundle();
      const files = [
        { name: 'appsscript', type: 'JSON', source: manifest },
        { name: 'budeng', type: 'SERVER_JS', source: code },
        ...(properties ? [{ name: SETUP_FILE, type: 'SERVER_JS', source: setupSource(properties) }] : []),
      ];
      // Pushing replaces all files of the project, so it may be repeated.
      await google.call('script.projects.updateContent', () =>
        api.projects.updateContent({ scriptId, requestBody: { files } }),
      );
    },
  };
}

async function findOrCreate({ program, store, google }: ProjectParts, api: script_v1.Script) {
  const known = (await documentsByRole(store.db)).get(ROLE);
  if (known) return known.id;
  const title = `${program.title}－補登作業`;
  const [found] = await findByTitle(google, title, 'script');
  const id = found ?? (await create(google, api, title));
  await saveDocument(store.db, { role: ROLE, id, data: {} });
  return id;
}

async function create(google: Google, api: script_v1.Script, title: string): Promise<string> {
  const { scriptId } = await google.call(
    'script.projects.create',
    () => api.projects.create({ requestBody: { title } }),
    { unsafe: true },
  );
  return scriptId as string;
}
