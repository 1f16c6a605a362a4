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

/**
 * A variable with the name that an office reads in the list of variables. `say` adds what the name does not tell. One
 * without a name is for our own templates only.
 */
const named = <T extends z.ZodType>(schema: T, title: string, say?: string): T =>
  schema.meta(say ? { title, description: say } : { title });
const text = (title: string, say?: string) => named(z.string(), title, say);
/** Null where the case has none. */
const optional = (title: string, say?: string) => named(z.string().nullable(), title, say);
/** One that an older release did not put into the outbox. */
const later = (title: string, say?: string) => named(z.string().nullable().default(null), title, say);
const flag = (title: string, say?: string) => named(z.boolean(), title, say);
const count = (title: string, say?: string) => named(z.number().int().nonnegative(), title, say);
const texts = (title: string, say?: string) => named(z.array(z.string()), title, say);

/** The variables of a notice about a case. Every string may hold hostile text; rendering escapes it. */
export const caseNoticeSchema = z.strictObject({
  caseNumber: text('案號'),
  maskedName: text('遮蔽的姓名', '王○○'),
  program: text('計畫名稱'),
  formTitle: text('表單名稱'),
  levelLabel: optional('類別'),
  schoolName: optional('服務學校'),
  schoolYear: named(z.number().int().nullable(), '學年度'),
  receivedAt: text('收件時間'),
  queueLabel: optional('審核單位'),
  next: optional('接下來的程序'),
  deadline: optional('期限', '109年4月27日（一）'),
  problems: texts('要補正的事項', '每項一句'),
  reason: optional('說明或理由', '審核人員寫的，或修改未採用的原因'),
  editUrl: optional('修改連結', '打開原填報'),
  earlierCase: optional('先前的案號'),
  earlierAddress: later('先前案件的信箱', '遮蔽過；與這一件不同時才有'),
  moved: named(z.boolean().default(false), '改列其他表單'),
  movedTo: optional('改列到的表單'),
  discouragedDomain: optional('不建議的信箱網域'),
  emailQuestion: later('對信箱的疑問', '信箱填得不清楚時才有'),
  windowEnd: optional('受理期間的最後一天'),
  missedWindow: named(z.boolean().default(false), '已過受理期間', '不是尚未開始或未開放'),
  refillUntil: later('可重新填報到哪一天'),
  refillUrl: later('表單連結'),
  trackingUrl: optional('查詢進度的連結'),
  letter: named(
    z.strictObject({ number: text('文號'), date: text('發文日期') }).nullable(),
    '函報公文',
    '已函報才有',
  ),
  earlierDecision: optional('被撤銷的決定'),
  contact: named(
    z.strictObject({
      office: text('聯絡單位'),
      phone: text('聯絡電話', '可能空白'),
      email: optional('聯絡信箱'),
    }),
    '聯絡窗口',
  ),
});
export type CaseNoticeData = z.infer<typeof caseNoticeSchema>;

const office = {
  program: text('計畫名稱'),
  contact: caseNoticeSchema.shape.contact,
};

const announcementSchema = z.strictObject({
  ...office,
  maskedName: text('遮蔽的姓名', '王○○；同一信箱有好幾位時以「老師、」隔開'),
  holdsCertificate: flag('持有證書', '作業平臺可能沒有顯示'),
  forms: named(
    z.array(
      z.strictObject({
        title: text('表單名稱'),
        url: text('表單連結'),
        window: text('受理期間', '可能空白'),
      }),
    ),
    '可填的表單',
  ),
  deadline: optional('最晚的受理期限'),
  discouraged: optional('不建議的信箱網域', '@tn.edu.tw'),
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
    date: text('日期'),
    weekly: flag('每週彙整', '不是每日的'),
    period: text('涵蓋的日子', '昨日、上週，或連假後的幾月幾日至幾月幾日').default('昨日'),
    arrived: count('新收件數'),
    ended: count('結案件數'),
    trend: optional('與前一週的比較'),
    queues: named(
      z.array(
        z.strictObject({
          label: text('單位'),
          waiting: count('待審件數'),
          oldestDays: count('最久天數'),
          overdue: count('逾期件數'),
        }),
      ),
      '各單位待審',
    ),
    corrections: count('待教師補件的件數'),
    awaitingDispatch: count('待函報的件數'),
    failedMail: count('寄送失敗的通知數'),
    uncertainMail: count('結果不明的通知數'),
    undelivered: later('沒有送達的補正通知', '一句話'),
    paused: texts('暫停的工作表', '每個一句'),
    parked: count('看不懂的收件列數'),
    intake: texts('收件中斷的原因', '每項一句').default([]),
    erasure: texts('個人資料的刪除', '每項一句'),
    googleCalls: count('呼叫 Google 的次數'),
    chartText: text('圖表的文字說明'),
    chartCid: z.string().nullable().describe('Content id of the inline chart'),
    trendText: optional('各週圖表的文字說明', '每週彙整才有'),
    trendCid: z.string().nullable().describe('Content id of the chart of the last weeks'),
  }),
  overdue: z.strictObject({
    ...office,
    date: text('日期'),
    count: count('逾期件數'),
    desks: named(z.array(z.strictObject({ label: text('單位'), count: count('件數') })), '各單位件數'),
    cases: named(
      z.array(
        z.strictObject({
          number: text('案號'),
          queue: text('單位'),
          state: text('狀態'),
          days: count('天數'),
        }),
      ),
      '逾期案件',
    ),
    unnamed: count('沒有列出的件數'),
  }),
  'batch-ready': z.strictObject({
    ...office,
    batch: text('批次'),
    count: count('件數'),
    files: texts('檔名'),
    rareCharacters: named(z.array(z.string()).default([]), '印不出的字', '每案一句：案號、欄位與內碼'),
    receiver: later('受文者', '不知道下一個單位時沒有'),
    subject: text('公文主旨'),
    explanation: texts('公文說明'),
  }),
  'window-closing': z.strictObject({
    ...office,
    formTitle: text('表單名稱'),
    windowEnd: text('最後一天'),
    waiting: count('待補件的件數'),
  }),
  'system-alert': z.strictObject({
    ...office,
    title: text('標題'),
    sentence: text('發生了什麼'),
    action: text('要做什麼'),
  }),
  announcement: announcementSchema,
  'announcement-reminder': announcementSchema,
};

export interface RenderedNotice {
  /** One line. */
  subject: string;
  html: string;
  text: string;
}
