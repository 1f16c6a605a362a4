import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { KEY_ROW, keysOf, LABEL_ROW, type TabSpec } from '../../../contract/tabs.ts';
import {
  columnRequests,
  labelCell,
  protectionRequests,
  PROTECTIONS,
  ruleRequests,
  type TabLook,
} from './layout.ts';
import type { Tab } from './tab.ts';

type Request = sheets_v4.Schema$Request;

/** What Google says of a tab, as far as an upgrade has to know it. */
export const UPGRADE_FIELDS =
  'sheets(properties(sheetId,gridProperties(columnCount)),protectedRanges(protectedRangeId,description),' +
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
 * Brings an existing tab up to its layout. Missing columns are added at the right; a copied key is blanked, so that the
 * copy becomes a person's own column. A newer layout also renews labels, widths, check boxes, drop-downs and the
 * service's own protections, filter views and colours. A person's columns, their order and their rules stay. Doing it
 * again changes nothing.
 */
export function upgradeRequests<K extends string>(
  spec: TabSpec<K>,
  sheet: sheets_v4.Schema$Sheet,
  look: TabLook<K>,
  tab: Tab<K>,
  layout: number,
): Request[] {
  const sheetId = sheet.properties?.sheetId ?? 0;
  const newer = layout < spec.layout;
  const changed = newer ? keysOf(spec) : tab.missing;
  return [
    ...widen(sheet, sheetId, tab),
    ...tab.copies.map((index) => writeHeader(sheetId, KEY_ROW, index, {})),
    ...tab.missing.map((key) =>
      writeHeader(sheetId, KEY_ROW, tab.columns[key], { userEnteredValue: { stringValue: key } }),
    ),
    ...changed.flatMap((key) => [
      // Where the row of labels is gone, it is put back with the rows.
      ...(tab.labels === 'present'
        ? [writeHeader(sheetId, LABEL_ROW, tab.columns[key], labelCell(spec.columns[key]))]
        : []),
      ...columnRequests(spec.columns[key], sheetId, tab.columns[key], look.choices[key]),
    ]),
    ...renewProtections(spec, sheet, sheetId, look, tab),
    ...(newer ? renewRules(sheet, sheetId, look, tab) : []),
  ];
}

function widen(sheet: sheets_v4.Schema$Sheet, sheetId: number, { columns, missing }: Tab<string>): Request[] {
  const width = sheet.properties?.gridProperties?.columnCount ?? 0;
  const needed = Math.max(0, ...missing.map((key) => (columns[key] ?? 0) + 1));
  return needed > width
    ? [{ appendDimension: { sheetId, dimension: 'COLUMNS', length: needed - width } }]
    : [];
}

function writeHeader(
  sheetId: number,
  row: number,
  columnIndex: number,
  cell: sheets_v4.Schema$CellData,
): Request {
  return {
    updateCells: {
      start: { sheetId, rowIndex: row - 1, columnIndex },
      rows: [{ values: [cell] }],
      fields: row === KEY_ROW ? 'userEnteredValue' : 'userEnteredValue,userEnteredFormat,note',
    },
  };
}

/** The service's protections, found by their names, are made anew over the columns as they lie now. */
function renewProtections<K extends string>(
  spec: TabSpec<K>,
  { protectedRanges }: sheets_v4.Schema$Sheet,
  sheetId: number,
  look: TabLook<K>,
  { columns }: Tab<K>,
): Request[] {
  const names: readonly string[] = Object.values(PROTECTIONS);
  const own = protectedRanges?.filter(({ description }) => names.includes(description ?? '')) ?? [];
  return [
    ...own.map(({ protectedRangeId }) => ({ deleteProtectedRange: { protectedRangeId } })),
    ...protectionRequests(spec, sheetId, look, columns),
  ];
}

/** The formulas of the service's own colours. */
const OWN_FORMULA = /^=(?:LEN\(\$[A-Z]+\d+\)>0|ISNUMBER\(SEARCH\("[^]*",\$[A-Z]+\d+\)\))$/u;

/** The same for colours and filter views. Colours have no name and no id: they are known by their formulas. */
function renewRules<K extends string>(
  { filterViews, conditionalFormats }: sheets_v4.Schema$Sheet,
  sheetId: number,
  { rules = [] }: TabLook<K>,
  { columns }: Tab<K>,
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
