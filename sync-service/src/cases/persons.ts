import { readLevel } from './reading/level.ts';
import { nameKey } from './reading/name.ts';
import { readSchool, schoolKey } from './reading/schools.ts';
import type { CaseRegister, Level, ListedPerson, School } from './types.ts';

interface Routes {
  routes: readonly { when: { sent?: unknown } }[];
}
interface Roster {
  key: string;
  people: ListedPerson[];
}

interface Person {
  name: string | null;
  school: School | null;
  level: Level | null;
}

/** Forms that the same person has sent before: the name, and the school where both say one. Only those routes ask about. */
export function sentForms({
  program,
  register,
  name,
  school,
}: Pick<Person, 'name' | 'school'> & {
  program: Routes;
  register: Pick<CaseRegister, 'sentBy'> | undefined;
}): Set<string> {
  if (!register || name === null || !asksWhatWasSent(program)) return new Set();
  const key = schoolKey(school);
  const same = register
    .sentBy(nameKey(name))
    .filter((sent) => key === null || sent.schoolKey === null || sent.schoolKey === key);
  return new Set(same.map(({ form }) => form));
}

export function asksWhatWasSent(program: Routes): boolean {
  return program.routes.some(({ when }) => when.sent !== undefined);
}

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
  program: { rosters: readonly Roster[]; schools: School[] },
  { name, school, level }: Person,
): Set<string> {
  if (name === null) return new Set();
  const agrees = (listed: ListedPerson) =>
    (listed.school === '' || isSchool(program, listed.school, school)) &&
    (listed.level === '' || readLevel(listed.level) === level);
  const found = program.rosters.filter((roster) => indexOf(roster).get(nameKey(name))?.some(agrees));
  return new Set(found.map(({ key }) => key));
}

function isSchool({ schools }: { schools: School[] }, listed: string, school: School | null): boolean {
  const reading = readSchool(schools, listed);
  return reading.kind === 'school' && school !== null && schoolKey(reading.school) === schoolKey(school);
}
