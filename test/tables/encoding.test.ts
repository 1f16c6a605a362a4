import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../sync-service/src/tables/encoding.ts';
import { TableError } from '../../sync-service/src/tables/table-error.ts';
import { hasBig5, toBig5 } from './big5.ts';

const TABLE = '姓名,學校\r\n王小明,綠川國小\r\n陳大同,永康國中\r\n';
const swapped = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('the text of a file', () => {
  it.each<[what: string, bytes: Uint8Array]>([
    ['UTF-8', Buffer.from(TABLE)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${TABLE}`)],
    ['UTF-16, the little end first', Buffer.from(`\ufeff${TABLE}`, 'utf16le')],
    ['UTF-16, the big end first', swapped(`\ufeff${TABLE}`)],
    ['UTF-16 without a mark', Buffer.from(TABLE, 'utf16le')],
    ['UTF-16, the big end first, without a mark', swapped(TABLE)],
    ['Big5', toBig5(TABLE)],
  ])('is read from %s', (_what, bytes) => {
    expect(decodeText(bytes).replace(/^\ufeff/u, '')).toBe(TABLE);
  });

  it('is UTF-8 though a NUL was typed', () => {
    const text = `${TABLE}李\u0000大同,綠川國小\n`;
    expect(decodeText(Buffer.from(text))).toBe(text);
  });

  it('is read from Big5 whatever characters of it stand there', () => {
    const characters = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter(
      (each) => each >= ' ' && hasBig5(each),
    );
    // A file of a few characters may by chance be valid UTF-8; one with a line of Chinese is not.
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...characters), { maxLength: 60 }), (some) => {
        const text = `王小明，綠川國小\n${some.join('')}`;
        expect(decodeText(toBig5(text))).toBe(text);
      }),
    );
  });

  it('keeps the characters that an office made itself, and takes none of them for another', () => {
    // The first and the last of each range that Windows has for them.
    for (const [bytes, codePoint] of [
      ['fa40', 0xe000],
      ['fefe', 0xe310],
      ['8e40', 0xe311],
      ['a0fe', 0xeeb7],
      ['8140', 0xeeb8],
      ['8dfe', 0xf6b0],
    ] as const) {
      const file = Buffer.concat([toBig5('王小'), Buffer.from(bytes, 'hex'), toBig5('，綠川國小')]);
      expect(decodeText(file)).toBe(`王小${String.fromCharCode(codePoint)}，綠川國小`);
    }
  });

  it('of UTF-8 with a damaged byte is refused with the line, not read as Big5', () => {
    const file = readFileSync('test/fixtures/inputs/encodings/utf8-one-bad-byte.csv');
    expect(() => decodeText(file)).toThrow(TableError);
    expect(() => decodeText(file)).toThrow('第 4 行有不是文字的位元組');
    const many = Buffer.from(Array.from({ length: 9 }, () => '王小明，綠川國小X\n').join('')).map((byte) =>
      byte === 0x58 ? 0xff : byte,
    );
    expect(() => decodeText(many)).toThrow('第 1、2、3、4、5 等 9 行');
  });

  it('of Big5 with half a character is refused with the line', () => {
    const file = Buffer.concat([toBig5('王小明\n'), toBig5('綠川').subarray(0, 3), toBig5('\n陳大同\n')]);
    expect(() => decodeText(file)).toThrow(/第 2 行/u);
  });

  it('is text or a refusal for any bytes, at once', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        const began = performance.now();
        try {
          decodeText(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(TableError);
        }
        expect(performance.now() - began).toBeLessThan(200);
      }),
    );
  });
});
