import { z } from 'zod';
import { LONGEST_PROBLEM, MOST_PROBLEMS, type Ping } from './ping-shape.ts';

/** Checks a ping at the door. Kept apart from its shape: the Apps Script bundle carries no zod. */
export const pingSchema: z.ZodType<Ping> = z.object({
  about: z.string().max(200),
  timestamp: z.number().int(),
  nonce: z.string().min(16).max(64),
  problems: z.array(z.string().max(LONGEST_PROBLEM)).max(MOST_PROBLEMS).optional(),
  forms: z.array(z.string().max(200)).max(100).optional(),
});
