import { schoolKey } from './schools.ts';
import type { CaseRegister, EarlierCase, Verdict } from './types.ts';

/** A register in memory, for dry runs and tests. */
export function createRegister() {
  const certificates = new Map<string, EarlierCase[]>();
  const persons = new Map<string, EarlierCase[]>();
  return {
    byCertificate: (key: string): readonly EarlierCase[] => certificates.get(key) ?? [],
    byPerson: (key: string): readonly EarlierCase[] => persons.get(key) ?? [],
    /** Enters a judged case. Only those that are open or registered count for later ones. */
    enter(ref: string, form: string, verdict: Verdict) {
      if (verdict.outcome !== 'review' && verdict.outcome !== 'correction') return;
      const { facts } = verdict;
      const earlier: EarlierCase = {
        ref,
        form,
        nameKey: facts.nameKey ?? '',
        level: facts.level,
        schoolKey: facts.school ? schoolKey(facts.school) : null,
        schoolYear: facts.schoolYear,
        certificateKey: facts.certificateKey,
      };
      if (earlier.certificateKey) add(certificates, earlier.certificateKey, earlier);
      if (earlier.nameKey) add(persons, earlier.nameKey, earlier);
    },
  } satisfies CaseRegister & { enter: unknown };
}

export type Register = ReturnType<typeof createRegister>;

function add(map: Map<string, EarlierCase[]>, key: string, earlier: EarlierCase) {
  const list = map.get(key);
  if (list) list.push(earlier);
  else map.set(key, [earlier]);
}
