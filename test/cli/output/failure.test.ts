import { query } from '../../../sync-service/src/ledger/query.ts';
import { expect, it } from 'vitest';
import { traceOf } from '../../../sync-service/src/cli/output/failure.ts';
import { openStore } from '../../../sync-service/src/ledger/store.ts';

it('an error that nobody foresaw says its kind and place, and nothing of the row that it came up with', async () => {
  const store = await openStore({ memory: true });
  const row = { key: '王小明', reason: 'x', at: new Date() };
  try {
    await query(store.db).insertInto('quarantined_rows').values(row).execute();
    await query(store.db).insertInto('quarantined_rows').values(row).execute();
    expect.unreachable();
  } catch (error) {
    expect(String((error as { detail?: unknown }).detail)).toContain('王小明');
    expect(traceOf(error)).toMatch(/the database refused it \(23505\)\n\s+at /u);
    expect(traceOf(error)).not.toContain('王小明');
  } finally {
    await store.close();
  }
  expect(traceOf(new TypeError('x is not a function'))).toMatch(/^TypeError: x is not a function\n\s+at /u);
});
