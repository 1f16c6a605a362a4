import type { ColumnType, Generated, JSONColumnType, Selectable } from 'kysely';
import type { State, Trigger } from '../cases/lifecycle.ts';
import type { Facts, Level, Verdict } from '../cases/types.ts';
import type { NoticeKind, NoticeState } from '../notices/types.ts';

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
  state: State;
  queue: string | null;
  route: string | null;
  /** Which of the route's stages the case is in, from 0. */
  stage: Generated<number>;
  /** How often the case was put back to an earlier point. Decisions after that are told anew. */
  episode: Generated<number>;
  /** Number of the batch it is listed in. */
  batch: Generated<string | null>;
  /** What the desk that forwarded it wrote for the next one. */
  handover: Generated<string>;
  /** The official letter it was sent with; date as an ISO day. */
  letter_number: Generated<string>;
  letter_date: Generated<string>;
  moved: Generated<boolean>;
  received_at: Instant;
  /** When the case last moved. */
  changed_at: Instant;
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
  level: Level | null;
  school_year: number | null;
  certificate_key: string | null;
  /** Hash of the program that it began under. */
  program_version: Generated<string | null>;
  /** Since when it bears no personal data. */
  erased_at: ColumnType<Date | null, Date | undefined, Date | null>;
}

/** A case as the ledger holds it. */
export type Case = Selectable<CaseTable>;

export interface RevisionTable {
  /** The intake key: what makes a retried row no second revision. */
  key: string;
  case_id: number;
  revision: number;
  received_at: Instant;
  answers: JSONColumnType<Record<string, string>>;
  verdict: JSONColumnType<Verdict>;
  /** Fingerprint of the answers, where the answers are erased. */
  fingerprint: Generated<string | null>;
}

export interface EventTable {
  id: Generated<number>;
  case_id: number;
  revision: number;
  at: Instant;
  /** `teacher`, `service`, or the reviewer as the sheet names them. */
  actor: string;
  trigger: Trigger;
  from_state: State | null;
  to_state: State;
  reason: string;
  data: JSONColumnType<EventData>;
}

/** What an event says to the program; its reason is for people. */
export interface EventData {
  /** Key of the outcome that a reviewer decided on. */
  decision?: string;
  /** ISO instant of the deadline that had passed. */
  due?: string | undefined;
  /** Number of the batch that the case was listed in. */
  batch?: string;
}

export interface NoticeTable {
  id: Generated<number>;
  /** What the notice is about: `case/12`, `digest/2020-04-21/…`, `announcement/…`. With kind, revision and episode it is unique. */
  scope: string;
  case_id: number | null;
  kind: NoticeKind;
  revision: number;
  episode: Generated<number>;
  /** Lower goes first: cases before digests before announcements. */
  priority: Generated<number>;
  attachments: JSONColumnType<Attachment[]>;
  message_id: string;
  recipient: string;
  data: JSONColumnType<object>;
  state: NoticeState;
  attempts: Generated<number>;
  created_at: Instant;
  /** The relay does not try the notice before this instant. */
  due_at: Instant;
  claimed_at: Instant | null;
  sent_at: Instant | null;
  reply: Generated<string>;
}

/** A file that goes with a notice; its content lies in `files`. `inline` ones are named by their cid in the HTML. */
export interface Attachment {
  file: string;
  name: string;
  type: string;
  inline?: boolean;
}

/** `changed`: a case has left it since its roster was made. */
export type BatchState = 'open' | 'listed' | 'changed' | 'sent';

export interface BatchTable {
  /** 函1, 函2, … */
  number: string;
  program: string;
  queue: string;
  state: BatchState;
  letter_number: Generated<string>;
  /** ISO day. */
  letter_date: Generated<string>;
  result: Generated<string>;
  created_at: Instant;
  sent_at: Instant | null;
}

/** A batch as the ledger holds it. */
export type Batch = Selectable<BatchTable>;

export interface TickTable {
  /** Tab and row id. */
  scope: string;
  /** Everything the reviewer typed, so that a change begins the grace time anew. */
  content: string;
  /** The case data that stood beside it when it was first seen. */
  seen: string;
  seen_at: Instant;
}

export interface ErasureTable {
  case_id: number;
  actor: string;
  reason: string;
  /** Whether an open case may be erased too, as its retention has ended. */
  even_open: boolean;
  asked_at: Instant;
  /** When the ledger erased the case. */
  erased_at: Instant | null;
  /** When the intake rows of the case were found empty. */
  intake_at: Instant | null;
}

export interface ProgramVersionTable {
  /** SHA-256 of the content. */
  hash: string;
  program: string;
  /** The file's own count of changes. */
  version: string;
  /** The program with its roster, as JSON text. */
  content: string;
  first_seen: Instant;
}

export interface Database {
  program_versions: ProgramVersionTable;
  erasures: ErasureTable;
  cases: CaseTable;
  revisions: RevisionTable;
  events: EventTable;
  notices: NoticeTable;
  ticks: TickTable;
  /** Intake rows that cannot be worked on, each with its reason. They are kept until they are whole or gone. */
  quarantined_rows: { key: string; reason: string; at: Instant };
  counters: { program: string; last: number };
  /** Google documents by role: `office`, `queue:platform`, `form:initial`. */
  documents: { role: string; id: string; data: JSONColumnType<Record<string, unknown>> };
  key_values: { name: string; value: string };
  batches: BatchTable;
  /** Base64. */
  files: { id: string; name: string; type: string; content: string };
  /** SHA-256 of the tracking page's tokens. */
  tokens: { hash: string; case_id: number };
  registered_elsewhere: {
    key: string;
    name_key: string;
    level: Level | null;
    certificate_key: string;
    source: string;
    at: Instant;
    program: string | null;
  };
  /** Changes of settings and wording: append only. */
  audit: {
    id: Generated<number>;
    at: Instant;
    actor: string;
    subject: string;
    before: string;
    after: string;
  };
  /** What the settings tab says: the value in force, what was typed last, and what is wrong with it. */
  settings: { program: string; key: string; value: string; typed: string; problem: Generated<string> };
  leases: { name: string; holder: string; until: Instant };
  nonces: { nonce: string; at: Instant };
}
