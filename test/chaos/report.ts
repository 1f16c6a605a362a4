import { INVARIANTS } from './invariants.ts';

/** What a run of the harness says, in the shape of its JSON. */
export interface Report {
  seed: number;
  rounds: number;
  submissions: number;
  faultsInjected: Record<string, number>;
  personActions: Record<string, number>;
  kills: number;
  violations: Record<string, number>;
  /** The most cycles that any history needed to come to rest. */
  convergedIn: number;
}

export function emptyReport(seed: number): Report {
  return {
    seed,
    rounds: 0,
    submissions: 0,
    faultsInjected: {},
    personActions: {},
    kills: 0,
    violations: Object.fromEntries(INVARIANTS.map((name) => [name, 0])),
    convergedIn: 0,
  };
}

export function addReport(total: Report, part: Report): void {
  total.rounds += part.rounds;
  total.submissions += part.submissions;
  total.kills += part.kills;
  total.convergedIn = Math.max(total.convergedIn, part.convergedIn);
  for (const what of ['faultsInjected', 'personActions', 'violations'] as const)
    for (const [kind, count] of Object.entries(part[what]))
      total[what][kind] = (total[what][kind] ?? 0) + count;
}

export function hasFailed({ violations }: Report): boolean {
  return Object.values(violations).some((count) => count > 0);
}
