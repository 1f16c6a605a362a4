import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const PAGES = execFileSync('git', ['ls-files', '*.md'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(file));

/** The lines of a page that are prose: neither in a code block nor part of a table. */
function proseOf(page: string): { line: string; number: number }[] {
  let isCode = false;
  return readFileSync(page, 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (line.trimStart().startsWith('```')) isCode = !isCode;
      return isCode || line.trimStart().startsWith('|') ? [] : [{ line, number: index + 1 }];
    });
}

/** The anchors that GitHub gives a page's headings. */
function anchorsOf(page: string): string[] {
  return proseOf(page).flatMap(({ line }) => {
    const [, heading] = /^#+ (.*)$/u.exec(line) ?? [];
    const text = heading?.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '');
    return text === undefined ? [] : [text.replaceAll(/\s/gu, '-')];
  });
}

describe.each(PAGES)('%s', (page) => {
  it('has no line of prose over 120 characters', () => {
    expect(proseOf(page).filter(({ line }) => line.length > 120)).toEqual([]);
  });

  it('links only to files that exist', () => {
    const links = proseOf(page).flatMap(({ line }) => [...line.matchAll(/\]\(([^)\s]+)\)/gu)]);
    const files = links.map(([, link = '']) => link.replace(/#.*$/u, '')).filter((link) => link !== '');
    const broken = files.filter((link) => !/^\w+:/u.test(link) && !existsSync(join(dirname(page), link)));
    expect(broken).toEqual([]);
  });

  it('links only to headings that exist', () => {
    const links = proseOf(page).flatMap(({ line }) => [...line.matchAll(/\]\(([^)\s:]*)#([^)\s]+)\)/gu)]);
    const broken = links.filter(([, file = '', anchor = '']) => {
      const target = file === '' ? page : join(dirname(page), file);
      return !anchorsOf(target).includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('names only source files that exist, from the root or from a room of the service', () => {
    const named = [...readFileSync(page, 'utf8').matchAll(/`([\w./-]+\.ts)`/gu)].map(([, file = '']) => file);
    const roots = ['.', 'sync-service/src', 'sync-service/src/cases', 'emulator'];
    expect(named.filter((file) => !roots.some((root) => existsSync(join(root, file))))).toEqual([]);
  });
});
