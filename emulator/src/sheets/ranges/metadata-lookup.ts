import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import type { GridRange } from '../workbook.ts';

type Metadata = sheets_v4.Schema$DeveloperMetadata;
type Location = sheets_v4.Schema$DeveloperMetadataLocation;

/** The cells that metadata is tied to; null where it belongs to the whole spreadsheet. */
export function placeOf({ location }: Metadata): GridRange | null {
  const range = location?.dimensionRange;
  if (range)
    return range.dimension === 'ROWS'
      ? { sheetId: range.sheetId ?? 0, startRowIndex: range.startIndex ?? 0, endRowIndex: range.endIndex }
      : {
          sheetId: range.sheetId ?? 0,
          startColumnIndex: range.startIndex ?? 0,
          endColumnIndex: range.endIndex,
        };
  return typeof location?.sheetId === 'number' ? { sheetId: location.sheetId } : null;
}

export function locationType(location: Location | undefined): string {
  if (location?.dimensionRange) return location.dimensionRange.dimension === 'ROWS' ? 'ROW' : 'COLUMN';
  return typeof location?.sheetId === 'number' ? 'SHEET' : 'SPREADSHEET';
}

export function matchesLookup(metadata: Metadata, lookup: sheets_v4.Schema$DeveloperMetadataLookup): boolean {
  const fits = <T>(wanted: T | null | undefined, actual: T | null | undefined) =>
    wanted === undefined || wanted === null || wanted === actual;
  return (
    fits(lookup.metadataId, metadata.metadataId) &&
    fits(lookup.metadataKey, metadata.metadataKey) &&
    fits(lookup.metadataValue, metadata.metadataValue) &&
    fits(lookup.visibility, metadata.visibility) &&
    fits(lookup.locationType, metadata.location?.locationType) &&
    (!lookup.metadataLocation ||
      matchesLocation(
        metadata.location ?? {},
        lookup.metadataLocation,
        lookup.locationMatchingStrategy !== 'INTERSECTING_LOCATION',
      ))
  );
}

function matchesLocation(actual: Location, wanted: Location, exactly: boolean): boolean {
  const key = (location: Location) =>
    JSON.stringify([
      location.dimensionRange?.sheetId ?? location.sheetId ?? null,
      location.dimensionRange?.dimension ?? null,
      location.dimensionRange?.startIndex ?? null,
      location.dimensionRange?.endIndex ?? null,
    ]);
  if (exactly) return key(actual) === key(wanted);
  if (locationType(wanted) === 'SPREADSHEET') return true;
  const sheetId = (location: Location) =>
    location.dimensionRange ? (location.dimensionRange.sheetId ?? 0) : location.sheetId;
  if (sheetId(actual) !== sheetId(wanted)) return locationType(actual) === 'SPREADSHEET';
  const [a, b] = [actual.dimensionRange, wanted.dimensionRange];
  if (!a || !b || a.dimension !== b.dimension) return true;
  return (
    (a.startIndex ?? 0) < (b.endIndex ?? Number.POSITIVE_INFINITY) &&
    (b.startIndex ?? 0) < (a.endIndex ?? Number.POSITIVE_INFINITY)
  );
}
