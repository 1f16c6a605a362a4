import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import type { Area } from './ranges/a1.ts';
import { canonical } from './protocol/canonical.ts';
import { mayEditRange, type Writer } from './ranges/protection.ts';
import { gridData } from './cells/grid-data.ts';
import { boundsOf, overlaps, type Tab, type Workbook } from './workbook.ts';

/** The part of a tab that an answer is about. */
export interface Part {
  tab: Tab;
  area: Area;
}

export function describeTab(workbook: Workbook, tab: Tab): sheets_v4.Schema$SheetProperties {
  const { gridProperties, ...rest } = tab.properties;
  return canonical('SheetProperties', {
    ...rest,
    index: workbook.tabs.indexOf(tab),
    gridProperties: { rowCount: tab.rowCount, columnCount: tab.columnCount, ...gridProperties },
  });
}

export function shownProtectedRange(
  range: sheets_v4.Schema$ProtectedRange,
  writer: Writer,
): sheets_v4.Schema$ProtectedRange {
  return canonical('ProtectedRange', { ...range, requestingUserCanEdit: mayEditRange(range, writer) });
}

/** How an answer shows a sheet: with its cells or without, and to whom. */
export interface Shown {
  withData: boolean;
  writer: Writer;
}

/** One sheet with what lies on it; with areas, only what touches them. */
export function describeSheet(
  workbook: Workbook,
  tab: Tab,
  areas: readonly Area[] | null,
  { withData, writer }: Shown,
): sheets_v4.Schema$Sheet {
  const touches = (range: sheets_v4.Schema$GridRange) =>
    !areas || areas.some((area) => overlaps(boundsOf(tab, range), area));
  const developerMetadata = workbook.developerMetadata.filter(
    ({ location }) =>
      location?.locationType === 'SHEET' && (location.sheetId ?? 0) === tab.properties.sheetId,
  );
  const whole: Area = {
    startRow: 0,
    endRow: tab.rowCount,
    startColumn: 0,
    endColumn: tab.columnCount,
  };
  const described: sheets_v4.Schema$Sheet = canonical('Sheet', {
    merges: tab.merges.filter((range) => touches(range)),
    conditionalFormats: tab.conditionalFormats,
    filterViews: tab.filterViews,
    protectedRanges: tab.protectedRanges.map((range) => shownProtectedRange(range, writer)),
    basicFilter: tab.basicFilter ?? undefined,
    charts: tab.charts,
    bandedRanges: tab.bandedRanges,
    developerMetadata,
    rowGroups: tab.rowGroups,
    columnGroups: tab.columnGroups,
    slicers: tab.slicers,
  });
  return {
    properties: describeTab(workbook, tab),
    ...(withData ? { data: (areas ?? [whole]).map((area) => gridData(workbook, tab, area)) } : {}),
    ...described,
  };
}

/** The sheets that parts lie on, in their order; without parts all of them. */
export function describeSheets(
  workbook: Workbook,
  parts: readonly Part[] | null,
  shown: Shown,
): sheets_v4.Schema$Sheet[] {
  return workbook.tabs.flatMap((tab) => {
    const areas = parts?.filter((part) => part.tab === tab).map((part) => part.area);
    if (areas?.length === 0) return [];
    return [describeSheet(workbook, tab, areas ?? null, shown)];
  });
}
