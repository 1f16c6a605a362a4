import { expect, it } from 'vitest';
import { domainOf, emailOf, isUnder } from '../../../sync-service/src/cases/reading/email.ts';

it.each([
  ['amy@example.org', 'amy@example.org'],
  ['KEN36904@GMAIL.COM', 'ken36904@gmail.com'],
  [' amy@example.org　', 'amy@example.org'],
  ['ａｍｙ＠ｅｘａｍｐｌｅ．ｏｒｇ', 'amy@example.org'],
  ['amy@example.org\u200b', 'amy@example.org'],
  ['amy.lin+cert@ms.tyc.edu.tw', 'amy.lin+cert@ms.tyc.edu.tw'],
  ["o'brien@example.org", "o'brien@example.org"],
  ['t8678@tn.edu.tw', 't8678@tn.edu.tw'],
])('%j is %s', (raw, address) => {
  expect(emailOf(raw)).toBe(address);
});

it.each([
  '無',
  'amy@',
  '@example.org',
  'teacher.gmail.com',
  'a b@gmail.com',
  'amy@gmail',
  'amy@gmail .com',
  'amy@@gmail.com',
  'amy@gmail..com',
  'amy@.com',
  '.amy@gmail.com',
  'amy.@gmail.com',
  'a..b@gmail.com',
  'amy@gmail。com',
  'amy@-gmail.com',
  'a@example.org;b@example.org',
  'a@example.org, b@example.org',
  'Amy <amy@example.org>',
  'mailto:amy@example.org',
  '王小明@gmail.com',
  'amy@example.org\r\nBcc: x@example.org',
  `${'a'.repeat(65)}@example.org`,
  `amy@${'a.'.repeat(130)}tw`,
  '',
])('%j is no address', (raw) => {
  expect(emailOf(raw)).toBeNull();
});

it('a domain stands for those below it, not for those that end alike', () => {
  expect(isUnder(domainOf('a@tn.edu.tw'), ['tn.edu.tw'])).toBe(true);
  expect(isUnder(domainOf('a@mail.tn.edu.tw'), ['tn.edu.tw'])).toBe(true);
  expect(isUnder(domainOf('a@ntn.edu.tw'), ['tn.edu.tw'])).toBe(false);
  expect(isUnder(domainOf('a@tn.edu.tw.example'), ['tn.edu.tw'])).toBe(false);
  expect(isUnder('tn.edu.tw', [])).toBe(false);
});
