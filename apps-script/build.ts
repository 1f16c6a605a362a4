import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Functions that Google calls by name: an IIFE hides everything else. */
const ENTRY_POINTS = [
  'install',
  'onFormSubmit',
  'sweep',
  'onOpenSheet',
  'onEditSheet',
  'menuLook',
  'menuSelect',
  'menuHistory',
  'menuHelp',
];

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const result = await build({
  entryPoints: [here('forms/main.ts')],
  bundle: true,
  format: 'iife',
  globalName: 'budeng',
  target: 'es2020',
  charset: 'utf8',
  write: false,
});
const stubs = ENTRY_POINTS.map((name) => `function ${name}(event) { return budeng.${name}(event); }`);
mkdirSync(here('dist'), { recursive: true });
writeFileSync(here('dist/budeng.js'), `${result.outputFiles[0]?.text}\n${stubs.join('\n')}\n`);
copyFileSync(here('forms/appsscript.json'), here('dist/appsscript.json'));
