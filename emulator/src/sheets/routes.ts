import express from 'express';
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { applyFields, type Mask, masks, parseAnswerFields } from './protocol/fields.ts';
import { parseBody, parseQuery } from './protocol/json.ts';
import { methodOf } from './protocol/schema.ts';
import type { SheetsService } from './service.ts';
import type { ValueOptions } from './cells/values.ts';
import type { WriteOptions } from './cells/value-writer.ts';

/** What Google's schema lets a query of these methods hold. */
type Query = ValueOptions & WriteOptions & { ranges?: string[]; includeGridData?: boolean; fields?: string };

/** What a method gets: its path's parts, its query and body, read by Google's schema. */
interface Call {
  path: string[];
  query: Query;
  body: never;
  mask: Mask | null;
}

interface Method {
  verb: 'get' | 'post' | 'put';
  path: RegExp;
  /** Where Google's messages say that the body is. */
  bodyAt?: string;
  run(sheets: SheetsService, call: Call): unknown;
}

const ID = '/v4/spreadsheets/([^/:]+)';
const at = (rest: string) => new RegExp(`^${ID}${rest}$`, 'u');

/** Grid data comes where a mask asks for it; without a mask, where the flag does. */
function withData(mask: Mask | null, hasMask: boolean, flag: unknown): boolean {
  return hasMask ? masks(mask, 'sheets', 'data') : flag === true;
}

/** Every method of Sheets v4, by its name there. Google writes its custom verbs with a colon. */
const METHODS: Record<string, Method> = {
  create: {
    verb: 'post',
    path: /^\/v4\/spreadsheets$/u,
    bodyAt: 'spreadsheet',
    run: (sheets, { body }) => sheets.create(body),
  },
  get: {
    verb: 'get',
    path: at(''),
    run: (sheets, { path: [id = ''], query, mask }) =>
      sheets.get(id, {
        ranges: query.ranges,
        includeGridData: withData(mask, 'fields' in query, query.includeGridData),
      }),
  },
  getByDataFilter: {
    verb: 'post',
    path: at(':getByDataFilter'),
    run: (sheets, { path: [id = ''], body, query, mask }) => {
      const { dataFilters, includeGridData }: sheets_v4.Schema$GetSpreadsheetByDataFilterRequest = body;
      return sheets.get(id, {
        dataFilters,
        includeGridData: withData(mask, 'fields' in query, includeGridData),
      });
    },
  },
  batchUpdate: {
    verb: 'post',
    path: at(':batchUpdate'),
    run: (sheets, { path: [id = ''], body }) => sheets.batchUpdate(id, body),
  },
  'sheets.copyTo': {
    verb: 'post',
    path: at('/sheets/(-?\\d+):copyTo'),
    run: (sheets, { path: [id = '', sheetId = ''], body }) => {
      const { destinationSpreadsheetId }: sheets_v4.Schema$CopySheetToAnotherSpreadsheetRequest = body;
      return sheets.copyTo(id, Number(sheetId), destinationSpreadsheetId ?? '');
    },
  },
  'developerMetadata.get': {
    verb: 'get',
    path: at('/developerMetadata/(-?\\d+)'),
    run: (sheets, { path: [id = '', metadataId = ''] }) => sheets.developerMetadata(id, Number(metadataId)),
  },
  'developerMetadata.search': {
    verb: 'post',
    path: at('/developerMetadata:search'),
    run: (sheets, { path: [id = ''], body }) => sheets.searchDeveloperMetadata(id, body),
  },
  'values.batchGet': {
    verb: 'get',
    path: at('/values:batchGet'),
    run: (sheets, { path: [id = ''], query }) => sheets.valuesBatchGet(id, query.ranges ?? [], query),
  },
  'values.batchGetByDataFilter': {
    verb: 'post',
    path: at('/values:batchGetByDataFilter'),
    run: (sheets, { path: [id = ''], body }) => sheets.valuesBatchGetByDataFilter(id, body),
  },
  'values.batchUpdate': {
    verb: 'post',
    path: at('/values:batchUpdate'),
    run: (sheets, { path: [id = ''], body }) => sheets.values.batchUpdate(id, body),
  },
  'values.batchUpdateByDataFilter': {
    verb: 'post',
    path: at('/values:batchUpdateByDataFilter'),
    run: (sheets, { path: [id = ''], body }) => sheets.values.batchUpdateByDataFilter(id, body),
  },
  'values.batchClear': {
    verb: 'post',
    path: at('/values:batchClear'),
    run: (sheets, { path: [id = ''], body }) => sheets.values.batchClear(id, body),
  },
  'values.batchClearByDataFilter': {
    verb: 'post',
    path: at('/values:batchClearByDataFilter'),
    run: (sheets, { path: [id = ''], body }) => sheets.values.batchClearByDataFilter(id, body),
  },
  'values.append': {
    verb: 'post',
    path: at('/values/([^/]+):append'),
    bodyAt: 'data',
    run: (sheets, { path: [id = '', range = ''], query, body }) =>
      sheets.values.append(id, range, body, query),
  },
  'values.clear': {
    verb: 'post',
    path: at('/values/([^/]+):clear'),
    run: (sheets, { path: [id = '', range = ''] }) => sheets.values.clear(id, range),
  },
  'values.get': {
    verb: 'get',
    path: at('/values/([^/]+)'),
    run: (sheets, { path: [id = '', range = ''], query }) => sheets.valuesGet(id, range, query),
  },
  'values.update': {
    verb: 'put',
    path: at('/values/([^/]+)'),
    bodyAt: 'data',
    run: (sheets, { path: [id = '', range = ''], query, body }) =>
      sheets.values.update(id, range, body, query),
  },
};

/** Takes the slash away with which some clients end an address, also before its verb, as Google does. */
export const plainAddress: express.RequestHandler = (request, _response, next) => {
  if (/^\/(?:v4|drive\/v3)\//u.test(request.url))
    request.url = request.url.replace(/^([^?]*)\/((?::|%3A)[A-Za-z]+)?(?=\?|$)/iu, '$1$2');
  next();
};

/** Serves Sheets v4 over HTTP. */
export function sheetsRouter(sheets: SheetsService): express.Router {
  const router = express.Router();
  const methods = Object.entries(METHODS);
  router.use((request, response, next) => {
    const path = request.path.replace(/%3A/giu, ':');
    if (!path.startsWith('/v4/')) return next();
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const { query } = request;
    for (const [name, known] of methods) {
      if (known.verb.toUpperCase() !== method) continue;
      const match = known.path.exec(path);
      if (!match) continue;
      const { response: type, request: bodyType } = methodOf(name);
      // Of a mask that is given twice the first counts.
      const [named] = [query.fields].flat();
      const fields = typeof named === 'string' && named !== '' ? named : undefined;
      const read = parseQuery(name, query) as Query;
      const body: unknown = bodyType ? parseBody(bodyType, request.body ?? {}, known.bodyAt) : {};
      const mask = parseAnswerFields(fields, type);
      const answer = known.run(sheets, {
        path: match.slice(1).map((part) => decodeURIComponent(part)),
        query: fields === undefined ? read : { ...read, fields },
        body: body as never,
        mask,
      });
      response.json(applyFields(answer, mask));
      return;
    }
    next();
  });
  return router;
}
