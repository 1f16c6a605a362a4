import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutText, fitCell, storable } from '../../contract/cell-text.ts';

/** Char of XML 1.0, section 2.2. */
const XML_TEXT = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
});

describe('the gate for stored text', () => {
  it('lets through only what XML 1.0 can say, whatever the text', () => {
    fc.assert(fc.property(anyText, (text) => XML_TEXT.test(storable(text))));
  });

  it('changes nothing the second time', () => {
    fc.assert(fc.property(anyText, (text) => storable(storable(text)) === storable(text)));
  });

  it('leaves what names are written with', () => {
    for (const text of ['王小明', '撒韵‧武荖', '𤧟𡍼𠮷勲㐱琔', '葛\u{e0100}', '\ue000', '甲\n乙\t丙'])
      expect(storable(text)).toBe(text);
  });

  it.each([
    ['a\u0000b', 'ab'],
    ['a\uffffb\ufffe', 'ab'],
    ['a\ud800', 'a\ufffd'],
    ['a\u000bb\u000cc', 'a\nb\nc'],
  ])('%j is kept as %j', (text, kept) => expect(storable(text)).toBe(kept));
});

describe('a text that is cut', () => {
  it('is never longer than asked and never ends in half a character', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 20, max: 60 }), (given, most) => {
        expect(fitCell(given, most).length).toBeLessThanOrEqual(most);
        expect(fitCell(given, most).isWellFormed()).toBe(given.isWellFormed());
      }),
    );
  });

  it('keeps a character of two halves whole or leaves it out', () => {
    expect([cutText('甲𠮷', 2), cutText('甲𠮷', 3), cutText('甲𠮷', 9)]).toEqual(['甲', '甲𠮷', '甲𠮷']);
  });
});
