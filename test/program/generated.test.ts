import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generated } from '../../scripts/generate.ts';
import { PROBLEM_CODES } from '../../sync-service/src/cases/codes.ts';
import { programFileSchema } from '../../sync-service/src/cases/program-rules.ts';

it.each(Object.entries(generated()))('%s is up to date; if not: npm run generate', (file, text) => {
  expect(readFileSync(file, 'utf8')).toBe(text);
});

it('the page explains every key of the file', () => {
  const page = readFileSync('docs/program-file.md', 'utf8');
  for (const key of Object.keys(programFileSchema.shape)) expect(page).toContain(`\`${key}\``);
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
