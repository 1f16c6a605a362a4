import { describe, expect, it } from 'vitest';
import { partsOf, readPackage } from '../packages.ts';

describe("the emulator's package", () => {
  it('names every package that it imports, and holds every file', async () => {
    const { files, packages } = await partsOf(
      ['index', 'main', 'script/worker/worker'].map((name) => `emulator/src/${name}.ts`),
    );
    expect(packages).toContain('smtp-server');
    const { devDependencies } = readPackage('emulator/package.json');
    expect(packages.filter((name) => !(name in devDependencies))).toEqual([]);
    expect(files.filter((path) => !path.startsWith('emulator/src/'))).toEqual([]);
  });
});
