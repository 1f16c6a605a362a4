import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asBig5Keeps, hasLostCharacter } from '../../../sync-service/src/cases/reading/big5.ts';
import { toBig5 } from '../../tables/big5.ts';

it.each([
  ['王小明，臺南市', '王小明，臺南市'],
  ['陳喆宇', '陳?宇'],
  ['𠮷田', '??田'],
  ['Kolas·Yotaka ʉ', 'Kolas·Yotaka ?'],
  ['第一行\n\t第二行 ~!', '第一行\n\t第二行 ~!'],
  ['No-break\u00a0space\u3000\ufeff\ufffd', 'No-break?space\u3000??'],
  ['', ''],
])('of %s a file in Big5 keeps %s', (text, kept) => expect(asBig5Keeps(text)).toBe(kept));

it('is what comes back from such a file, and nothing more is lost the second time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const plain = text.replaceAll(/[\p{Cc}]/gu, '');
      expect(asBig5Keeps(plain)).toBe(new TextDecoder('big5').decode(toBig5(plain)));
      expect(asBig5Keeps(asBig5Keeps(plain))).toBe(asBig5Keeps(plain));
    }),
  );
});

it('a question mark in a name stands for a lost character', () => {
  expect(['陳?宇', '陳？宇', '陳\ufffd宇'].map(hasLostCharacter)).toEqual([true, true, true]);
  expect(['陳喆宇', '撒韵・武荖', ''].map(hasLostCharacter)).toEqual([false, false, false]);
});
