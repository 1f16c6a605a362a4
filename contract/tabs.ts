import { INTAKE_COLUMNS, INTAKE_TAB, type IntakeColumn } from './intake-key.ts';

import { keysIn, recordOf } from './records.ts';

/** In every managed tab row 1 holds machine keys and is hidden, row 2 holds labels, and data starts at row 3. */
export const KEY_ROW = 1;
export const LABEL_ROW = 2;
export const FIRST_DATA_ROW = 3;

/**
 * Stands in a row whose case bears no personal data any more. A rebuild reads it, also from sheets that an earlier
 * release wrote, so it is never reworded.
 */
export const ERASED_NOTE = '已刪除個人資料';

/** Stands as the deadline of a correction whose notice has not gone out; never reworded, for the same reason. */
export const NOT_ASKED_YET = '補正通知寄出後起算';

export interface Column {
  label: string;
  /** Each cell has one owner: the service writes it, or a person does. */
  owner: 'service' | 'person';
  /** Shown on the header. */
  note?: string;
  /** Pixels. */
  width?: number;
  kind?: 'check' | 'choice';
  /** Hides the column, which only the service needs. */
  hidden?: true;
  /** The tab's layout in which this column came or last changed; 1 without. */
  since?: number;
}

/** What a tab is made of: its columns by machine key, and which one tells its rows apart. */
export interface TabSpec<K extends string = string> {
  title: string;
  /**
   * Counts the changes of columns, labels, widths, formats, rules and protections. Tabs of an older layout are brought up
   * to it; see docs/how-to/add-a-column.md.
   */
  layout: number;
  id: K;
  columns: Record<K, Column>;
  /** Persons' cells that are emptied once what they say is handled. */
  clears: readonly K[];
  /** One of those, where it asks for nothing by itself: it only picks rows. */
  choice?: K;
  /** Persons' cells that change nothing of what a tick asks for: who signs, and notes. */
  remarks?: readonly K[];
  /** Columns that stay in sight beside all others, as far as they are the leftmost ones. */
  frozen?: readonly K[];
  /**
   * Orders of the columns in earlier layouts, as keys parted by blanks. A tab that still has one of them, without
   * columns of a person's own among them, is put into the order of the spec.
   */
  formerOrders?: readonly string[];
}

function tabSpec<K extends string>(spec: {
  title: string;
  layout: number;
  id: NoInfer<K>;
  columns: Record<K, Column>;
  clears: readonly NoInfer<K>[];
  choice?: NoInfer<K>;
  remarks?: readonly NoInfer<K>[];
  frozen?: readonly NoInfer<K>[];
  formerOrders?: readonly string[];
}): TabSpec<K> {
  return spec;
}

export type KeyOf<S> = S extends TabSpec<infer K> ? K : never;

const NAME = { label: '姓名', owner: 'service' } as const satisfies Column;
const certificate = {
  school: { label: '服務學校', owner: 'service', width: 180 },
  level: { label: '類別', owner: 'service' },
  schoolYear: { label: '取得學年度', owner: 'service' },
  certificateNumber: { label: '證書字號', owner: 'service', width: 220 },
} as const satisfies Record<string, Column>;

const COLOURS_NOTE = '灰底的欄由系統填寫，白底的欄可以填寫';
const READY_NOTE = '勾選後送出；寬限時間內取消勾選即為復原';

/**
 * Where reviewers work: one tab in each queue's own spreadsheet. What a decision rests on and the decision itself fit
 * into one view of 1,280 pixels; the rest follows.
 */
export const QUEUE = tabSpec({
  title: '待審',
  layout: 5,
  id: 'case',
  columns: {
    case: { label: '案號', owner: 'service', width: 112, note: COLOURS_NOTE, since: 5 },
    name: { ...NAME, width: 78, since: 5 },
    school: { label: '服務學校', owner: 'service', width: 130, since: 5 },
    level: { label: '類別', owner: 'service', width: 72, since: 5 },
    schoolYear: { label: '取得學年度', owner: 'service', width: 72, since: 5 },
    certificateNumber: { label: '證書字號', owner: 'service', width: 165, since: 5 },
    evidence: { label: '證明文件', owner: 'service', width: 98, since: 5 },
    findings: { label: '提醒', owner: 'service', width: 153, since: 5 },
    decision: {
      label: '審核決定',
      owner: 'person',
      kind: 'choice',
      width: 115,
      note: '請由選單挑選；選單列出這個案件可以作的決定',
      since: 5,
    },
    reason: {
      label: '理由',
      owner: 'person',
      width: 146,
      note: '退回補件、不予登錄、回覆必填，會原文寄給填報教師；轉送時填給下一單位看的說明',
      since: 5,
    },
    ready: { label: '送出', owner: 'person', kind: 'check', width: 72, note: READY_NOTE, since: 5 },
    result: {
      label: '處理結果',
      owner: 'service',
      width: 220,
      note: '勾選後寫幾點幾分生效；決定未採用時，原因寫在這裡，整列橘底',
      since: 5,
    },
    state: { label: '狀態', owner: 'service', note: '逾期時整列紅底，已函報時藍底', since: 4 },
    stage: { label: '辦理方式', owner: 'service', width: 160, since: 5 },
    received: { label: '收件時間', owner: 'service', width: 150, since: 5 },
    due: { label: '期限', owner: 'service', width: 110, since: 5 },
    description: { label: '問題說明', owner: 'service', width: 240 },
    handover: {
      label: '轉送說明',
      owner: 'service',
      width: 220,
      note: '轉送本案的單位所寫的說明',
      since: 5,
    },
    changed: {
      label: '本次修改',
      owner: 'service',
      width: 160,
      note: '教師補正時改了哪些欄位；有修改時整列黃底',
      since: 4,
    },
    letter: { label: '函報文號', owner: 'service', width: 180 },
    reviewer: { label: '審核者', owner: 'person', note: '由系統帶入或自行填寫' },
    note: { label: '內部備註', owner: 'person', note: '不會寄給教師' },
    revision: { label: '版次', owner: 'service', width: 60, since: 5 },
  },
  clears: ['decision', 'reason', 'ready'],
  remarks: ['reviewer', 'note'],
  frozen: ['case', 'name'],
  formerOrders: [
    'case revision state stage received due name school level schoolYear certificateNumber description findings ' +
      'evidence letter handover changed result decision reason reviewer note ready',
    'case name revision state stage received due school level schoolYear certificateNumber description findings ' +
      'evidence letter handover changed result decision reason reviewer note ready',
  ],
});
export type QueueKey = KeyOf<typeof QUEUE>;

/** The column of a question of the program's own, or of 備註: `answer/` and the field's key. */
export type AnswerKey = `answer/${string}`;
export const answerKey = (field: string): AnswerKey => `answer/${field}`;

/** A tab with a column for each such question, right of the column `after`. */
export function withAnswers<K extends string>(
  spec: TabSpec<K>,
  after: NoInfer<K>,
  answers: readonly { field: string; title: string }[],
): TabSpec<K | AnswerKey> {
  const columns: Record<string, Column> = {};
  for (const key of keysOf(spec)) {
    columns[key] = spec.columns[key];
    if (key !== after) continue;
    for (const { field, title } of answers)
      columns[answerKey(field)] = { label: title, owner: 'service', width: 180, since: spec.layout };
  }
  return { ...spec, columns };
}

/** Approved cases that wait for an official letter, in the spreadsheet of the queue that compiles them. */
export const DISPATCH = tabSpec({
  title: '函報',
  layout: 5,
  id: 'case',
  columns: {
    case: { label: '案號', owner: 'service', width: 140, note: COLOURS_NOTE, since: 4 },
    name: NAME,
    batch: { label: '批次', owner: 'service' },
    ...certificate,
    approved: { label: '審核通過時間', owner: 'service', width: 150, since: 5 },
    result: { label: '處理結果', owner: 'service', width: 240 },
    select: {
      label: '選入名冊',
      owner: 'person',
      kind: 'check',
      note: '製作名冊且範圍為「已勾選」時才會讀取',
    },
    remove: {
      label: '移出',
      owner: 'person',
      kind: 'check',
      note: '尚未發文的批次可移出；移出後請重新製作名冊',
    },
    back: {
      label: '退回重審',
      owner: 'person',
      kind: 'check',
      note: '取消本案的審核通過，回到待審清單',
    },
  },
  clears: ['select', 'remove', 'back'],
  choice: 'select',
  frozen: ['case', 'name'],
});
export type DispatchKey = KeyOf<typeof DISPATCH>;

/** Batches of cases that go out with one official letter each. */
export const BATCHES = tabSpec({
  title: '函報批次',
  layout: 4,
  id: 'batch',
  columns: {
    batch: { label: '批次', owner: 'service', note: COLOURS_NOTE, since: 4 },
    state: { label: '狀態', owner: 'service', width: 120 },
    count: { label: '件數', owner: 'service', width: 60 },
    sent: { label: '發文日期與文號', owner: 'service', width: 260 },
    result: { label: '處理結果', owner: 'service', width: 320 },
    scope: { label: '範圍', owner: 'person', kind: 'choice', width: 120, note: '已勾選，或全部待函報' },
    roster: {
      label: '製作名冊',
      owner: 'person',
      kind: 'check',
      note: '名冊（.ods、.pdf、.xlsx）會寄給承辦人',
    },
    letterNumber: { label: '發文字號', owner: 'person', width: 220, note: '例如 南市教專字第1090000001號' },
    letterDate: { label: '發文日期', owner: 'person', width: 120, note: '例如 109-05-11' },
    send: {
      label: '已發文',
      owner: 'person',
      kind: 'check',
      note: '勾選後案件移交下一單位並通知教師；發文後更正文號，改好再勾一次',
    },
  },
  clears: ['roster', 'send'],
  frozen: ['batch'],
});
export type BatchKey = KeyOf<typeof BATCHES>;
export const SCOPES = { ticked: '已勾選', all: '全部待函報' } as const;

/**
 * What a reviewer asks about a case beside its row: what was answered and what happened. Each spreadsheet has it for its
 * own cases, and the sidebar shows it, so that nobody reads another desk's.
 */
export const HISTORY = tabSpec({
  title: '經過',
  layout: 2,
  id: 'case',
  columns: {
    case: { label: '案號', owner: 'service', width: 140 },
    answers: { label: '填報內容', owner: 'service', width: 420 },
    events: { label: '經過', owner: 'service', width: 480 },
  },
  clears: [],
  frozen: ['case'],
});
export type HistoryKey = KeyOf<typeof HISTORY>;

/** Lists every case in the restricted office spreadsheet. Decisions are undone and closed cases reopened here. */
export const CASES = tabSpec({
  title: '所有案件',
  layout: 5,
  id: 'case',
  columns: {
    case: { label: '案號', owner: 'service', width: 140, note: COLOURS_NOTE, since: 4 },
    name: NAME,
    state: { label: '狀態', owner: 'service' },
    queue: { label: '審核單位', owner: 'service', width: 110 },
    form: { label: '表單', owner: 'service', width: 390 },
    received: { label: '收件時間', owner: 'service', width: 150, since: 5 },
    due: { label: '期限', owner: 'service', width: 150, since: 5 },
    ...certificate,
    email: { label: '電子郵件', owner: 'service', width: 200 },
    letter: { label: '函報文號', owner: 'service', width: 180 },
    latest: { label: '最近一次變動', owner: 'service', width: 150, since: 5 },
    result: { label: '處理結果', owner: 'service', width: 240 },
    response: { label: '回應編號', owner: 'service', width: 120, note: '系統用以辨識回應' },
    action: { label: '動作', owner: 'person', kind: 'choice', width: 150, note: '請由選單挑選' },
    reason: { label: '理由', owner: 'person', width: 240, note: '會寄給填報教師' },
    actor: { label: '承辦人', owner: 'person' },
    ready: { label: '送出', owner: 'person', kind: 'check', width: 60, note: READY_NOTE },
  },
  clears: ['action', 'reason', 'ready'],
  remarks: ['actor'],
  frozen: ['case', 'name'],
});
export type CasesKey = KeyOf<typeof CASES>;
export const ACTIONS = { reverse: '撤銷決定', reopen: '重新開案', withdraw: '代為撤回' } as const;

export function keysOf<K extends string>(spec: Pick<TabSpec<K>, 'columns'>): K[] {
  return keysIn(spec.columns);
}

/** The layout that a column came with or last changed in. */
export function sinceOf<K extends string>({ columns }: Pick<TabSpec<K>, 'columns'>, key: K): number {
  return columns[key].since ?? 1;
}

export function ownedBy<K extends string>(spec: Pick<TabSpec<K>, 'columns'>, owner: Column['owner']): K[] {
  return keysOf(spec).filter((key) => spec.columns[key].owner === owner);
}

/** What administrators change without a programmer; the value in force stands beside what was typed. */
export const SETTINGS = tabSpec({
  title: '設定',
  layout: 4,
  id: 'key',
  columns: {
    key: { label: '代碼', owner: 'service', width: 220, hidden: true },
    label: { label: '項目', owner: 'service', width: 520, note: COLOURS_NOTE, since: 4 },
    current: { label: '目前生效', owner: 'service', width: 180 },
    problem: {
      label: '說明',
      owner: 'service',
      width: 300,
      note: '填的值有問題時，原因寫在這裡；原值繼續有效',
    },
    value: { label: '要改成', owner: 'person', width: 180, note: '清空即回到設定檔的值' },
  },
  clears: ['value'],
});
export type SettingsKey = KeyOf<typeof SETTINGS>;

/** The words of each notice: what mails go out in stands beside what the office typed. */
export const TEMPLATES = tabSpec({
  title: '通知範本',
  layout: 5,
  id: 'kind',
  columns: {
    kind: { label: '代碼', owner: 'service', width: 160, hidden: true },
    label: { label: '通知', owner: 'service', width: 170, note: COLOURS_NOTE, since: 5 },
    preview: {
      label: '預覽',
      owner: 'service',
      width: 200,
      note: '打開連結，看這封信用範例資料寫出來的樣子，和可用的資料',
      since: 2,
    },
    problem: {
      label: '說明',
      owner: 'service',
      width: 320,
      note: '自訂的文字有問題時，原因寫在這裡；信仍照「目前主旨」「目前內文」寄出',
      since: 2,
    },
    currentSubject: { label: '目前主旨', owner: 'service', width: 320, since: 2 },
    subject: {
      label: '主旨',
      owner: 'person',
      width: 320,
      note: '要改才填；{{…}} 是系統帶入的資料；清空即回到原來的文字',
      since: 2,
    },
    currentBody: { label: '目前內文', owner: 'service', width: 480, since: 2 },
    body: {
      label: '內文',
      owner: 'person',
      width: 480,
      note: '要改才填，空一行即分段；清空即回到原來的文字與按鈕',
      since: 2,
    },
  },
  clears: ['subject', 'body'],
  frozen: ['kind', 'label'],
});
export type TemplatesKey = KeyOf<typeof TEMPLATES>;

/** Numbers at a glance, with a chart. */
export const DASHBOARD = tabSpec({
  title: '總覽',
  layout: 2,
  id: 'item',
  columns: {
    item: { label: '項目', owner: 'service', width: 220 },
    count: { label: '件數', owner: 'service' },
    overdue: { label: '逾期', owner: 'service' },
  },
  clears: [],
});
export type DashboardKey = KeyOf<typeof DASHBOARD>;

/** One row for each revision of a response, as the script writes it. Nobody types here. */
export const INTAKE: TabSpec<IntakeColumn> = tabSpec({
  title: INTAKE_TAB,
  layout: 1,
  id: 'key',
  columns: recordOf(
    keysIn(INTAKE_COLUMNS),
    (key): Column => ({ label: INTAKE_COLUMNS[key], owner: 'service' }),
  ),
  clears: [],
});
