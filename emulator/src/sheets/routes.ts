import express from 'express';
import { unimplemented } from '../errors.ts';
import { applyFields, parseFields } from './fields.ts';
import type { SheetsService } from './service.ts';

const SPREADSHEET_FIELDS = [
  'spreadsheetId',
  'properties',
  'sheets',
  'namedRanges',
  'spreadsheetUrl',
  'developerMetadata',
  'dataSources',
  'dataSourceSchedules',
];

function many(value: unknown): string[] {
  return value === undefined ? [] : (Array.isArray(value) ? value : [value]).map(String);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function options(query: Record<string, unknown>) {
  const majorDimension = text(query.majorDimension);
  const valueRenderOption = text(query.valueRenderOption);
  return {
    ...(majorDimension ? { majorDimension } : {}),
    ...(valueRenderOption ? { valueRenderOption } : {}),
  };
}

/** Sheets v4 over HTTP. Google writes its custom verbs with a colon, so the last part of a path is split here. */
export function sheetsRouter(sheets: SheetsService): express.Router {
  const router = express.Router();
  router.post('/v4/spreadsheets', (request, response) => {
    response.json(sheets.create(request.body ?? {}));
  });
  router.get('/v4/spreadsheets/:id', (request, response) => {
    const found = sheets.get(request.params.id, {
      includeGridData: request.query.includeGridData === 'true',
    });
    response.json(applyFields(found, parseFields(text(request.query.fields)), SPREADSHEET_FIELDS));
  });
  router.post('/v4/spreadsheets/:idAndVerb', (request, response, next) => {
    const [id = '', verb = ''] = request.params.idAndVerb.split(':');
    if (verb === 'batchUpdate') response.json(sheets.batchUpdate(id, request.body ?? {}));
    else if (verb === 'getByDataFilter') throw unimplemented(`spreadsheets.${verb}`);
    else next();
  });
  router.get('/v4/spreadsheets/:id/values/:range', (request, response) => {
    response.json(sheets.valuesGet(request.params.id, request.params.range, options(request.query)));
  });
  router.put('/v4/spreadsheets/:id/values/:range', (request, response) => {
    const valueInputOption = text(request.query.valueInputOption);
    response.json(
      sheets.valuesUpdate(
        request.params.id,
        request.params.range,
        request.body ?? {},
        valueInputOption ? { valueInputOption } : {},
      ),
    );
  });
  router.get(/^\/v4\/spreadsheets\/([^/]+)\/values:batchGet$/, (request, response) => {
    const id = String(request.params[0]);
    response.json(sheets.valuesBatchGet(id, many(request.query.ranges), options(request.query)));
  });
  router.post(/^\/v4\/spreadsheets\/([^/]+)\/values:(\w+)$/, (request, response, next) => {
    const [id, verb] = [String(request.params[0]), String(request.params[1])];
    if (verb === 'batchGetByDataFilter')
      response.json(sheets.valuesBatchGetByDataFilter(id, request.body ?? {}));
    else if (/^(batchUpdate|batchClear|batchUpdateByDataFilter|batchClearByDataFilter)$/.test(verb))
      throw unimplemented(`spreadsheets.values.${verb}`);
    else next();
  });
  router.post('/v4/spreadsheets/:id/values/:rangeAndVerb', (request, _response, next) => {
    const verb = request.params.rangeAndVerb.split(':').at(-1) ?? '';
    if (verb === 'append' || verb === 'clear') throw unimplemented(`spreadsheets.values.${verb}`);
    next();
  });
  router.use('/v4/spreadsheets/:id/developerMetadata', () => {
    throw unimplemented('spreadsheets.developerMetadata');
  });
  return router;
}
