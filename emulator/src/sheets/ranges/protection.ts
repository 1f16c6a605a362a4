import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { ApiError, invalid } from '../../errors.ts';
import { type Bounds, boundsOf, cellAt, overlaps, type Tab } from '../workbook.ts';

/** Who writes: the service account owns what it protected, an editor is bound by it. */
export type Writer = 'service' | 'editor';

/** @throws ApiError with Google's sentence where an editor touches a protected range */
export function checkProtection(tab: Tab, touched: Bounds, writer: Writer): void {
  if (writer === 'service') return;
  for (const each of tab.protectedRanges) {
    if (each.warningOnly) continue;
    if (overlaps(boundsOf(tab, each.range ?? {}), touched)) {
      throw new ApiError(
        'INVALID_ARGUMENT',
        'You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit.',
      );
    }
  }
}

/** Strict data validation binds people; the API, like Google's, may write past it. */
export function checkValidation(
  tab: Tab,
  row: number,
  column: number,
  value: sheets_v4.Schema$ExtendedValue | null | undefined,
  writer: Writer,
): void {
  if (writer === 'service' || !value) return;
  const rule = cellAt(tab, row, column)?.dataValidation;
  if (!rule?.strict) return;
  const choices = rule.condition?.values?.map((each) => each.userEnteredValue);
  const fits =
    rule.condition?.type === 'BOOLEAN'
      ? typeof value.boolValue === 'boolean'
      : rule.condition?.type === 'ONE_OF_LIST'
        ? choices?.includes(String(value.stringValue ?? value.numberValue ?? ''))
        : true;
  if (!fits) throw invalid('The data that you entered violates the data validation rules set on this cell.');
}
