import { query } from '../../sync-service/src/ledger/query.ts';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { officeClock } from '../../contract/clock.ts';
import {
  type LocalGoogle,
  localCredential,
  localOptions,
  startLocalGoogle,
} from '../../sync-service/src/cli/trial/google-local.ts';
import { officeLinks } from '../../sync-service/src/cli/trial/office-links.ts';
import { createService } from '../../sync-service/src/cli/service.ts';
import { openStore } from '../../sync-service/src/ledger/store.ts';
import { loadProgram } from '../../sync-service/src/program/load.ts';
import type { Fault } from '../../emulator/src/faults.ts';
import { type Postgres, startPostgres } from '../ledger/postgres.ts';
import { ENGINES } from '../ledger/stores.ts';
import { COMPLETE } from '../stage/stage.ts';

const NOW = '2020-04-21T01:00:00Z';
const KILLS = 4;
const program = { ...(await loadProgram('programs/tainan-109.yaml')), graceSeconds: 0 };
const clock = officeClock(new Date(NOW));

describe.each(ENGINES)('a real process on %s', (engine) => {
  let folder: string;
  let google: LocalGoogle;
  let postgres: Postgres | null = null;
  let storeOptions: { folder: string } | { databaseUrl: string };
  let onCall: (() => Fault | 'hang' | null) | null;
  let children: ChildProcess[];

  beforeAll(async () => {
    postgres = engine === 'postgres' ? await startPostgres() : null;
  });
  afterAll(() => postgres?.close());
  beforeEach(async ({ task }) => {
    folder = mkdtempSync(join(tmpdir(), 'budeng-kill-'));
    storeOptions = postgres
      ? { databaseUrl: await postgres.createDatabase(`budeng-${task.id}`) }
      : { folder: join(folder, 'service') };
    onCall = null;
    children = [];
    google = await startLocalGoogle({
      clock,
      port: 0,
      smtpPort: 0,
      links: () => officeLinks(program, null, clock),
      // Every call of the child passes here: that is where it is killed.
      googleFault: () => onCall?.() ?? null,
    });
  });
  afterEach(async () => {
    // A failed test must leave nobody behind who keeps the whole run from ending.
    for (const child of children) child.kill('SIGKILL');
    await google.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function startChild(polite: { limitMs?: number } | null = null): Promise<ChildProcess> {
    const settings = {
      url: google.emulator.url,
      smtpPort: google.mailbox.smtpPort,
      store: storeOptions,
      polite,
      now: clock.now().toISOString(),
      credential: localCredential(),
    };
    const child = spawn(process.execPath, ['test/chaos/child.ts', JSON.stringify(settings)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    return child;
  }

  /** How a child ends that is told to stop while Google answers it so. */
  async function toldToStop(polite: { limitMs?: number }, answer: 'hang' | null) {
    const child = await startChild(polite);
    const exited = once(child, 'exit');
    const looked = Promise.withResolvers<void>();
    onCall = () => {
      looked.resolve();
      return answer;
    };
    await looked.promise;
    child.kill('SIGTERM');
    return exited;
  }

  /** The dead process's lease ends by itself in minutes; here it is over at once. */
  async function endLease() {
    const store = await openStore(storeOptions);
    await sql`delete from leases`.execute(query(store.db));
    await store.close();
  }

  /** What Apps Script would have written. */
  function writeIntake(spreadsheetId: string, sheetId: number, serial: number) {
    const at = clock.now().toISOString();
    const answers = {
      ...COMPLETE,
      email: `t${serial}@example.com`,
      name: `教師${serial}`,
      'certificate-number': `字第${serial}號`,
    };
    const cells = [
      `initial/r${serial}/${at}`,
      'initial',
      `r${serial}`,
      at,
      at,
      '',
      JSON.stringify(answers),
      'https://x.example',
      'trigger',
    ];
    google.emulator.sheets.batchUpdate(spreadsheetId, {
      requests: [
        {
          appendCells: {
            sheetId,
            fields: 'userEnteredValue',
            rows: [
              {
                values: cells.map((stringValue) =>
                  stringValue ? { userEnteredValue: { stringValue } } : {},
                ),
              },
            ],
          },
        },
      ],
    });
  }

  it(`loses and doubles nothing by kill -9, ${KILLS} times over`, async () => {
    const first = await createService(
      localOptions(google, { program, clock, store: storeOptions, secret: 'secret of the child' }),
    );
    const { office } = first.office;
    await first.close();
    let serial = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      for (let i = 0; i < 3; i += 1)
        writeIntake(office.spreadsheetId, office.tabIds.intake ?? 0, (serial += 1));
      const child = await startChild();
      const exited = once(child, 'exit');
      let calls = 0;
      onCall = () => {
        calls += 1;
        if (calls === 2 + kill * 3) child.kill('SIGKILL');
        return null;
      };
      await exited;
      onCall = null;
      await endLease();
      clock.advance(11 * 60_000);
    }
    const last = await startChild();
    await expect
      .poll(() => google.mailbox.messages().filter((mail) => /^t\d+@/u.test(mail.to)).length, {
        timeout: 15_000,
      })
      .toBeGreaterThanOrEqual(serial - KILLS);
    last.kill('SIGKILL');
    await once(last, 'exit');
    await endLease();
    const store = await openStore(storeOptions);
    const cases = await query(store.db).selectFrom('cases').select('response_id').execute();
    const notices = await query(store.db)
      .selectFrom('notices')
      .select(['message_id', 'state', 'case_id'])
      .execute();
    await store.close();
    expect(cases.map((found) => found.response_id).toSorted()).toEqual(
      Array.from({ length: serial }, (_, i) => `r${i + 1}`).toSorted(),
    );
    for (const notice of notices) {
      const mails = google.mailbox.messages().filter((mail) => mail.messageId === notice.message_id).length;
      expect(mails).toBeLessThanOrEqual(1);
      if (notice.state === 'sent') expect(mails).toBe(1);
    }
  });

  it('stops when told to, and leaves nothing claimed or leased', async () => {
    expect(await toldToStop({ limitMs: 50_000 }, null)).toEqual([0, null]);
    const store = await openStore(storeOptions);
    const claimed = await query(store.db)
      .selectFrom('notices')
      .select('id')
      .where('state', '=', 'claimed')
      .execute();
    const leases = await query(store.db).selectFrom('leases').selectAll().execute();
    await store.close();
    expect({ claimed, leases }).toEqual({ claimed: [], leases: [] });
  });

  // The limit is real seconds: once is enough.
  it.runIf(engine === 'postgres')('stops by itself also where Google never answers', async () => {
    // By its own doing: an exit code and no signal.
    expect((await toldToStop({}, 'hang'))[1]).toBeNull();
  });
});
