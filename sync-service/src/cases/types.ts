import type { EmailDoubt } from './reading/email.ts';

/** Shapes that the pure rules share. */

export const LEVELS = { initial: '初階', advanced: '進階', mentor: '教學輔導教師' } as const;
export type Level = keyof typeof LEVELS;

export interface School {
  /** Ministry code; not unique across levels: identify by code and level. */
  code: string;
  name: string;
  county: string;
  level: 'elementary' | 'junior' | 'senior';
}

/** One revision of one response, before any triage. */
export interface Submission {
  /** Form key of the program. */
  form: string;
  responseId: string;
  /** ISO instant of this revision. */
  revision: string;
  receivedAt: Date;
  /** Raw answers by field key of the program (`email`, `name`, `school`, `level`, `school-year`, …). */
  answers: Record<string, string>;
  /** The address of the account that sent it, where Google collected one. */
  verifiedEmail?: string;
  editUrl: string;
}

/** What the entry says after parsing; null where it says nothing usable. */
export interface Facts {
  name: string | null;
  /** Name for comparison (NFKC, no spaces, dot variants unified). */
  nameKey: string | null;
  /** Where the notices go. */
  email: string | null;
  /** Why the teacher is asked about that address; absent where it is just what was typed. */
  emailDoubt?: EmailDoubt;
  school: School | null;
  level: Level | null;
  /** ROC school year, e.g. 107. Null also where two years are possible and the choice matters. */
  schoolYear: number | null;
  certificateNumber: string | null;
  certificateKey: string | null;
  description: string | null;
  evidence: string[];
  note: string | null;
}

export interface Explanation {
  rule: string;
  /** A zh-TW sentence. */
  because: string;
}

export const OUTCOMES = ['review', 'correction', 'duplicate', 'not-needed', 'late'] as const;
export type TriageOutcome = (typeof OUTCOMES)[number];

/** What triage says of one submission. */
export interface Verdict {
  outcome: TriageOutcome;
  /** Queue key, only with `review`. */
  queue: string | null;
  /** Key of the route that matched, null where none was needed. */
  route: string | null;
  /** The facts lead elsewhere than the chosen form does. */
  moved: boolean;
  /** Problem codes, sorted; only with `correction`. */
  problems: string[];
  /** Finding codes, sorted; only with `review`. */
  warnings: string[];
  /** Reference of the earlier case (as the register names it): with `duplicate`, and with the finding of one. */
  duplicateOf: string | null;
  facts: Facts;
  explanation: Explanation[];
}

/** An earlier case as far as the duplicate rules need it. `ref` is whatever the caller names a case by. */
export interface EarlierCase {
  ref: string;
  /** Form key, so that an enquiry and a certificate's case are never taken for the same. Unknown: not told apart. */
  form?: string;
  /** What that form was for, where the program that triages this entry need not know the form. */
  purpose?: string | undefined;
  nameKey: string;
  level: Level | null;
  schoolKey: string | null;
  schoolYear: number | null;
  certificateKey: string | null;
  /** The address that its notices go to. */
  email?: string | null;
  /** What was answered, for programs that say by which fields two entries are one. */
  answers?: Readonly<Record<string, string>>;
}

/** A form that this person has sent before, and from which school. */
export interface Sent {
  form: string;
  schoolKey: string | null;
}

/** One line of a list of persons that the program names. Blank is what the list leaves open. */
export interface ListedPerson {
  name: string;
  school: string;
  level: string;
}

/** Earlier cases that are open or registered. The caller leaves out the case that is being triaged. */
export interface CaseRegister {
  /** What was taken in from this person, whatever became of it: neither late nor waiting for a correction, nor given up. */
  sentBy(nameKey: string): readonly Sent[];
  byCertificate(certificateKey: string): readonly EarlierCase[];
  byPerson(nameKey: string): readonly EarlierCase[];
}

/** What tells working days from days off. The rest of the year goes by the week: Monday to Friday. */
export interface WorkCalendar {
  /** Days off from Monday to Friday, as `2020-06-25`. */
  readonly daysOff: readonly string[];
  /** Saturdays and Sundays on which offices work, in exchange for a bridge day. */
  readonly workingDays: readonly string[];
  /** What the office has typed in 設定 beside the calendar, e.g. a day on which a typhoon closes it. */
  readonly closed: readonly string[];
}
