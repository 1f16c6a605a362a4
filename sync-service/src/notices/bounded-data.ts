import { fitCell } from '../../../contract/cell-text.ts';

/** A text that somebody filled with 50,000 characters is read by nobody and slows every mail down. */
const MOST_CHARS = 10_000;

/** The data of a notice, with no text longer than a mail can show; what is cut says so. */
export function boundedData(data: object): object {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, bounded(value)]));
}

function bounded(value: unknown): unknown {
  if (typeof value === 'string') return fitCell(value, MOST_CHARS);
  if (Array.isArray(value)) return value.map(bounded);
  return value instanceof Object ? boundedData(value) : value;
}
