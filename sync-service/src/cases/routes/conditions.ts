import { keysIn } from '../../../../contract/records.ts';
import { z } from 'zod';
import { formatRocDate, schoolYearOf } from '../calendar/roc.ts';
import { windowState } from '../calendar/window.ts';
import { rostersOf, sentForms } from '../persons.ts';
import { key, level, listOf, manyOf, schoolLevel, span, text } from '../program-values.ts';
import { certificateKey, issuerOf } from '../reading/certificate-number.ts';
import { squeeze } from '../reading/text.ts';
import { LEVELS, type School } from '../types.ts';
import {
  type Answers,
  answersOf,
  hasField,
  instantsOf,
  levelsOf,
  mayBeBlank,
  subsetsOf,
  yearsUpTo,
} from './combinations.ts';
import {
  condition,
  type RouteCondition,
  type RouteEntry,
  type RouteReference,
  type RouteTitles,
  type RouteWalk,
} from './condition.ts';

const SCHOOL_LEVELS: Record<School['level'], string> = {
  elementary: '國小',
  junior: '國中',
  senior: '高中職',
};

function isOne<T>(wanted: T | readonly T[], value: T | null): boolean {
  return value !== null && listOf(wanted).includes(value);
}

function isAmong(wanted: string | readonly string[], found: ReadonlySet<string>): boolean {
  return listOf<string>(wanted).some((each) => found.has(each));
}

function isAnswer(wanted: string | readonly string[], answer = ''): boolean {
  return listOf<string>(wanted).some((each) => squeeze(each) === squeeze(answer));
}

const none = (): RouteReference[] => [];
const named =
  (kind: RouteReference['kind']) =>
  (wanted: string | readonly string[]): RouteReference[] =>
    listOf<string>(wanted).map((name) => ({ kind, name }));

/**
 * Every condition that a route may have, each whole: what the file writes, which facts it asks about and how they are
 * read, when it holds, which facts the loader has to try, and how people are told. The loader walks them in this order.
 */
export const ROUTE_CONDITIONS = {
  level: condition({
    schema: manyOf(level),
    facts: (entry) => ({ level: entry.level }),
    matches: (wanted, facts) => isOne(wanted, facts.level),
    coverage: (_asked, { form }) => levelsOf(form).map((each) => ({ level: each })),
    note: (facts) => facts.level ?? 'any level',
    because: (facts) => (facts.level ? [`類別「${LEVELS[facts.level]}」`] : []),
    references: none,
    docs: { holdsFor: 'class of certificate', example: 'level: [advanced, mentor]' },
  }),
  submitted: condition({
    schema: span,
    facts: ({ submission }) => ({ submittedAt: submission.receivedAt }),
    matches: (wanted, facts) => windowState({ open: true, ...wanted }, [], facts.submittedAt) === 'open',
    coverage: (asked, walk) => instantsOf(walk, asked).map((submittedAt) => ({ submittedAt })),
    note: (facts, asked) =>
      asked.length > 0 ? `submitted ${facts.submittedAt.toISOString().slice(0, 10)}` : '',
    because: (facts, _titles, wanted) => (wanted ? [`${formatRocDate(facts.submittedAt)}收件`] : []),
    references: none,
    docs: { holdsFor: 'day of receipt', example: 'submitted: { from: 113-09-01 }' },
  }),
  schoolYear: condition({
    schema: z.union([
      z.number().int(),
      z.array(z.number().int()).min(1),
      z.strictObject({ from: z.number().int().optional(), to: z.number().int().optional() }),
    ]),
    facts: (entry): { schoolYear: number | null; submittedAt: Date } => ({
      schoolYear: entry.schoolYear,
      submittedAt: entry.submission.receivedAt,
    }),
    matches(wanted, { schoolYear: year }) {
      if (year === null) return false;
      if (typeof wanted === 'number') return year === wanted;
      if (Array.isArray(wanted)) return wanted.includes(year);
      return (wanted.from ?? year) <= year && year <= (wanted.to ?? year);
    },
    coverage(_asked, { form }, { submittedAt = new Date(0) }) {
      const years: (number | null)[] = hasField(form, 'school-year')
        ? yearsUpTo(schoolYearOf(submittedAt))
        : [];
      if (mayBeBlank(form, 'school-year')) years.push(null);
      return years.map((schoolYear) => ({ schoolYear, submittedAt }));
    },
    note: (facts) => (facts.schoolYear === null ? '' : String(facts.schoolYear)),
    because: (facts) => (facts.schoolYear === null ? [] : [`${facts.schoolYear}學年度`]),
    references: none,
    docs: {
      holdsFor: 'a year, a list, a range',
      example: 'schoolYear: { from: 106, to: 107 }（或 106、[106, 107]）',
    },
  }),
  role: condition({
    schema: manyOf(text),
    facts: ({ submission }): { answers: Answers } => ({ answers: submission.answers }),
    matches: (wanted, { answers }) => isAnswer(wanted, answers.role),
    coverage: (asked, { form }, { answers }) =>
      answersOf(
        form,
        asked.map((wanted) => ({ role: listOf(wanted) })),
        answers,
      ).map((each) => ({
        answers: each,
      })),
    // The note of `field` names this answer with the others.
    note: () => '',
    because: ({ answers }, _titles, wanted) => (wanted ? [`身分「${answers.role?.trim()}」`] : []),
    references: none,
    docs: { holdsFor: 'answer of the field `role`', example: 'role: 代理教師' },
  }),
  field: condition({
    schema: z.record(key, manyOf(text)),
    facts: ({ submission }): { answers: Answers } => ({ answers: submission.answers }),
    matches: (wanted, { answers }) =>
      Object.entries(wanted).every(([each, values]) => isAnswer(values, answers[each])),
    coverage(asked, { form }, { answers }) {
      const values = asked.map((wanted) =>
        Object.fromEntries(Object.entries(wanted).map(([each, some]) => [each, listOf(some)])),
      );
      return answersOf(form, values, answers).map((each) => ({ answers: each }));
    },
    note: ({ answers }) =>
      Object.entries(answers)
        .map(([each, value]) => `${each} ${value || 'blank'}`)
        .join(', '),
    because: ({ answers }, _titles, wanted = {}) =>
      Object.keys(wanted).map((each) => `${each}「${answers[each]?.trim()}」`),
    references: none,
    docs: { holdsFor: 'the answer of any field', example: 'field: { county: [臺南市, 高雄市] }' },
  }),
  issuer: condition({
    schema: manyOf(text),
    facts: ({ submission, certificateNumber }): { issuer: string | null; answers: Answers } => ({
      issuer: certificateKey(submission.answers.issuer) || issuerOf(certificateKey(certificateNumber ?? '')),
      answers: submission.answers,
    }),
    matches: (wanted, { issuer }) =>
      issuer !== null && listOf(wanted).some((each) => issuer.startsWith(certificateKey(each))),
    coverage(asked, { form }, { answers = {} }) {
      const answered = certificateKey(answers.issuer);
      if (answered) return [{ issuer: answered, answers }];
      const bodies = asked.flatMap((wanted) => listOf(wanted)).map(certificateKey);
      const asks = hasField(form, 'certificate-number') || hasField(form, 'issuer');
      // Adds any other issuer, and a number that names none.
      const issuers = bodies.length > 0 && asks ? [...new Set(bodies), '其他機關', null] : [null];
      return issuers.map((issuer) => ({ issuer, answers }));
    },
    note: (facts, asked) => (asked.length > 0 ? `issuer ${facts.issuer ?? 'unknown'}` : ''),
    because: (facts, _titles, wanted) => (wanted ? [`發證單位「${facts.issuer}」`] : []),
    references: none,
    docs: {
      holdsFor:
        'what the certificate number (or a field `issuer`) begins with; 台 and 臺, brackets and widths are alike',
      example: 'issuer: [臺教師, 綠川教]',
    },
  }),
  schoolLevel: condition({
    schema: manyOf(schoolLevel),
    facts: ({ school }) => ({ schoolLevel: school?.level ?? null }),
    matches: (wanted, facts) => isOne(wanted, facts.schoolLevel),
    coverage(asked, { form, rosterMustMatch }) {
      if (asked.length === 0) return [{ schoolLevel: null }];
      // A school that is left out, or that stands in no roster, has no level.
      const unknown = !rosterMustMatch || mayBeBlank(form, 'school');
      const levels: (School['level'] | null)[] = hasField(form, 'school') ? [...schoolLevel.options] : [];
      return [...levels, ...(unknown ? [null] : [])].map((each) => ({ schoolLevel: each }));
    },
    note: (facts, asked) => (asked.length > 0 ? (facts.schoolLevel ?? 'school unknown') : ''),
    because: (facts, _titles, wanted) =>
      wanted && facts.schoolLevel ? [`服務於${SCHOOL_LEVELS[facts.schoolLevel]}`] : [],
    references: none,
    docs: { holdsFor: '`elementary`, `junior`, `senior`', example: 'schoolLevel: senior' },
  }),
  form: condition({
    schema: manyOf(key),
    facts: ({ submission }) => ({ form: submission.form }),
    matches: (wanted, facts) => isOne(wanted, facts.form),
    coverage: (_asked, { form }) => [{ form: form.key }],
    // Each gap names its form already.
    note: () => '',
    because: (facts, { forms }, wanted) =>
      wanted ? forms.flatMap((each) => (each.key === facts.form ? [`填報「${each.title}」`] : [])) : [],
    references: named('form'),
    docs: { holdsFor: 'the form that was filled in', example: 'form: application' },
  }),
  purpose: condition({
    schema: manyOf(key),
    facts: (entry) => ({ purpose: entry.purpose }),
    matches: (wanted, facts) => isOne(wanted, facts.purpose),
    coverage: (_asked, { form }) => [{ purpose: form.purpose }],
    note: () => '',
    because: (facts, _titles, wanted) => (wanted ? [`表單用途「${facts.purpose}」`] : []),
    references: named('purpose'),
    docs: { holdsFor: 'what that form is for', example: 'purpose: enquiry' },
  }),
  sent: condition({
    schema: manyOf(key),
    facts: (entry): { sent: ReadonlySet<string> } => ({ sent: sentForms(entry) }),
    matches: (wanted, facts) => isAmong(wanted, facts.sent),
    coverage: (asked) => subsetsOf(asked.flatMap((wanted) => listOf(wanted))).map((sent) => ({ sent })),
    note: (facts, asked) => (asked.length > 0 ? `sent ${[...facts.sent].join('+') || 'nothing'} before` : ''),
    because: (facts, { forms }) =>
      forms.filter(({ key: each }) => facts.sent.has(each)).map(({ title }) => `先前已填「${title}」`),
    references: named('form'),
    docs: {
      holdsFor: 'the same person has sent one of these forms before, and it was taken in',
      example: 'sent: pre-registration',
    },
  }),
  listed: condition({
    schema: manyOf(key),
    facts: (entry): { listed: ReadonlySet<string> } => ({ listed: rostersOf(entry.program, entry) }),
    matches: (wanted, facts) => isAmong(wanted, facts.listed),
    coverage: (asked) => subsetsOf(asked.flatMap((wanted) => listOf(wanted))).map((listed) => ({ listed })),
    note: (facts, asked) =>
      asked.length > 0 ? `listed in ${[...facts.listed].join('+') || 'no roster'}` : '',
    because: (facts, { rosters }) =>
      rosters.filter(({ key: each }) => facts.listed.has(each)).map(({ title }) => `列於「${title}」`),
    references: named('roster'),
    docs: { holdsFor: 'the person stands in one of the `rosters`', example: 'listed: school-list' },
  }),
};

type Table = typeof ROUTE_CONDITIONS;
export type ConditionKey = keyof Table;
export const CONDITION_KEYS = keysIn(ROUTE_CONDITIONS);

type Shape = { [K in ConditionKey]: z.ZodOptional<Table[K]['schema']> };
const shape = Object.fromEntries(
  CONDITION_KEYS.map((each) => [each, ROUTE_CONDITIONS[each].schema.optional()]),
) as Shape;
export const conditionSchema = z.strictObject(shape);
export type Condition = z.output<typeof conditionSchema>;

type Intersection<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer A) => void
  ? A
  : never;
/** The facts of an entry that routes may ask about: those of every condition. */
export type RouteFacts = Intersection<ReturnType<Table[ConditionKey]['facts']>>;

/** The table for code that treats all conditions alike. */
const CONDITIONS: Record<
  ConditionKey,
  Omit<RouteCondition<unknown, RouteFacts>, 'facts' | 'coverage'> & {
    facts(entry: RouteEntry): Partial<RouteFacts>;
    coverage(asked: readonly unknown[], walk: RouteWalk, known: Partial<RouteFacts>): Partial<RouteFacts>[];
  }
> = ROUTE_CONDITIONS;

export function routeFactsOf(entry: RouteEntry): RouteFacts {
  const facts = CONDITION_KEYS.reduce<Partial<RouteFacts>>(
    (known, each) => ({ ...known, ...CONDITIONS[each].facts(entry) }),
    {},
  );
  return facts as RouteFacts;
}

export function matches(when: Condition, facts: RouteFacts): boolean {
  return CONDITION_KEYS.every(
    (each) => when[each] === undefined || CONDITIONS[each].matches(when[each], facts),
  );
}

/** What each condition asks in any of these routes. */
function askedIn(conditions: readonly Condition[], each: ConditionKey): unknown[] {
  return conditions.flatMap((when) => (when[each] === undefined ? [] : [when[each]]));
}

/**
 * Every combination of facts that the conditions tell apart in entries of one form.
 * @returns null where there are more than `most`
 */
export function combinationsOf(
  conditions: readonly Condition[],
  walk: RouteWalk,
  most: number,
): RouteFacts[] | null {
  let combinations: Partial<RouteFacts>[] = [{}];
  for (const each of CONDITION_KEYS) {
    const asked = askedIn(conditions, each);
    const next: Partial<RouteFacts>[] = [];
    for (const known of combinations) {
      for (const facts of CONDITIONS[each].coverage(asked, walk, known)) next.push({ ...known, ...facts });
      if (next.length > most) return null;
    }
    combinations = next;
  }
  return combinations as RouteFacts[];
}

/** How a gap names such an entry, condition by condition. */
export function notesOf(conditions: readonly Condition[], facts: RouteFacts): Map<ConditionKey, string> {
  return new Map(
    CONDITION_KEYS.map((each) => [each, CONDITIONS[each].note(facts, askedIn(conditions, each))]),
  );
}

/** Why a route was taken, in the words of its reviewer. */
export function reasonsOf(when: Condition, facts: RouteFacts, titles: RouteTitles): string[] {
  return CONDITION_KEYS.flatMap((each) => CONDITIONS[each].because(facts, titles, when[each]));
}

/** Every name that a route's conditions say of another part of the file. */
export function referencesOf(when: Condition): (RouteReference & { condition: ConditionKey })[] {
  return CONDITION_KEYS.flatMap((each) =>
    when[each] === undefined
      ? []
      : CONDITIONS[each].references(when[each]).map((reference) => ({ ...reference, condition: each })),
  );
}
