import { keysIn } from '../../../contract/records.ts';
import { cutText, MAX_CELL } from '../../../contract/cell-text.ts';
import { comparableKey } from './reading/certificate-number.ts';
import { fieldMissing, fieldTooLong, type ProblemCode } from './codes.ts';
import { chooseEmail } from './reading/email.ts';
import { isIdNumber } from './reading/id-number.ts';
import { readLevel } from './reading/level.ts';
import { nameKey } from './reading/name.ts';
import type { Program, ProgramForm } from './program-rules.ts';
import { schoolYearOf, type Day } from './calendar/roc.ts';
import { type RouteFacts, routeFactsOf } from './routes/conditions.ts';
import { routeFor } from './routing.ts';
import { readSchoolYear } from './reading/school-year.ts';
import { readSchool } from './reading/schools.ts';
import { longestAnswer, withoutFilling } from './reading/sizes.ts';
import { isBlank, squeeze, trimmed } from './reading/text.ts';
import { type CaseRegister, type Facts, LEVELS, type Level, type School, type Submission } from './types.ts';

/** An entry after reading: its facts, all its problems, and what the routes ask about. */
export interface Reading {
  facts: Facts;
  problems: ProblemCode[];
  /** Years that the entry could mean, ascending. */
  years: number[];
  certificateDay?: Day;
  routeFacts: RouteFacts;
}

/** What the entry says after parsing, by the program's rules. */
export function factsOf(program: Program, submission: Submission): Facts {
  return readEntry(program, submission).facts;
}

export function readEntry(
  program: Program,
  submission: Submission,
  register?: Pick<CaseRegister, 'sentBy'>,
): Reading {
  const form = program.forms.find((each) => each.key === submission.form);
  const entry = new Entry(program, form, submission);
  const name = entry.name();
  const email = entry.email();
  const school = entry.school();
  const level = entry.level();
  const certificate = entry.certificate();
  const routeFacts = routeFactsOf({
    program,
    register,
    submission,
    purpose: form?.purpose ?? '',
    name,
    school,
    level,
    // The year is read last: whether two possible ones must be told apart depends on the other facts.
    schoolYear: null,
    certificateNumber: certificate,
  });
  const year = entry.schoolYear(routeFacts);
  entry.others();
  const facts: Facts = {
    name,
    nameKey: name === null ? null : nameKey(name),
    ...email,
    school,
    level,
    schoolYear: year.schoolYear,
    certificateNumber: certificate,
    certificateKey: certificate === null ? null : comparableKey(certificate),
    description: entry.text('description'),
    evidence: entry.evidence(),
    note: entry.text('note'),
  };
  return {
    facts,
    problems: entry.problems.toSorted(),
    years: year.years,
    ...(year.day ? { certificateDay: year.day } : {}),
    routeFacts: { ...routeFacts, schoolYear: year.schoolYear },
  };
}

/** Fields that have a reader and a problem of their own. */
export const READ_AS_FACTS: ReadonlySet<string> = new Set([
  'name',
  'email',
  'school',
  'level',
  'certificate-number',
  'school-year',
  'evidence',
  'description',
  'consent',
  'id-number',
]);

/** Reads field by field and notes every problem; asks for nothing that the form does not ask for. */
class Entry {
  readonly problems: ProblemCode[] = [];
  private readonly program: Program;
  private readonly form: ProgramForm | undefined;
  private readonly submission: Submission;
  private readonly answers = new Map<string, { text: string; tooLong: boolean }>();

  constructor(program: Program, form: ProgramForm | undefined, submission: Submission) {
    this.program = program;
    this.form = form;
    this.submission = submission;
  }

  /** What was typed, as far as its question can sensibly hold it. */
  private raw(key: string): string {
    return this.read(key).text;
  }

  private isTooLong(key: string): boolean {
    return this.read(key).tooLong;
  }

  private read(key: string): { text: string; tooLong: boolean } {
    const known = this.answers.get(key);
    if (known) return known;
    const whole = withoutFilling(cutText(this.submission.answers[key] ?? '', MAX_CELL)).trim();
    const most = longestAnswer(this.field(key));
    const answer = { text: cutText(whole, most), tooLong: whole.length > most };
    this.answers.set(key, answer);
    return answer;
  }

  private field(key: string) {
    return this.form?.fields.find((field) => field.key === key);
  }

  private missing(key: string, code: ProblemCode): null {
    return this.field(key)?.required ? this.wrong(key, code) : null;
  }

  /** An answer that was cut gets no other problem, since what was read is not what was typed. */
  private wrong(key: string, code: ProblemCode): null {
    if (this.field(key) && !this.isTooLong(key)) this.problems.push(code);
    return null;
  }

  text(key: string): string | null {
    return trimmed(this.raw(key)) || null;
  }

  evidence(): string[] {
    return trimmed(this.raw('evidence'))
      .split(/[,\s]+/u)
      .filter((part) => !isBlank(part) && part !== '無');
  }

  name(): string | null {
    return isBlank(this.raw('name')) ? this.missing('name', 'name.missing') : trimmed(this.raw('name'));
  }

  email(): Pick<Facts, 'email' | 'emailDoubt'> {
    const typed = this.raw('email');
    const isMissing = squeeze(typed) === '';
    const chosen = chooseEmail(typed, this.submission.verifiedEmail, this.program.discouragedDomains);
    if (!chosen)
      return {
        email: isMissing ? this.missing('email', 'email.missing') : this.wrong('email', 'email.invalid'),
      };
    const { email, doubt } = chosen;
    // A box that was left empty states nothing that could be doubted.
    return { email, ...(doubt && !isMissing ? { emailDoubt: doubt } : {}) };
  }

  school(): School | null {
    const reading = readSchool(this.program.schools, this.raw('school'));
    if (reading.kind === 'school') return reading.school;
    if (reading.kind === 'missing') return this.missing('school', 'school.missing');
    if (!this.program.rosterMustMatch) return null;
    return this.wrong('school', reading.kind === 'unknown' ? 'school.unknown' : 'school.ambiguous');
  }

  level(): Level | null {
    if (!this.field('level')) return this.form?.level ?? null;
    const level = readLevel(this.raw('level'));
    if (level === 'missing') return this.missing('level', 'level.missing');
    return level ?? this.wrong('level', 'level.unknown');
  }

  certificate(): string | null {
    const raw = this.raw('certificate-number');
    return isBlank(raw) ? this.missing('certificate-number', 'certificate-number.missing') : trimmed(raw);
  }

  schoolYear(routeFacts: RouteFacts): { schoolYear: number | null; years: number[]; day?: Day } {
    const none = { schoolYear: null, years: [] };
    const reading = readSchoolYear(this.raw('school-year'), schoolYearOf(this.submission.receivedAt));
    if (reading.kind === 'missing') {
      this.missing('school-year', 'school-year.missing');
      return none;
    }
    if (reading.kind !== 'years') {
      this.wrong('school-year', reading.kind === 'future' ? 'school-year.future' : 'school-year.unreadable');
      return none;
    }
    const { years, day } = reading;
    if (this.changesRoute(routeFacts, years)) {
      this.wrong('school-year', 'school-year.ambiguous');
      return { schoolYear: null, years };
    }
    // Both years lead to the same route, so the year that bears the typed number is taken.
    return { schoolYear: years.at(-1) ?? null, years, ...(day ? { day } : {}) };
  }

  /** Two possible years are asked about only if the answer changes the route, for any class it could be. */
  private changesRoute(routeFacts: RouteFacts, years: number[]): boolean {
    if (years.length < 2) return false;
    const levels = routeFacts.level ? [routeFacts.level] : this.offeredLevels();
    return levels.some((level) => {
      const routes = years.map(
        (schoolYear) => routeFor(this.program, { ...routeFacts, level, schoolYear })?.key,
      );
      return new Set(routes).size > 1;
    });
  }

  private offeredLevels(): Level[] {
    const offered = (this.field('level')?.options ?? []).map((option) => readLevel(option.value));
    const levels = offered.filter((level) => level !== null && level !== 'missing');
    return levels.length > 0 ? levels : keysIn(LEVELS);
  }

  others() {
    for (const { key } of this.form?.fields ?? []) {
      if (!READ_AS_FACTS.has(key) && isBlank(this.raw(key))) this.missing(key, fieldMissing(key));
      if (this.isTooLong(key)) this.problems.push(fieldTooLong(key));
    }
    if (this.evidence().length === 0) this.missing('evidence', 'evidence.missing');
    if (isBlank(this.raw('description'))) this.missing('description', 'description.missing');
    if (!this.consents()) this.missing('consent', 'consent.missing');
    const id = this.raw('id-number');
    if (this.program.asksIdNumber && !isIdNumber(id) && (this.field('id-number')?.required || !isBlank(id)))
      this.wrong('id-number', 'id-number.check');
  }

  private consents(): boolean {
    const answer = squeeze(this.raw('consent'));
    if (/不同意|未同意|不願/u.test(answer)) return false;
    const offered = this.field('consent')?.options ?? [];
    return (
      offered.some(({ value }) => answer.includes(squeeze(value))) ||
      /同意|^(?:是|v|y|yes|true)$/iu.test(answer)
    );
  }
}
