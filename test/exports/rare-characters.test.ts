import { describe, expect, it } from 'vitest';
import { fontFileOf } from '../../sync-service/src/exports/fonts.ts';
import { drawable, undrawable, withRareCharacters } from '../../sync-service/src/exports/rare-characters.ts';

const count = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => fontFileOf(String.fromCodePoint(from + i))).filter(Boolean)
    .length;

/** What Unicode has there, and how many of them the fonts draw. */
it.each([
  ['unified ideographs', 0x4e00, 0x9fea, 20_971],
  ['Extension A', 0x3400, 0x4db5, 6582],
  ['Extension B', 0x20000, 0x2a6d6, 42_711],
  ['Extension C', 0x2a700, 0x2b734, 4149],
  ['Extension D', 0x2b740, 0x2b81d, 222],
  ['Extension E', 0x2b820, 0x2cea1, 5762],
  ['Extension F', 0x2ceb0, 0x2ebe0, 7473],
  ['compatibility ideographs', 0xf900, 0xfad9, 472],
  ['more compatibility ideographs', 0x2f800, 0x2fa1d, 542],
  ['radicals', 0x2f00, 0x2fd5, 214],
  ['bopomofo', 0x3105, 0x312c, 40],
])('every one of the %s is drawn', (_, from, to, all) => expect(count(from, to)).toBe(all));

it('of a character that an office made, or that is newer than the fonts, the code point is printed', () => {
  expect(drawable('王\ue000明\u{30000}')).toBe('王〔U+E000〕明〔U+30000〕');
  expect(undrawable('王\ue000明\u{30000}')).toEqual([
    { at: 2, code: 'U+E000' },
    { at: 4, code: 'U+30000' },
  ]);
});

it.each([
  '撒韵‧武荖',
  '𤧟𡍼𠮷勲㐱琔',
  '葛\u{e0100}',
  'Siyat·Ｎ',
  '⻑⻄⻩',
  '\ufa0c兀',
  '',
])('of %j everything is drawn', (name) => expect(undrawable(name)).toEqual([]));

it('what shows nothing is not printed, and accents join their letter', () => {
  expect(drawable('葛\u{e0100}\u202e\u200b 甲\u0000\n乙e\u0301')).toBe('葛 甲 乙é');
});

describe('a table', () => {
  const header = ['案號', '姓名', '服務學校', '證書字號'];
  const plain = ['1', '𤧟𡍼', '市立三慈國小', '第1號'];

  it.each([
    ['Big5 systems of private use', '\ue000', 'U+E000'],
    ['a plane of private use', '\u{f0000}', 'U+F0000'],
    ['the basic block after 2017', '\u9ff0', 'U+9FF0'],
    ['Extension G', '\u{30000}', 'U+30000'],
    ['Extension H', '\u{31350}', 'U+31350'],
    ['Extension I', '\u{2ebf0}', 'U+2EBF0'],
  ])('keeps a character of %s and names it in a column of its own', (_, char, code) => {
    const named = ['2', `王${char}`, `${char}國小`, '第2號'];
    expect(withRareCharacters(header, [plain, named])).toEqual({
      header: [...header, '罕用字'],
      rows: [
        [...plain, ''],
        [...named, `姓名第2字 ${code}、服務學校第1字 ${code}`],
      ],
      rare: ['', `姓名第2字 ${code}、服務學校第1字 ${code}`],
    });
    expect(drawable(`王${char}`)).toBe(`王〔${code}〕`);
  });

  it('whose characters are all drawn, masked ones too, gets no such column', () => {
    const rows = [plain, ['2', '王○○', '', '第2號']];
    expect(withRareCharacters(header, rows)).toMatchObject({ header, rows });
  });
});
