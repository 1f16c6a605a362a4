import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { partsOf, readPackage } from '../packages.ts';

const COMMANDS = 'sync-service/src/cli/commands';
/** Run on the emulator: they need `npm ci`, also for development. */
const TRIAL = new Set(['demo.ts', 'local.ts']);

describe('a service installed by npm ci --omit=dev', () => {
  it('has every package that its commands import, and none of the emulator', async () => {
    const commands = readdirSync(COMMANDS).filter((name) => !TRIAL.has(name));
    const entries = [...commands.map((name) => `${COMMANDS}/${name}`), 'sync-service/src/cli/main.ts'];
    const { files, packages } = await partsOf(entries, [
      {
        name: 'without-trial',
        setup: (made) =>
          made.onResolve({ filter: /commands\/(?:demo|local)\.ts$/ }, () => ({ external: true })),
      },
    ]);
    expect(packages).toContain('pg');
    const { dependencies } = readPackage('package.json');
    expect(packages.filter((name) => !(name in dependencies))).toEqual([]);
    expect(files.filter((path) => path.startsWith('emulator/'))).toEqual([]);
  });
});
