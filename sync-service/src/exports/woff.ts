import { inflateSync } from 'node:zlib';

const WOFF_HEADER = 44;
const WOFF_ENTRY = 20;
const SFNT_HEADER = 12;
const SFNT_ENTRY = 16;

interface Table {
  tag: Buffer;
  checksum: Buffer;
  content: () => Buffer;
}

/** WOFF 1 is a TrueType font whose tables are deflated one by one. */
function tablesOf(woff: Buffer): Table[] {
  return Array.from({ length: woff.readUInt16BE(12) }, (_, index) => {
    const entry = WOFF_HEADER + index * WOFF_ENTRY;
    const offset = woff.readUInt32BE(entry + 4);
    const packed = woff.readUInt32BE(entry + 8);
    const length = woff.readUInt32BE(entry + 12);
    const content = woff.subarray(offset, offset + packed);
    return {
      tag: woff.subarray(entry, entry + 4),
      checksum: woff.subarray(entry + 16, entry + 20),
      content: () => (packed < length ? inflateSync(content) : content),
    };
  });
}

/** The plain TrueType font. */
export function unpackWoff(woff: Buffer): Buffer {
  const tables = tablesOf(woff);
  const header = Buffer.alloc(SFNT_HEADER + tables.length * SFNT_ENTRY);
  woff.copy(header, 0, 4, 8);
  header.writeUInt16BE(tables.length, 4);
  const bodies: Buffer[] = [];
  let offset = header.length;
  for (const [index, { tag, checksum, content: unpack }] of tables.entries()) {
    const content = unpack();
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

/** The code points that the font has a glyph for. */
export function charactersOf(woff: Buffer): number[] {
  const cmap = tablesOf(woff)
    .find(({ tag }) => tag.toString('latin1') === 'cmap')
    ?.content();
  if (!cmap) return [];
  const subtables = Array.from({ length: cmap.readUInt16BE(2) }, (_, index) =>
    cmap.subarray(cmap.readUInt32BE(4 + 8 * index + 4)),
  );
  return subtables.flatMap((subtable) => {
    const format = subtable.readUInt16BE(0);
    if (format === 12) return groupsOf(subtable);
    return format === 4 ? segmentsOf(subtable) : [];
  });
}

/** Format 12: groups of code points. */
function groupsOf(subtable: Buffer): number[] {
  return Array.from({ length: subtable.readUInt32BE(12) }, (_, index) => {
    const first = subtable.readUInt32BE(16 + 12 * index);
    const last = subtable.readUInt32BE(16 + 12 * index + 4);
    return Array.from({ length: last - first + 1 }, (_each, i) => first + i);
  }).flat();
}

/** Format 4: segments of the basic plane, glyph 0 being none. */
function segmentsOf(subtable: Buffer): number[] {
  const size = subtable.readUInt16BE(6);
  const [ends, starts, deltas, offsets] = [14, 16 + size, 16 + 2 * size, 16 + 3 * size] as const;
  const found: number[] = [];
  for (let at = 0; at < size; at += 2) {
    const [first, last] = [subtable.readUInt16BE(starts + at), subtable.readUInt16BE(ends + at)];
    const offset = subtable.readUInt16BE(offsets + at);
    for (let code = first; code <= last && code < 0xffff; code += 1) {
      const listed = offset === 0 ? code : subtable.readUInt16BE(offsets + at + offset + 2 * (code - first));
      const glyph = listed === 0 ? 0 : (listed + subtable.readUInt16BE(deltas + at)) & 0xffff;
      if (glyph !== 0) found.push(code);
    }
  }
  return found;
}
