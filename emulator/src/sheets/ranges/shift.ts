import type { Batch } from '../requests/batch.ts';
import { assign, type GridRange, type Tab } from '../workbook.ts';

/** Moves an index, or a `[start, end)` pair of them; null where nothing of it is left. */
export type Move = (start: number, end: number) => [number, number] | null;

/** What inserting (`by` > 0) or deleting (`by` < 0) at `at` does to a span. */
export function shiftMove(at: number, by: number): Move {
  if (by >= 0) return (start, end) => [start >= at ? start + by : start, end > at ? end + by : end];
  const move = (index: number) => (index <= at ? index : Math.max(at, index + by));
  return (start, end) => {
    const [first, last] = [move(start), move(end)];
    return first < last ? [first, last] : null;
  };
}

/** What moving `[from, to)` in front of `target` does to a span: it goes where its ends go. */
export function moveMove(from: number, to: number, target: number): Move {
  const size = to - from;
  const moved = (index: number) => {
    if (index >= from && index < to) return index + (target > from ? target - to : target - from);
    if (index >= to && index < target) return index - size;
    return index >= target && index < from ? index + size : index;
  };
  return (start, end) => {
    if (end > 1_000_000) return [start, end];
    const at = Array.from({ length: end - start }, (_, offset) => moved(start + offset));
    return [Math.min(...at), Math.max(...at) + 1];
  };
}

function moveRange(range: GridRange, rows: boolean, move: Move): GridRange | null {
  const [first, last] = rows
    ? (['startRowIndex', 'endRowIndex'] as const)
    : (['startColumnIndex', 'endColumnIndex'] as const);
  const [start, end] = [range[first], range[last]];
  if (typeof start !== 'number' && typeof end !== 'number') return range;
  const moved = move(start ?? 0, end ?? Number.MAX_SAFE_INTEGER);
  if (!moved) return null;
  return {
    ...range,
    ...(typeof start === 'number' ? { [first]: moved[0] } : {}),
    ...(typeof end === 'number' ? { [last]: moved[1] } : {}),
  };
}

/** Lets everything that names cells of a tab follow them: what has lost all of its cells goes. */
export function moveRanges(batch: Batch, tab: Tab, rows: boolean, move: Move): void {
  const { undo } = batch;
  const { sheetId } = tab.properties;
  const moved = (range: GridRange | null | undefined) => moveRange(range ?? {}, rows, move);
  const follow = <T extends { range?: GridRange }>(list: readonly T[]): T[] =>
    list.flatMap((each) => {
      const range = each.range ? moved(each.range) : undefined;
      return range === null ? [] : [range ? { ...each, range } : each];
    });
  assign(undo, tab, 'protectedRanges', follow(tab.protectedRanges));
  if (tab.merges.length > 0)
    assign(
      undo,
      tab,
      'merges',
      tab.merges.flatMap((range) => moved(range) ?? []).filter((range) => isMerge(range)),
    );
  if (tab.filterViews.length > 0) assign(undo, tab, 'filterViews', follow(tab.filterViews));
  if (tab.bandedRanges.length > 0) assign(undo, tab, 'bandedRanges', follow(tab.bandedRanges));
  if (tab.basicFilter) assign(undo, tab, 'basicFilter', follow([tab.basicFilter])[0] ?? null);
  if (tab.conditionalFormats.length > 0)
    assign(
      undo,
      tab,
      'conditionalFormats',
      tab.conditionalFormats
        .map((rule) => ({ ...rule, ranges: (rule.ranges ?? []).flatMap((range) => moved(range) ?? []) }))
        .filter((rule) => rule.ranges.length > 0),
    );
  const groups = rows ? 'rowGroups' : 'columnGroups';
  if (tab[groups].length > 0)
    assign(
      undo,
      tab,
      groups,
      tab[groups].flatMap((group) => {
        const range = moveSpan(group.range ?? {}, move);
        return range ? [{ ...group, range }] : [];
      }),
    );
  moveInWorkbook(batch, sheetId, rows, { move, moved, follow });
}

interface Moves {
  move: Move;
  moved(range: GridRange | null | undefined): GridRange | null;
  follow<T extends { range?: GridRange }>(list: readonly T[]): T[];
}

/** Lets what stands in the workbook, or in another tab, follow the cells of a tab. */
function moveInWorkbook(
  { undo, workbook }: Batch,
  sheetId: number,
  rows: boolean,
  { move, moved, follow }: Moves,
): void {
  if (workbook.namedRanges.length > 0)
    assign(
      undo,
      workbook,
      'namedRanges',
      workbook.namedRanges.flatMap((named) =>
        (named.range?.sheetId ?? 0) === sheetId ? follow([named]) : [named],
      ),
    );
  if (workbook.developerMetadata.length > 0)
    assign(
      undo,
      workbook,
      'developerMetadata',
      workbook.developerMetadata.flatMap((metadata) => {
        const range = metadata.location?.dimensionRange;
        if (!range || (range.sheetId ?? 0) !== sheetId || (range.dimension === 'ROWS') !== rows)
          return [metadata];
        const dimensionRange = moveSpan(range, move);
        return dimensionRange ? [{ ...metadata, location: { ...metadata.location, dimensionRange } }] : [];
      }),
    );
  for (const each of workbook.tabs)
    if (each.charts.length > 0)
      assign(
        undo,
        each,
        'charts',
        each.charts.map((chart) => ({
          ...chart,
          ...(chart.spec ? { spec: moveSources(chart.spec, sheetId, moved) } : {}),
        })),
      );
}

function moveSpan<T extends { startIndex?: number | null; endIndex?: number | null }>(
  range: T,
  move: Move,
): T | null {
  const span = move(range.startIndex ?? 0, range.endIndex ?? 0);
  return span && { ...range, startIndex: span[0], endIndex: span[1] };
}

function isMerge(range: GridRange): boolean {
  return (
    ((range.endRowIndex ?? 0) - (range.startRowIndex ?? 0)) *
      ((range.endColumnIndex ?? 0) - (range.startColumnIndex ?? 0)) >
    1
  );
}

/** The source ranges somewhere in a chart. */
function moveSources<T>(node: T, sheetId: number, moved: (range: GridRange) => GridRange | null): T {
  if (Array.isArray(node)) return node.map((each) => moveSources(each, sheetId, moved)) as T;
  if (typeof node !== 'object' || node === null) return node;
  if ('startRowIndex' in node || 'startColumnIndex' in node) {
    const range = node as GridRange;
    return ((range.sheetId ?? 0) === sheetId ? (moved(range) ?? range) : range) as T;
  }
  return Object.fromEntries(
    Object.entries(node).map(([key, each]) => [key, moveSources(each, sheetId, moved)]),
  ) as T;
}
