import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { exportPdf } from '../../sync-service/src/exports/pdf.ts';

const HEADER = ['編號', '姓名', '證書字號'];
const pdfOf = async (rows: (string | number)[][], labels = HEADER, title = '函報名冊') =>
  Buffer.from(
    await exportPdf({ title, lines: [], columns: labels.map((label) => ({ label })), rows, total: '共1件' }),
  );

/** The TrueType programs that the file carries. */
function fontsIn(pdf: Buffer): Buffer[] {
  const text = pdf.toString('latin1');
  return [...text.matchAll(/\/FontFile2 (\d+) 0 R/gu)].map(([, id]) => {
    const object = new RegExp(`\\n${id} 0 obj\\n<<[^]*?/Length (\\d+)[^]*?>>\\nstream\\n`, 'u').exec(text);
    const start = (object?.index ?? 0) + (object?.[0].length ?? 0);
    return inflateSync(pdf.subarray(start, start + Number(object?.[1])));
  });
}

/** Of every glyph: how many bytes, how many outlines, and its box. */
function glyphsOf(font: Buffer) {
  const tables = new Map(
    Array.from({ length: font.readUInt16BE(4) }, (_, index) => {
      const entry = 12 + 16 * index;
      return [font.toString('latin1', entry, entry + 4), font.readUInt32BE(entry + 8)] as const;
    }),
  );
  const at = (tag: string) => tables.get(tag) ?? Number.NaN;
  const long = font.readInt16BE(at('head') + 50) === 1;
  const offset = (glyph: number) =>
    long ? font.readUInt32BE(at('loca') + 4 * glyph) : 2 * font.readUInt16BE(at('loca') + 2 * glyph);
  return Array.from({ length: font.readUInt16BE(at('maxp') + 4) }, (_, glyph) => {
    const start = at('glyf') + offset(glyph);
    const size = offset(glyph + 1) - offset(glyph);
    if (size === 0) return null;
    const [outlines = 0, left = 0, bottom = 0, right = 0, top = 0] = [0, 2, 4, 6, 8].map((byte) =>
      font.readInt16BE(start + byte),
    );
    return { size, outlines, left, bottom, right, top };
  });
}

describe('a table as PDF', () => {
  it('carries drawable outlines for every character, Chinese and Latin: it is seen and not only searched', async () => {
    const pdf = await pdfOf([[1, '王小明', '南市教專字第1060000001號']]);
    const fonts = fontsIn(pdf);
    expect(fonts.length).toBeGreaterThan(1);
    const drawn = fonts.flatMap((font) => glyphsOf(font).slice(1));
    const outlined = drawn.filter((glyph) => glyph !== null);
    // The only one without is the blank in the footer.
    expect(drawn.length - outlined.length).toBe(1);
    expect(outlined.length).toBeGreaterThan(20);
    for (const glyph of outlined) {
      expect(glyph.outlines).toBeGreaterThan(0);
      expect(glyph.outlines).toBeLessThan(60);
      expect(glyph.right).toBeGreaterThan(glyph.left);
      expect(glyph.top).toBeGreaterThan(glyph.bottom);
      expect(Math.max(glyph.right, glyph.top)).toBeLessThan(1200);
    }
  });

  it('draws every character of a rare name, each with a glyph of its own', async () => {
    const name = '撒‧𤧟𡍼𠮷勲㐱琔';
    const pdf = await pdfOf([[name]], ['姓名'], '');
    const outlined = fontsIn(pdf).flatMap((font) =>
      glyphsOf(font)
        .slice(1)
        .filter((glyph) => glyph !== null),
    );
    expect(outlined.length).toBe(new Set([...name, ...'姓名', ...'第1頁，共1件']).size);
  });

  it('draws the code point of a character that no font has, in the place of it', async () => {
    const drawn = async (name: string) => fontsIn(await pdfOf([[name]], ['姓名'], '')).map(glyphsOf);
    expect(await drawn('王\ue000\u{31350}')).toEqual(await drawn('王〔U+E000〕〔U+31350〕'));
    expect(await drawn('王\ue000\u{31350}')).not.toEqual(await drawn('王'));
  });

  it('cuts what no page can hold, and is quick about a number filled up with blanks', async () => {
    const rows = [
      [1, '王'.repeat(49_000), `臺教師(三)字第${' '.repeat(49_000)}1號`],
      [2, 'x'.repeat(49_000), '\ue000'.repeat(49_000)],
    ];
    const before = process.threadCpuUsage();
    const pdf = await pdfOf(rows);
    const { user, system } = process.threadCpuUsage(before);
    // It was nineteen seconds.
    expect((user + system) / 1000).toBeLessThan(3000);
    expect(pdf.toString('latin1').match(/\/Type \/Page\n/gu)?.length).toBe(2);
  });

  it('goes over pages, and takes what no font knows without failing', async () => {
    const names = ['👩‍🏫王', '\u202egnp', '𠮷野', '\ud800x', 'a\u0000b', '=1+1', 'x'.repeat(500), ''];
    const rows = Array.from({ length: 60 }, (_, index) => [index + 1, names[index % names.length] ?? '', '']);
    const pdf = await pdfOf(rows);
    expect(pdf.toString('latin1').match(/\/Type \/Page\n/gu)?.length).toBeGreaterThan(2);
  });
});
