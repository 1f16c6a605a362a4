import { codeOf, messageOf } from '../caught.ts';
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { questionsOf } from '../forms/items.ts';
import type { Presentation } from '../forms/presentation.ts';
import type { FormResponse, FormsService } from '../forms/service.ts';
import type { SheetsService } from '../sheets/service.ts';
import type { Switches } from '../switches.ts';
import { type ScriptCell, scriptValue, writeRequests } from './cell-values.ts';
import { itemType } from './item-type.ts';
import type { ScriptLimits, ScriptUsage } from './limits.ts';
import type { ProjectState } from './project-state.ts';
import type {
  CallAnswer,
  CallMessage,
  FormDescription,
  ResponseDescription,
  SheetSize,
  Trigger,
} from './protocol.ts';
import type { Fetched } from './worker/utilities.ts';

type Services = Record<string, (...args: never[]) => unknown>;

export interface ServiceParts {
  clock: Clock;
  sheets: SheetsService;
  forms: FormsService;
  editTimestamp: Switches['editTimestamp'];
  isUnreadable(responseId: string): boolean;
  scriptId: string;
  state: ProjectState;
  /** The run that asks. */
  runId: string;
  limits: ScriptLimits;
  usage: ScriptUsage;
  log(level: string, message: string): void;
}

const NO_ITEM =
  'No item with the given ID could be found. Possibly because you have not edited this item or you do not have permission to access it.';
/** Bytes of all a project's properties. */
const ALL_PROPERTIES = 500 * 1024;
const LONGEST_URL = 2082;
const FETCH_TIMEOUT_MS = 60_000;
const AGENT = 'Mozilla/5.0 (compatible; Google-Apps-Script; beanserver; +https://script.google.com)';

/** What the main thread does for one run of a script, by the name of the call. */
export function createServices(parts: ServiceParts): Services {
  const { clock, log } = parts;
  return {
    now: () => clock.now().getTime(),
    log,
    ...formServices(parts),
    ...sheetServices(parts),
    ...propertyServices(parts),
    ...triggerServices(parts),
    ...lockServices(parts),
    ...cacheServices(parts),
    fetch: limitedFetch(parts),
  };
}

export async function answerCall(services: Services, { call, args }: CallMessage): Promise<CallAnswer> {
  const service = services[call];
  if (!service) return { error: `${call} is not implemented by the emulator` };
  try {
    return { value: await (service as (...all: unknown[]) => unknown)(...args) };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

function formServices({ forms, editTimestamp, isUnreadable }: ServiceParts): Services {
  const timestampOf = ({ createTime, lastSubmittedTime }: FormResponse) =>
    editTimestamp === 'stays' ? createTime : lastSubmittedTime;
  const describe = (formId: string, responseId: string): ResponseDescription => {
    const response = forms.response(formId, responseId);
    const { email, answers } = response;
    const editUrl = forms.editUrl(formId, responseId);
    const unreadable = isUnreadable(responseId);
    return { responseId, timestamp: timestampOf(response), email, answers, editUrl, unreadable };
  };
  return {
    'forms.get': (formId: string) => describeForm(forms, formId),
    'forms.present': (formId: string, change: Partial<Presentation>) => forms.present(formId, change),
    'forms.publish': (formId: string, isPublished: boolean, isAcceptingResponses: boolean) =>
      forms.setPublishSettings(formId, {
        publishSettings: { publishState: { isPublished, isAcceptingResponses } },
      }),
    'forms.setCollectEmail': (formId: string, collect: boolean) => forms.setCollectEmail(formId, collect),
    'forms.response': describe,
    'forms.deleteResponse': (formId: string, responseId: string) => forms.deleteResponse(formId, responseId),
    'forms.responses': (formId: string, since: string | null) =>
      forms
        .responses(formId)
        .filter((response) => since === null || timestampOf(response) > since)
        .map((response) => describe(formId, response.responseId))
        .toSorted((a, b) => a.timestamp.localeCompare(b.timestamp)),
  };
}

function describeForm(forms: FormsService, formId: string): FormDescription {
  if (!forms.has(formId)) throw new Error(NO_ITEM);
  const form = forms.get(formId);
  return {
    title: form.info?.title ?? '',
    description: form.info?.description ?? '',
    publishedUrl: form.responderUri ?? '',
    isPublished: form.publishSettings?.publishState?.isPublished ?? false,
    isAcceptingResponses: form.publishSettings?.publishState?.isAcceptingResponses ?? false,
    collectsEmail: (form.settings?.emailCollectionType ?? 'DO_NOT_COLLECT') !== 'DO_NOT_COLLECT',
    presentation: forms.presentation(formId),
    items: (form.items ?? []).map((item, index) => ({
      // The API writes the number in hex, Apps Script in decimal.
      id: Number.parseInt(item.itemId ?? '0', 16),
      index,
      title: item.title ?? '',
      helpText: item.description ?? '',
      type: itemType(item),
      questionIds: questionsOf(item).map(({ questionId }) => questionId ?? ''),
    })),
  };
}

function sheetServices({ sheets, usage }: ServiceParts): Services {
  /** Carries out a request of the Sheets advanced service, which has a quota of its own; SpreadsheetApp has none. */
  const counted =
    <A extends unknown[], R>(kind: 'reads' | 'writes', request: (...args: A) => R) =>
    (...args: A): R => {
      usage.spendSheetsRequest(kind);
      return request(...args);
    };
  const tabsOf = (id: string) =>
    (sheets.get(id).sheets ?? []).map(({ properties }) => ({
      sheetId: properties?.sheetId ?? 0,
      title: properties?.title ?? '',
      rows: properties?.gridProperties?.rowCount ?? 0,
      columns: properties?.gridProperties?.columnCount ?? 0,
    }));
  return {
    'sheets.get': counted('reads', (id: string, query: object) => sheets.get(id, query)),
    'sheets.batchUpdate': counted('writes', (id: string, body: object) => sheets.batchUpdate(id, body)),
    'cells.write': (
      id: string,
      sheetId: number,
      at: { row: number; column: number },
      values: ScriptCell[][],
    ) => {
      const tab = sheets.tab(id, sheetId);
      if (!tab) return;
      const requests = writeRequests(tab, at, values, sheets.timeZone(id));
      // What a script types in a person's name is bound as the person is.
      if (requests.length > 0) sheets.batchUpdate(id, { requests }, { byHand: true });
    },
    'cells.read': (id: string, gridRange: sheets_v4.Schema$GridRange, valueRenderOption: string) => {
      const { valueRanges } = sheets.valuesBatchGetByDataFilter(id, {
        dataFilters: [{ gridRange }],
        valueRenderOption,
      });
      const values: (string | number | boolean)[][] = valueRanges?.[0]?.valueRange?.values ?? [];
      if (valueRenderOption === 'FORMATTED_VALUE') return values;
      const tab = sheets.tab(id, gridRange.sheetId ?? 0);
      const [top, left] = [gridRange.startRowIndex ?? 0, gridRange.startColumnIndex ?? 0];
      const timeZone = sheets.timeZone(id);
      return values.map((line, y) =>
        line.map((value, x) => scriptValue(value, tab?.rows[top + y]?.[left + x], timeZone)),
      );
    },
    'sheets.title': (id: string) => sheets.get(id).properties?.title ?? '',
    'sheets.tabs': tabsOf,
    'sheets.size': (id: string, sheetId: number): SheetSize => {
      const tab = tabsOf(id).find((each) => each.sheetId === sheetId);
      if (!tab) throw new Error(`No grid with id: ${sheetId}`);
      const gridRange = { sheetId };
      const { valueRanges } = sheets.valuesBatchGetByDataFilter(id, { dataFilters: [{ gridRange }] });
      const values = valueRanges?.[0]?.valueRange?.values ?? [];
      const lastColumn = Math.max(0, ...values.map((row) => row.length));
      return { ...tab, lastRow: values.length, lastColumn };
    },
    'sheets.valuesGet': counted('reads', (id: string, range: string, query: object) =>
      sheets.valuesGet(id, range, query),
    ),
    'sheets.valuesBatchGetByDataFilter': counted('reads', (id: string, body: object) =>
      sheets.valuesBatchGetByDataFilter(id, body),
    ),
  };
}

function propertyServices({ state }: ServiceParts): Services {
  return {
    'properties.all': () => Object.fromEntries(state.properties),
    'properties.get': (name: string) => state.properties.get(name) ?? null,
    'properties.set': (name: string, value: string) => {
      const others = [...state.properties].filter(([each]) => each !== name);
      const bytes = [...others, [name, value]].flat().reduce((sum, text) => sum + Buffer.byteLength(text), 0);
      if (bytes > ALL_PROPERTIES)
        throw new Error(
          'You have exceeded the property storage quota. Please remove some properties and try again.',
        );
      state.setProperty(name, value);
    },
    'properties.delete': (name: string) => state.setProperty(name, null),
  };
}

function lockServices({ state: { locks }, runId }: ServiceParts): Services {
  return {
    'lock.take': (name: string, withinMs: number) => locks.take(name, runId, withinMs),
    'lock.has': (name: string) => locks.has(name, runId),
    'lock.release': (name: string) => locks.release(name, runId),
  };
}

function cacheServices({ state: { cache }, clock }: ServiceParts): Services {
  const now = () => clock.now().getTime();
  return {
    'cache.get': (key: string): string | null => {
      const entry = cache.get(key);
      return entry && entry.until > now() ? entry.value : null;
    },
    'cache.put': (key: string, value: string, seconds: number) =>
      void cache.set(key, { value, until: now() + seconds * 1000 }),
    'cache.remove': (key: string) => void cache.delete(key),
  };
}

function triggerServices({ forms, sheets, scriptId, state, limits }: ServiceParts): Services {
  const { triggers } = state;
  return {
    'triggers.create': (given: Omit<Trigger, 'id' | 'scriptId'>): Trigger => {
      if (triggers.length >= limits.triggers)
        throw new Error(
          'This script has too many triggers. Triggers must be deleted from the script before more can be added.',
        );
      // A trigger on what does not exist would never fire, and nobody would know.
      if (given.formId && !forms.has(given.formId)) throw new Error(NO_ITEM);
      if (given.spreadsheetId) sheets.get(given.spreadsheetId);
      const trigger = { ...given, scriptId, id: randomUUID() };
      state.addTrigger(trigger);
      return trigger;
    },
    'triggers.list': () => triggers,
    'triggers.delete': (id: string) => state.deleteTrigger(id),
  };
}

interface Request {
  method: string;
  payload?: string;
  contentType: string;
  headers: Record<string, string>;
  followRedirects: boolean;
}

/** UrlFetchApp's request, counted by the day as Google counts it: for all scripts of the account. */
function limitedFetch({ usage }: ServiceParts) {
  return async (url: string, request: Request): Promise<Fetched> => {
    usage.spendFetch();
    if (url.length > LONGEST_URL) throw new Error('Limit Exceeded: URLFetch URL Length.');
    if (!URL.canParse(url)) throw new Error(`Invalid argument: ${url}`);
    try {
      const response = await fetch(url, {
        method: request.method.toUpperCase(),
        headers: {
          'user-agent': AGENT,
          ...(request.contentType ? { 'content-type': request.contentType } : {}),
          ...request.headers,
        },
        redirect: request.followRedirects ? 'follow' : 'manual',
        ...(request.payload === undefined ? {} : { body: request.payload }),
        signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
      });
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        text: await response.text(),
      };
    } catch (error) {
      throw new Error(explain(url, error), { cause: error });
    }
  };
}

function explain(url: string, error: unknown): string {
  if (!(error instanceof Error)) return `Address unavailable: ${url}`;
  if (error.name === 'TimeoutError') return `Timeout: ${url}`;
  return codeOf(error.cause) === 'ENOTFOUND' ? `DNS error: ${url}` : `Address unavailable: ${url}`;
}
