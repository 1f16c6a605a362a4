import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { ApiError, invalid, unimplemented, unknownField } from '../errors.ts';
import { cellHandlers } from './cell-requests.ts';
import type { Writer } from './protection.ts';
import { structureHandlers } from './structure-requests.ts';
import { viewHandlers } from './view-requests.ts';
import type { Tab, Undo, Workbook } from './workbook.ts';

/** One batchUpdate under way. */
export interface Batch {
  workbook: Workbook;
  writer: Writer;
  undo: Undo[];
  tab(sheetId: number): Tab;
  grow(tab: Tab, rowCount: number, columnCount: number): void;
  describe(tab: Tab): sheets_v4.Schema$SheetProperties;
}

export type Handlers = {
  [K in keyof sheets_v4.Schema$Request]?: (
    batch: Batch,
    request: NonNullable<sheets_v4.Schema$Request[K]>,
  ) => sheets_v4.Schema$Response;
};

const HANDLERS: Handlers = { ...cellHandlers, ...structureHandlers, ...viewHandlers };

/** Request kinds of v4 that budeng does not use: known, so that they fail loudly and not as a typing error would. */
const KNOWN = new Set(
  `addBanding addDataSource addDimensionGroup addNamedRange addSlicer
  addTable autoFill autoResizeDimensions cancelDataSourceRefresh clearBasicFilter copyPaste createDeveloperMetadata
  cutPaste deleteBanding deleteDataSource deleteDeveloperMetadata deleteDimensionGroup
  deleteDuplicates deleteEmbeddedObject deleteNamedRange deleteRange deleteTable duplicateFilterView
  duplicateSheet findReplace insertRange mergeCells pasteData randomizeRange refreshDataSource
  setBasicFilter textToColumns trimWhitespace unmergeCells updateBanding updateBorders updateChartSpec
  updateConditionalFormatRule updateDataSource updateDeveloperMetadata updateDimensionGroup updateEmbeddedObjectBorder
  updateEmbeddedObjectPosition updateFilterView updateNamedRange updateProtectedRange updateSlicerSpec updateTable`.split(
    /\s+/,
  ),
);

/**
 * Carries out a batch, all or nothing.
 * @throws ApiError naming the request by its index
 */
export function runBatch(
  workbook: Workbook,
  requests: readonly sheets_v4.Schema$Request[],
  writer: Writer,
  describe: Batch['describe'],
): sheets_v4.Schema$Response[] {
  const batch: Batch = {
    workbook,
    writer,
    undo: [],
    describe,
    tab(sheetId) {
      const tab = workbook.tabs.find((each) => each.properties.sheetId === sheetId);
      if (!tab) throw invalid(`No grid with id: ${sheetId}`);
      return tab;
    },
    grow(tab, rowCount, columnCount) {
      const before = [tab.rowCount, tab.columnCount] as const;
      tab.rowCount = Math.max(tab.rowCount, rowCount);
      tab.columnCount = Math.max(tab.columnCount, columnCount);
      batch.undo.push(() => {
        [tab.rowCount, tab.columnCount] = before;
      });
    },
  };
  try {
    return requests.map((request, index) => runOne(batch, request, index));
  } catch (error) {
    for (const undo of batch.undo.toReversed()) undo();
    throw error;
  }
}

function runOne(batch: Batch, request: sheets_v4.Schema$Request, index: number): sheets_v4.Schema$Response {
  const kinds = Object.keys(request) as (keyof sheets_v4.Schema$Request)[];
  const kind = kinds[0];
  if (!kind) throw invalid(`Invalid requests[${index}]: No request set.`);
  const handler = HANDLERS[kind] as ((batch: Batch, body: unknown) => sheets_v4.Schema$Response) | undefined;
  if (!handler) {
    if (KNOWN.has(kind)) throw unimplemented(`spreadsheets.batchUpdate ${kind}`);
    throw unknownField(kind, `requests[${index}]`);
  }
  try {
    return handler(batch, request[kind]);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 'INVALID_ARGUMENT') throw error;
    throw new ApiError(error.status, `Invalid requests[${index}].${kind}: ${error.message}`, error.details);
  }
}
