import { createHmac, randomUUID } from 'node:crypto';
import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import vm from 'node:vm';
import type {
  FormDescription,
  ResponseDescription,
  RunMessage,
  RunResult,
  UiEffect,
  UiPlace,
  WorkerData,
} from './protocol.ts';

/**
 * One Apps Script execution environment. Google's services are synchronous there, so each call here sends its
 * request to the main thread and sleeps until the answer lies in the port.
 */
const { port, signal, code, timeZone } = workerData as WorkerData;
const flag = new Int32Array(signal);

function call<T>(method: string, ...args: unknown[]): T {
  Atomics.store(flag, 0, 0);
  (port as MessagePort).postMessage({ call: method, args });
  Atomics.wait(flag, 0, 0);
  const answer = receiveMessageOnPort(port as MessagePort)?.message as { value?: T; error?: string };
  if (answer?.error !== undefined) throw new Error(answer.error);
  return answer?.value as T;
}

function formResponse(form: FormDescription, response: ResponseDescription) {
  const items = form.items.filter((item) => response.answers[item.questionId] !== undefined);
  return {
    getId: () => response.responseId,
    getTimestamp: () => new context.Date(response.lastSubmittedTime),
    getRespondentEmail: () => response.email,
    getEditResponseUrl: () => response.editUrl,
    getItemResponses: () =>
      items.map((item) => ({
        getItem: () => ({ getId: () => item.id, getTitle: () => item.title, getType: () => item.type }),
        getResponse: () => {
          const answer = response.answers[item.questionId] ?? '';
          if (item.type === 'CHECKBOX') return Array.isArray(answer) ? answer : [answer];
          return Array.isArray(answer) ? (answer[0] ?? '') : answer;
        },
      })),
  };
}

function openForm(id: string) {
  const form = call<FormDescription>('forms.get', id);
  return {
    getId: () => id,
    getTitle: () => form.title,
    getResponses: (since?: Date) =>
      call<ResponseDescription[]>('forms.responses', id, since ? since.toISOString() : null).map((response) =>
        formResponse(form, response),
      ),
    deleteResponse(responseId: string) {
      call('forms.deleteResponse', id, responseId);
      return this;
    },
    getResponse: (responseId: string) =>
      formResponse(form, call<ResponseDescription>('forms.response', id, responseId)),
  };
}

function triggerBuilder(handler: string) {
  const trigger: Record<string, unknown> = { handler };
  const builder: Record<string, (value?: unknown) => unknown> = {};
  const set = (patch: Record<string, unknown>) => Object.assign(trigger, patch) && builder;
  Object.assign(builder, {
    forForm: (formId: string) => set({ formId }),
    forSpreadsheet: (spreadsheetId: string) => set({ spreadsheetId }),
    onFormSubmit: () => set({ event: 'submit' }),
    onOpen: () => set({ event: 'open' }),
    onEdit: () => set({ event: 'edit' }),
    timeBased: () => set({ event: 'clock' }),
    everyMinutes: (minutes: number) => set({ everyMinutes: minutes }),
    create: () => call('triggers.create', trigger),
  });
  return builder;
}

const scriptProperties = {
  getProperties: () => call('properties.all'),
  getProperty: (name: string) => call('properties.get', name),
  setProperty: (name: string, value: string) => call('properties.set', name, String(value)),
  deleteProperty: (name: string) => call('properties.delete', name),
};

const lock = {
  waitLock: (ms: number) => {
    if (!call<boolean>('lock.take', ms))
      throw new Error('Lock timeout: another process was holding the lock for too long.');
  },
  tryLock: (ms: number) => call<boolean>('lock.take', ms),
  releaseLock: () => call('lock.release'),
};

/** What the running function shows to the person at the spreadsheet. */
let effects: UiEffect[] = [];
let place: UiPlace | null = null;

function active(): UiPlace {
  if (!place) throw new Error('Cannot call SpreadsheetApp.getUi() from this context.');
  return place;
}

function menu(title: string) {
  const items: { label: string; handler: string }[] = [];
  const builder = {
    addItem(label: string, handler: string) {
      items.push({ label, handler });
      return builder;
    },
    addToUi: () => effects.push({ kind: 'menu', title, items }),
  };
  return builder;
}

const ui = {
  createMenu: menu,
  showSidebar: ({ title, content }: { title: string; content: string }) =>
    effects.push({ kind: 'sidebar', title, content }),
};

/** One tab; rows and columns count from 1, as in Apps Script. */
function sheetOf(spreadsheetId: string, sheetId: number) {
  const read = (row: number, column: number, rows = 1, columns = 1) => {
    const range = {
      sheetId,
      startRowIndex: row - 1,
      endRowIndex: row - 1 + rows,
      startColumnIndex: column - 1,
      endColumnIndex: column - 1 + columns,
    };
    const { valueRanges } = call<{ valueRanges: { valueRange: { values?: unknown[][] } }[] }>(
      'sheets.valuesBatchGetByDataFilter',
      spreadsheetId,
      { dataFilters: [{ gridRange: range }], valueRenderOption: 'UNFORMATTED_VALUE' },
    );
    const values = valueRanges[0]?.valueRange.values ?? [];
    return Array.from({ length: rows }, (_, y) =>
      Array.from({ length: columns }, (_cell, x) => values[y]?.[x] ?? ''),
    );
  };
  const rangeOf = (row: number, column: number, rows = 1, columns = 1) => ({
    getRow: () => row,
    getColumn: () => column,
    getNumRows: () => rows,
    getNumColumns: () => columns,
    getSheet: () => sheet,
    getValue: () => read(row, column)[0]?.[0] ?? '',
    getValues: () => read(row, column, rows, columns),
    setValue: (value: string | number | boolean) =>
      call('sheets.editCell', spreadsheetId, { sheetId, row: row - 1, column: column - 1, value }),
  });
  const sheet = {
    getSheetId: () => sheetId,
    getLastRow: () => call<number>('sheets.lastRow', spreadsheetId, sheetId),
    getLastColumn: () => call<number>('sheets.columnCount', spreadsheetId, sheetId),
    getActiveRange: () => (place ? rangeOf(place.row, 1, place.rows) : null),
    getRange: rangeOf,
  };
  return sheet;
}

class OfficeDate extends Date {
  constructor(...args: [] | [number | string | Date]) {
    if (args.length === 0) super(call<number>('now'));
    else super(...args);
  }
  static override now() {
    return call<number>('now');
  }
}

const context = {
  Date: OfficeDate,
  console: {
    log: (...args: unknown[]) => call('log', 'info', args.join(' ')),
    info: (...args: unknown[]) => call('log', 'info', args.join(' ')),
    warn: (...args: unknown[]) => call('log', 'warn', args.join(' ')),
    error: (...args: unknown[]) => call('log', 'error', args.join(' ')),
  },
  FormApp: {
    openById: openForm,
    ItemType: { FILE_UPLOAD: 'FILE_UPLOAD', CHECKBOX: 'CHECKBOX', TEXT: 'TEXT' },
  },
  Sheets: {
    Spreadsheets: {
      get: (id: string, options?: unknown) => call('sheets.get', id, options ?? {}),
      batchUpdate: (body: unknown, id: string) => call('sheets.batchUpdate', id, body),
      Values: {
        get: (id: string, range: string, options?: unknown) =>
          call('sheets.valuesGet', id, range, options ?? {}),
        batchGetByDataFilter: (body: unknown, id: string) =>
          call('sheets.valuesBatchGetByDataFilter', id, body),
      },
    },
  },
  SpreadsheetApp: {
    getUi: () => ui,
    getActiveSpreadsheet: () => ({
      getId: () => active().spreadsheetId,
      toast: (text: string) => effects.push({ kind: 'toast', text }),
    }),
    getActiveSheet: () => sheetOf(active().spreadsheetId, active().sheetId),
  },
  HtmlService: {
    createHtmlOutput: (content: string) => ({
      content,
      title: '',
      setTitle(title: string) {
        this.title = title;
        return this;
      },
    }),
  },
  PropertiesService: { getScriptProperties: () => scriptProperties },
  LockService: { getScriptLock: () => lock },
  UrlFetchApp: {
    fetch: (url: string, options?: unknown) => {
      const answer = call<{ status: number; text: string }>('fetch', url, options ?? {});
      return { getResponseCode: () => answer.status, getContentText: () => answer.text };
    },
  },
  Utilities: {
    getUuid: () => randomUUID(),
    sleep: (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
    // Bytes are signed in Apps Script.
    computeHmacSha256Signature: (value: string, key: string) =>
      [...createHmac('sha256', key).update(value, 'utf8').digest()].map((byte) =>
        byte > 127 ? byte - 256 : byte,
      ),
  },
  ScriptApp: {
    newTrigger: triggerBuilder,
    getProjectTriggers: () =>
      call<{ id: string; handler: string }[]>('triggers.list').map(({ id, handler }) => ({
        getUniqueId: () => id,
        getHandlerFunction: () => handler,
      })),
    deleteTrigger: (trigger: { getUniqueId(): string }) => call('triggers.delete', trigger.getUniqueId()),
  },
  Session: { getScriptTimeZone: () => timeZone },
};

const sandbox = vm.createContext(context);
vm.runInContext(code, sandbox, { filename: 'budeng.gs' });

function eventFor({ event }: RunMessage): unknown {
  if (!event) return undefined;
  if (event.type === 'edit') {
    const { row, column, rows, columns } = event;
    const range = sheetOf(event.spreadsheetId, event.sheetId).getRange(row + 1, column + 1, rows, columns);
    return { range, user: { getEmail: () => event.user }, authMode: 'FULL' };
  }
  if (event.type !== 'submit') return { ...event, authMode: 'FULL' };
  const source = openForm(event.formId);
  return {
    source,
    response: source.getResponse(event.responseId),
    authMode: 'FULL',
    triggerUid: event.triggerUid,
  };
}

/** Between runs the port is read as any other; within a run only `call` reads it. */
(port as MessagePort).on('message', (message: RunMessage | { value?: unknown }) => {
  if (!('run' in message)) return;
  let result: RunResult;
  try {
    const handler = (sandbox as Record<string, unknown>)[message.run];
    if (typeof handler !== 'function') throw new Error(`Script function not found: ${message.run}`);
    effects = [];
    place = message.place ?? null;
    handler(eventFor(message));
    result = { done: true, effects };
  } catch (error) {
    result = { done: true, error: String((error as Error).message ?? error) };
  }
  (port as MessagePort).postMessage(result);
});
