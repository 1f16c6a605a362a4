import { describe, expect, it } from 'vitest';
import {
  certificateKey,
  comparableKey,
  isUsualNumber,
  issuerOf,
} from '../../../sync-service/src/cases/reading/certificate-number.ts';

describe('one number, written in every way', () => {
  const key = '臺教師(三)字第1069922201B號';
  it.each([
    '臺教師(三)字第1069922201B號',
    '台教師(三)字第1069922201B號',
    '臺教師（三）字第1069922201B號',
    '臺教師〔三〕字第1069922201B號',
    '臺教師【三】字第1069922201B號',
    '臺教師［三］字第1069922201B號',
    '臺教師﹝三﹞字第1069922201B號',
    '臺教師㈢字第1069922201B號',
    '臺教師(三)字第 1069922201B號',
    ' 臺教師 (三) 字第 1069922201B 號　',
    '臺教師(三)字第１０６９９２２２０１Ｂ號',
    '臺教師(三)字第1069922201b號',
    '臺教師(三)字第1069922201B號。',
    '臺教師(三)字第1069922201B号',
    '臺教師(三)字第\u200b1069922201B號',
    '臺教師(三)字\n第1069922201B號',
  ])('%j', (text) => {
    expect(certificateKey(text)).toBe(key);
  });
  it('dashes are one dash', () => {
    expect(certificateKey('ＡＢ—１２–3')).toBe('AB-12-3');
  });
});

it.each([
  ['臺教師(三)字第1069922201號', '臺教師(三)字第1069922202號'],
  ['臺教師(三)字第1069922201號', '臺教師(二)字第1069922201號'],
  ['臺教師(三)字第1069922201B號', '臺教師(三)字第1069922201D號'],
  ['臺教師(三)字第1069922201號', '南市教專字第1069922201號'],
])('%s is another than %s', (one, other) => {
  expect(certificateKey(one)).not.toBe(certificateKey(other));
});

it.each([
  ['臺教師(三)字第1069922201號', true],
  ['南市教專字第 1069027147號', true],
  ['忘記了', false],
  ['NO.12345', false],
  ['字第123號', false],
  ['臺教師(三)字第號', false],
  ['1069922201', false],
])('%s bears …字第…號: %s', (text, usual) => {
  expect(isUsualNumber(certificateKey(text))).toBe(usual);
});

it.each([
  ['台教師（三）字第1號', '臺教師(三)'],
  ['南市教專字第1069027147號', '南市教專'],
  ['NO.12345', null],
  ['', null],
])('%s was issued by %s', (text, issuer) => {
  expect(issuerOf(certificateKey(text))).toBe(issuer);
});

it('nothing typed gives an empty key', () => {
  expect(certificateKey(undefined)).toBe('');
});

it('what is no number, or stands for many in a spreadsheet, is compared with nothing', () => {
  expect(comparableKey('臺教師(三)字第1號')).toBe('臺教師(三)字第1號');
  expect(comparableKey('忘記了')).toBeNull();
  expect(comparableKey('1.07E+12')).toBeNull();
  expect(comparableKey('1070026587001')).toBe('1070026587001');
});
