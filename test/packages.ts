import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { build, type Plugin } from 'esbuild';

/** What a program is made of: its own files, and the names of the packages that they import. */
export async function partsOf(entryPoints: string[], plugins: Plugin[] = []) {
  const { metafile } = await build({
    entryPoints,
    plugins,
    outdir: 'unwritten',
    bundle: true,
    write: false,
    metafile: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    loader: { '.json': 'empty' },
    logLevel: 'silent',
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  const packages = imports
    .filter(({ path, external }) => external && !path.startsWith('.') && !isBuiltin(path))
    .map(({ path }) => path.split('/', path.startsWith('@') ? 2 : 1).join('/'));
  return { files: Object.keys(metafile.inputs), packages: [...new Set(packages)].toSorted() };
}

export function readPackage(path: string) {
  return JSON.parse(readFileSync(path, 'utf8')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;
}
