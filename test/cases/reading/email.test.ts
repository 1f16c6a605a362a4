import { expect, it } from 'vitest';
import { usualDomainNear } from '../../../sync-service/src/cases/reading/email-domains.ts';
import { chooseEmail, domainOf, emailOf, isUnder } from '../../../sync-service/src/cases/reading/email.ts';

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

it.each([
  ['王小明 <amy@example.org>', 'amy@example.org'],
  ['"Amy, Lin" <amy@example.org>', 'amy@example.org'],
  ['王小明 amy@example.org', 'amy@example.org'],
  ['mailto:amy@example.org', 'amy@example.org'],
  ['<mailto:amy@example.org>', 'amy@example.org'],
  ['E-mail：amy@example.org', 'amy@example.org'],
  ['amy@example.org.', 'amy@example.org'],
  ['amy@example.org。', 'amy@example.org'],
  ['amy@example。org', 'amy@example.org'],
  ['amy@example.org、bob@example.org', 'amy@example.org'],
  ['amy@example.org amy@example.org', 'amy@example.org'],
  ['amy@; bob@example.org', 'bob@example.org'],
  // The one that arrives.
  ['amy@tn.edu.tw; bob@example.org', 'bob@example.org'],
])('in %j the usable address is %s, and is asked about', (typed, email) => {
  expect(chooseEmail(typed, undefined, ['tn.edu.tw'])).toEqual({ email, doubt: 'unclear' });
});

it.each([
  'a b@gmail.com',
  'amy@yahoo.com,tw',
  'amy@yahoo.com .tw',
  'amy@gmail .com',
  '王小明@gmail.com',
  '無',
])('of %j nothing is guessed; Google’s verified address serves', (typed) => {
  expect(chooseEmail(typed, undefined, [])).toBeNull();
  expect(chooseEmail(typed, 'Amy@Example.org', [])).toEqual({ email: 'amy@example.org', doubt: 'verified' });
});

it.each([
  ['amy@gmial.con', 'gmail.com'],
  ['amy@gmail.con', 'gmail.com'],
  ['amy@gmai.com', 'gmail.com'],
  ['amy@gmail.cm', 'gmail.com'],
  ['amy@gmail.com.tw', 'gmail.com'],
  ['amy@yaho.com.tw', 'yahoo.com.tw'],
  ['amy@hotmial.com', 'hotmail.com'],
  ['amy@tn.edu.tww', 'tn.edu.tw'],
  ['amy@school.con', 'school.com'],
])('%s is asked about, and an account that is known is written to instead', (typed, meant) => {
  expect(usualDomainNear(domainOf(typed))).toBe(meant);
  expect(chooseEmail(typed, undefined, [])).toEqual({ email: typed, doubt: 'possible-slip' });
  expect(chooseEmail(typed, 'amy@example.org', [])).toEqual({ email: 'amy@example.org', doubt: 'verified' });
});

it.each(
  'gmail.com ymail.com mail.com yahoo.com.hk yahoo.com.tw hotmail.com tn.edu.tw tc.edu.tw ms1.hinet.net qq.com outlook.jp live.com'.split(
    ' ',
  ),
)('nobody is asked about %s', (domain) => {
  expect(usualDomainNear(domain)).toBeNull();
  expect(chooseEmail(`amy@${domain}`, 'other@example.org', [])).toEqual({
    email: `amy@${domain}`,
    doubt: null,
  });
});
