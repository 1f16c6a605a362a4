import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Noto Sans TC, as npm ships it: some hundred parts by code point. */
export const FONT_FOLDER = dirname(
  createRequire(import.meta.url).resolve('@fontsource/noto-sans-tc/package.json'),
);

export function fontFile(part: string): string {
  return join(FONT_FOLDER, 'files', `noto-sans-tc-${part}-400-normal.woff2`);
}

export function allFontFiles(): string[] {
  const folder = join(FONT_FOLDER, 'files');
  return readdirSync(folder)
    .filter((name) => name.endsWith('-400-normal.woff2'))
    .map((name) => join(folder, name));
}
