import { z } from 'zod';

/** Kinds of notice: about a case, for the office, and announcements. Each has a folder of the same name in templates/. */
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
  'edit-kept',
  'daily-digest',
  'overdue',
  'batch-ready',
  'window-closing',
  'system-alert',
  'announcement',
  'announcement-reminder',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** What people call each kind. */
export const NOTICE_LABELS: Record<NoticeKind, string> = {
  acknowledgement: '收件通知',
  'correction-request': '補正通知',
  reminder: '補正期限提醒',
  expired: '逾期未補正結案',
  'not-needed': '無須補登',
  duplicate: '重複填報',
  late: '逾時不受理',
  redirected: '請改循其他管道',
  forwarded: '轉送通知',
  dispatched: '函報通知',
  registered: '登錄通知',
  rejected: '不予登錄通知',
  answered: '回覆通知',
  reversed: '更正通知',
  withdrawn: '撤回通知',
  'edit-kept': '結案後修改通知',
  'daily-digest': '每日、每週彙整',
  overdue: '逾期案件提醒',
  'batch-ready': '函報名冊已製作',
  'window-closing': '受理期間將截止',
  'system-alert': '系統需要處理',
  announcement: '公告',
  'announcement-reminder': '公告再次提醒',
};

/** How far a notice has come, and what people call it. */
export const NOTICE_STATES = {
  pending: '待寄',
  claimed: '寄送中',
  sent: '已交寄',
  refused: '被拒收',
  uncertain: '結果不明',
  erased: '已刪除個人資料',
} as const;
export type NoticeState = keyof typeof NOTICE_STATES;

/** Kinds that are sent to a whole roster. */
export const BULK_KINDS: readonly string[] = ['announcement', 'announcement-reminder'];

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
  reason: optional.describe("The reviewer's text, or why an edit was not taken"),
  editUrl: optional,
  earlierCase: optional.describe('Number of the earlier case'),
  earlierAddress: optional
    .default(null)
    .describe('Masked address that the earlier case writes to, where that is another one'),
  moved: z.boolean().default(false).describe('The facts belong elsewhere than to the chosen form'),
  movedTo: optional.describe('The form that they belong to, where there is one'),
  discouragedDomain: optional,
  emailQuestion: optional
    .default(null)
    .describe('What is asked about the address, which was not plainly typed'),
  windowEnd: optional,
  missedWindow: z
    .boolean()
    .default(false)
    .describe('Too late, and not too early or while the form is closed'),
  refillUntil: optional.default(null).describe('Last day on which the form can be filled in anew'),
  refillUrl: optional.default(null).describe('The form itself'),
  trackingUrl: optional,
  letter: z
    .strictObject({ number: text, date: text })
    .nullable()
    .describe('The official letter of its dispatch'),
  earlierDecision: optional.describe('Label of the decision that was reversed'),
  contact: z.strictObject({ office: text, phone: text, email: optional }),
});
export type CaseNoticeData = z.infer<typeof caseNoticeSchema>;

const count = z.number().int().nonnegative();
const office = {
  program: text,
  contact: caseNoticeSchema.shape.contact,
};

const announcementSchema = z.strictObject({
  ...office,
  maskedName: text,
  holdsCertificate: z.boolean().describe('Has a certificate that the platform does not show'),
  forms: z.array(z.strictObject({ title: text, url: text, window: text.describe('May be empty') })),
  deadline: optional.describe('The last day of the latest window'),
  discouraged: optional.describe('Mail domains not to be given: @tn.edu.tw'),
});

/** The variables of each kind of notice: those about a case share theirs. */
export const NOTICE_SCHEMAS: Record<NoticeKind, z.ZodType<object>> = {
  acknowledgement: caseNoticeSchema,
  'correction-request': caseNoticeSchema,
  reminder: caseNoticeSchema,
  expired: caseNoticeSchema,
  'not-needed': caseNoticeSchema,
  duplicate: caseNoticeSchema,
  late: caseNoticeSchema,
  redirected: caseNoticeSchema,
  forwarded: caseNoticeSchema,
  dispatched: caseNoticeSchema,
  registered: caseNoticeSchema,
  rejected: caseNoticeSchema,
  answered: caseNoticeSchema,
  reversed: caseNoticeSchema,
  withdrawn: caseNoticeSchema,
  'edit-kept': caseNoticeSchema,
  'daily-digest': z.strictObject({
    ...office,
    date: text,
    weekly: z.boolean().describe('The summary of a week and not of a day'),
    arrived: count,
    ended: count,
    trend: optional.describe('How the week compares with the one before'),
    queues: z.array(z.strictObject({ label: text, waiting: count, oldestDays: count, overdue: count })),
    corrections: count.describe('Cases that wait for their teachers'),
    awaitingDispatch: count,
    failedMail: count,
    uncertainMail: count,
    undelivered: optional
      .default(null)
      .describe('A sentence about requests for correction that did not go out'),
    paused: z.array(text).describe('Sentences about paused tabs'),
    parked: count.describe('Intake rows that cannot be read'),
    erasure: z.array(text).describe('Sentences about personal data that will be or were erased'),
    googleCalls: count.describe('Calls to Google since the service started'),
    chartText: text.describe('The chart in words'),
    chartCid: optional.describe('Content id of the inline chart'),
    trendText: optional.describe('The chart of the last weeks in words; weekly only'),
    trendCid: optional.describe('Content id of the chart of the last weeks'),
  }),
  overdue: z.strictObject({
    ...office,
    date: text,
    count,
    desks: z.array(z.strictObject({ label: text, count })).describe('How many each desk has'),
    cases: z.array(z.strictObject({ number: text, queue: text, state: text, days: count })),
    unnamed: count.describe('How many more there are than are named'),
  }),
  'batch-ready': z.strictObject({
    ...office,
    batch: text,
    count,
    files: z.array(text),
    rareCharacters: z
      .array(text)
      .default([])
      .describe('Cases with characters that no font here has, with place and code point'),
    subject: text.describe('主旨 of the official letter'),
    explanation: z.array(text).describe('說明 of the official letter'),
  }),
  'window-closing': z.strictObject({ ...office, formTitle: text, windowEnd: text, waiting: count }),
  'system-alert': z.strictObject({ ...office, title: text, sentence: text, action: text }),
  announcement: announcementSchema,
  'announcement-reminder': announcementSchema,
};

export interface RenderedNotice {
  /** One line. */
  subject: string;
  html: string;
  text: string;
}
