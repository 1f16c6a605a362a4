import { describe, expect, it } from 'vitest';
import { idNumberKey, isIdNumber } from '../../../sync-service/src/cases/reading/id-number.ts';
import { askingForId, receive } from '../helpers.ts';

it.each([
  'D100000004',
  'D200000006',
  'R100000005',
  'R200000007',
  'A123456789',
  'A800000014',
  'AA00000009',
  ' a123456789 ',
  'Ａ１２３４５６７８９',
])('%s holds', (text) => {
  expect(isIdNumber(text)).toBe(true);
});

it.each([
  'A123456788',
  'B123456789',
  'A323456789',
  'AE00000009',
  'A12345678',
  'A1234567890',
  '1123456789',
  'AA00000008',
  'A800000015',
  '',
  '無',
])('%j does not hold', (text) => {
  expect(isIdNumber(text)).toBe(false);
});

it('of ten check digits one holds', () => {
  const holding = Array.from({ length: 10 }, (_, digit) => `A12345678${digit}`).filter(isIdNumber);
  expect(holding).toEqual(['A123456789']);
});

it('is compared in one width and case', () => {
  expect(idNumberKey(' ａ１２３456789')).toBe('A123456789');
});

describe('in a program', () => {
  const problems = (required: boolean, id?: string) =>
    receive({ answers: id === undefined ? {} : { 'id-number': id } }, undefined, askingForId(required))
      .problems;

  it('that asks for it: a wrong one asks the teacher to look again', () => {
    expect(problems(true, 'A123456789')).toEqual([]);
    expect(problems(true, 'A123456788')).toEqual(['id-number.check']);
    expect(problems(true)).toEqual(['id-number.check']);
  });
  it('that leaves it open: only what was typed is checked', () => {
    expect(problems(false)).toEqual([]);
    expect(problems(false, 'A123456788')).toEqual(['id-number.check']);
  });
  it('that does not ask: it is not looked at', () => {
    expect(receive({ answers: { 'id-number': 'A123456788' } }).problems).toEqual([]);
  });
});
