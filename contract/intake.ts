import { z } from 'zod';
import { type IntakeRow, timeOf } from './intake-key.ts';

/** Checks an intake row as the tab holds it. Kept apart from its shape: the Apps Script bundle carries no zod. */
export const intakeRowSchema: z.ZodType<IntakeRow> = z.object({
  key: z.string().min(1),
  form: z.string().min(1),
  responseId: z.string().min(1),
  revision: z
    .string()
    .regex(/^[^~]+(?:~\d{4})?$/u)
    .refine((revision) => z.iso.datetime().safeParse(timeOf(revision)).success),
  receivedAt: z.iso.datetime(),
  email: z.string(),
  answers: z.record(z.string(), z.string()),
  // The link goes into mails, so nothing that somebody pasted there may pass.
  editUrl: z.union([z.literal(''), z.url({ protocol: /^https?$/u })]),
  source: z.enum(['trigger', 'sweep', 'import']),
});
