import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { ApiError, invalid } from '../../errors.ts';
import { isSame } from '../../people.ts';
import { type Bounds, boundsOf, cellAt, overlaps, type Tab } from '../workbook.ts';

/** Who writes, and through which door. */
export interface Writer {
  /** The editor whom protection binds unless it names them; null for the owner, whom it never binds. */
  editor: string | null;
  /** Typed on the page, where strict validation refuses. Through the API anybody may write past it. */
  byHand: boolean;
}

/** Nothing binds the owner's programs. */
export const OWNER: Writer = { editor: null, byHand: false };

const isListed = (editors: sheets_v4.Schema$Editors | undefined, editor: string) =>
  editors?.users?.some((user) => isSame(user, editor)) ?? false;

export function mayEditRange(
  { editors, warningOnly }: sheets_v4.Schema$ProtectedRange,
  { editor }: Writer,
): boolean {
  return editor === null || Boolean(warningOnly) || isListed(editors, editor);
}

const PROTECTED =
  'You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit.';

/** @throws ApiError with Google's sentence where an editor touches a range that is protected from them */
export function checkProtection(tab: Tab, touched: Bounds, writer: Writer): void {
  const binding = tab.protectedRanges.filter((each) => !mayEditRange(each, writer));
  if (binding.some(({ range }) => overlaps(boundsOf(tab, range ?? {}), touched)))
    throw new ApiError('INVALID_ARGUMENT', PROTECTED);
}

/** A tab with protected cells is itself an object that those whom they are protected from leave alone. */
export function checkTabProtection(tab: Tab, writer: Writer): void {
  checkProtection(tab, boundsOf(tab, {}), writer);
}

/** @throws ApiError where this editor may not change or lift the protection */
export function checkRangeProtection(range: sheets_v4.Schema$ProtectedRange, writer: Writer): void {
  if (!mayEditRange(range, writer)) throw new ApiError('INVALID_ARGUMENT', PROTECTED);
}

/** Strict data validation binds people; the API, like Google's, may write past it. */
export function checkValidation(
  tab: Tab,
  row: number,
  column: number,
  value: sheets_v4.Schema$ExtendedValue | null | undefined,
  { byHand }: Writer,
): void {
  if (!byHand || !value) return;
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
