import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { inflateSync } from 'node:zlib';

/** Noto Sans TC, as npm ships it: some hundred parts by code point. */
export const FONT_FOLDER = dirname(
  createRequire(import.meta.url).resolve('@fontsource/noto-sans-tc/package.json'),
);

/**
 * One part as a plain TrueType font. The packed web fonts themselves must not go into a PDF: pdfkit copies glyphs
 * by offsets that hold only in the unpacked font, and the page stays blank although its text can be searched.
 */
export function readFont(part: string): Buffer {
  return unpackWoff(readFileSync(join(FONT_FOLDER, 'files', `noto-sans-tc-${part}-400-normal.woff`)));
}

export function allFontFiles(): string[] {
  const folder = join(FONT_FOLDER, 'files');
  return readdirSync(folder)
    .filter((name) => name.endsWith('-400-normal.woff2'))
    .map((name) => join(folder, name));
}

const WOFF_HEADER = 44;
const WOFF_ENTRY = 20;
const SFNT_HEADER = 12;
const SFNT_ENTRY = 16;

/** WOFF 1 is a TrueType font whose tables are deflated one by one. */
function unpackWoff(woff: Buffer): Buffer {
  const count = woff.readUInt16BE(12);
  const tables = Array.from({ length: count }, (_, index) => {
    const entry = WOFF_HEADER + index * WOFF_ENTRY;
    const [offset, packed, length] = [4, 8, 12].map((at) => woff.readUInt32BE(entry + at)) as [
      number,
      number,
      number,
    ];
    const content = woff.subarray(offset, offset + packed);
    return {
      tag: woff.subarray(entry, entry + 4),
      checksum: woff.subarray(entry + 16, entry + 20),
      content: packed < length ? inflateSync(content) : content,
    };
  });
  const header = Buffer.alloc(SFNT_HEADER + count * SFNT_ENTRY);
  woff.copy(header, 0, 4, 8);
  header.writeUInt16BE(count, 4);
  const bodies: Buffer[] = [];
  let offset = header.length;
  for (const [index, { tag, checksum, content }] of tables.entries()) {
    const entry = SFNT_HEADER + index * SFNT_ENTRY;
    tag.copy(header, entry);
    checksum.copy(header, entry + 4);
    header.writeUInt32BE(offset, entry + 8);
    header.writeUInt32BE(content.length, entry + 12);
    // Tables begin at multiples of four.
    const padding = Buffer.alloc((4 - (content.length % 4)) % 4);
    bodies.push(content, padding);
    offset += content.length + padding.length;
  }
  return Buffer.concat([header, ...bodies]);
}
