import { expect, it } from 'vitest';
import { maskIdNumber, maskName, nameKey } from '../../../sync-service/src/cases/reading/name.ts';

it.each([
  [' 周婷華　', '周婷華'],
  ['周 婷 華', '周婷華'],
  ['吉娃斯．巴萬', '吉娃斯·巴萬'],
  ['吉娃斯・巴萬', '吉娃斯‧巴萬'],
  ['吉娃斯 巴萬', '吉娃斯•巴萬'],
  ['O’Brien', 'ｏ’ｂｒｉｅｎ'],
  ['Smith John', 'smith  JOHN'],
  ['邱台生', '邱臺生'],
])('%s and %s are one name', (one, other) => {
  expect(nameKey(one)).toBe(nameKey(other));
});

it('other names are others', () => {
  expect(nameKey('王小明')).not.toBe(nameKey('王小民'));
  expect(nameKey(undefined)).toBe('');
});

it.each([
  ['王小明', '王○○'],
  ['王明', '王○'],
  ['王', '○'],
  [' 周婷華　', '周○○'],
  ['歐陽娜娜', '歐陽○○'],
  ['范姜怡宇', '范姜○○'],
  ['張簡雅家', '張簡○○'],
  ['吉娃斯．巴萬', '吉娃斯·○○'],
  ['撒韵・武荖', '撒韵·○○'],
  ['John Smith', 'John·○○'],
  ['\u202e王小明\u2066', '王○○'],
  ['請至http://領獎並點選連結·甲', '請至http://領獎並·○○'],
  ['王\r\nBcc: x@example.com', '王·○○'],
  ['', ''],
])('%s is shown as %s', (name, masked) => {
  expect(maskName(name)).toBe(masked);
});

it('the last four characters of an identity number are hidden', () => {
  expect(maskIdNumber('A123456789')).toBe('A12345****');
  expect(maskIdNumber('123')).toBe('***');
});

it.each([
  ['⻑⻄⻩', '長西黃'],
  ['⿈小明', '黃小明'],
  ['葛\u{e0100}飾', '葛飾'],
  ['\uf9f4小\u00ad明', '林小明'],
])('%j is the person %s', (one, other) => {
  expect(nameKey(one)).toBe(nameKey(other));
});

it.each([
  ['𡍼野太郎', '𡍼○○○'],
  ['葛\u{e0100}飾', '葛○'],
  ['\ue000明', '\ue000○'],
  ['\u{323af}明', '\u{323af}○'],
])('of %j a mask breaks no character', (name, masked) => {
  expect(maskName(name)).toBe(masked);
});
