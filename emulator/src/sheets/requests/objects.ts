import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { invalid, unimplemented } from '../../errors.ts';
import { type Batch, type Handlers, rangeBounds } from './batch.ts';
import { canonical } from '../protocol/canonical.ts';
import { shownProtectedRange } from '../describe.ts';
import { cellOf } from '../ranges/ranges.ts';
import { checkRangeProtection } from '../ranges/protection.ts';
import { parseUpdateFields, writeFields } from '../protocol/fields.ts';
import { assign, boundsOf, newId, overlaps, type Tab, tabOf } from '../workbook.ts';

/** Things with an id of their own that lie on a tab: protected ranges, banding, charts, slicers. */

type Lists = {
  protectedRanges: sheets_v4.Schema$ProtectedRange;
  bandedRanges: sheets_v4.Schema$BandedRange;
  charts: sheets_v4.Schema$EmbeddedChart;
  slicers: sheets_v4.Schema$Slicer;
};
const IDS = {
  protectedRanges: 'protectedRangeId',
  bandedRanges: 'bandedRangeId',
  charts: 'chartId',
  slicers: 'slicerId',
} as const;
const WORDS: Record<keyof Lists, string> = {
  protectedRanges: 'protected range',
  bandedRanges: 'banded range',
  charts: 'chart',
  slicers: 'slicer',
};

type Id = number | null | undefined;
type Listed = { [K in keyof Lists]: Lists[K][] };
const ID_OF: { [K in keyof Lists]: (item: Lists[K]) => Id } = {
  protectedRanges: (item) => item.protectedRangeId,
  bandedRanges: (item) => item.bandedRangeId,
  charts: (item) => item.chartId,
  slicers: (item) => item.slicerId,
};
const idOf = <K extends keyof Lists>(kind: K, item: Lists[K]): Id => ID_OF[kind](item);

function listOf<K extends keyof Lists>(tab: Listed, kind: K): Lists[K][] {
  return tab[kind];
}

function add<K extends keyof Lists>(batch: Batch, tab: Tab, kind: K, item: Lists[K]): Lists[K] {
  const { workbook, undo } = batch;
  const id = idOf(kind, item) ?? newId(workbook, undo);
  if (workbook.tabs.some((each) => listOf(each, kind).some((one) => idOf(kind, one) === id)))
    throw invalid(`A ${WORDS[kind]} with ID ${id} already exists.`);
  const made = { ...item, [IDS[kind]]: id };
  replace(batch, tab, kind, [...listOf(tab, kind), made]);
  return made;
}

function replace<K extends keyof Lists>(batch: Batch, tab: Listed, kind: K, list: Lists[K][]) {
  assign<Listed, K>(batch.undo, tab, kind, list);
}

function find<K extends keyof Lists>(batch: Batch, kind: K, id: Id): { tab: Tab; item: Lists[K] } {
  for (const tab of batch.workbook.tabs) {
    const item = listOf(tab, kind).find((each) => idOf(kind, each) === id);
    if (item) return { tab, item };
  }
  throw invalid(`No ${WORDS[kind]} with ID: ${id}`);
}

function change<K extends keyof Lists>(
  batch: Batch,
  kind: K,
  id: Id,
  to: (before: Lists[K]) => Lists[K] | null,
) {
  const { tab, item } = find(batch, kind, id);
  const next = to(item);
  const left: Lists[K][] = [];
  for (const each of listOf(tab, kind)) {
    if (each !== item) left.push(each);
    else if (next) left.push(next);
  }
  replace(batch, tab, kind, left);
  return next;
}

function protectedRange(batch: Batch, given: sheets_v4.Schema$ProtectedRange) {
  const kept = canonical('ProtectedRange', given);
  const { requestingUserCanEdit: _, ...rest } = kept;
  if (rest.namedRangeId) {
    const named = batch.workbook.namedRanges.find((each) => each.namedRangeId === rest.namedRangeId);
    if (!named) throw invalid(`No named range with ID: ${rest.namedRangeId}`);
    return { ...rest, ...(named.range ? { range: named.range } : {}) };
  }
  return rest;
}

function addProtectedRange(batch: Batch, request: sheets_v4.Schema$AddProtectedRangeRequest) {
  const given = protectedRange(batch, request.protectedRange ?? {});
  const tab = tabOf(batch.workbook, given.range?.sheetId);
  const { editor } = batch.writer;
  // Whoever protects a range may go on editing it.
  const users = editor === null ? null : [...new Set([...(given.editors?.users ?? []), editor])];
  const kept = users ? { ...given, editors: { ...given.editors, users } } : given;
  const made = add(batch, tab, 'protectedRanges', kept);
  return { addProtectedRange: { protectedRange: shownProtectedRange(made, batch.writer) } };
}

function updateProtectedRange(batch: Batch, request: sheets_v4.Schema$UpdateProtectedRangeRequest) {
  const mask = parseUpdateFields(request.fields, 'ProtectedRange');
  const given = protectedRange(batch, request.protectedRange ?? {});
  change(batch, 'protectedRanges', given.protectedRangeId, (before) => {
    checkRangeProtection(before, batch.writer);
    return {
      ...writeFields(before, given, mask, 'ProtectedRange'),
      protectedRangeId: before.protectedRangeId,
    };
  });
  return {};
}

function deleteProtectedRange(batch: Batch, request: sheets_v4.Schema$DeleteProtectedRangeRequest) {
  change(batch, 'protectedRanges', request.protectedRangeId, (before) => {
    checkRangeProtection(before, batch.writer);
    return null;
  });
  return {};
}

function refuseSecondBanding(tab: Tab, { range, bandedRangeId }: sheets_v4.Schema$BandedRange) {
  const area = rangeBounds(tab, range);
  if (
    tab.bandedRanges.some(
      (each) => each.bandedRangeId !== bandedRangeId && overlaps(boundsOf(tab, each.range ?? {}), area),
    )
  )
    throw invalid(
      'You cannot add alternating background colors to a range that already has alternating background colors.',
    );
}

function addBanding(batch: Batch, request: sheets_v4.Schema$AddBandingRequest) {
  const given = canonical('BandedRange', request.bandedRange ?? {});
  const tab = tabOf(batch.workbook, given.range?.sheetId);
  refuseSecondBanding(tab, { ...given, bandedRangeId: given.bandedRangeId ?? -1 });
  return { addBanding: { bandedRange: add(batch, tab, 'bandedRanges', given) } };
}

function updateBanding(batch: Batch, request: sheets_v4.Schema$UpdateBandingRequest) {
  const mask = parseUpdateFields(request.fields, 'BandedRange');
  const given = canonical('BandedRange', request.bandedRange ?? {});
  change(batch, 'bandedRanges', given.bandedRangeId, (before) => {
    const next = {
      ...writeFields(before, given, mask, 'BandedRange'),
      bandedRangeId: before.bandedRangeId,
    };
    refuseSecondBanding(find(batch, 'bandedRanges', before.bandedRangeId).tab, next);
    return next;
  });
  return {};
}

function deleteBanding(batch: Batch, request: sheets_v4.Schema$DeleteBandingRequest) {
  change(batch, 'bandedRanges', request.bandedRangeId, () => null);
  return {};
}

/** The size that Google gives a chart or slicer which names none. */
const SIZES = {
  charts: { widthPixels: 600, heightPixels: 371 },
  slicers: { widthPixels: 200, heightPixels: 30 },
};

function placed(kind: 'charts' | 'slicers', position: sheets_v4.Schema$EmbeddedObjectPosition | undefined) {
  const overlayPosition = position?.overlayPosition;
  if (!overlayPosition) throw unimplemented('an object on a sheet of its own');
  return {
    overlayPosition: {
      ...SIZES[kind],
      ...overlayPosition,
      anchorCell: overlayPosition.anchorCell ?? {},
    },
  };
}

/** The tab that a thing lies on. @throws ApiError 400 where its corner is no cell, or it has no size */
function landing(batch: Batch, position: sheets_v4.Schema$OverlayPosition): Tab {
  const tab = tabOf(batch.workbook, position.anchorCell?.sheetId);
  if (batch.isReplay) return tab;
  cellOf(tab, position.anchorCell);
  for (const side of ['widthPixels', 'heightPixels'] as const)
    if ((position[side] ?? 1) <= 0) throw invalid(`OverlayPosition.${side} must be greater than 0.`);
  return tab;
}

/** Refuses what Google cannot draw: each source of a chart is one row or one column, inside of its grid. */
function checkSources(batch: Batch, node: unknown): void {
  if (batch.isReplay || typeof node !== 'object' || node === null) return;
  if ('sources' in node) {
    const sources = (node as sheets_v4.Schema$ChartSourceRange).sources ?? [];
    const areas = sources.map((range) => rangeBounds(tabOf(batch.workbook, range.sheetId), range));
    const isFlat = (first: 'startRow' | 'startColumn', last: 'endRow' | 'endColumn') =>
      areas.every((area) => area[last] - area[first] === 1);
    if (!isFlat('startRow', 'endRow') && !isFlat('startColumn', 'endColumn'))
      throw invalid('ChartSourceRange ranges require all rows or all columns to have length of 1.');
  }
  for (const each of Object.values(node)) checkSources(batch, each);
}

function addChart(batch: Batch, { chart }: sheets_v4.Schema$AddChartRequest) {
  if (!chart?.spec) throw invalid('No chart spec specified.');
  const position = placed('charts', chart.position);
  const tab = landing(batch, position.overlayPosition);
  checkSources(batch, chart.spec);
  const made = add(batch, tab, 'charts', canonical('EmbeddedChart', { ...chart, position }));
  return { addChart: { chart: made } };
}

function updateChartSpec(batch: Batch, request: sheets_v4.Schema$UpdateChartSpecRequest) {
  if (!request.spec) throw invalid('No chart spec specified.');
  checkSources(batch, request.spec);
  const spec = canonical('ChartSpec', request.spec);
  change(batch, 'charts', request.chartId, (before) => ({ ...before, spec }));
  return {};
}

function addSlicer(batch: Batch, { slicer }: sheets_v4.Schema$AddSlicerRequest) {
  if (!slicer?.spec) throw invalid('No slicer spec specified.');
  const position = placed('slicers', slicer.position);
  const tab = landing(batch, position.overlayPosition);
  const made = add(batch, tab, 'slicers', canonical('Slicer', { ...slicer, position }));
  return { addSlicer: { slicer: made } };
}

function updateSlicerSpec(batch: Batch, request: sheets_v4.Schema$UpdateSlicerSpecRequest) {
  const mask = parseUpdateFields(request.fields, 'SlicerSpec');
  const given = canonical('SlicerSpec', request.spec ?? {});
  change(batch, 'slicers', request.slicerId, (before) => ({
    ...before,
    spec: writeFields(before.spec, given, mask, 'SlicerSpec'),
  }));
  return {};
}

/** Charts and slicers are moved, framed and deleted alike. */
function kindOfObject(batch: Batch, id: Id): 'charts' | 'slicers' {
  for (const kind of ['charts', 'slicers'] as const)
    if (batch.workbook.tabs.some((tab) => tab[kind].some((each) => idOf(kind, each) === id))) return kind;
  throw invalid(`No embedded object with ID: ${id}`);
}

function updateEmbeddedObjectPosition(
  batch: Batch,
  request: sheets_v4.Schema$UpdateEmbeddedObjectPositionRequest,
) {
  const kind = kindOfObject(batch, request.objectId);
  const mask = parseUpdateFields(request.fields, 'OverlayPosition');
  const given = canonical('OverlayPosition', placed(kind, request.newPosition).overlayPosition);
  const { item, tab } = find(batch, kind, request.objectId);
  const overlayPosition = {
    ...SIZES[kind],
    ...writeFields(item.position?.overlayPosition, given, mask, 'OverlayPosition'),
  };
  const position = { overlayPosition };
  const moved = { ...item, position };
  const target = landing(batch, overlayPosition);
  replace(
    batch,
    tab,
    kind,
    listOf(tab, kind).filter((each) => each !== item),
  );
  replace(batch, target, kind, [...listOf(target, kind), moved]);
  return { updateEmbeddedObjectPosition: { position: canonical('EmbeddedObjectPosition', position) } };
}

function updateEmbeddedObjectBorder(
  batch: Batch,
  request: sheets_v4.Schema$UpdateEmbeddedObjectBorderRequest,
) {
  const mask = parseUpdateFields(request.fields, 'EmbeddedObjectBorder');
  const given = canonical('EmbeddedObjectBorder', request.border ?? {});
  change(batch, 'charts', request.objectId, (before) => ({
    ...before,
    border: writeFields(before.border, given, mask, 'EmbeddedObjectBorder'),
  }));
  return {};
}

function deleteEmbeddedObject(batch: Batch, request: sheets_v4.Schema$DeleteEmbeddedObjectRequest) {
  change(batch, kindOfObject(batch, request.objectId), request.objectId, () => null);
  return {};
}

export const objectHandlers: Handlers = {
  addProtectedRange,
  updateProtectedRange,
  deleteProtectedRange,
  addBanding,
  updateBanding,
  deleteBanding,
  addChart,
  updateChartSpec,
  addSlicer,
  updateSlicerSpec,
  updateEmbeddedObjectPosition,
  updateEmbeddedObjectBorder,
  deleteEmbeddedObject,
};
