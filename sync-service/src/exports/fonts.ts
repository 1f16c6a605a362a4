import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import decompress from 'woff2-encoder/decompress';
import { charactersOf, unpackWoff } from './woff.ts';

const folderOf = (name: string) => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
/** Noto Sans TC: what is usual in Taiwan, as some hundred parts by code point. */
const USUAL = join(folderOf('@fontsource/noto-sans-tc'), 'files');
/** Hanazono Mincho: every ideograph up to Extension F, as parts by block. */
const RARE = dirname(createRequire(import.meta.url).resolve('hanamin'));

/** The parts of the usual font, packed as WOFF 1, which is unpacked quickest, or as WOFF 2. */
export function usualFontFiles(packing: 'woff' | 'woff2'): string[] {
  return readdirSync(USUAL)
    .filter((name) => name.endsWith(`-400-normal.${packing}`))
    .map((name) => join(USUAL, name));
}

interface RarePart {
  file: string;
  from: number;
  to: number;
}

/**
 * Which file has a glyph for which character. What a web font claims (`unicode-range`) is not what its parts hold: for
 * 4,000 characters a part is named that draws an empty box, so that each part is asked itself.
 */
interface FontIndex {
  usual: ReadonlyMap<number, string>;
  rare: readonly RarePart[];
}
let made: FontIndex | null = null;

function fontIndex(): FontIndex {
  made ??= { usual: readUsual(), rare: readRare() };
  return made;
}

function readUsual(): Map<number, string> {
  const usual = new Map<number, string>();
  for (const file of usualFontFiles('woff')) {
    for (const code of charactersOf(readFileSync(file))) usual.set(code, file);
  }
  return usual;
}

/** The rare font's style sheet names what its parts hold exactly. */
function readRare(): RarePart[] {
  const css = readFileSync(join(RARE, 'HanaMin.css'), 'utf8');
  return [...css.matchAll(/url\(([^)]+)\)[^;]*;\s*unicode-range: ([^;]+);/gu)].flatMap(
    ([, name = '', ranges = '']) =>
      [...ranges.matchAll(/U\+([0-9a-f]+)(?:-([0-9a-f]+))?/giu)].map(([, from = '', to = from]) => ({
        file: join(RARE, name),
        from: Number.parseInt(from, 16),
        to: Number.parseInt(to, 16),
      })),
  );
}

const files = new Map<string, string | null>();

/** The file that draws a character, or null where no font has it. */
export function fontFileOf(char: string): string | null {
  const known = files.get(char);
  if (known !== undefined) return known;
  const file = PRIVATE.test(char) ? null : fileWith(char.codePointAt(0) ?? 0);
  files.set(char, file);
  return file;
}

/** What a font draws for a character of private use is its own; what the office means by it nobody knows. */
const PRIVATE = /\p{Co}/u;

function fileWith(code: number): string | null {
  const { usual, rare } = fontIndex();
  return usual.get(code) ?? rare.find(({ from, to }) => from <= code && code <= to)?.file ?? null;
}

/**
 * One part as a plain TrueType font. The packed web fonts themselves must not go into a PDF: pdfkit copies glyphs
 * by offsets that hold only in the unpacked font, and the page stays blank although its text can be searched.
 */
export async function readFont(file: string): Promise<Buffer> {
  const packed = readFileSync(file);
  return file.endsWith('.woff') ? unpackWoff(packed) : Buffer.from(await decompress(packed));
}
