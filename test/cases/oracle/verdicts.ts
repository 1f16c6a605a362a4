import { type MadeRow, inWindow } from './rows.ts';

/** The rules of docs and issue written out once more, on what each text says. Knows nothing of the code under test. */
export interface Expected {
  outcome: string;
  queue: string | null;
  moved: boolean;
  problems: string[];
  warnings: string[];
  duplicateOf: number | null;
}

interface Seen {
  index: number;
  enquiry: boolean;
  person: number | null;
  level: string;
  number: string | null;
  school: string | null;
  year: number | null;
}

const NONE = { queue: null, moved: false, problems: [], warnings: [], duplicateOf: null };
const LEVELS = ['advanced', 'mentor', 'initial'];

function queueOf(level: string, year: number): [queue: string, form: string | null] {
  if (level === 'initial') return ['city-center', 'initial'];
  if (year >= 108) return ['ministry', null];
  return year >= 106
    ? ['platform', 'advanced-mentor-106-107']
    : ['city-center', 'advanced-mentor-105-earlier'];
}

function problemsOf({ form, says }: MadeRow, years: number[]): string[] {
  const certificates = form !== 'training-record-problem';
  const found: [boolean, string][] = [
    [says.person === null, 'name.missing'],
    [says.mail === 'missing', 'email.missing'],
    [says.mail === 'invalid', 'email.invalid'],
    [typeof says.school === 'string', `school.${says.school as string}`],
    [form !== 'initial' && !LEVELS.includes(says.level), `level.${says.level}`],
    [!says.consent, 'consent.missing'],
    [!certificates && !says.description, 'description.missing'],
    [certificates && !says.evidence, 'evidence.missing'],
    [certificates && says.number === null, 'certificate-number.missing'],
    [certificates && typeof says.year === 'string', `school-year.${says.year as string}`],
    [certificates && years.length > 1 && differs(says.level, years), 'school-year.ambiguous'],
  ];
  return found.flatMap(([is, code]) => (is ? [code] : [])).toSorted();
}

/** Whether the answer changes the route; of an unknown class, for any that the form offers. */
function differs(level: string, years: number[]): boolean {
  const levels = LEVELS.includes(level) ? [level] : ['advanced', 'mentor'];
  return levels.some((each) => new Set(years.map((year) => queueOf(each, year).join())).size > 1);
}

export function expectedOf(rows: readonly MadeRow[]): Expected[] {
  const open: Seen[] = [];
  return rows.map((row, index) => receive(row, index, open));
}

function receive(row: MadeRow, index: number, open: Seen[]): Expected {
  const { form, says } = row;
  if (!inWindow(form, row.at)) return { ...NONE, outcome: 'late' };
  const enquiry = form === 'training-record-problem';
  const years = enquiry || typeof says.year === 'string' ? [] : says.year;
  const problems = problemsOf(row, years);
  const urgent = problems.some((code) => /^(?:name|email|consent)/u.test(code));
  if (says.notNeeded && !enquiry && !urgent) return { ...NONE, outcome: 'not-needed' };
  const ambiguous = problems.includes('school-year.ambiguous');
  const seen: Seen = {
    index,
    enquiry,
    person: says.person,
    level: says.level,
    number: enquiry ? null : (says.number?.id ?? null),
    school: typeof says.school === 'string' ? null : `${says.school.code}${says.school.level}`,
    year: ambiguous ? null : (years.at(-1) ?? null),
  };
  if (problems.length > 0) {
    open.push(seen);
    return { ...NONE, outcome: 'correction', problems };
  }
  const same = open.find(
    (each) =>
      each.person === seen.person &&
      each.level === seen.level &&
      each.enquiry === enquiry &&
      (seen.number === null
        ? // What neither of two entries says makes them no more alike.
          each.school === seen.school && each.year === seen.year && seen.year !== null
        : each.number === seen.number),
  );
  if (same) return { ...NONE, outcome: 'duplicate', duplicateOf: same.index };
  const [queue, proper] = enquiry ? ['city-center', form] : queueOf(says.level, years.at(-1) ?? 0);
  const warnings: [boolean, string][] = [
    [!enquiry && says.number?.usual === false, 'certificate-number.unusual'],
    [
      says.number?.usual === true &&
        open.some(
          (each) =>
            each.number !== null &&
            each.number === seen.number &&
            each.person !== null &&
            each.person !== seen.person,
        ),
      'certificate-number.claimed-by-another',
    ],
    [says.mail === 'discouraged', 'email.discouraged-domain'],
    [says.person !== null && says.person < 0, 'name.lost-character'],
    [says.own, 'name.private-use'],
    [says.mail === 'unclear', 'email.unclear'],
    [says.mail === 'slip', 'email.possible-slip'],
    [!enquiry && says.level === 'mentor' && 108 - (years[0] ?? 108) >= 10, 'mentor.possibly-expired'],
  ];
  open.push(seen);
  return {
    ...NONE,
    outcome: 'review',
    queue,
    moved: proper !== form,
    warnings: warnings.flatMap(([is, code]) => (is ? [code] : [])).toSorted(),
  };
}
