import { keysIn } from '../../../contract/records.ts';
import { z } from 'zod';
import { readRocDay } from './calendar/roc.ts';
import { LEVELS } from './types.ts';

/** The kinds of value that a program file is written with. */

export const key = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u, '請用小寫英數字與連字號，例如 city-center');
export const text = z.string().min(1);
export const level = z.enum(keysIn(LEVELS));
export const schoolLevel = z.enum(['elementary', 'junior', 'senior']);

/** One value, or a list of them. */
export function manyOf<T extends z.ZodType>(schema: T) {
  return z.union([schema, z.array(schema).min(1)]);
}

/** Gives a list, whichever way it was written. */
export function listOf<T>(wanted: T | readonly T[]): readonly T[] {
  return Array.isArray(wanted) ? (wanted as readonly T[]) : [wanted as T];
}

/** Reads `2020-07-31` or, in ROC years, `109-07-31`. */
const DAY = '請寫成 2020-07-31 或 109-07-31';
export const day = z
  .string(DAY)
  .regex(/^\d{2,4}-\d{2}-\d{2}$/u, DAY)
  .transform((value, context) => {
    const found = readRocDay(value);
    if (found) return found;
    context.addIssue({ code: 'custom', message: `${value} 不是存在的日期` });
    return z.NEVER;
  });

export const span = z.strictObject({ from: day.optional(), to: day.optional() });
