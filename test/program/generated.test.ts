import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generated } from '../../scripts/generate.ts';
import { PROBLEM_CODES } from '../../sync-service/src/cases/codes.ts';

it.each(Object.entries(generated()))('%s is up to date; if not: npm run generate', (file, text) => {
  expect(readFileSync(file, 'utf8')).toBe(text);
});

interface Node {
  properties?: Record<string, Node>;
  items?: Node;
  additionalProperties?: Node | boolean;
  anyOf?: Node[];
}

/** `forms.window.open`, of every key at every depth; the office's own names under a record are left out. */
function keysOf(node: Node, path: string[] = []): string[] {
  const named = Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
    [...path, key].join('.'),
    ...keysOf(child, [...path, key]),
  ]);
  const { items, additionalProperties, anyOf = [] } = node;
  const unnamed = [items, additionalProperties, ...anyOf].filter((child) => typeof child === 'object');
  return [...named, ...unnamed.flatMap((child) => keysOf(child, path))];
}

it('the page explains every key of the file, at every depth', () => {
  const page = readFileSync('docs/program-file.md', 'utf8');
  const keys = new Set(keysOf(JSON.parse(readFileSync('programs/program.schema.json', 'utf8'))));
  expect(keys.size).toBeGreaterThan(90);
  const said = (key: string) => new RegExp(`\`[^\`\n]*\\b${key}\\b[^\`\n]*\`|^.*\\b${key}:`, 'mu').test(page);
  expect([...keys].filter((key) => !said(key.split('.').at(-1) ?? ''))).toEqual([]);
});

it('the page lists every code', () => {
  const page = readFileSync('docs/program-file.md', 'utf8');
  for (const code of PROBLEM_CODES) expect(page).toContain(`| \`${code}\` |`);
});

it('the schema is strict, so that an editor marks a misspelt key', () => {
  const schema = JSON.parse(readFileSync('programs/program.schema.json', 'utf8'));
  expect(schema.additionalProperties).toBe(false);
  expect(schema.properties.routes.items.properties.when.additionalProperties).toBe(false);
  // Defaults need not be written.
  expect(schema.required).not.toContain('deadlines');
});
