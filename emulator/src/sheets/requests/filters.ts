import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { invalid } from '../../errors.ts';
import { type Batch, type Handlers, rangeBounds } from './batch.ts';
import { canonical } from '../protocol/canonical.ts';
import { parseUpdateFields, writeFields } from '../protocol/fields.ts';
import { assign, newId, type Tab, tabOf } from '../workbook.ts';

/** How a tab is looked at: its filter, filter views and conditional formats. */

/** `criteria` by column and `filterSpecs` say the same; where both are given, the specs count. */
function bothWritings<T extends sheets_v4.Schema$FilterView | sheets_v4.Schema$BasicFilter>(filter: T): T {
  const specs =
    filter.filterSpecs ??
    Object.entries(filter.criteria ?? {}).map(([column, filterCriteria]) => ({
      columnIndex: Number(column),
      filterCriteria,
    }));
  if (specs.length === 0) return filter;
  return {
    ...filter,
    criteria: Object.fromEntries(specs.map((spec) => [spec.columnIndex ?? 0, spec.filterCriteria ?? {}])),
    filterSpecs: specs,
  };
}

function setBasicFilter(batch: Batch, { filter }: sheets_v4.Schema$SetBasicFilterRequest) {
  const tab = tabOf(batch.workbook, filter?.range?.sheetId);
  rangeBounds(tab, filter?.range);
  // A filter without a range is one over everything that there is.
  const range = { sheetId: tab.properties.sheetId, ...filter?.range };
  const bounded = {
    ...range,
    startRowIndex: range.startRowIndex ?? 0,
    endRowIndex: range.endRowIndex ?? tab.rowCount,
    startColumnIndex: range.startColumnIndex ?? 0,
    endColumnIndex: range.endColumnIndex ?? tab.columnCount,
  };
  assign(
    batch.undo,
    tab,
    'basicFilter',
    canonical('BasicFilter', bothWritings({ ...filter, range: bounded })),
  );
  return {};
}

function clearBasicFilter(batch: Batch, { sheetId }: sheets_v4.Schema$ClearBasicFilterRequest) {
  assign(batch.undo, tabOf(batch.workbook, sheetId), 'basicFilter', null);
  return {};
}

function refuseViewTitle(tab: Tab, { title, filterViewId }: sheets_v4.Schema$FilterView) {
  if (tab.filterViews.some((each) => each.title === title && each.filterViewId !== filterViewId))
    throw invalid(`A filter view with the title "${title}" already exists.`);
}

function addView(batch: Batch, tab: Tab, given: sheets_v4.Schema$FilterView) {
  const { workbook, undo } = batch;
  const filter = {
    ...given,
    title: given.title ?? `Filter ${tab.filterViews.length + 1}`,
    filterViewId: given.filterViewId ?? newId(workbook, undo),
  };
  if (
    workbook.tabs.some((each) => each.filterViews.some((view) => view.filterViewId === filter.filterViewId))
  )
    throw invalid(`A filter view with ID ${filter.filterViewId} already exists.`);
  refuseViewTitle(tab, filter);
  assign(undo, tab, 'filterViews', [...tab.filterViews, filter]);
  return filter;
}

function addFilterView(batch: Batch, { filter = {} }: sheets_v4.Schema$AddFilterViewRequest) {
  const tab = tabOf(batch.workbook, filter.range?.sheetId);
  rangeBounds(tab, filter.range);
  const range = { sheetId: tab.properties.sheetId, ...filter.range };
  const given = canonical('FilterView', bothWritings({ ...filter, range }));
  return { addFilterView: { filter: addView(batch, tab, given) } };
}

function findView({ workbook }: Batch, id: number | null | undefined) {
  for (const tab of workbook.tabs) {
    const view = tab.filterViews.find((each) => each.filterViewId === id);
    if (view) return { tab, view };
  }
  throw invalid(`No filter view with ID: ${id}`);
}

function updateFilterView(batch: Batch, { filter = {}, fields }: sheets_v4.Schema$UpdateFilterViewRequest) {
  const { tab, view } = findView(batch, filter.filterViewId);
  const mask = parseUpdateFields(fields, 'FilterView');
  if (mask && (mask.criteria || mask.filterSpecs)) Object.assign(mask, { criteria: {}, filterSpecs: {} });
  const given = canonical('FilterView', bothWritings(filter));
  const next = { ...writeFields(view, given, mask, 'FilterView'), filterViewId: view.filterViewId };
  refuseViewTitle(tab, next);
  assign(
    batch.undo,
    tab,
    'filterViews',
    tab.filterViews.map((each) => (each === view ? next : each)),
  );
  return {};
}

function duplicateFilterView(batch: Batch, { filterId }: sheets_v4.Schema$DuplicateFilterViewRequest) {
  const { tab, view } = findView(batch, filterId);
  const { filterViewId: _, ...rest } = structuredClone(view);
  return {
    duplicateFilterView: { filter: addView(batch, tab, { ...rest, title: `Copy of ${view.title}` }) },
  };
}

function deleteFilterView(batch: Batch, { filterId }: sheets_v4.Schema$DeleteFilterViewRequest) {
  const { tab, view } = findView(batch, filterId);
  assign(
    batch.undo,
    tab,
    'filterViews',
    tab.filterViews.filter((each) => each !== view),
  );
  return {};
}

function checkedRule(batch: Batch, given: sheets_v4.Schema$ConditionalFormatRule | undefined) {
  const rule = canonical('ConditionalFormatRule', given ?? {});
  if (!rule.ranges?.length) throw invalid('No ranges specified.');
  if (!rule.booleanRule && !rule.gradientRule) throw invalid('No rule specified.');
  const tab = tabOf(batch.workbook, rule.ranges[0]?.sheetId);
  if (rule.ranges.some((range) => (range.sheetId ?? 0) !== tab.properties.sheetId))
    throw invalid('All ranges of a conditional format rule must be on the same sheet.');
  return { tab, rule };
}

function addConditionalFormatRule(batch: Batch, request: sheets_v4.Schema$AddConditionalFormatRuleRequest) {
  const { tab, rule } = checkedRule(batch, request.rule);
  const index = request.index ?? 0;
  if (index > tab.conditionalFormats.length) throw invalid(`Index ${index} is out of range.`);
  assign(batch.undo, tab, 'conditionalFormats', tab.conditionalFormats.toSpliced(index, 0, rule));
  return {};
}

function ruleAt(tab: Tab, index: number) {
  const rule = tab.conditionalFormats[index];
  if (!rule) throw invalid(`No conditional format on sheet: ${tab.properties.sheetId} at index: ${index}`);
  return rule;
}

/** A rule is exchanged, or moved: the reply has both sides. */
function updateConditionalFormatRule(
  batch: Batch,
  request: sheets_v4.Schema$UpdateConditionalFormatRuleRequest,
) {
  const given = request.rule ? checkedRule(batch, request.rule) : null;
  const tab = given?.tab ?? tabOf(batch.workbook, request.sheetId);
  const oldIndex = request.index ?? 0;
  const oldRule = ruleAt(tab, oldIndex);
  const newRule = given?.rule ?? oldRule;
  const newIndex = given ? oldIndex : (request.newIndex ?? 0);
  if (newIndex >= tab.conditionalFormats.length) throw invalid(`Index ${newIndex} is out of range.`);
  assign(
    batch.undo,
    tab,
    'conditionalFormats',
    tab.conditionalFormats.toSpliced(oldIndex, 1).toSpliced(newIndex, 0, newRule),
  );
  const reply = given ? { newRule, oldRule } : { newRule };
  return {
    updateConditionalFormatRule: canonical('UpdateConditionalFormatRuleResponse', {
      ...reply,
      newIndex,
      oldIndex,
    }),
  };
}

function deleteConditionalFormatRule(
  batch: Batch,
  request: sheets_v4.Schema$DeleteConditionalFormatRuleRequest,
) {
  const tab = tabOf(batch.workbook, request.sheetId);
  const index = request.index ?? 0;
  const rule = ruleAt(tab, index);
  assign(batch.undo, tab, 'conditionalFormats', tab.conditionalFormats.toSpliced(index, 1));
  return { deleteConditionalFormatRule: { rule } };
}

export const filterHandlers: Handlers = {
  setBasicFilter,
  clearBasicFilter,
  addFilterView,
  updateFilterView,
  duplicateFilterView,
  deleteFilterView,
  addConditionalFormatRule,
  updateConditionalFormatRule,
  deleteConditionalFormatRule,
};
