import { describe, expect, it } from 'vitest';
import { partsOf, readPackage } from '../packages.ts';

describe("the emulator's package", () => {
  it('names every package that it imports', async () => {
    const { packages } = await partsOf(
      ['index', 'main', 'script/worker'].map((name) => `emulator/src/${name}.ts`),
    );
    expect(packages).toContain('smtp-server');
    const { devDependencies } = readPackage('emulator/package.json');
    expect(packages.filter((name) => !(name in devDependencies))).toEqual([]);
  });
});
