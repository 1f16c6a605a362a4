import { expect, it } from 'vitest';
import { mailDomainOf, senderOf } from '../../../sync-service/src/cli/setup/environment.ts';

it.each([
  ['補登 <noreply@office.example>', '補登 <noreply@office.example>'],
  ['noreply＠Office.example', 'noreply@office.example'],
  ['補登 <NoReply＠office.example> ', '補登 <noreply@office.example>'],
])('the sender %j is %s', (typed, sender) => {
  expect(senderOf(typed)).toBe(sender);
  expect(mailDomainOf(typed)).toBe('office.example');
});

it.each(['補登', '補登 <office>', 'a b@office.example'])('%j is no sender', (typed) => {
  expect(() => senderOf(typed)).toThrow('MAIL_FROM');
});
