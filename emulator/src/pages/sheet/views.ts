import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import type { Tab } from '../../sheets/workbook.ts';
import { columnNumber } from '../../sheets/ranges/a1.ts';

/** Filters the rows whose cell in one column holds a text, or anything at all. */
export interface SheetView {
  title: string;
  column: number;
  contains: string;
}

interface Colouring {
  column: number;
  contains: string;
  colour: string;
  ranges: sheets_v4.Schema$GridRange[];
}

export function describeViews(tab: Readonly<Tab>): SheetView[] {
  return tab.filterViews.flatMap(({ title, filterSpecs }) => {
    const spec = filterSpecs?.[0];
    const condition = spec?.filterCriteria?.condition;
    if (!spec || !(condition?.type === 'NOT_BLANK' || condition?.type === 'TEXT_CONTAINS')) return [];
    const column = spec.columnIndex ?? 0;
    const contains = condition.values?.[0]?.userEnteredValue ?? '';
    return [{ title: title ?? '', column, contains }];
  });
}

/** The colour of each cell of a row: that of the first rule that fits the row and whose ranges hold the cell. */
export function describeColours(rules: readonly sheets_v4.Schema$ConditionalFormatRule[]) {
  const known = colourings(rules);
  return (row: number, cells: readonly unknown[]) => {
    const fitting = known.filter(({ column, contains, ranges }) => {
      const cell = String(cells[column] ?? '');
      return cell !== '' && cell.includes(contains) && ranges.some((range) => isIn(range, 'Row', row));
    });
    return (column: number): string =>
      fitting.find(({ ranges }) =>
        ranges.some((range) => isIn(range, 'Row', row) && isIn(range, 'Column', column)),
      )?.colour ?? '';
  };
}

function isIn(range: sheets_v4.Schema$GridRange, line: 'Row' | 'Column', index: number): boolean {
  const [start, end] = [range[`start${line}Index`], range[`end${line}Index`]];
  return index >= (start ?? 0) && index < (end ?? Number.POSITIVE_INFINITY);
}

/**
 * Shows the two kinds of rule that colour whole rows, by a filled cell or by a text in it; other rules are not shown.
 */
function colourings(rules: readonly sheets_v4.Schema$ConditionalFormatRule[]): Colouring[] {
  return rules.flatMap(({ booleanRule, ranges = [] }) => {
    const formula = booleanRule?.condition?.values?.[0]?.userEnteredValue ?? '';
    const filled = /^=LEN\(\$([A-Z]+)\d+\)>0$/u.exec(formula);
    const contains = /^=ISNUMBER\(SEARCH\("(.*)",\$([A-Z]+)\d+\)\)$/u.exec(formula);
    const letters = filled?.[1] ?? contains?.[2];
    if (!letters) return [];
    const colour = cssColour(booleanRule?.format?.backgroundColor ?? {});
    return [{ column: columnNumber(letters), contains: contains?.[1] ?? '', colour, ranges }];
  });
}

export function cssColour({ red, green, blue }: sheets_v4.Schema$Color): string {
  return `rgb(${[red, green, blue].map((part) => Math.round((part ?? 0) * 255)).join(' ')})`;
}
