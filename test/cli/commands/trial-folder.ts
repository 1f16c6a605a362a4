import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** Filling goes through a whole import: twice as long as any single test may take. */
const FILL_MS = 240_000;

/**
 * A data folder that is filled once for a file of tests. Each test works on a copy of it (`copy()`), so that it finds
 * the same ledger alone and after any other test.
 */
export function trialFolder(fill: (data: string) => Promise<void>): { copy(): string } {
  const root = mkdtempSync(join(tmpdir(), 'budeng-trial-'));
  const filled = join(root, 'filled');
  let copies = 0;
  beforeAll(async () => {
    mkdirSync(join(filled, 'service'), { recursive: true });
    await fill(filled);
  }, FILL_MS);
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return {
    copy() {
      copies += 1;
      const data = join(root, `copy-${copies}`);
      cpSync(filled, data, { recursive: true });
      return data;
    },
  };
}
