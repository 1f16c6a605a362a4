import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { officeClock } from '../../contract/clock.ts';
import { rememberProgram } from '../../sync-service/src/casework/program-versions.ts';
import type { Store } from '../../sync-service/src/ledger/store.ts';
import { keepVersion, listVersions } from '../../sync-service/src/ledger/program-versions.ts';
import { loadProgram } from '../../sync-service/src/program/load.ts';
import { writeProgram } from '../../sync-service/src/program/stored.ts';
import { query } from '../../sync-service/src/ledger/query.ts';
import { caseRow, openTestStore } from '../ledger/stores.ts';

let store: Store;
beforeEach(async () => {
  store = await openTestStore();
});
afterEach(() => store.close());

const program = await loadProgram('programs/tainan-109.yaml');
const clock = officeClock(new Date('2020-06-01T00:00:00Z'), { frozen: true });
const remember = (baseProgram = program) => rememberProgram({ store, clock, baseProgram });

/** As a release wrote it that knew no grace time, and asked where a decision ends. */
function writtenEarlier(): string {
  const { graceSeconds: _, ...rest } = JSON.parse(writeProgram(program).content) as typeof program;
  const outcomes = rest.outcomes.map((outcome) => ({ ...outcome, ends: true }));
  return JSON.stringify({ timeZone: 'Asia/Taipei', ...rest, outcomes });
}

describe('a release that writes the same rules otherwise', () => {
  it('makes no new version: its cases go on under the one there was', async () => {
    const at = new Date('2020-04-21T00:00:00Z');
    await keepVersion(
      store.db,
      { hash: 'earlier', program: program.key, version: '1', content: writtenEarlier() },
      at,
    );
    await query(store.db)
      .insertInto('cases')
      .values(caseRow('TN109-000001', { program: program.key, program_version: 'earlier' }))
      .execute();
    await remember();
    const { hash } = writeProgram(program);
    expect(await listVersions(store.db, program.key)).toEqual([{ hash, version: '1', first_seen: at }]);
    const found = await query(store.db)
      .selectFrom('cases')
      .select('program_version')
      .executeTakeFirstOrThrow();
    expect(found.program_version).toBe(hash);
  });

  it('leaves a version with other rules alone', async () => {
    await remember({ ...program, mentorYears: 9 });
    await remember();
    expect(await listVersions(store.db, program.key)).toHaveLength(2);
  });
});
