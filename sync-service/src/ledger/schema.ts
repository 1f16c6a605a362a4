import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { Facts, Verdict } from '../cases/types.ts';
import type { CaseNoticeData, NoticeKind } from '../notices/types.ts';

type Instant = ColumnType<Date, Date | string, Date | string>;

export interface CaseTable {
  id: Generated<number>;
  /** TN109-000123. Never reused. */
  number: string;
  program: string;
  form: string;
  response_id: string;
  /** 1 for the first response, one more for each edit. */
  revision: number;
  /** ISO instant of the revision, as the intake names it. */
  revision_at: string;
  state: string;
  queue: string | null;
  route: string | null;
  /** Which of the route's stages the case is in, from 0. */
  stage: Generated<number>;
  moved: Generated<boolean>;
  received_at: Instant;
  due_at: Instant | null;
  email: string;
  edit_url: string;
  answers: JSONColumnType<Record<string, string>>;
  facts: JSONColumnType<Facts>;
  findings: JSONColumnType<string[]>;
  problems: JSONColumnType<string[]>;
  /** Field titles that the last revision changed. */
  changed: JSONColumnType<string[]>;
  /** What the row says of the last decision, zh-TW. */
  result: Generated<string>;
  duplicate_of: string | null;
  name_key: string | null;
  school_key: string | null;
  level: string | null;
  school_year: number | null;
  certificate_key: string | null;
}

export interface RevisionTable {
  /** The intake key: what makes a retried row no second revision. */
  key: string;
  case_id: number;
  revision: number;
  received_at: Instant;
  answers: JSONColumnType<Record<string, string>>;
  verdict: JSONColumnType<Verdict>;
}

export interface EventTable {
  id: Generated<number>;
  case_id: number;
  revision: number;
  at: Instant;
  /** `teacher`, `service`, or the reviewer as the sheet names them. */
  actor: string;
  trigger: string;
  from_state: string | null;
  to_state: string;
  reason: string;
  data: JSONColumnType<Record<string, unknown>>;
}

export interface NoticeTable {
  id: Generated<number>;
  case_id: number;
  kind: NoticeKind;
  revision: number;
  message_id: string;
  recipient: string;
  data: JSONColumnType<CaseNoticeData>;
  state: string;
  attempts: Generated<number>;
  created_at: Instant;
  /** Not to be tried before this instant. */
  due_at: Instant;
  claimed_at: Instant | null;
  sent_at: Instant | null;
  reply: Generated<string>;
}

export interface TickTable {
  case_id: number;
  /** Everything the reviewer typed, so that a change begins the grace time anew. */
  content: string;
  seen_at: Instant;
}

export interface Database {
  cases: CaseTable;
  revisions: RevisionTable;
  events: EventTable;
  notices: NoticeTable;
  ticks: TickTable;
  /** Intake rows that could not be read, with the reason; parked, never dropped. */
  parked: { key: string; reason: string; at: Instant };
  counters: { program: string; last: number };
  /** Google documents by role: `office`, `queue:platform`, `form:initial`. */
  documents: { role: string; id: string; data: JSONColumnType<Record<string, unknown>> };
  cursors: { name: string; value: string };
  nonces: { nonce: string; at: Instant };
}
