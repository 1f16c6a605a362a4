import { openStore, type Store } from '../../sync-service/src/ledger/store.ts';

/** One store for a test file: PGlite in memory, or the PostgreSQL that TEST_DATABASE_URL names. */
export async function openTestStore(): Promise<Store> {
  const databaseUrl = process.env.TEST_DATABASE_URL;
  return openStore(databaseUrl ? { databaseUrl } : { memory: true });
}

/** The columns of a case that most tests do not care about. */
export function caseRow(number: string, overrides: Record<string, unknown> = {}) {
  return {
    number,
    program: 'test',
    form: 'initial',
    response_id: number,
    revision: 1,
    revision_at: '2020-04-21T01:00:00.000Z',
    state: 'in-review',
    queue: 'city-center',
    changed_at: new Date('2020-04-21T00:00:00Z'),
    received_at: new Date('2020-04-21T01:00:00Z'),
    email: 'teacher@example.com',
    edit_url: '',
    answers: '{}',
    facts: '{}',
    findings: '[]',
    problems: '[]',
    changed: '[]',
    moved: false,
    ...overrides,
  };
}
