import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { ApiError, invalid, unimplemented, unknownField } from '../../errors.ts';
import type { Batch, Handlers } from './batch.ts';
import type { Writer } from '../ranges/protection.ts';
import { cellHandlers } from './cells.ts';
import { dimensionHandlers } from './dimensions.ts';
import { filterHandlers } from './filters.ts';
import { groupHandlers } from './groups.ts';
import { objectHandlers } from './objects.ts';
import { pasteHandlers } from './paste.ts';
import { rangeHandlers } from './ranges.ts';
import { sheetHandlers } from './sheets.ts';
import { textHandlers } from './texts.ts';
import { REQUEST_KINDS } from '../protocol/schema.ts';
import type { Workbook } from '../workbook.ts';

/** Every kind of request that is carried out. Any other that Google has is answered 501. */
export const HANDLERS: Handlers = {
  ...cellHandlers,
  ...sheetHandlers,
  ...dimensionHandlers,
  ...rangeHandlers,
  ...objectHandlers,
  ...filterHandlers,
  ...groupHandlers,
  ...pasteHandlers,
  ...textHandlers,
};

/**
 * Carries out a batch, all or nothing.
 * @throws ApiError naming the request by its index
 */
export function runBatch(
  workbook: Workbook,
  requests: readonly sheets_v4.Schema$Request[],
  writer: Writer,
  isReplay = false,
): sheets_v4.Schema$Response[] {
  const batch: Batch = { workbook, writer, undo: [], isReplay };
  try {
    return requests.map((request, index) => runOne(batch, request, index));
  } catch (error) {
    for (const undo of batch.undo.toReversed()) undo();
    throw error;
  }
}

function runOne(batch: Batch, request: sheets_v4.Schema$Request, index: number): sheets_v4.Schema$Response {
  const kind = Object.keys(request)[0] as keyof sheets_v4.Schema$Request | undefined;
  if (!kind) throw invalid(`Invalid requests[${index}]: No request set.`);
  const handler = HANDLERS[kind] as ((batch: Batch, body: unknown) => sheets_v4.Schema$Response) | undefined;
  if (!handler) {
    if (REQUEST_KINDS.includes(kind)) throw unimplemented(`spreadsheets.batchUpdate ${kind}`);
    throw unknownField(kind, `requests[${index}]`);
  }
  try {
    return handler(batch, request[kind]);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 'INVALID_ARGUMENT') throw error;
    throw new ApiError(error.status, `Invalid requests[${index}].${kind}: ${error.message}`, error.details);
  }
}
