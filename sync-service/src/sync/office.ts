import { randomBytes } from 'node:crypto';
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { QUEUE_TAB } from '../../../contract/columns.ts';
import { INTAKE_COLUMNS, INTAKE_TAB } from '../../../contract/intake-key.ts';
import { listDocuments, saveDocument } from '../ledger/small-tables.ts';
import { headerRequests, queueTabRequests } from '../sheets/layout.ts';
import { createForm } from './create-form.ts';
import type { Parts } from './parts.ts';

/** The office's Google documents. */
export interface Office {
  officeSpreadsheet: string;
  intakeSheetId: number;
  queues: Record<string, { spreadsheetId: string; sheetId: number }>;
  /** Per form key: Google's form id and which item asks for which field. */
  forms: Record<string, { formId: string; fields: Record<string, string> }>;
}

type SetUpParts = Pick<Parts, 'program' | 'store' | 'google'> & { serviceAccount: string };

/**
 * Finds or creates the office's spreadsheets and forms, and remembers each as soon as it is whole. Repeating it
 * creates nothing twice: what the ledger does not know is looked for in Drive by name first, because the reply to a
 * creation may have been lost.
 */
export async function setUpOffice(parts: SetUpParts): Promise<Office> {
  const known = new Map((await listDocuments(parts.store.db)).map((document) => [document.role, document]));
  const ensure = async <T extends Record<string, unknown>>(
    role: string,
    create: () => Promise<{ id: string; data: T }>,
  ) => {
    const found = known.get(role);
    if (found) return { id: found.id, data: found.data as T };
    const made = await create();
    await saveDocument(parts.store.db, { role, ...made });
    return made;
  };
  const office = await ensure('office', () => createIntake(parts));
  const queues: Office['queues'] = {};
  for (const queue of parts.program.queues) {
    const made = await ensure(`queue:${queue.key}`, () => createQueue(parts, queue));
    queues[queue.key] = { spreadsheetId: made.id, sheetId: made.data.sheetId };
  }
  const forms: Office['forms'] = {};
  for (const form of parts.program.forms) {
    const made = await ensure(`form:${form.key}`, () => createForm(parts, form));
    forms[form.key] = { formId: made.id, fields: made.data.fields };
  }
  return { officeSpreadsheet: office.id, intakeSheetId: office.data.sheetId, queues, forms };
}

async function createIntake(parts: SetUpParts) {
  const title = `${parts.program.title}－承辦（限閱）`;
  const { spreadsheetId, sheetId } = await findOrCreate(parts, title, INTAKE_TAB);
  await batch(parts, spreadsheetId, [
    ...headerRequests(sheetId, INTAKE_COLUMNS),
    {
      addProtectedRange: {
        protectedRange: {
          range: { sheetId },
          description: '收件資料由系統寫入，請勿更動',
          editors: { users: [parts.serviceAccount] },
        },
      },
    },
  ]);
  return { id: spreadsheetId, data: { sheetId } };
}

async function createQueue(parts: SetUpParts, queue: SetUpParts['program']['queues'][number]) {
  const title = `${parts.program.title}－${queue.label}待審清單`;
  const { spreadsheetId, sheetId } = await findOrCreate(parts, title, QUEUE_TAB);
  const decisions = parts.program.outcomes
    .filter((outcome) => !outcome.queues || outcome.queues.includes(queue.key))
    .map((outcome) => outcome.label);
  await batch(
    parts,
    spreadsheetId,
    queueTabRequests(sheetId, { decisions, editors: [parts.serviceAccount] }),
  );
  return { id: spreadsheetId, data: { sheetId } };
}

/** A spreadsheet with a fresh tab of that title; a half-made one of an earlier attempt is given a fresh tab. */
async function findOrCreate({ google }: SetUpParts, title: string, tabTitle: string) {
  const name = title.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  const q = `name = '${name}' and mimeType = 'application/vnd.google-apps.spreadsheet' and trashed = false`;
  const { files } = await google.call('drive.files.list', () =>
    google.drive.files.list({ q, fields: 'files(id)' }),
  );
  const existing = files?.[0]?.id;
  if (existing) return { spreadsheetId: existing, sheetId: await freshTab(google, existing, tabTitle) };
  const created = await google.call(
    'sheets.create',
    () =>
      google.sheets.spreadsheets.create({
        requestBody: {
          properties: { title, locale: 'zh_TW', timeZone: 'Asia/Taipei' },
          sheets: [{ properties: { title: tabTitle } }],
        },
      }),
    { unsafe: true },
  );
  return {
    spreadsheetId: created.spreadsheetId as string,
    sheetId: created.sheets?.[0]?.properties?.sheetId ?? 0,
  };
}

async function freshTab(google: Parts['google'], spreadsheetId: string, title: string): Promise<number> {
  const { sheets } = await google.call('sheets.get', () =>
    google.sheets.spreadsheets.get({ spreadsheetId, fields: 'sheets.properties(sheetId,title)' }),
  );
  const old = sheets?.find((sheet) => sheet.properties?.title === title)?.properties?.sheetId;
  const requests: sheets_v4.Schema$Request[] = [];
  if (old !== undefined && old !== null) {
    const suffix = randomBytes(2).toString('hex');
    requests.push({
      updateSheetProperties: {
        properties: { sheetId: old, title: `${title}（舊 ${suffix}）` },
        fields: 'title',
      },
    });
  }
  requests.push({ addSheet: { properties: { title } } });
  const { replies } = await google.call('sheets.batchUpdate', () =>
    google.sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } }),
  );
  return replies?.at(-1)?.addSheet?.properties?.sheetId ?? 0;
}

async function batch({ google }: SetUpParts, spreadsheetId: string, requests: sheets_v4.Schema$Request[]) {
  await google.call('sheets.batchUpdate', () =>
    google.sheets.spreadsheets.batchUpdate({ spreadsheetId, requestBody: { requests } }),
  );
}
