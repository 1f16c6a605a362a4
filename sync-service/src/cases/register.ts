import { schoolKey } from './reading/schools.ts';
import type { CaseRegister, EarlierCase, Sent, Verdict } from './types.ts';

/** A register in memory, for dry runs and tests. */
export function createRegister() {
  const certificates = new Map<string, EarlierCase[]>();
  const persons = new Map<string, EarlierCase[]>();
  const sent = new Map<string, Sent[]>();
  return {
    byCertificate: (key: string): readonly EarlierCase[] => certificates.get(key) ?? [],
    byPerson: (key: string): readonly EarlierCase[] => persons.get(key) ?? [],
    sentBy: (key: string): readonly Sent[] => sent.get(key) ?? [],
    /** Enters a triaged case. Only those that are open or registered count for later ones. */
    enter(ref: string, form: string, verdict: Verdict, answers: EarlierCase['answers'] = {}) {
      const { facts } = verdict;
      const school = schoolKey(facts.school);
      if (verdict.outcome !== 'late' && verdict.outcome !== 'correction' && facts.nameKey)
        add(sent, facts.nameKey, { form, schoolKey: school });
      if (verdict.outcome !== 'review' && verdict.outcome !== 'correction') return;
      const earlier: EarlierCase = {
        ref,
        form,
        nameKey: facts.nameKey ?? '',
        level: facts.level,
        schoolKey: school,
        schoolYear: facts.schoolYear,
        certificateKey: facts.certificateKey,
        email: facts.email,
        answers,
      };
      if (earlier.certificateKey) add(certificates, earlier.certificateKey, earlier);
      if (earlier.nameKey) add(persons, earlier.nameKey, earlier);
    },
  } satisfies CaseRegister & { enter: unknown };
}

export type Register = ReturnType<typeof createRegister>;

function add<T>(map: Map<string, T[]>, key: string, one: T) {
  const list = map.get(key);
  if (list) list.push(one);
  else map.set(key, [one]);
}
