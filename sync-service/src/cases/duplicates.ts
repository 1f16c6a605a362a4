import { isUsualNumber } from './reading/certificate-number.ts';
import { schoolKey } from './reading/schools.ts';
import { squeeze } from './reading/text.ts';
import type { Program } from './program-rules.ts';
import type { CaseRegister, EarlierCase, Facts, Submission } from './types.ts';

/** What is compared of an entry and of an earlier case. */
type Compared = Pick<
  EarlierCase,
  'level' | 'schoolKey' | 'schoolYear' | 'certificateKey' | 'email' | 'answers'
>;

/** How the fields that are read as facts are compared; any other field is compared by its answer. */
const COMPARED: Record<string, (entry: Compared) => string | null> = {
  level: ({ level }) => level,
  school: ({ schoolKey: key }) => key,
  'school-year': ({ schoolYear }) => (schoolYear === null ? null : String(schoolYear)),
  'certificate-number': ({ certificateKey }) => certificateKey,
  email: ({ email }) => email?.toLowerCase() ?? null,
};

/**
 * The earlier case of the same person and purpose that this entry repeats, or null. The form's `unique` says by which
 * fields two entries are one. Without it: the class with the same number or, where this entry bears no number, with the
 * same school and year. A fact that neither entry states makes nothing the same.
 */
export function findDuplicate(
  program: Program,
  { form, answers }: Pick<Submission, 'form' | 'answers'>,
  facts: Facts,
  register: CaseRegister,
): EarlierCase | null {
  const unique = program.forms.find((each) => each.key === form)?.unique;
  if (!facts.nameKey || unique === 'none') return null;
  const purpose = purposeOf(program, form);
  const same = register
    .byPerson(facts.nameKey)
    // An enquiry about training records never repeats a certificate's case.
    .filter((earlier) => !earlier.form || (earlier.purpose ?? purposeOf(program, earlier.form)) === purpose);
  const entry = { ...facts, schoolKey: schoolKey(facts.school), answers };
  if (unique) return same.find((earlier) => unique.every((key) => isSameValue(key, entry, earlier))) ?? null;
  const sameLevel = same.filter(({ level }) => level === facts.level);
  const keys = facts.certificateKey ? ['certificate-number'] : ['school', 'school-year'];
  return sameLevel.find((earlier) => keys.every((key) => isSameValue(key, entry, earlier))) ?? null;
}

function isSameValue(key: string, entry: Compared, earlier: Compared): boolean {
  const read = COMPARED[key] ?? (({ answers }: Compared) => squeeze(answers?.[key] ?? ''));
  const value = read(entry);
  return value !== null && value !== '' && value === read(earlier);
}

function purposeOf(program: Program, form: string): string | undefined {
  return program.forms.find((each) => each.key === form)?.purpose;
}

/** Whether the earlier case writes to another address: whoever sent this entry would then hear nothing of it. */
export function isOtherAddress({ email }: Pick<Facts, 'email'>, earlier: EarlierCase): boolean {
  return Boolean(email && earlier.email) && email?.toLowerCase() !== earlier.email?.toLowerCase();
}

/** The same number under another name: a hint for the reviewer. Something like NO.12345 says nothing. */
export function isClaimedByAnother(facts: Facts, register: CaseRegister): boolean {
  const key = facts.certificateKey;
  if (!key || !isUsualNumber(key)) return false;
  return register
    .byCertificate(key)
    .some((earlier) => earlier.nameKey !== '' && earlier.nameKey !== facts.nameKey);
}
