import { type Insertable, type KyselyPlugin, sql } from 'kysely';
import type { CaseTable } from '../../sync-service/src/ledger/schema.ts';
import { doorsTo, query } from '../../sync-service/src/ledger/query.ts';
import { openStore, type Store } from '../../sync-service/src/ledger/store.ts';
import { templateStore } from './template.ts';
import { startPostgres } from './postgres.ts';

export const ENGINES = ['pglite', 'postgres'] as const;
export type Engine = (typeof ENGINES)[number];

/** A fresh store: PGlite in memory, or a PostgreSQL server of its own that ends with the store. */
export async function openTestStore(engine: Engine = 'pglite'): Promise<Store> {
  if (engine === 'pglite') return borrowPglite();
  const server = await startPostgres();
  try {
    const store = await openStore({ databaseUrl: await server.createDatabase('budeng') });
    return {
      ...store,
      async close() {
        await store.close();
        await server.close();
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** What earlier tests of the file gave back: a PGlite is emptied in a tenth of the time that another takes to begin. */
const returned: Store[] = [];

async function borrowPglite(): Promise<Store> {
  const earlier = returned.pop();
  if (earlier) await emptyDatabase(earlier);
  const store = earlier ?? (await openStore({ memory: true, from: await templateStore() }));
  let isOpen = true;
  return {
    ...store,
    async close() {
      if (isOpen) returned.push(store);
      isOpen = false;
    },
  };
}

/** Whatever tables there are: a new migration's must not carry rows from one test to the next. */
async function emptyDatabase(store: Store): Promise<void> {
  const db = query(store.db);
  const { rows } = await sql<{ name: string }>`
    select quote_ident(tablename) as name from pg_tables
    where schemaname = 'public' and tablename not like 'kysely_%'`.execute(db);
  await sql.raw(`truncate ${rows.map(({ name }) => name).join()} restart identity cascade`).execute(db);
  await sql`drop schema if exists jobs cascade`.execute(db);
}

/** The same ledger, of a process that dies at its n-th query. */
export function dyingAt(store: Store, nth: number): Store {
  let queries = 0;
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      queries += 1;
      if (queries >= nth) throw new Error('killed');
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  return { ...store, ...doorsTo(query(store.db).withPlugin(plugin)) };
}

/** The columns of a case that most tests do not care about. */
export function caseRow(
  number: string,
  overrides: Partial<Insertable<CaseTable>> = {},
): Insertable<CaseTable> {
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
