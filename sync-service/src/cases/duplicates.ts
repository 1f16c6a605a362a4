import { isUsualNumber } from './reading/certificate-number.ts';
import type { Program } from './program-rules.ts';
import { schoolKey } from './reading/schools.ts';
import type { CaseRegister, EarlierCase, Facts } from './types.ts';

/**
 * The earlier case that this entry repeats: same person and class with the same number or, where this one bears no
 * number, with the same school and year. One person holds one certificate of a class.
 */
export function findDuplicate(
  program: Program,
  form: string,
  facts: Facts,
  register: CaseRegister,
): EarlierCase | null {
  if (!facts.nameKey) return null;
  const purpose = purposeOf(program, form);
  const same = register
    .byPerson(facts.nameKey)
    .filter((earlier) => earlier.level === facts.level)
    // An enquiry about training records never repeats a certificate's case.
    .filter((earlier) => !earlier.form || (earlier.purpose ?? purposeOf(program, earlier.form)) === purpose);
  if (facts.certificateKey)
    return same.find((earlier) => earlier.certificateKey === facts.certificateKey) ?? null;
  const school = facts.school ? schoolKey(facts.school) : null;
  if (school === null) return null;
  return (
    same.find((earlier) => earlier.schoolKey === school && earlier.schoolYear === facts.schoolYear) ?? null
  );
}

function purposeOf(program: Program, form: string): string | undefined {
  return program.forms.find((each) => each.key === form)?.purpose;
}

/** The same number under another name: a hint for the reviewer. Something like NO.12345 says nothing. */
export function isClaimedByAnother(facts: Facts, register: CaseRegister): boolean {
  const key = facts.certificateKey;
  if (!key || !isUsualNumber(key)) return false;
  return register
    .byCertificate(key)
    .some((earlier) => earlier.nameKey !== '' && earlier.nameKey !== facts.nameKey);
}
