import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { invalid } from '../../errors.ts';
import { type Batch, type Handlers } from './batch.ts';
import { canonical } from '../protocol/canonical.ts';
import { masks, parseUpdateFields } from '../protocol/fields.ts';
import { locationType, matchesLookup, placeOf } from '../ranges/metadata-lookup.ts';
import { areaOf, resolveFilter } from '../ranges/ranges.ts';
import { assign, newId, overlaps, tabOf } from '../workbook.ts';
import { dimension, setDimension } from './dimensions.ts';

type Group = sheets_v4.Schema$DimensionGroup;

/** How deep each row or column stands; groups are the runs of every depth. */
function depths(groups: readonly Group[]): number[] {
  const list: number[] = [];
  for (const { range, depth } of groups)
    for (let index = range?.startIndex ?? 0; index < (range?.endIndex ?? 0); index += 1)
      list[index] = Math.max(list[index] ?? 0, depth ?? 0);
  return Array.from(list, (depth) => depth ?? 0);
}

function runs(
  list: readonly number[],
  before: readonly Group[],
  range: sheets_v4.Schema$DimensionRange,
): Group[] {
  const groups: Group[] = [];
  for (let depth = 1; depth <= Math.max(0, ...list); depth += 1) {
    let start: number | null = null;
    for (let index = 0; index <= list.length; index += 1) {
      const isIn = (list[index] ?? 0) >= depth;
      if (isIn) start ??= index;
      else if (start !== null) {
        const same = before.find(
          (each) =>
            each.depth === depth && each.range?.startIndex === start && each.range?.endIndex === index,
        );
        const { sheetId, dimension } = range;
        groups.push(
          same ?? {
            range: {
              sheetId: sheetId ?? 0,
              dimension: dimension ?? 'ROWS',
              startIndex: start,
              endIndex: index,
            },
            depth,
          },
        );
        start = null;
      }
    }
  }
  return groups;
}

const MAX_DEPTH = 8;

function regroup(batch: Batch, range: sheets_v4.Schema$DimensionRange | undefined, by: 1 | -1): Group[] {
  const { tab, rows, start, end } = dimension(batch, range);
  const key = rows ? 'rowGroups' : 'columnGroups';
  const list = depths(tab[key]);
  if (by < 0 && !list.slice(start, end).some((depth) => depth > 0))
    throw invalid('There is no group to delete in this range.');
  for (let index = 0; index < end; index += 1) {
    list[index] ??= 0;
    if (index >= start) list[index] = Math.max(0, (list[index] ?? 0) + by);
  }
  if (Math.max(0, ...list) > MAX_DEPTH) throw invalid(`Groups cannot be nested deeper than ${MAX_DEPTH}.`);
  const groups = runs(list, tab[key], range ?? {});
  assign(batch.undo, tab, key, groups);
  return canonical('AddDimensionGroupResponse', { dimensionGroups: groups }).dimensionGroups ?? [];
}

function addDimensionGroup(batch: Batch, { range }: sheets_v4.Schema$AddDimensionGroupRequest) {
  return { addDimensionGroup: { dimensionGroups: regroup(batch, range, 1) } };
}

function deleteDimensionGroup(batch: Batch, { range }: sheets_v4.Schema$DeleteDimensionGroupRequest) {
  const dimensionGroups = regroup(batch, range, -1);
  return { deleteDimensionGroup: dimensionGroups.length > 0 ? { dimensionGroups } : {} };
}

/** A collapsed group hides its rows or columns. */
function updateDimensionGroup(batch: Batch, request: sheets_v4.Schema$UpdateDimensionGroupRequest) {
  const given = request.dimensionGroup ?? {};
  const span = dimension(batch, given.range);
  const key = span.rows ? 'rowGroups' : 'columnGroups';
  const found = span.tab[key].find(
    (each) =>
      each.depth === given.depth &&
      each.range?.startIndex === span.start &&
      each.range?.endIndex === span.end,
  );
  if (!found) throw invalid('There is no group over this range at this depth.');
  if (!masks(parseUpdateFields(request.fields, 'DimensionGroup'), 'collapsed')) return {};
  const collapsed = Boolean(given.collapsed);
  assign(
    batch.undo,
    span.tab,
    key,
    span.tab[key].map((each) => (each === found ? { ...each, collapsed } : each)),
  );
  setDimension(batch, span, (before) => ({ ...before, hiddenByUser: collapsed }));
  return {};
}

type Metadata = sheets_v4.Schema$DeveloperMetadata;

function located(batch: Batch, given: Metadata): Metadata {
  const { location } = given;
  if (
    !location ||
    (!location.spreadsheet && !location.dimensionRange && typeof location.sheetId !== 'number')
  )
    throw invalid('A location must be specified.');
  if (!given.metadataKey) throw invalid('A metadata key must be specified.');
  if (!given.visibility) throw invalid('A visibility must be specified.');
  const place = placeOf(given);
  if (place) tabOf(batch.workbook, place.sheetId);
  const range = location.dimensionRange;
  if (range && (range.endIndex ?? 0) - (range.startIndex ?? 0) !== 1)
    throw invalid('Developer metadata can only be associated with a single row or column.');
  return { ...given, location: { ...location, locationType: locationType(location) } };
}

function createDeveloperMetadata(batch: Batch, request: sheets_v4.Schema$CreateDeveloperMetadataRequest) {
  const { workbook, undo } = batch;
  const given = located(batch, canonical('DeveloperMetadata', request.developerMetadata ?? {}));
  const developerMetadata = { ...given, metadataId: given.metadataId ?? newId(workbook, undo) };
  if (workbook.developerMetadata.some(({ metadataId }) => metadataId === developerMetadata.metadataId))
    throw invalid(`Developer metadata with ID ${developerMetadata.metadataId} already exists.`);
  assign(undo, workbook, 'developerMetadata', [...workbook.developerMetadata, developerMetadata]);
  return { createDeveloperMetadata: { developerMetadata } };
}

/** The metadata that a filter means: by its own lookup, or by cells that it is tied to. */
export function metadataOf(workbook: Batch['workbook'], filter: sheets_v4.Schema$DataFilter): Metadata[] {
  const lookup = filter.developerMetadataLookup;
  if (lookup) return workbook.developerMetadata.filter((each) => matchesLookup(each, lookup));
  const found = resolveFilter(workbook, filter);
  return workbook.developerMetadata.filter((each) => {
    const place = placeOf(each);
    return found.some(
      ({ tab, area }) =>
        place && (place.sheetId ?? 0) === tab.properties.sheetId && overlaps(areaOf(place), area),
    );
  });
}

function updateDeveloperMetadata(batch: Batch, request: sheets_v4.Schema$UpdateDeveloperMetadataRequest) {
  const { workbook, undo } = batch;
  const mask = parseUpdateFields(request.fields, 'DeveloperMetadata');
  const given = canonical('DeveloperMetadata', request.developerMetadata ?? {});
  const matched = new Set((request.dataFilters ?? []).flatMap((filter) => metadataOf(workbook, filter)));
  const updated: Metadata[] = [];
  const next = workbook.developerMetadata.map((each) => {
    if (!matched.has(each)) return each;
    const changed = { ...each };
    for (const name of ['metadataKey', 'metadataValue', 'visibility', 'location'] as const)
      if (masks(mask, name) && (mask || given[name] !== undefined))
        Object.assign(changed, { [name]: given[name] });
    const made = located(batch, canonical('DeveloperMetadata', changed));
    updated.push(made);
    return made;
  });
  assign(undo, workbook, 'developerMetadata', next);
  return { updateDeveloperMetadata: updated.length > 0 ? { developerMetadata: updated } : {} };
}

function deleteDeveloperMetadata(batch: Batch, request: sheets_v4.Schema$DeleteDeveloperMetadataRequest) {
  const { workbook, undo } = batch;
  const deleted = metadataOf(workbook, request.dataFilter ?? {});
  assign(
    undo,
    workbook,
    'developerMetadata',
    workbook.developerMetadata.filter((each) => !deleted.includes(each)),
  );
  return {
    deleteDeveloperMetadata: deleted.length > 0 ? { deletedDeveloperMetadata: deleted } : {},
  };
}

export const groupHandlers: Handlers = {
  addDimensionGroup,
  deleteDimensionGroup,
  updateDimensionGroup,
  createDeveloperMetadata,
  updateDeveloperMetadata,
  deleteDeveloperMetadata,
};
