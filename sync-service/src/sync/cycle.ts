import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { QUEUE_TAB } from '../../../contract/columns.ts';
import { planQueue, QUEUE_KEYS } from '../sheets/reconcile.ts';
import { BrokenTabError, parseTab } from '../sheets/tab.ts';
import { takeDecisions } from './decisions.ts';
import { takeIn } from './intake.ts';
import { notify } from './notify.ts';
import type { Office } from './office.ts';
import type { Parts } from './parts.ts';
import { queueRows } from './queue-rows.ts';

export interface CycleResult {
  takenIn: number;
  sent: number;
  /** Ticks whose grace time is not over. */
  waiting: number;
  /** Sentences about tabs that are paused. */
  paused: string[];
}

/** One look at everything: pull → decide → push → notify. Safe to repeat at any point. */
export async function runCycle(parts: Parts, office: Office): Promise<CycleResult> {
  const result: CycleResult = { takenIn: 0, sent: 0, waiting: 0, paused: [] };
  await guardTab(parts, result, async () => {
    result.takenIn = await pullIntake(parts, office);
  });
  for (const queue of parts.program.queues) {
    await guardTab(parts, result, async () => {
      result.waiting += await syncQueue(parts, office, queue.key);
    });
  }
  result.sent = (await notify(parts)).sent;
  return result;
}

async function guardTab(parts: Parts, result: CycleResult, work: () => Promise<void>) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof BrokenTabError)) throw error;
    parts.log.warn({ outcome: 'paused', missing: error.missing, doubled: error.doubled }, 'tab paused');
    result.paused.push(error.message);
  }
}

async function pullIntake(parts: Parts, office: Office): Promise<number> {
  return takeIn(parts, await readTab(parts, office.officeSpreadsheet, office.intakeSheetId));
}

/** A whole tab by its id: it may have been renamed or moved. */
async function readTab(
  { google }: Parts,
  spreadsheetId: string,
  sheetId: number,
): Promise<sheets_v4.Schema$ValueRange> {
  const { valueRanges } = await google.call('sheets.values.batchGetByDataFilter', () =>
    google.sheets.spreadsheets.values.batchGetByDataFilter({
      spreadsheetId,
      requestBody: { dataFilters: [{ gridRange: { sheetId } }], valueRenderOption: 'UNFORMATTED_VALUE' },
    }),
  );
  return valueRanges?.[0]?.valueRange ?? {};
}

/** Pulls, decides and pushes one queue's tab. Returns how many ticks still wait for their grace time. */
async function syncQueue(parts: Parts, office: Office, queue: string): Promise<number> {
  const document = office.queues[queue];
  if (!document) throw new Error(`queue ${queue} has no spreadsheet: run set-up`);
  const { spreadsheetId, sheetId } = document;
  const tab = parseTab(QUEUE_TAB, QUEUE_KEYS, await readTab(parts, spreadsheetId, sheetId));
  const { settled, waiting } = await takeDecisions(parts, queue, tab);
  const plan = planQueue(sheetId, tab, await queueRows(parts, queue), settled);
  if (plan.requests.length > 0) {
    await parts.google.call(
      'sheets.batchUpdate',
      () =>
        parts.google.sheets.spreadsheets.batchUpdate({
          spreadsheetId,
          requestBody: { requests: plan.requests },
        }),
      { unsafe: true },
    );
    parts.log.info(
      { queue, appended: plan.appended, updated: plan.updated, deleted: plan.deleted },
      'queue pushed',
    );
  }
  return waiting;
}
