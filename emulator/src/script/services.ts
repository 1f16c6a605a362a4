import { codeOf, messageOf } from '../caught.ts';
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { questionsOf } from '../forms/items.ts';
import type { FormsService } from '../forms/service.ts';
import type { SheetsService } from '../sheets/service.ts';
import type { CellEdit } from '../sheets/service.ts';
import { itemType } from './item-type.ts';
import type { CallMessage, FormDescription, ResponseDescription, SheetSize, Trigger } from './protocol.ts';
import type { Fetched } from './utilities.ts';

type Services = Record<string, (...args: never[]) => unknown>;

export interface ServiceParts {
  clock: Clock;
  sheets: SheetsService;
  forms: FormsService;
  properties: Map<string, string>;
  triggers: Trigger[];
  keepProperty(name: string, value: string | null): void;
  log(level: string, message: string): void;
}

const NO_ITEM =
  'No item with the given ID could be found. Possibly because you have not edited this item or you do not have permission to access it.';
/** https://developers.google.com/apps-script/guides/services/quotas */
const MOST_TRIGGERS = 20;
const FETCHES_A_DAY = 20_000;
const LONGEST_URL = 2082;
const FETCH_TIMEOUT_MS = 60_000;
const AGENT = 'Mozilla/5.0 (compatible; Google-Apps-Script; beanserver; +https://script.google.com)';

/** What the main thread does for a script, by the name of the call. */
export function createServices(parts: ServiceParts): Services {
  const { clock, log } = parts;
  return {
    now: () => clock.now().getTime(),
    log,
    ...formServices(parts),
    ...sheetServices(parts),
    ...propertyServices(parts),
    ...triggerServices(parts),
    fetch: limitedFetch(clock),
  };
}

export async function answerCall(
  services: Services,
  { call, args }: CallMessage,
): Promise<{ value?: unknown; error?: string }> {
  const service = services[call];
  if (!service) return { error: `${call} is not implemented by the emulator` };
  try {
    return { value: await (service as (...all: unknown[]) => unknown)(...args) };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

function formServices({ forms }: ServiceParts): Services {
  const describe = (formId: string, responseId: string): ResponseDescription => {
    const { lastSubmittedTime, email, answers } = forms.response(formId, responseId);
    return { responseId, lastSubmittedTime, email, answers, editUrl: forms.editUrl(formId, responseId) };
  };
  return {
    'forms.get': (formId: string) => describeForm(forms, formId),
    'forms.response': describe,
    'forms.deleteResponse': (formId: string, responseId: string) => forms.deleteResponse(formId, responseId),
    'forms.responses': (formId: string, since: string | null) =>
      forms
        .responses(formId)
        .filter((response) => since === null || response.lastSubmittedTime > since)
        .map((response) => describe(formId, response.responseId)),
  };
}

function describeForm(forms: FormsService, formId: string): FormDescription {
  if (!forms.has(formId)) throw new Error(NO_ITEM);
  const form = forms.get(formId);
  return {
    title: form.info?.title ?? '',
    description: form.info?.description ?? '',
    publishedUrl: form.responderUri ?? '',
    isAcceptingResponses: form.publishSettings?.publishState?.isAcceptingResponses ?? false,
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

function sheetServices({ sheets }: ServiceParts): Services {
  const tabsOf = (id: string) =>
    (sheets.get(id).sheets ?? []).map(({ properties }) => ({
      sheetId: properties?.sheetId ?? 0,
      title: properties?.title ?? '',
      rows: properties?.gridProperties?.rowCount ?? 0,
      columns: properties?.gridProperties?.columnCount ?? 0,
    }));
  return {
    'sheets.get': (id: string, query: object) => sheets.get(id, query),
    'sheets.batchUpdate': (id: string, body: object) => sheets.batchUpdate(id, body),
    // What a script types in a person's name is bound as the person is.
    'sheets.editCell': (id: string, edit: CellEdit) => void sheets.editCells(id, [edit]),
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
    'sheets.valuesGet': (id: string, range: string, query: object) => sheets.valuesGet(id, range, query),
    'sheets.valuesBatchGetByDataFilter': (id: string, body: object) =>
      sheets.valuesBatchGetByDataFilter(id, body),
  };
}

function propertyServices({ properties, keepProperty }: ServiceParts): Services {
  return {
    'properties.all': () => Object.fromEntries(properties),
    'properties.get': (name: string) => properties.get(name) ?? null,
    'properties.set': (name: string, value: string) => {
      properties.set(name, value);
      keepProperty(name, value);
    },
    'properties.delete': (name: string) => {
      properties.delete(name);
      keepProperty(name, null);
    },
  };
}

function triggerServices({ forms, sheets, triggers }: ServiceParts): Services {
  return {
    'triggers.create': (given: Omit<Trigger, 'id'>): Trigger => {
      if (triggers.length >= MOST_TRIGGERS)
        throw new Error(
          'This script has too many triggers. Triggers must be deleted from the script before more can be added.',
        );
      // A trigger on what does not exist would never fire, and nobody would know.
      if (given.formId && !forms.has(given.formId)) throw new Error(NO_ITEM);
      if (given.spreadsheetId) sheets.get(given.spreadsheetId);
      const trigger = { ...given, id: randomUUID() };
      triggers.push(trigger);
      return trigger;
    },
    'triggers.list': () => triggers,
    'triggers.delete': (id: string) => {
      const index = triggers.findIndex((each) => each.id === id);
      if (index >= 0) triggers.splice(index, 1);
    },
  };
}

interface Request {
  method: string;
  payload?: string;
  contentType: string;
  headers: Record<string, string>;
  followRedirects: boolean;
}

/** UrlFetchApp's request, counted by the day as Google counts it. */
function limitedFetch(clock: Clock) {
  let [day, used] = ['', 0];
  return async (url: string, request: Request): Promise<Fetched> => {
    const today = clock.now().toISOString().slice(0, 10);
    used = today === day ? used + 1 : 1;
    day = today;
    if (used > FETCHES_A_DAY) throw new Error('Service invoked too many times for one day: urlfetch.');
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
