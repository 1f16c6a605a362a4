import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import express from 'express';

const packages = createRequire(import.meta.url);
const FONT = dirname(packages.resolve('@fontsource/noto-sans-tc/package.json'));
const REVOGRID = join(dirname(packages.resolve('@revolist/revogrid')), 'revo-grid');
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Style, font and client scripts; the scripts are bundled at their first use and kept. */
export function assetsRouter(): express.Router {
  const router = express.Router();
  const scripts = new Map<string, Promise<Buffer>>();
  const grid = new Map<string, Buffer>();
  router.get('/assets/pages.css', (_request, response) => void response.sendFile(here('pages.css')));
  router.get('/assets/font.css', (_request, response) => {
    const css = ['400', '700'].map((weight) => readFileSync(join(FONT, `${weight}.css`), 'utf8')).join('\n');
    const gzipped = gzipSync(css.replaceAll('./files/', '/assets/font/'));
    response.type('css').set('Content-Encoding', 'gzip').set('Cache-Control', 'max-age=3600').send(gzipped);
  });
  router.use('/assets/font', express.static(join(FONT, 'files'), { maxAge: '1d' }));
  router.get('/assets/revogrid/:name', (request, response, next) => {
    const { name } = request.params;
    if (!/^[\w.-]+\.js$/u.test(name)) return next();
    const made = grid.get(name) ?? gzipSync(readFileSync(join(REVOGRID, name)));
    grid.set(name, made);
    response.type('js').set({ 'Content-Encoding': 'gzip', 'Cache-Control': 'max-age=86400' }).send(made);
  });
  router.get('/assets/client/:name', async (request, response, next) => {
    const { name } = request.params;
    if (name !== 'sheet.js' && name !== 'form.js') return next();
    const made = scripts.get(name) ?? bundle(here(`client/${name.replace('.js', '.ts')}`));
    scripts.set(name, made);
    response
      .type('js')
      .set('Content-Encoding', 'gzip')
      .send(await made);
  });
  return router;
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
