import { messageOf } from '../caught.ts';
import { workerData } from 'node:worker_threads';
import { format } from 'node:util';
import vm from 'node:vm';
import { call, exception, missingService, service, useErrors } from './call.ts';
import { makeDate, ScriptDate } from './dates.ts';
import { FormApp, openForm } from './form-app.ts';
import type { RunMessage, RunResult, WorkerData } from './protocol.ts';
import { ScriptApp } from './script-app.ts';
import { beginRun, sheetOf, SpreadsheetApp, spreadsheetOf } from './spreadsheet-app.ts';
import { CacheService, LockService, PropertiesService, releaseLocks } from './stores.ts';
import { HtmlService, UrlFetchApp, Utilities } from './utilities.ts';

/** One Apps Script execution environment, with Google's services as far as they are implemented. */
const { port, code, timeZone, account }: WorkerData = workerData;

const log =
  (level: string) =>
  (...args: unknown[]) =>
    void call('log', level, format(...args));

const API_NAMES: Record<string, string> = {
  'sheets.get': 'sheets.spreadsheets.get',
  'sheets.batchUpdate': 'sheets.spreadsheets.batchUpdate',
  'sheets.valuesGet': 'sheets.spreadsheets.values.get',
  'sheets.valuesBatchGetByDataFilter': 'sheets.spreadsheets.values.batchGetByDataFilter',
};

/** The advanced service says which call failed, before the API's own sentence. */
function api<T>(method: string, ...args: unknown[]): T {
  try {
    return call<T>(method, ...args);
  } catch (error) {
    throw exception(
      `API call to ${API_NAMES[method]} failed with error: ${messageOf(error)}`,
      'GoogleJsonResponseException',
    );
  }
}

const Sheets = service('Sheets', {
  Spreadsheets: service('Sheets.Spreadsheets', {
    get: (id: string, options?: unknown) => api('sheets.get', id, options ?? {}),
    batchUpdate: (body: unknown, id: string) => api('sheets.batchUpdate', id, body),
    Values: service('Sheets.Spreadsheets.Values', {
      get: (id: string, range: string, options?: unknown) =>
        api('sheets.valuesGet', id, range, options ?? {}),
      batchGetByDataFilter: (body: unknown, id: string) => api('sheets.valuesBatchGetByDataFilter', id, body),
    }),
  }),
});

let user = account;
const userOf = (address: string) => service('User', { getEmail: () => address });

const Session = service('Session', {
  getScriptTimeZone: () => timeZone,
  getActiveUser: () => userOf(user),
  getEffectiveUser: () => userOf(account),
});

/** Services of Google's that a script may name; each use of one is refused by name. */
const MISSING = [
  'AdminDirectory',
  'CalendarApp',
  'Charts',
  'ContactsApp',
  'ContentService',
  'DocumentApp',
  'Drive',
  'DriveApp',
  'Forms',
  'Gmail',
  'GmailApp',
  'GroupsApp',
  'Jdbc',
  'LanguageApp',
  'LinearOptimizationService',
  'MailApp',
  'Maps',
  'SitesApp',
  'SlidesApp',
  'XmlService',
];

const context = vm.createContext({
  ...Object.fromEntries(MISSING.map((name) => [name, missingService(name)])),
  Date: ScriptDate,
  console: service('console', {
    log: log('info'),
    info: log('info'),
    debug: log('debug'),
    warn: log('warn'),
    error: log('error'),
  }),
  Logger: service('Logger', { log: log('info') }),
  CacheService,
  FormApp,
  HtmlService,
  LockService,
  PropertiesService,
  ScriptApp,
  Session,
  Sheets,
  SpreadsheetApp,
  UrlFetchApp,
  Utilities,
}) as Record<string, unknown>;

const ScriptError: ErrorConstructor = vm.runInContext('Error', context);
useErrors((message) => new ScriptError(message));
vm.runInContext(code, context, { filename: 'Code.gs' });

function eventFor({ event }: RunMessage): unknown {
  if (!event) return undefined;
  const common = { authMode: 'FULL', triggerUid: event.triggerUid };
  switch (event.type) {
    case 'submit': {
      const source = openForm(event.formId);
      return { ...common, source, response: source.getResponse(event.responseId) };
    }
    case 'open':
      return { ...common, source: spreadsheetOf(event.spreadsheetId), user: userOf(user) };
    case 'clock':
      return { ...common, ...clockFields() };
    case 'edit': {
      const { row, column, rows = 1, columns = 1 } = event;
      const range = sheetOf(event.spreadsheetId, event.sheetId).getRange(row + 1, column + 1, rows, columns);
      return {
        ...common,
        source: spreadsheetOf(event.spreadsheetId),
        range,
        user: userOf(event.user),
        // Told of a single cell only.
        get value() {
          if (rows * columns > 1) return undefined;
          const value = range.getValue();
          return value === '' ? undefined : String(value);
        },
        get oldValue() {
          throw exception('the edit event has no oldValue in the emulator');
        },
      };
    }
  }
}

/** Google tells a time-driven trigger its time in UTC. */
function clockFields() {
  const now = makeDate(ScriptDate.now());
  const year = now.getUTCFullYear();
  const day = now.getUTCDay() || 7;
  // By ISO 8601 a week belongs to the year of its Thursday.
  const thursday = new Date(Date.UTC(year, now.getUTCMonth(), now.getUTCDate() + 4 - day));
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return {
    year,
    month: now.getUTCMonth() + 1,
    'day-of-month': now.getUTCDate(),
    'day-of-week': day,
    'week-of-year': Math.ceil(((thursday.getTime() - first) / 86_400_000 + 1) / 7),
    hour: now.getUTCHours(),
    minute: now.getUTCMinutes(),
    second: now.getUTCSeconds(),
    timezone: 'UTC',
  };
}

/** Between runs the port is read as any other; within a run only `call` reads it. */
port.on('message', (message: RunMessage | { value?: unknown }) => {
  if (!('run' in message)) return;
  let result: RunResult;
  try {
    const handler = context[message.run];
    if (typeof handler !== 'function') throw new Error(`Script function not found: ${message.run}`);
    const effects = beginRun(message.place ?? null);
    user = message.event?.type === 'edit' ? message.event.user : account;
    handler(eventFor(message));
    result = { done: true, effects };
  } catch (error) {
    result = { done: true, error: messageOf(error) };
  }
  releaseLocks();
  port.postMessage(result);
});
