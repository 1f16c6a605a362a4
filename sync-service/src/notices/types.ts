import { z } from 'zod';

/** Kinds of notice about a case. Each has a folder of the same name in templates/. */
export const NOTICE_KINDS = [
  'acknowledgement',
  'correction-request',
  'reminder',
  'expired',
  'not-needed',
  'duplicate',
  'late',
  'redirected',
  'forwarded',
  'dispatched',
  'registered',
  'rejected',
  'answered',
  'reversed',
  'withdrawn',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

const text = z.string();
const optional = z.string().nullable();

/** The variables of a notice about a case. Every string may hold hostile text; rendering escapes it. */
export const caseNoticeSchema = z.strictObject({
  caseNumber: text,
  maskedName: text.describe('Masked: 王○○'),
  program: text.describe('Title of the program'),
  formTitle: text,
  levelLabel: optional,
  schoolName: optional,
  schoolYear: z.number().int().nullable(),
  receivedAt: text.describe('ROC date with weekday and time'),
  queueLabel: optional,
  next: optional.describe('What comes next'),
  deadline: optional.describe('ROC date with weekday'),
  problems: z.array(text).describe('One sentence per problem'),
  reason: optional.describe("The reviewer's text"),
  editUrl: optional,
  earlierCase: optional.describe('Number of the earlier case'),
  movedTo: optional.describe('Where a wrongly chosen form was moved to'),
  discouragedDomain: optional,
  windowEnd: optional,
  trackingUrl: optional,
  letter: z
    .strictObject({ number: text, date: text })
    .nullable()
    .describe('The official letter of its dispatch'),
  earlierDecision: optional.describe('Label of the decision that was reversed'),
  contact: z.strictObject({ office: text, phone: text, email: optional }),
});
export type CaseNoticeData = z.infer<typeof caseNoticeSchema>;

export interface RenderedNotice {
  /** One line. */
  subject: string;
  html: string;
  text: string;
}
