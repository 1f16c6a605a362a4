import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import express from 'express';

const packages = createRequire(import.meta.url);
const FONT = dirname(packages.resolve('@fontsource/noto-sans-tc/package.json'));
const REVOGRID = join(dirname(packages.resolve('@revolist/revogrid')), 'revo-grid');
const CLIENTS = new Map([
  ['sheet.js', 'client/sheet/main.ts'],
  ['form.js', 'client/form.ts'],
  ['mailbox.js', 'client/mailbox.ts'],
]);
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Serves style, font and client scripts; the scripts are bundled at their first use and kept. */
export function assetsRouter(): express.Router {
  const router = express.Router();
  const scripts = new Map<string, Promise<Buffer>>();
  const grid = new Map<string, Promise<Buffer>>();
  router.get('/assets/pages.css', (_request, response) => {
    response.type('css').send(readFileSync(here('pages.css'), 'utf8'));
  });
  router.get('/assets/font.css', (_request, response) => {
    const css = ['400', '700'].map((weight) => readFileSync(join(FONT, `${weight}.css`), 'utf8')).join('\n');
    const gzipped = gzipSync(css.replaceAll('./files/', '/assets/font/'));
    response.type('css').set('Content-Encoding', 'gzip').set('Cache-Control', 'max-age=3600').send(gzipped);
  });
  router.use('/assets/font', express.static(join(FONT, 'files'), { maxAge: '1d' }));
  router.get('/assets/revogrid/:name', async (request, response, next) => {
    const { name } = request.params;
    const path = join(REVOGRID, name);
    if (!/^[\w.-]+\.js$/u.test(name) || !existsSync(path)) return next();
    const made = grid.get(name) ?? minified(path);
    grid.set(name, made);
    response
      .type('js')
      .set({ 'Content-Encoding': 'gzip', 'Cache-Control': 'max-age=86400' })
      .send(await made);
  });
  router.get('/assets/client/:name', async (request, response, next) => {
    const { name } = request.params;
    const entry = CLIENTS.get(name);
    if (!entry) return next();
    const made = scripts.get(name) ?? bundle(here(entry));
    scripts.set(name, made);
    response
      .type('js')
      .set('Content-Encoding', 'gzip')
      .send(await made);
  });
  return router;
}

/** RevoGrid's parts come readable and commented; a browser needs neither. */
async function minified(path: string): Promise<Buffer> {
  const { code } = await transform(readFileSync(path, 'utf8'), {
    minify: true,
    loader: 'js',
    charset: 'utf8',
  });
  return gzipSync(code);
}

async function bundle(entry: string): Promise<Buffer> {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    write: false,
    logLevel: 'silent',
  });
  return gzipSync(result.outputFiles[0]?.contents ?? new Uint8Array());
}
