import { readLevel } from './reading/level.ts';
import { nameKey } from './reading/name.ts';
import type { Program } from './program-rules.ts';
import { readSchool, schoolKey } from './reading/schools.ts';
import type { CaseRegister, Level, ListedPerson, School } from './types.ts';

interface Person {
  name: string | null;
  school: School | null;
  level: Level | null;
}

/** Forms that the same person has sent before: the name, and the school where both say one. Only those routes ask about. */
export function sentForms(
  program: Pick<Program, 'routes'>,
  register: Pick<CaseRegister, 'sentBy'>,
  { name, school }: Pick<Person, 'name' | 'school'>,
): Set<string> {
  if (name === null || !asksWhatWasSent(program)) return new Set();
  const key = school ? schoolKey(school) : null;
  const same = register
    .sentBy(nameKey(name))
    .filter((sent) => key === null || sent.schoolKey === null || sent.schoolKey === key);
  return new Set(same.map(({ form }) => form));
}

export function asksWhatWasSent(program: Pick<Program, 'routes'>): boolean {
  return program.routes.some(({ when }) => when.sent !== undefined);
}

type Roster = Program['rosters'][number];
const indexes = new WeakMap<Roster, Map<string, ListedPerson[]>>();

function indexOf(roster: Roster): Map<string, ListedPerson[]> {
  const made = indexes.get(roster) ?? new Map<string, ListedPerson[]>();
  if (!indexes.has(roster))
    for (const person of roster.people) {
      const key = nameKey(person.name);
      made.set(key, [...(made.get(key) ?? []), person]);
    }
  indexes.set(roster, made);
  return made;
}

/** Rosters in which the person stands: name, school and class agree, as far as the roster gives them. */
export function rostersOf(
  program: Pick<Program, 'rosters' | 'schools'>,
  { name, school, level }: Person,
): Set<string> {
  if (name === null) return new Set();
  const agrees = (listed: ListedPerson) =>
    (listed.school === '' || isSchool(program, listed.school, school)) &&
    (listed.level === '' || readLevel(listed.level) === level);
  const found = program.rosters.filter((roster) => indexOf(roster).get(nameKey(name))?.some(agrees));
  return new Set(found.map(({ key }) => key));
}

function isSchool({ schools }: Pick<Program, 'schools'>, listed: string, school: School | null): boolean {
  const reading = readSchool(schools, listed);
  return reading.kind === 'school' && school !== null && schoolKey(reading.school) === schoolKey(school);
}
