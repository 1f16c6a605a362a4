import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import type { Tab } from '../../sheets/workbook.ts';

/** Filters the rows whose cell in one column holds a text, or anything at all. */
export interface SheetView {
  title: string;
  column: number;
  contains: string;
  /** The colour of the rows it shows, where they have one. */
  colour: string;
}

interface Colouring {
  column: number;
  contains: string;
  colour: string;
}

export function describeViews(tab: Readonly<Tab>): SheetView[] {
  const known = colourings(tab.conditionalFormats);
  return tab.filterViews.flatMap(({ title, filterSpecs }) => {
    const spec = filterSpecs?.[0];
    const condition = spec?.filterCriteria?.condition;
    if (!spec || !(condition?.type === 'NOT_BLANK' || condition?.type === 'TEXT_CONTAINS')) return [];
    const column = spec.columnIndex ?? 0;
    const contains = condition.values?.[0]?.userEnteredValue ?? '';
    const colour = known.find((each) => each.column === column && each.contains === contains)?.colour ?? '';
    return [{ title: title ?? '', column, contains, colour }];
  });
}

/** The first rule that fits colours the row. */
export function describeColours(rules: readonly sheets_v4.Schema$ConditionalFormatRule[]) {
  const known = colourings(rules);
  return (cells: readonly unknown[]): string =>
    known.find(({ column, contains }) => {
      const cell = String(cells[column] ?? '');
      return cell !== '' && cell.includes(contains);
    })?.colour ?? '';
}

/**
 * Shows the two kinds of rule that colour whole rows, by a filled cell or by a text in it; other rules are not shown.
 */
function colourings(rules: readonly sheets_v4.Schema$ConditionalFormatRule[]): Colouring[] {
  return rules.flatMap(({ booleanRule }) => {
    const formula = booleanRule?.condition?.values?.[0]?.userEnteredValue ?? '';
    const filled = /^=LEN\(\$([A-Z]+)\d+\)>0$/u.exec(formula);
    const contains = /^=ISNUMBER\(SEARCH\("(.*)",\$([A-Z]+)\d+\)\)$/u.exec(formula);
    const letters = filled?.[1] ?? contains?.[2];
    if (!letters) return [];
    const colour = cssColour(booleanRule?.format?.backgroundColor ?? {});
    return [{ column: columnIndex(letters), contains: contains?.[1] ?? '', colour }];
  });
}

function columnIndex(letters: string): number {
  return [...letters].reduce((index, letter) => index * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function cssColour({ red, green, blue }: sheets_v4.Schema$Color): string {
  return `rgb(${[red, green, blue].map((part) => Math.round((part ?? 0) * 255)).join(' ')})`;
}
