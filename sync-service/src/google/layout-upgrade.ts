import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { FIRST_DATA_ROW, KEY_ROW, keysOf, LABEL_ROW, sinceOf, type TabSpec } from '../../../contract/tabs.ts';
import {
  blankRowRequests,
  frozenRequests,
  hidingRequests,
  labelRequest,
  protectionRequests,
  PROTECTIONS,
  rowRequests,
  ruleRequests,
  type TabLook,
  widthRequests,
} from './layout.ts';
import { writeCell } from './reconcile.ts';
import type { Tab } from './tab.ts';

type Request = sheets_v4.Schema$Request;

/** What Google says of a tab, as far as an upgrade has to know it. */
export const UPGRADE_FIELDS =
  'sheets(properties(sheetId,gridProperties(rowCount,columnCount)),protectedRanges(protectedRangeId,description),' +
  'filterViews(filterViewId,title),conditionalFormats(booleanRule(condition)))';

/** Whether a tab has to be brought up to its layout. `layout` is the one that it was brought to last. */
export function needsUpgrade(
  spec: Pick<TabSpec, 'layout'>,
  tab: Pick<Tab<string>, 'missing' | 'copies'>,
  layout: number,
) {
  return layout < spec.layout || tab.missing.length > 0 || tab.copies.length > 0;
}

/**
 * Brings an existing tab up to its layout: missing columns are inserted beside their neighbours, a copied key is blanked,
 * so that the copy becomes a person's own column, and what the service owns follows the columns: of a newer layout also
 * labels, widths, check boxes, drop-downs and formats of the columns that it changed, frozen columns, filter views and
 * colours. A person's columns, their order and their rules stay. Doing it again changes nothing.
 * @returns the requests, those that only decorate, and the tab as it is after them
 */
export function upgradeTab<K extends string>(
  spec: TabSpec<K>,
  sheet: sheets_v4.Schema$Sheet,
  look: TabLook<K>,
  tab: Tab<K>,
  layout: number,
): { requests: Request[]; decoration: Request[]; tab: Tab<K> } {
  const sheetId = sheet.properties?.sheetId ?? 0;
  const from = layoutBefore(spec, tab, layout);
  const newer = from < spec.layout;
  const changed = keysOf(spec).filter((key) => !tab.missing.includes(key) && sinceOf(spec, key) > from);
  const width = sheet.properties?.gridProperties?.columnCount ?? 0;
  const { insertions, columns } = placeColumns(spec, sheetId, tab, width);
  const moves = newer ? orderRequests(spec, sheetId, tab, columns) : [];
  const dress = (key: K) => [
    // Where the row of labels is gone, it is put back with the rows.
    ...(tab.labels === 'present' ? [labelRequest(sheetId, spec.columns[key], columns[key])] : []),
    ...widthRequests(spec.columns[key], sheetId, columns[key]),
  ];
  const first = (tab.labels === 'gone' ? LABEL_ROW : FIRST_DATA_ROW) - 1;
  const height = Math.max(first, tab.height);
  const rowCount = sheet.properties?.gridProperties?.rowCount ?? 0;
  return {
    requests: [
      ...tab.copies.map((index) => writeCell(sheetId, KEY_ROW - 1, index, '')),
      ...insertions,
      ...moves,
      ...tab.missing.flatMap((key) => [
        plain(sheetId, columns[key]),
        writeCell(sheetId, KEY_ROW - 1, columns[key], key),
        ...dress(key),
      ]),
      ...changed.flatMap(dress),
      ...(newer ? hidingRequests(sheetId, columns, look.hidden ?? []) : []),
      // Rows of a closed tab are the script's own.
      ...(look.closed ? [] : rowRequests(spec, sheetId, columns, look.choices, { from: first, to: height })),
      ...(newer ? blankRowRequests(spec, sheetId, columns, { from: height, to: rowCount }) : []),
      ...renewProtections(spec, sheet, sheetId, look, columns),
    ],
    decoration:
      newer || tab.missing.length > 0
        ? [...frozenRequests(spec, sheetId, columns), ...renewRules(sheet, sheetId, look, columns)]
        : [],
    tab: { ...tab, columns, missing: [], copies: [] },
  };
}

/**
 * The layout that a tab has, whatever it was once brought to: one that lacks a later layout's column was put back from
 * the version history, and everything that came with that column has to be done again.
 */
function layoutBefore<K extends string>(spec: TabSpec<K>, { missing }: Tab<K>, layout: number): number {
  const later = missing.map((key) => sinceOf(spec, key)).filter((since) => since > 1);
  return Math.min(layout, ...later.map((since) => since - 1));
}

/**
 * Inserts each missing column right of the column that the spec has before it. A fresh column is inserted rather than an
 * empty one taken: what looks empty may be a person's own, and what a person adds meanwhile only moves aside.
 */
function placeColumns<K extends string>(spec: TabSpec<K>, sheetId: number, tab: Tab<K>, width: number) {
  const columns = { ...tab.columns };
  const keys = keysOf(spec);
  const insertions: Request[] = [];
  let size = width;
  const insertAt = (index: number) => {
    if (index >= size) {
      insertions.push({ appendDimension: { sheetId, dimension: 'COLUMNS', length: index - size + 1 } });
      size = index + 1;
    }
    const range = { sheetId, dimension: 'COLUMNS', startIndex: index, endIndex: index + 1 };
    insertions.push({ insertDimension: { range, inheritFromBefore: false } });
    size += 1;
    for (const key of keys) if (columns[key] >= index) columns[key] += 1;
  };
  for (const [nth, key] of keys.entries()) {
    if (columns[key] >= 0) continue;
    // Every key before this one has its place by now; the first goes where the next that is there lies.
    const before = keys[nth - 1];
    const after = keys.find((each) => columns[each] >= 0);
    const index = before !== undefined ? columns[before] + 1 : after !== undefined ? columns[after] : 0;
    insertAt(index);
    columns[key] = index;
  }
  return { insertions, columns };
}

/**
 * Puts the columns of an older layout into the order of the spec, and `columns` with them: only where nobody has moved
 * one of them or put an own one among them.
 */
function orderRequests<K extends string>(
  spec: Pick<TabSpec<K>, 'columns' | 'formerOrders'>,
  sheetId: number,
  tab: Pick<Tab<K>, 'columns' | 'missing'>,
  columns: Record<K, number>,
): Request[] {
  const keys = keysOf(spec);
  const inPlace = (by: Record<K, number>, which: readonly K[]) =>
    which.toSorted((one, other) => by[one] - by[other]);
  const known = inPlace(
    tab.columns,
    keys.filter((key) => !tab.missing.includes(key)),
  );
  const former = spec.formerOrders?.some((order) => {
    const its = order.split(' ');
    return (
      its.filter((key) => known.some((each) => each === key)).join(' ') ===
      known.filter((key) => its.includes(key)).join(' ')
    );
  });
  const order = inPlace(columns, keys);
  const isWhole = order.every((key, index) => columns[key] === index);
  if (!former || !isWhole) return [];
  const moves: Request[] = [];
  for (const [index, key] of keys.entries()) {
    const at = order.indexOf(key);
    if (at === index) continue;
    const source = { sheetId, dimension: 'COLUMNS', startIndex: at, endIndex: at + 1 };
    moves.push({ moveDimension: { source, destinationIndex: index } });
    order.splice(index, 0, ...order.splice(at, 1));
  }
  for (const [index, key] of order.entries()) columns[key] = index;
  return moves;
}

/** An inserted column takes over its neighbour's formats, check boxes and drop-downs. */
function plain(sheetId: number, index: number): Request {
  return {
    repeatCell: {
      range: { sheetId, startColumnIndex: index, endColumnIndex: index + 1 },
      cell: {},
      fields: 'userEnteredFormat,dataValidation',
    },
  };
}

/** The service's protections, found by their names, are made anew over the columns as they lie now. */
function renewProtections<K extends string>(
  spec: TabSpec<K>,
  { protectedRanges }: sheets_v4.Schema$Sheet,
  sheetId: number,
  look: TabLook<K>,
  columns: Record<K, number>,
): Request[] {
  const names: readonly string[] = Object.values(PROTECTIONS);
  const own = protectedRanges?.filter(({ description }) => names.includes(description ?? '')) ?? [];
  return [
    ...own.map(({ protectedRangeId }) => ({ deleteProtectedRange: { protectedRangeId } })),
    ...protectionRequests(spec, sheetId, look, columns),
  ];
}

/** The formulas of the service's own colours, also of one whose column was deleted. */
const OWN_FORMULA =
  /^=(?:LEN\((?:\$[A-Z]+\d+|#REF!)\)>0|ISNUMBER\(SEARCH\("[^]*",(?:\$[A-Z]+\d+|#REF!)\)\))$/u;

/** Makes colours and filter views anew too. Colours have no name and no id, so they are known by their formulas. */
function renewRules<K extends string>(
  { filterViews, conditionalFormats }: sheets_v4.Schema$Sheet,
  sheetId: number,
  { rules = [] }: TabLook<K>,
  columns: Record<K, number>,
): Request[] {
  const titles = new Set(rules.map(({ title }) => title));
  const views = filterViews?.filter(({ title }) => titles.has(title ?? '')) ?? [];
  const colours = (conditionalFormats ?? []).flatMap(({ booleanRule }, index) =>
    OWN_FORMULA.test(booleanRule?.condition?.values?.[0]?.userEnteredValue ?? '') ? [index] : [],
  );
  return [
    ...views.map(({ filterViewId }) => ({ deleteFilterView: { filterId: filterViewId } })),
    // Deletes from the last one on, so that no deletion shifts those still to be deleted.
    ...colours.toReversed().map((index) => ({ deleteConditionalFormatRule: { sheetId, index } })),
    ...rules.flatMap((rule) => ruleRequests(sheetId, rule, columns)),
  ];
}
