import { query } from '../../sync-service/src/ledger/query.ts';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { officeClock } from '../../contract/clock.ts';
import {
  type LocalGoogle,
  localOptions,
  startLocalGoogle,
} from '../../sync-service/src/cli/trial/google-local.ts';
import { officeLinks } from '../../sync-service/src/cli/trial/office-links.ts';
import { createService, type Service } from '../../sync-service/src/cli/service.ts';
import { openStore } from '../../sync-service/src/ledger/store.ts';
import { loadProgram } from '../../sync-service/src/program/load.ts';
import { type Postgres, startPostgres } from './postgres.ts';

const program = await loadProgram('programs/tainan-109.yaml');
const clock = officeClock(new Date('2020-04-21T01:00:00Z'));

let server: Postgres;
let url: string;
beforeAll(async () => {
  server = await startPostgres();
  url = await server.createDatabase('budeng');
});
afterAll(() => server.close());

async function ask(text: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(text);
  await client.end();
}
/** What a restart of the server does to whoever is connected. */
const dropEverybody = () =>
  ask('select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()');

describe('a PostgreSQL that drops its connections', () => {
  it('in the middle of a transaction fails that transaction, not the process', async () => {
    const store = await openStore({ databaseUrl: url });
    const broken = store.transaction(async (db) => {
      await query(db).insertInto('key_values').values({ name: 'half', value: '' }).execute();
      await dropEverybody();
      // Long enough for the news to come in while nobody waits for an answer.
      await new Promise((resolve) => setTimeout(resolve, 100));
      await query(db).insertInto('key_values').values({ name: 'other half', value: '' }).execute();
    });
    await expect(broken).rejects.toThrow();
    const written = query(store.db).selectFrom('key_values').selectAll().where('name', 'like', '%half');
    expect(await written.execute()).toEqual([]);
    await store.close();
  });
});

describe('a service on PostgreSQL', () => {
  let google: LocalGoogle;
  let service: Service;
  beforeAll(async () => {
    google = await startLocalGoogle({
      clock,
      port: 0,
      smtpPort: 0,
      links: () => officeLinks(program, null, clock),
    });
    const store = { databaseUrl: url };
    service = await createService(
      localOptions(google, { program, clock, store, pollSeconds: 1, secret: 'secret of the test' }),
    );
  });
  afterAll(async () => {
    await service.close();
    await google.close();
  });
  const get = (path: string) => fetch(`${service.web.url}${path}`);

  it('goes on looking by itself after a restart of the server', async () => {
    await service.startPolling();
    const lastLook = async () => {
      const text = await (await get('/metrics')).text();
      return Number(/^budeng_lag_seconds (\S+)$/mu.exec(text)?.[1] ?? Number.NaN);
    };
    await expect.poll(lastLook, { timeout: 20_000 }).toBeLessThan(2);
    await dropEverybody();
    // By a connection of the test's own: the service's may not have noticed yet that theirs is gone.
    await ask("delete from key_values where name = 'cycle'");
    await expect.poll(lastLook, { timeout: 20_000 }).toBeLessThan(2);
    await service.jobs?.stop();
  }, 60_000);

  it('says that it is not ready, and shows what it can, while the ledger hangs', async () => {
    const holder = new pg.Client(url);
    await holder.connect();
    await holder.query('begin');
    await holder.query('lock table key_values in access exclusive mode');
    try {
      const [live, ready, metrics] = await Promise.all([get('/healthz'), get('/readyz'), get('/metrics')]);
      expect([live.status, ready.status, metrics.status]).toEqual([200, 503, 200]);
      const text = await metrics.text();
      expect(text).toContain('budeng_store_up 0');
      expect(text).toContain('budeng_google_calls');
    } finally {
      await holder.end();
    }
    expect((await get('/readyz')).status).toBe(200);
    expect(await (await get('/metrics')).text()).toContain('budeng_store_up 1');
  });
});
