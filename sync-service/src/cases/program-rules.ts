import { keysIn } from '../../../contract/records.ts';
import { z } from 'zod';
import { letterWords } from './letter.ts';
import { DECISION_TRIGGERS } from './lifecycle.ts';
import { day, key, level, span, text } from './program-values.ts';
import { conditionSchema } from './routes/conditions.ts';
import type { ListedPerson, School, WorkCalendar } from './types.ts';

/** What an office configures. `src/program` reads it from a file, explains errors and looks for gaps. */

const windowSchema = z
  .strictObject({
    open: z.boolean().default(true),
    ...span.shape,
    extensions: z.array(z.strictObject({ to: day, reason: z.string().default('') })).default([]),
    rounds: z.array(key).optional(),
    /** The day of the notice that `daysAfterNotice` counts from. */
    notice: day.optional(),
    daysAfterNotice: z.number().int().positive().optional(),
    monthsAfterCertificate: z.number().int().positive().optional(),
  })
  // `to` becomes the extended end, so that every reader of the window sees the same day.
  .transform((window) => {
    const ends = [window.to, ...window.extensions.map((extension) => extension.to)].filter(
      (to) => to !== undefined,
    );
    const to = window.to === undefined ? undefined : ends.toSorted().at(-1);
    return { ...window, ...(to === undefined ? {} : { to }) };
  });

const fieldSchema = z.strictObject({
  key,
  title: text,
  help: z.string().default(''),
  type: z.enum(['text', 'paragraph', 'choice', 'file', 'email', 'consent']),
  options: z.array(z.strictObject({ value: text })).optional(),
  required: z.boolean().default(true),
  /** The desks see the answer in a column of its own, where no other column shows it. */
  show: z.boolean().default(true),
  /** Commands print the answer masked. */
  sensitive: z.boolean().default(false),
});

const privacySchema = z.strictObject({
  office: text,
  purpose: text,
  classes: text,
  use: text,
  rights: text,
  consequence: text,
});

const formSchema = z.strictObject({
  key,
  title: text,
  description: z.string().default(''),
  privacyNotice: privacySchema,
  /** `backfill` asks for a registration; anything else is a purpose of the office's own, e.g. `enquiry`. */
  purpose: key.default('backfill'),
  /** The class that this form is for, where it does not ask. */
  level: level.optional(),
  window: windowSchema.optional(),
  contact: z.string().optional(),
  /**
   * The fields that make two entries of one person the same; `none`: no entry repeats another. Without it, the class
   * with the certificate number, or with school and school year where the number is not known.
   */
  unique: z.union([z.literal('none'), z.array(key).min(1)]).optional(),
  /** An answer that means: nothing needs doing. */
  notNeeded: z.strictObject({ field: key, values: z.array(text).min(1) }).optional(),
  fields: z.array(fieldSchema).min(1),
});

const routeSchema = z.strictObject({
  key,
  when: conditionSchema,
  /** The form that such a case belongs to; null where it belongs to none. */
  form: key.nullable().default(null),
  stages: z.array(key).min(1),
  /** What comes next, told to the teacher. */
  next: z.string().default(''),
});

export const STAGE_KINDS = {
  review: '審核',
  'two-stage-review': '初審與複審',
  'compile-and-dispatch': '彙整函報',
  'answer-only': '查核回覆',
  'redirect-only': '僅引導至他處辦理',
  'record-only': '僅留存紀錄',
} as const;

const stageSchema = z.strictObject({
  label: text,
  kind: z.enum(keysIn(STAGE_KINDS)),
  queue: key.optional(),
  /** The queue of the second review, of a `two-stage-review`. */
  secondQueue: key.optional(),
});

const outcomeSchema = z.strictObject({
  key,
  label: text,
  trigger: z.enum(keysIn(DECISION_TRIGGERS)),
  reasonRequired: z.boolean().default(false),
  stages: z.array(z.enum(keysIn(STAGE_KINDS))).optional(),
  queues: z.array(key).optional(),
  /** The queue that a `forwarded` case goes to. */
  to: key.optional(),
  /** The stage in which a `returned` case goes on once its teacher has corrected it; else where it was. */
  resumeAt: key.optional(),
});

const contactSchema = z.strictObject({
  office: text,
  phone: z.string(),
  email: z.email().nullable().default(null),
});

const queueSchema = z.strictObject({
  key,
  label: text,
  /** Its name in mails and on the tracking page; the label without. */
  title: z.string().optional(),
  contact: z.string().optional(),
  /** When the people of this queue may decide. */
  window: windowSchema.optional(),
});

/** The words of the official letter that a batch goes with, and of its roster. */
const letterSchema = z.strictObject({
  /** Whom it is written to; the desk that reviews next without. */
  receiver: z.string().default(''),
  /** What the office acts upon: above the roster's table, and the first item of 說明. */
  basis: letterWords().default(''),
  subject: letterWords().default('檢送{{roster}}1份，請查照。'),
  explanation: z
    .array(letterWords())
    .default([
      '本批計{{count}}件（證書取得學年度：{{schoolYears}}），均經審核無誤。',
      '請惠予審核及登錄。',
      '審核結果請逕填於待審清單（{{queue}}），或填於名冊「{{checkColumn}}」欄後函復。',
    ]),
  /** The roster's title. */
  roster: letterWords('roster').default('{{program}}名冊（第{{nth}}批）'),
  /** The title of the roster's last column, which is left blank for the receiver. */
  checkColumn: text.default('核對結果'),
});

/** Longer, and a reviewer would wonder whether anything happens. */
export const MOST_GRACE_SECONDS = 3600;

export const programFileSchema = z.strictObject({
  key,
  title: text,
  version: z.string().default('1'),
  office: text,
  casePrefix: z.string().regex(/^[A-Z0-9]{2,12}$/u, '請用大寫英數字，例如 TN109'),
  schools: z.strictObject({ file: text, mustMatch: z.boolean().default(true) }),
  asksIdNumber: z.boolean().default(false),
  mentorYears: z.number().int().positive().default(10),
  discouragedDomains: z.array(z.string().toLowerCase()).default([]),
  retentionMonths: z.number().int().positive().default(24),
  /** A tick is acted on once it has stood unchanged for so long; unticking meanwhile is undo. */
  graceSeconds: z.number().int().min(0).max(MOST_GRACE_SECONDS).default(120),
  deadlines: z
    .strictObject({
      /** Calendar days for a correction. */
      correctionDays: z.number().int().positive().default(5),
      /** The reminder goes out so many days before. */
      reminderDays: z.number().int().nonnegative().default(1),
      /** A case that nobody touched for so many days is overdue. */
      reviewDays: z.number().int().positive().default(14),
      /** A deadline that falls on a day off moves to the next working day. */
      nextWorkingDay: z.boolean().default(true),
    })
    .refine(({ correctionDays, reminderDays }) => reminderDays < correctionDays, {
      path: ['reminderDays'],
      message: '提醒要在補件通知之後：reminderDays 要小於 correctionDays',
    })
    .default({ correctionDays: 5, reminderDays: 1, reviewDays: 14, nextWorkingDay: true }),
  /** Calendars of working days, as the government publishes one for each year. */
  holidays: z.array(text).default([]),
  /** Who gets the office's own mail: digests, overdue lists, rosters, alerts. */
  administrators: z.array(z.email()).default([]),
  contacts: z.record(key, contactSchema),
  queues: z.array(queueSchema).min(1),
  /** Whom Google lets answer the forms: anybody with the link, or the accounts of one Workspace domain. */
  responders: z
    .string()
    .toLowerCase()
    .regex(/^(?:anyone|domain:[a-z0-9-]+(?:\.[a-z0-9-]+)+)$/u, '請寫 anyone 或 domain:example.edu.tw')
    .default('anyone'),
  rounds: z.array(z.strictObject({ key, title: text, ...span.shape })).default([]),
  /** Lists of persons, as schools or other offices send them. */
  rosters: z.array(z.strictObject({ key, title: text, file: text })).default([]),
  forms: z.array(formSchema).min(1),
  stages: z.record(key, stageSchema),
  routes: z.array(routeSchema).min(1),
  outcomes: z.array(outcomeSchema).min(1),
  letter: letterSchema.prefault({}),
  sentences: z.record(z.string(), z.string()).default({}),
});

export type ProgramFile = z.output<typeof programFileSchema>;
/** The file's text with its rosters and calendars read in. */
export type Program = Omit<ProgramFile, 'schools' | 'rosters' | 'holidays'> & {
  schools: School[];
  calendar: WorkCalendar;
  rosterMustMatch: boolean;
  rosters: { key: string; title: string; people: ListedPerson[] }[];
};
export type ProgramForm = Program['forms'][number];
export type ProgramRoute = Program['routes'][number];
export type ProgramStage = Program['stages'][string];
export type ProgramOutcome = Program['outcomes'][number];
