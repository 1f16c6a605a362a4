/** Kinds of notice. Each has a folder of the same name in templates/. */
export const NOTICE_KINDS = [
  'acknowledgement',
  'correction-request',
  'registered',
  'rejected',
  'answered',
  'not-needed',
  'duplicate',
  'late',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** The variables of a notice about a case. Every string may hold hostile text; rendering escapes it. */
export interface CaseNoticeData {
  caseNumber: string;
  /** Masked: 王○○. */
  maskedName: string;
  /** Label of the program, e.g. 臺南市109年度專業回饋人才證書補登. */
  program: string;
  formTitle: string;
  levelLabel: string | null;
  schoolName: string | null;
  schoolYear: number | null;
  /** ROC date with weekday and time, e.g. 109年4月29日（三）下午3時15分. */
  receivedAt: string;
  queueLabel: string | null;
  /** What comes next, zh-TW. */
  next: string | null;
  /** ROC date with weekday. */
  deadline: string | null;
  /** One sentence per problem. */
  problems: string[];
  /** Reviewer's text. */
  reason: string | null;
  editUrl: string | null;
  /** Number of the earlier case. */
  earlierCase: string | null;
  /** Title of the form that the entry was moved to, where it was moved. */
  movedTo: string | null;
  discouragedDomain: string | null;
  windowEnd: string | null;
  trackingUrl: string | null;
  contact: { office: string; phone: string; email: string | null };
}

export interface RenderedNotice {
  subject: string;
  html: string;
  text: string;
}
