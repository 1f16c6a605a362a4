import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Each project with the functions that Google calls by name: an IIFE hides everything else. */
const PROJECTS = {
  forms: ['install', 'onFormSubmit', 'sweep'],
  desk: ['onOpen', 'onEdit', 'menuCase', 'menuSelect', 'menuHelp'],
};

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

for (const [project, entryPoints] of Object.entries(PROJECTS)) {
  const result = await build({
    entryPoints: [here(`${project}/main.ts`)],
    bundle: true,
    format: 'iife',
    globalName: 'budeng',
    target: 'es2020',
    charset: 'utf8',
    write: false,
  });
  const stubs = entryPoints.map((name) => `function ${name}(event) { return budeng.${name}(event); }`);
  mkdirSync(here(`dist/${project}`), { recursive: true });
  writeFileSync(here(`dist/${project}/budeng.js`), `${result.outputFiles[0]?.text}\n${stubs.join('\n')}\n`);
  copyFileSync(here(`${project}/appsscript.json`), here(`dist/${project}/appsscript.json`));
}
// Version 0.1 was one project.
for (const file of ['budeng.js', 'appsscript.json']) rmSync(here(`dist/${file}`), { force: true });
