import { messageOf } from '../../caught.ts';
import { workerData } from 'node:worker_threads';
import { format } from 'node:util';
import vm from 'node:vm';
import { anyNumber, call, exception, missingService, service, useErrors } from './call.ts';
import { GlobalDate, makeDate, ScriptDate } from './dates.ts';
import { FormApp, openForm } from './form-app.ts';
import { ContentService, mimeTypeOf, type TextOutput } from './content.ts';
import type { RunError, RunMessage, RunResult, WebAnswer, WorkerData } from '../protocol.ts';
import { beginRun, currentRun, hasScope, needScope } from './run.ts';
import { ScriptApp } from './script-app.ts';
import { sheetOf, SpreadsheetApp, spreadsheetOf } from './spreadsheet-app.ts';
import { CacheService, LockService, PropertiesService } from './stores.ts';
import { HtmlService, UrlFetchApp, Utilities } from './utilities.ts';

/** Runs scripts, one at a time, each in a global scope of its own, with Google's services as far as there are any. */
const { port }: WorkerData = workerData;

const log = (level: string) => anyNumber((...args: unknown[]) => void call('log', level, format(...args)));

const API_NAMES: Record<string, string> = {
  'sheets.get': 'sheets.spreadsheets.get',
  'sheets.batchUpdate': 'sheets.spreadsheets.batchUpdate',
  'sheets.valuesGet': 'sheets.spreadsheets.values.get',
  'sheets.valuesBatchGetByDataFilter': 'sheets.spreadsheets.values.batchGetByDataFilter',
};

/** The advanced service says which call failed, before the API's own sentence. */
function api<T>(method: string, ...args: unknown[]): T {
  try {
    if (!hasScope('spreadsheets')) throw exception('Request had insufficient authentication scopes.');
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

const userOf = (address: string) => service('User', { getEmail: () => address });

const Session = service('Session', {
  getScriptTimeZone: () => currentRun().timeZone,
  getActiveUser: () => userOf(currentRun().user),
  getEffectiveUser: () => {
    needScope('Session.getEffectiveUser', 'userinfo.email');
    return userOf(currentRun().account);
  },
});

/** Services of Google's that a script may name; each use of one is refused by name. */
const MISSING = [
  'Browser',
  'CalendarApp',
  'CardService',
  'Charts',
  'ConferenceDataService',
  'ContactsApp',
  'DataStudioApp',
  'DocumentApp',
  'DriveApp',
  'GmailApp',
  'GroupsApp',
  'Jdbc',
  'LanguageApp',
  'LinearOptimizationService',
  'MailApp',
  'Maps',
  'MimeType',
  'ScriptProperties',
  'SitesApp',
  'SlidesApp',
  'UserProperties',
  'XmlService',
];

/** What a script finds in its global scope. */
const GLOBALS = {
  ...Object.fromEntries(MISSING.map((name) => [name, missingService(name)])),
  Date: GlobalDate,
  console: service('console', {
    log: log('info'),
    info: log('info'),
    debug: log('debug'),
    warn: log('warn'),
    error: log('error'),
  }),
  Logger: service('Logger', { log: log('info') }),
  CacheService,
  ContentService,
  FormApp,
  HtmlService,
  LockService,
  PropertiesService,
  ScriptApp,
  Session,
  SpreadsheetApp,
  UrlFetchApp,
  Utilities,
};
/** Advanced services by their ids: the manifest says under which name one is there. */
const ADVANCED: Record<string, object> = { sheets: Sheets };

/** What the manifest adds to the global scope. What is not here is refused by name at its first use. */
function added({ advanced, libraries }: RunMessage): Record<string, object> {
  return Object.fromEntries([
    ...advanced.map(({ name, serviceId }) => [name, ADVANCED[serviceId] ?? missingService(name)]),
    ...libraries.map((name) => [name, missingService(name)]),
  ]);
}

function eventFor({ event }: RunMessage): unknown {
  if (!event) return undefined;
  const { authMode, user } = currentRun();
  const common = { authMode, ...(event.triggerUid === undefined ? {} : { triggerUid: event.triggerUid }) };
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
        user: userOf(user),
        // Told of a single cell only.
        get value() {
          if (rows * columns > 1) return undefined;
          const value = range.getValue();
          return value === '' ? undefined : String(value);
        },
        get oldValue() {
          throw exception('EditEvent.oldValue is not implemented by the emulator');
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

/** The code as it was compiled last: most runs are of the same project. */
let compiled: { code: string; script: vm.Script } | null = null;

function compile(code: string): vm.Script {
  if (compiled?.code !== code) compiled = { code, script: new vm.Script(code, { filename: 'Code.gs' }) };
  return compiled.script;
}

/** Nothing is left of an earlier run: each evaluates the project's files anew. */
function execute(message: RunMessage): RunResult {
  const effects = beginRun(message);
  const context: Record<string, unknown> = vm.createContext({ ...GLOBALS, ...added(message) });
  const ScriptError: ErrorConstructor = vm.runInContext('Error', context);
  useErrors((sentence) => new ScriptError(sentence));
  compile(message.code).runInContext(context);
  const handler = context[message.run];
  if (typeof handler !== 'function') {
    if (message.optional) return { done: true, effects };
    throw exception(`Script function not found: ${message.run}`, 'ScriptError');
  }
  if (message.web) return { done: true, value: webAnswer(handler(message.web)), effects };
  const given = message.event ? [eventFor(message)] : (message.parameters ?? []);
  return { done: true, value: inJson(handler(...given)), effects };
}

/** What a web app gives back: a page of HtmlService's or a text of ContentService's. */
function webAnswer(output: unknown): WebAnswer {
  const name = String(output);
  const content = () => (output as { getContent(): string }).getContent();
  if (name === 'HtmlOutput') return { html: content() };
  if (name === 'TextOutput') return { text: content(), mimeType: mimeTypeOf(output as TextOutput) };
  throw exception('The script completed but the returned value is not a supported return type.', 'Exception');
}

/** What a function gives back, as the API can say it. */
function inJson(value: unknown): unknown {
  const text = JSON.stringify(value);
  return text === undefined ? null : JSON.parse(text);
}

function errorOf(error: unknown): RunError {
  const name = typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : 'Error';
  return { name, message: messageOf(error) };
}

/** Between runs the port is read as any other; within a run only `call` reads it. */
port.on('message', (message: RunMessage | { value?: unknown }) => {
  if (!('run' in message)) return;
  let result: RunResult;
  try {
    result = execute(message);
  } catch (error) {
    result = { done: true, error: errorOf(error) };
  }
  port.postMessage(result);
});
