/** Rows of every tab that the service owns: 1 holds machine keys and is hidden, 2 holds labels, data starts at 3. */
export const KEY_ROW = 1;
export const LABEL_ROW = 2;
export const FIRST_DATA_ROW = 3;

export const QUEUE_TAB = '待審';

interface QueueColumn {
  label: string;
  owner: 'service' | 'reviewer';
  note?: string;
}

/** Columns of a queue tab: machine key → label and owner. Each cell has one owner. */
export const QUEUE_COLUMNS = {
  case: { label: '案號', owner: 'service' },
  revision: { label: '版次', owner: 'service' },
  state: { label: '狀態', owner: 'service' },
  stage: { label: '辦理方式', owner: 'service' },
  received: { label: '收件時間', owner: 'service' },
  due: { label: '期限', owner: 'service' },
  name: { label: '姓名', owner: 'service' },
  school: { label: '服務學校', owner: 'service' },
  level: { label: '類別', owner: 'service' },
  schoolYear: { label: '取得學年度', owner: 'service' },
  certificateNumber: { label: '證書字號', owner: 'service' },
  description: { label: '問題說明', owner: 'service' },
  findings: { label: '提醒', owner: 'service' },
  evidence: { label: '證明文件', owner: 'service' },
  changed: { label: '本次修改', owner: 'service' },
  result: { label: '上次決定結果', owner: 'service' },
  decision: { label: '審核決定', owner: 'reviewer', note: '請由選單挑選' },
  reason: { label: '理由', owner: 'reviewer', note: '退回補件、不予登錄必填，會原文寄給填報教師' },
  reviewer: { label: '審核者', owner: 'reviewer' },
  note: { label: '內部備註', owner: 'reviewer', note: '不會寄給教師' },
  ready: { label: '送出', owner: 'reviewer', note: '勾選後送出決定；寬限時間內取消勾選即為復原' },
} as const satisfies Record<string, QueueColumn>;

export type QueueColumnKey = keyof typeof QUEUE_COLUMNS;
